package witness

import (
	"fmt"
	"testing"

	"golang.org/x/sys/unix"
)

func TestCharacterDevicesThatAreHeld(t *testing.T) {
	null, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(null)
	byName, err := unix.Open("/dev/null", unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(byName)
	for _, one := range []struct {
		target       string
		major, minor uint32
		want         string
	}{
		{"/dev/mem", 1, 1, "/dev/mem"},
		{"/dev/kmsg", 1, 11, "/dev/kmsg"},
		{"/dev/ttyS0", 4, 64, "/dev/ttyS0"},
		{"/dev/console", 5, 1, "/dev/console"},
		{"/dev/input/event0", 13, 64, "/dev/input/event0"},
		{"/dev/tpm0", 10, 224, "/dev/tpm0"},
		{"/dev/vfio/12", 243, 0, "/dev/vfio/12"},
		{"/dev/vfio/vfio", 10, 196, "/dev/vfio/vfio"},
		{"/dev/bus/usb/001/002", 189, 1, "/dev/bus/usb/001/002"},
		// In a root of its own it may have any name.
		{"/m", 1, 1, "character device 1:1"},
		{"/dev/null", 1, 3, ""},
		{"/dev/urandom", 1, 9, ""},
		{"/dev/kvm", 10, 232, ""},
		{"/dev/mshv", 10, 261, ""},
		{"/dev/net/tun", 10, 200, ""},
		{"/dev/vhost-net", 10, 238, ""},
		{"/dev/vhost-vdpa-0", 510, 0, ""},
		{"/dev/tap12", 236, 1, ""},
		{"/dev/sgx_enclave", 10, 125, ""},
		{"/dev/ptmx", 5, 2, ""},
		{"/dev/pts/0", 136, 0, ""},
		{"/dev/pts/300", 137, 44, ""},
		{"/x", 10, 232, ""},
	} {
		stat := unix.Stat_t{Mode: unix.S_IFCHR, Rdev: unix.Mkdev(one.major, one.minor)}
		if got := character(openFile{link: fmt.Sprintf("/proc/self/fd/%d", null), target: one.target}, &stat); got != one.want {
			t.Errorf("%s: got %q, want %q", one.target, got, one.want)
		}
		if got := character(openFile{link: fmt.Sprintf("/proc/self/fd/%d", byName), target: one.target}, &stat); got != "" {
			t.Errorf("%s, by its name alone: got %q", one.target, got)
		}
	}
}

// The same of a real one.
func TestACharacterDeviceBehindAMonitorIsHeld(t *testing.T) {
	const device = "/dev/kmsg"
	if opened, err := unix.Open(device, unix.O_RDONLY|unix.O_CLOEXEC, 0); err != nil {
		t.Skip("needs root: ", err)
	} else {
		unix.Close(opened)
	}
	all := placesOfNode("", defaultKubeletRoot)
	for name, want := range map[string]string{"qemu-system-x86_64": device, "kubelet": ""} {
		var s state
		s.update(holder(t, name, device, "/dev/null", "/dev/urandom"), []string{name}, handedOn{}, all)
		if s.holds != want {
			t.Errorf("%s: got %q, want %q", name, s.holds, want)
		}
	}
}
