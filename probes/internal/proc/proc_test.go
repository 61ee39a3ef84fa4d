package proc

import (
	"os"
	"testing"
)

func TestParseMounts(t *testing.T) {
	text := "36 35 98:0 /mnt1 /a\\040b rw,noatime master:1 - ext3 /dev/root rw,errors=continue\nnot a mount\n" +
		"40 35 0:21 / /proc rw - proc proc rw\n"
	mounts := ParseMounts(text)
	if len(mounts) != 2 {
		t.Fatalf("%d mounts", len(mounts))
	}
	want := Mount{ID: "36", Device: "98:0", Point: "/a b", Root: "/mnt1", FSType: "ext3", Source: "/dev/root", Options: "rw,noatime", SuperOptions: "rw,errors=continue"}
	if mounts[0] != want {
		t.Errorf("got %+v", mounts[0])
	}
}

func TestParseStatusOfLinux(t *testing.T) {
	status := ParseStatus("Name:\tx\nUid:\t0\t65532\t0\t0\nGid:\t1\t2\t3\t4\nGroups:\t4 5 \nCapEff:\t00000000a80425fb\nNoNewPrivs:\t1\nSeccomp:\t2\n")
	if status.UID != 65532 || status.GID != 2 || len(status.Groups) != 2 || status.CapEff != "00000000a80425fb" {
		t.Errorf("got %+v", status)
	}
	if status.NoNewPrivs == nil || *status.NoNewPrivs != 1 || status.Seccomp == nil || *status.Seccomp != 2 {
		t.Error("NoNewPrivs or Seccomp is wrong")
	}
}

// gVisor has no NoNewPrivs line: that is not 0.
func TestParseStatusOfGVisor(t *testing.T) {
	status := ParseStatus("Name:\tx\nUid:\t0\t0\t0\t0\nSeccomp:\t0\n")
	if status.NoNewPrivs != nil || status.Seccomp == nil || *status.Seccomp != 0 {
		t.Errorf("got %+v", status)
	}
}

func TestOwnNamespaces(t *testing.T) {
	numbers, err := Namespaces(os.Getpid())
	if err != nil || len(numbers["pid"]) != 10 {
		t.Errorf("got %v, %v", numbers, err)
	}
}
