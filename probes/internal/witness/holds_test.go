package witness

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/proc"
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
	all := placesOfNode("", defaultKubeletRoot)
	own := t.TempDir()
	held := func(name string, files ...string) string {
		var s state
		s.update(holder(t, name, files...), []string{name}, handedOn{}, all)
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
	s.update(holder(t, "virtiofsd"), []string{"virtiofsd"}, handedOn{}, all)
	if s.holds != "" {
		t.Errorf("got %q", s.holds)
	}
	// But for one that ends, whose files are closed already.
	ending := holder(t, "virtiofsd")
	_ = unix.Kill(ending, unix.SIGKILL)
	for open, err := openFiles(ending); len(open) > 0; open, err = openFiles(ending) {
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
	s = state{holds: "/"}
	s.update(ending, []string{"virtiofsd"}, handedOn{}, all)
	if s.holds != "/" {
		t.Errorf("got %q of one that ends", s.holds)
	}
}

func TestFilesAndDirectoriesThatTheNodeKeepsToItself(t *testing.T) {
	root := t.TempDir()
	for path, mode := range map[string]os.FileMode{
		"/etc/shadow": 0o640, "/etc/kubernetes/admin.conf": 0o600, "/etc/customer/secret": 0o600, "/etc/ld.so.cache": 0o644,
		"/etc/sudoers": 0o444, "/boot/vmlinuz": 0o600, "/var/lib/kubelet/config.yaml": 0o600, "/var/lib/kubelet/pki/kubelet.key": 0o600,
		"/var/lib/kubelet/pods/u/volumes/v": 0o600, "/var/lib/kubelet/plugins/p/volume": 0o600, "/var/lib/etcd/member/wal/0.wal": 0o600,
		"/root/.ssh/work": 0o600, "/root/.ssh/work.pub": 0o644, "/root/guest.img": 0o600, "/home/a/.kube/config": 0o600,
		"/home/a/guest.img": 0o600, "/opt/kata/guest.img": 0o600, "/var/lib/kata/guest.img": 0o600, "/var/log/qemu.log": 0o600,
		"/mnt/customer/file": 0o600, "/var/lib/customer/part/file": 0o600, "/usr/share/qemu/rom": 0o644,
		"/rootfs/etc/customer/secret": 0o600, "/elsewhere": 0o600,
	} {
		file := root + path
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
	}
	all := placesOfNode(root, defaultKubeletRoot)
	// What a file is below the root, and what a process calls it.
	heldAs := func(path, target string, flags int) string {
		opened, err := os.OpenFile(root+path, flags, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Close()
		return strings.Join(all.among([]openFile{{link: fmt.Sprintf("/proc/self/fd/%d", opened.Fd()), target: target}}), " ")
	}
	for _, one := range []struct {
		path, target string
		flags        int
		want         string
	}{
		{"/etc/kubernetes", "/", os.O_RDONLY, "/etc/kubernetes"},
		{"/root/.ssh", "/shared/.ssh", os.O_RDONLY, "/root/.ssh"},
		{"/var/lib/kubelet/pki", "/x", os.O_RDONLY, "/var/lib/kubelet/pki"},
		{"/var/lib/kubelet/pods/u", "/x", os.O_RDONLY, ""},
		{"/etc/customer", "/etc/customer", os.O_RDONLY, "/etc/customer"},
		// Of what holds nothing that a pod should be served, all directories count, and not those in them.
		{"/mnt/customer", "/shared", os.O_RDONLY, "/mnt/customer"},
		{"/var/lib/customer", "/var/lib/customer", os.O_RDONLY, "/var/lib/customer"},
		{"/var/lib/customer/part", "/var/lib/customer/part", os.O_RDONLY, ""},
		{"/opt/kata", "/opt/kata", os.O_RDONLY, ""},
		{"/usr/share/qemu", "/usr/share/qemu", os.O_RDONLY, ""},
		// Listed: whatever it is called, and whoever may read it.
		{"/etc/shadow", "/mount-3", os.O_RDONLY, "/etc/shadow"},
		{"/etc/sudoers", "/mount-3", os.O_RDONLY, "/etc/sudoers"},
		// Not listed: by its path, if that is the file that the node has there.
		{"/etc/customer/secret", "/etc/customer/secret", os.O_RDONLY, "/etc/customer/secret"},
		{"/etc/customer/secret", "/mount-3", os.O_RDONLY, ""},
		{"/rootfs/etc/customer/secret", "/etc/customer/secret", os.O_RDONLY, ""},
		{"/elsewhere", "/etc/customer/gone", os.O_RDONLY, ""},
		{"/etc/ld.so.cache", "/etc/ld.so.cache", os.O_RDONLY, ""},
		{"/etc/ld.so.cache", "/etc/ld.so.cache", os.O_RDWR, "/etc/ld.so.cache"},
		{"/boot/vmlinuz", "/boot/vmlinuz", os.O_RDONLY, ""},
		{"/boot/vmlinuz", "/boot/vmlinuz", os.O_WRONLY, "/boot/vmlinuz"},
		{"/var/lib/kubelet/config.yaml", "/var/lib/kubelet/config.yaml", os.O_RDONLY, "/var/lib/kubelet/config.yaml"},
		{"/var/lib/kubelet/pods/u/volumes/v", "/var/lib/kubelet/pods/u/volumes/v", os.O_RDWR, ""},
		{"/var/lib/kubelet/plugins/p/volume", "/var/lib/kubelet/plugins/p/volume", os.O_RDWR, ""},
		{"/var/lib/etcd/member/wal/0.wal", "/var/lib/etcd/member/wal/0.wal", os.O_RDONLY, "/var/lib/etcd/member/wal/0.wal"},
		{"/root/.ssh/work", "/root/.ssh/work", os.O_RDONLY, "/root/.ssh/work"},
		{"/root/.ssh/work.pub", "/root/.ssh/work.pub", os.O_RDONLY, ""},
		{"/home/a/.kube/config", "/home/a/.kube/config", os.O_RDONLY, "/home/a/.kube/config"},
		// A guest's image, or a log.
		{"/root/guest.img", "/root/guest.img", os.O_RDWR, ""},
		{"/home/a/guest.img", "/home/a/guest.img", os.O_RDWR, ""},
		{"/opt/kata/guest.img", "/opt/kata/guest.img", os.O_RDWR, ""},
		{"/var/lib/kata/guest.img", "/var/lib/kata/guest.img", os.O_RDWR, ""},
		{"/var/log/qemu.log", "/var/log/qemu.log", os.O_WRONLY, ""},
	} {
		if got := heldAs(one.path, one.target, one.flags); got != one.want {
			t.Errorf("%s as %s: got %q, want %q", one.path, one.target, got, one.want)
		}
	}
	// The number of a file that is gone may be another's.
	opened, err := os.Open(root + "/etc/shadow")
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	if err := os.Remove(root + "/etc/shadow"); err != nil {
		t.Fatal(err)
	}
	if got := all.among([]openFile{{link: fmt.Sprintf("/proc/self/fd/%d", opened.Fd()), target: "/mount-3"}}); len(got) != 0 {
		t.Errorf("what was removed: got %v", got)
	}
}

func TestWhatOtherMachinesServeIsNotAskedFor(t *testing.T) {
	root := t.TempDir()
	for _, path := range []string{"/mnt/disk", "/mnt/share"} {
		if err := os.MkdirAll(root+path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	elsewhere := remoteMounts(proc.ParseMounts("30 1 0:30 / /mnt/share rw - nfs4 server:/share rw\n31 1 0:31 / /home rw - fuse.sshfs other:/ rw\n" +
		"32 1 8:1 / /mnt/disk rw - ext4 /dev/sda1 rw\n"))
	if !slices.Equal(elsewhere, []string{"/mnt/share", "/home"}) {
		t.Errorf("elsewhere: got %v", elsewhere)
	}
	if got := childrenOf(root, "/mnt", elsewhere); !slices.Equal(got, []string{"/mnt/disk"}) {
		t.Errorf("got %v", got)
	}
}

func TestNoMoreAreNamedThanFit(t *testing.T) {
	all, files := places{names: map[inode]string{}}, []openFile{}
	for range 2 * maxNamed {
		directory := t.TempDir()
		opened, err := os.Open(directory)
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Close()
		files = append(files, openFile{link: fmt.Sprintf("/proc/self/fd/%d", opened.Fd()), target: directory})
		all.add(unix.S_IFDIR, []string{directory})
	}
	if got := all.among(files); len(got) != maxNamed {
		t.Errorf("%d are named", len(got))
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
	all := places{disks: map[uint64]string{}}
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
