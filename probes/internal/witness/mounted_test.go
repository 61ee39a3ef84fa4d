package witness

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/proc"
)

const nodesTable = `29 1 254:0 / / rw - ext4 /dev/vda rw
28 29 0:25 / /run rw - tmpfs tmpfs rw
60 28 0:42 / /run/containerd/task/c1/rootfs rw - overlay overlay rw
61 29 8:1 / /var/lib/kubelet/pods/u1/volumes/kubernetes.io~csi/v/mount rw - ext4 /dev/sda1 rw
62 29 254:0 /mnt/disks/one /var/lib/kubelet/pods/u1/volumes/kubernetes.io~local-volume/v rw - ext4 /dev/vda rw
64 29 254:1 / /sysroot rw - xfs /dev/vdb rw
65 29 254:1 /ostree/deploy/one / rw - xfs /dev/vdb rw
63 28 254:0 /var/tmp/shared /run/kata-containers/shared/sandboxes/s1/mounts/c1-shared rw - ext4 /dev/vda rw
`

func TestOnNode(t *testing.T) {
	nodes := proc.ParseMounts(nodesTable)
	for line, want := range map[string]string{
		"254:0 /var/tmp/shared":                      "/var/tmp/shared",
		"254:0 /var/lib/kubelet/pods/u1/volumes/e/t": "/var/lib/kubelet/pods/u1/volumes/e/t",
		"254:0 /mnt/disks/one":                       "/var/lib/kubelet/pods/u1/volumes/kubernetes.io~local-volume/v",
		"254:0 /mnt/disks/one/sub":                   "/var/lib/kubelet/pods/u1/volumes/kubernetes.io~local-volume/v/sub",
		"254:0 /mnt/disks/onetwo":                    "/mnt/disks/onetwo",
		"0:25 /somebody":                             "/run/somebody",
		"0:42 /":                                     "/run/containerd/task/c1/rootfs",
		"254:1 /ostree/deploy/one":                   "/",
		"254:1 /ostree/deploy/one/srv":               "/srv",
		"8:1 /":                                      "/var/lib/kubelet/pods/u1/volumes/kubernetes.io~csi/v/mount",
		// A file system that the node has nowhere.
		"0:99 /": "",
	} {
		device, root, _ := strings.Cut(line, " ")
		if got := onNode(nodes, proc.Mount{Device: device, Root: root}); got != want {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
}

func TestMountedFrom(t *testing.T) {
	root := t.TempDir()
	for _, directory := range []string{"/tmp", "/own"} {
		if err := os.Mkdir(root+directory, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(root+"/hosts", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	nodes := proc.ParseMounts(nodesTable)
	served := `1 0 0:42 / / ro - overlay overlay rw
2 1 254:0 /var/tmp/shared /tmp rw - ext4 /dev/vda rw
3 1 254:0 /var/lib/kubelet/pods/u1/etc-hosts /hosts rw - ext4 /dev/vda rw
4 1 254:0 /srv /gone rw - ext4 /dev/vda rw
5 1 0:99 / /own rw - tmpfs tmpfs rw
`
	from := func(mounts []proc.Mount) []string {
		return mountedFrom(nodes, root, "", mountedBelow(root, "", mounts), mounts)
	}
	if got := from(proc.ParseMounts(served)); !slices.Equal(got, []string{"/var/tmp/shared"}) {
		t.Errorf("got %q", got)
	}
	// One that has not left the root of the node yet sees all that the node has mounted.
	if got := from(append(proc.ParseMounts(served)[1:], nodes[0])); got != nil {
		t.Errorf("got %q", got)
	}
}

// What a real server has mounted is told by its path outside, for gVisor's file server and for virtiofsd; others serve no
// mounts.
func TestMountedLook(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root: mounts")
	}
	source, target := t.TempDir(), t.TempDir()
	script := `mount --bind "$1" "$1" && mkdir "$1/tmp" && mount --bind "$2" "$1/tmp" && echo && exec sleep 600`
	child := exec.Command("sh", "-ec", script, "-", target, source)
	child.SysProcAttr = &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWNS}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = child.Process.Kill()
		_ = child.Wait()
	})
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		argv, shared string
		want         []string
	}{
		{"/usr/libexec/virtiofsd", target, []string{source}},
		{"runsc-gofer", "", nil},
		{"qemu-system-x86_64", "", nil},
	} {
		var m mounted
		m.look(child.Process.Pid, []string{one.argv}, one.shared)
		if !slices.Equal(m.paths, one.want) {
			t.Errorf("%s: got %q, want %q", one.argv, m.paths, one.want)
		}
	}
}
