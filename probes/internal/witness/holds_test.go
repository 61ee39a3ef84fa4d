package witness

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// holder is a process with this name that has these open.
func holder(t *testing.T, name string, files ...string) int {
	t.Helper()
	child := exec.Command("sleep", "600")
	child.Args[0] = name
	for _, file := range files {
		opened, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { opened.Close() })
		child.ExtraFiles = append(child.ExtraFiles, opened)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = child.Process.Kill()
		_ = child.Wait()
	})
	return child.Process.Pid
}

func TestPlacesOfTheNodeThatAreHeld(t *testing.T) {
	all := placesOfNode("")
	own := t.TempDir()
	held := func(name string, files ...string) string {
		var s state
		s.update(holder(t, name, files...), []string{name}, all)
		return strings.Join(s.places(), " ")
	}
	for _, one := range []struct{ name, file, want string }{
		{"/usr/libexec/virtiofsd", "/", "/"},
		{"qemu-system-x86_64", "/etc", "/etc"},
		{"/opt/kata/bin/qemu-system-x86_64", "/etc/..", "/"},
		{"firecracker-v1", "/dev", "/dev"},
		{"cloud-hypervisor", "/var/lib", "/var/lib"},
		{"runsc-sandbox", "/sys", "/sys"},
		{"runsc-gofer", own, ""},
		{"virtiofsd", "/etc/passwd", ""},
		// Who does not serve pods may hold what it likes.
		{"kubelet", "/", ""},
		{"virtiofsd-other", "/", ""},
	} {
		if got := held(one.name, one.file); got != one.want {
			t.Errorf("%s with %s: got %q", one.name, one.file, got)
		}
	}
	if got := held("virtiofsd", "/etc", "/", "/etc"); got != "/ /etc" {
		t.Errorf("got %q", got)
	}
	// As it is now, not as it was: a server opens the node's root to leave it.
	s := state{holds: "/"}
	s.update(holder(t, "virtiofsd"), []string{"virtiofsd"}, all)
	if s.holds != "" {
		t.Errorf("got %q", s.holds)
	}
}

func TestDisksOfHardware(t *testing.T) {
	blocks := t.TempDir()
	write := func(path, text string) {
		file := filepath.Join(blocks, path)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("vda/dev", "254:0\n")
	write("vda/device/vendor", "x")
	write("vda/vda1/dev", "254:1\n")
	write("vda/vda1/partition", "1\n")
	write("vda/queue/dev", "9:9\n")
	write("loop0/dev", "7:0\n")
	all := places{map[inode]string{}, map[uint64]string{}}
	all.addDisks(blocks)
	names := []string{}
	for _, name := range all.disks {
		names = append(names, name)
	}
	slices.Sort(names)
	if !slices.Equal(names, []string{"/dev/vda", "/dev/vda1"}) {
		t.Errorf("got %v", names)
	}
}
