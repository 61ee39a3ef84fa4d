package witness

import (
	"strings"
	"testing"
)

const (
	ours   = "6b0f9a4e-1111-4222-8333-444455556666"
	theirs = "7c0f9a4e-1111-4222-8333-444455556666"
)

var (
	sandbox  = strings.Repeat("ab", 32)
	stranger = strings.Repeat("cd", 32)
)

func TestMatch(t *testing.T) {
	m := newMatcher()
	m.addPod(ours)
	for _, step := range []struct {
		what, argv, cgroup string
		belongs            bool
	}{
		{"another pod", "/pause", "0::/kubepods/besteffort/pod" + theirs + "/" + stranger, false},
		{"our shim, before its sandbox is known", "/usr/bin/containerd-shim-kata-v2 -namespace k8s.io -id " + sandbox, "0::/kata_overhead/" + sandbox, false},
		{"our VM monitor", "/usr/bin/qemu-system-x86_64 -name sandbox-" + sandbox, "0::/kubepods/pod" + ours + "/kata_" + sandbox, true},
		{"our shim", "/usr/bin/containerd-shim-kata-v2 -namespace k8s.io -id " + sandbox, "0::/kata_overhead/" + sandbox, true},
		{"our file server", "virtiofsd --shared-dir=/run/kata-containers/shared/sandboxes/" + sandbox + "/shared", "0::/kata_overhead/" + sandbox, true},
		{"another's shim", "/usr/bin/containerd-shim-runc-v2 -namespace k8s.io -id " + stranger, "0::/system.slice/containerd.service", false},
		{"systemd's names", "/pause", "0::/kubepods.slice/kubepods-pod" + strings.ReplaceAll(ours, "-", "_") + ".slice/cri-containerd-" + sandbox + ".scope", true},
		{"the node's own", "/usr/bin/kubelet --config=/x", "0::/system.slice/kubelet.service", false},
		{"a mark", "cofferdam-mark-00112233445566778899aabbccddeeff internal-wait", "0::/elsewhere", true},
	} {
		found, belongs := m.match(strings.Split(step.argv, " "), step.cgroup+"\n")
		if belongs != step.belongs {
			t.Errorf("%s: belongs is %v", step.what, belongs)
		}
		if belongs && found.mark == "" && found.podUID != ours {
			t.Errorf("%s: pod is %q", step.what, found.podUID)
		}
	}
}

func TestRootDirectory(t *testing.T) {
	for line, want := range map[string]string{
		"/usr/bin/kubelet --root-dir=/data/kubelet/ --v=2": "/data/kubelet",
		"/usr/bin/kube kubelet --root-dir /data/kubelet":   "/data/kubelet",
		"/usr/bin/kubelet --v=2":                           "",
		"/usr/bin/other --root-dir=/x":                     "",
	} {
		if got := rootDirectory(strings.Split(line, " ")); got != want {
			t.Errorf("%s: got %q", line, got)
		}
	}
}

func TestStartTime(t *testing.T) {
	stat := "12 (a) b ) S 1 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2 3"
	if got := startTime(stat); got != "987654" {
		t.Errorf("got %q", got)
	}
}

func TestCgroupPath(t *testing.T) {
	if got := cgroupPath("12:pids:/\n4:memory:/kubepods/pod1/2\n0::/\n"); got != "/kubepods/pod1/2" {
		t.Errorf("got %q", got)
	}
}
