package witness

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

const (
	ours   = "6b0f9a4e-1111-4222-8333-444455556666"
	theirs = "7c0f9a4e-1111-4222-8333-444455556666"
)

var (
	ourSandbox = strings.Repeat("ab", 32)
	stranger   = strings.Repeat("cd", 32)
)

func TestMatch(t *testing.T) {
	m := newMatcher()
	m.addPod(ours)
	for _, step := range []struct {
		what, argv, cgroup string
		belongs            bool
	}{
		{"another pod", "/pause", "0::/kubepods/besteffort/pod" + theirs + "/" + stranger, false},
		{"our shim, before its sandbox is known", "/usr/bin/containerd-shim-kata-v2 -namespace k8s.io -id " + ourSandbox, "0::/kata_overhead/" + ourSandbox, false},
		{"our VM monitor", "/usr/bin/qemu-system-x86_64 -name sandbox-" + ourSandbox, "0::/kubepods/pod" + ours + "/kata_" + ourSandbox, true},
		{"our shim", "/usr/bin/containerd-shim-kata-v2 -namespace k8s.io -id " + ourSandbox, "0::/kata_overhead/" + ourSandbox, true},
		{"our file server", "virtiofsd --shared-dir=/run/kata-containers/shared/sandboxes/" + ourSandbox + "/shared", "0::/kata_overhead/" + ourSandbox, true},
		{"another's shim", "/usr/bin/containerd-shim-runc-v2 -namespace k8s.io -id " + stranger, "0::/system.slice/containerd.service", false},
		{"systemd's names", "/pause", "0::/kubepods.slice/kubepods-pod" + strings.ReplaceAll(ours, "-", "_") + ".slice/cri-containerd-" + ourSandbox + ".scope", true},
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

func TestALinkOfTheNodeLeadsToAPlaceInTheNode(t *testing.T) {
	root := t.TempDir()
	for _, directory := range []string{"/var/lib", "/snap/common/kubelet/pods", "/data"} {
		if err := os.MkdirAll(root+directory, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{
		"/var/lib/kubelet": "/snap/common/kubelet", "/var/lib/relative": "../../snap/./common", "/var/lib/twice": "/var/lib/relative/kubelet",
		"/data/self": "/data/self", "/data/above": "/../../data",
	} {
		if err := os.Symlink(target, root+link); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		"/var/lib/kubelet":      "/snap/common/kubelet",
		"/var/lib/kubelet/pods": "/snap/common/kubelet/pods",
		"/var/lib/relative":     "/snap/common",
		"/var/lib/twice/":       "/snap/common/kubelet",
		"/data/above/x":         "/data/x",
		"/snap/common/kubelet":  "/snap/common/kubelet",
		"/not/there":            "/not/there",
		// Nowhere: it is opened by its name, which fails.
		"/data/self/x": "/data/self/x",
	} {
		if got := insideNode(root, name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
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

func TestCgroupPath(t *testing.T) {
	if got := cgroupPath("12:pids:/\n4:memory:/kubepods/pod1/2\n0::/\n"); got != "/kubepods/pod1/2" {
		t.Errorf("got %q", got)
	}
}

func TestSandbox(t *testing.T) {
	m := newMatcher()
	m.addPod(ours)
	shim := "/usr/local/bin/containerd-shim-kata-v2 -namespace k8s.io -address /run/containerd/containerd.sock -id " + ourSandbox
	overhead := "0::/kata_overhead/" + ourSandbox + "\n"
	if m.addSandbox(&sandbox{ID: stranger, PodUID: theirs}) {
		t.Error("another's sandbox became ours")
	}
	if _, belongs := m.match(strings.Split(shim, " "), overhead); belongs {
		t.Error("a shim belongs to us before its bundle is known")
	}
	if !m.addSandbox(&sandbox{ID: ourSandbox, PodUID: ours}) || m.addSandbox(&sandbox{ID: ourSandbox, PodUID: ours}) {
		t.Error("our sandbox should be new, and then no more")
	}
	if found, _ := m.match(strings.Split(shim, " "), overhead); found.podUID != ours {
		t.Errorf("the shim's pod is %q", found.podUID)
	}
}

func TestShimID(t *testing.T) {
	for line, want := range map[string]string{
		"/usr/bin/containerd-shim-kata-v2 -namespace k8s.io -id abc":                   "abc",
		"/usr/bin/containerd-shim-runc-v2 -namespace k8s.io -id abc start":             "",
		"/usr/bin/containerd-shim-runc-v2 -namespace k8s.io -id abc -bundle /b delete": "",
		"/usr/bin/containerd -id abc":                                                  "",
		"/usr/bin/containerd-shim-runc-v2":                                             "",
		"":                                                                             "",
	} {
		if got := shimID(strings.Split(line, " ")); got != want {
			t.Errorf("%s: got %q", line, got)
		}
	}
}

// TestReadSandbox reads the bundle of this very process, whose working directory stands in for a shim's.
func TestReadSandbox(t *testing.T) {
	t.Chdir(t.TempDir())
	if found := readSandbox(os.Getpid(), "abc", "shim"); found != nil {
		t.Errorf("there is no bundle, and it has %+v", found)
	}
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("config.json", `{"ociVersion":"1.2.0","annotations":{"io.kubernetes.cri.sandbox-uid":"`+ours+`"}}`)
	write("options.json", `{"binary_name":"/usr/local/bin/other"}`)
	if found := readSandbox(os.Getpid(), "abc", "shim"); found == nil || *found != (sandbox{ID: "abc", PodUID: ours, Shim: "shim", Runtime: "/usr/local/bin/other"}) {
		t.Errorf("containerd's: got %+v", found)
	}
	write("config.json", `{"annotations":{"io.kubernetes.pod.uid":"`+ours+`","io.kubernetes.cri-o.RuntimeHandler":"kata"}}`)
	write("options.json", `{`)
	if found := readSandbox(os.Getpid(), "abc", "shim"); found == nil || *found != (sandbox{ID: "abc", PodUID: ours, Handler: "kata", Shim: "shim"}) {
		t.Errorf("CRI-O's: got %+v", found)
	}
	write("config.json", `{"annotations":`)
	if found := readSandbox(os.Getpid(), "abc", "shim"); found != nil {
		t.Errorf("the bundle is damaged, and it has %+v", found)
	}
}

func TestHoldsMachine(t *testing.T) {
	holdsMachine := func() bool {
		var own state
		own.update(os.Getpid(), os.Args, handedOn{}, places{})
		return own.machine
	}
	if holdsMachine() {
		t.Error("this test has no virtual machine")
	}
	device, err := unix.Open("/dev/kvm", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Skip("no /dev/kvm here")
	}
	defer unix.Close(device)
	const createVM = 0xAE01
	machine, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(device), createVM, 0)
	if errno != 0 {
		t.Skipf("/dev/kvm makes no machine here: %v", errno)
	}
	defer unix.Close(int(machine))
	if !holdsMachine() {
		t.Error("this test has a virtual machine open, which was not seen")
	}
}
