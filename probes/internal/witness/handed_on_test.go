package witness

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/proc"
)

func TestFilesThatAMonitorWasToldToReadAreHeld(t *testing.T) {
	all := placesOfNode("", defaultKubeletRoot)
	secret := "/etc/cofferdam-test-secret"
	if err := os.WriteFile(secret, nil, 0o600); err != nil {
		t.Skip("needs root: ", err)
	}
	t.Cleanup(func() { os.Remove(secret) })
	for _, one := range []struct{ argument, want string }{
		{"name=opt/secret,file=" + secret, secret + byArguments},
		{"file=" + secret + ",type=1", secret + byArguments},
		{"loader,addr=0x1000,file=" + secret, secret + byArguments},
		{"if=none,id=d,file=fat:/etc,format=raw", "/etc" + byArguments},
		{"file=fat:rw:16:/etc", "/etc" + byArguments},
		{"fat:floppy:/etc", "/etc" + byArguments},
		{"driver=vvfat,node-name=d,dir=/etc", "/etc" + byArguments},
		{`{"driver":"vvfat","dir":"/etc"}`, "/etc" + byArguments},
		{`{"driver": "file", "filename": "` + secret + `", "node-name": "d"}`, secret + byArguments},
		// For everybody, not there, or named for something else.
		{"name=opt/names,file=/etc/passwd", ""},
		{"file=/etc/cofferdam-is-not-here", ""},
		{"memory-backend-file,mem-path=/dev,size=1G", ""},
		{"logfile=" + secret, ""},
		{"type=machine,profile=" + secret, ""},
	} {
		var s state
		argv := []string{"qemu-system-x86_64", "-option", one.argument}
		s.update(holder(t, argv[0]), argv, handedOnBy(argv), all)
		if s.holds != one.want {
			t.Errorf("%s: got %q, want %q", one.argument, s.holds, one.want)
		}
	}
	// What it has open besides is told once, and as open.
	var s state
	argv := []string{"qemu-system-x86_64", "file=" + secret, "fat:/etc", "fat:rw:/etc"}
	s.update(holder(t, argv[0], secret), argv, handedOnBy(argv), all)
	if want := "/etc" + byArguments + "\n" + secret; s.holds != want {
		t.Errorf("got %q, want %q", s.holds, want)
	}
}

func TestSocketsToWhichAMonitorConnectsItsMachineAreHeld(t *testing.T) {
	all := placesOfNode("", defaultKubeletRoot)
	socket := t.TempDir() + "/service.sock"
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	for _, one := range []struct{ chardev, device, want string }{
		{"socket,id=n,path=" + socket, "virtserialport,chardev=n,name=x", socket + byArguments},
		{"socket,path=" + socket + ",id=n,reconnect=1", `{"driver":"virtconsole","chardev":"n"}`, socket + byArguments},
		{"socket,id=n,path=" + socket + ",server=off", "isa-serial,chardev=n", socket + byArguments},
		// Its own, another's for its files, and used by no device.
		{"socket,id=n,path=" + socket + ",server=on,wait=off", "virtserialport,chardev=n", ""},
		{"socket,id=n,path=" + socket + ",server", "virtserialport,chardev=n", ""},
		{"socket,id=n,path=" + socket, "vhost-user-fs-pci,chardev=n,tag=files", ""},
		{"socket,id=n,path=" + socket, "virtserialport,chardev=other", ""},
		{"file,id=n,path=" + socket, "virtserialport,chardev=n", ""},
		// Nobody is there.
		{"socket,id=n,path=" + socket + "-gone", "virtserialport,chardev=n", ""},
	} {
		var s state
		argv := []string{"qemu-system-x86_64", "-chardev", one.chardev, "-device", "virtio-serial-pci", "-device", one.device}
		s.update(holder(t, argv[0]), argv, handedOnBy(argv), all)
		if s.holds != one.want {
			t.Errorf("%s and %s: got %q, want %q", one.chardev, one.device, s.holds, one.want)
		}
	}
}

// A file server has every name open that a guest asked it for, a socket's, too.
func TestASocketThatIsServedByItsNameIsNotHeld(t *testing.T) {
	socket := t.TempDir() + "/service.sock"
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	opened, err := unix.Open(socket, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(opened)
	file := openFile{link: fmt.Sprintf("/proc/self/fd/%d", opened), target: socket}
	if got := placesOfNode("", defaultKubeletRoot).among([]openFile{file}); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestTheDirectoryThatAFileServerShares(t *testing.T) {
	for _, one := range []struct {
		argv string
		want string
	}{
		{"/usr/libexec/virtiofsd --fd=3 --shared-dir=/run/shared --cache=auto", "/run/shared"},
		{"virtiofsd --shared-dir /run/shared", "/run/shared"},
		{"virtiofsd -o cache=auto,source=/run/shared,no_xattr", "/run/shared"},
		{"virtiofsd -o source=/run/shared", "/run/shared"},
		{"virtiofsd --fd=3", ""},
		{"qemu-system-x86_64 --shared-dir=/run/shared", ""},
	} {
		if got := sharedBy(strings.Fields(one.argv)); got != one.want {
			t.Errorf("%s: got %q", one.argv, got)
		}
	}
}

// What is mounted below a shared directory is held, whether its server stays where it was or makes it its root.
func TestWhatIsMountedBelowASharedDirectoryIsHeld(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root: mounts")
	}
	all := placesOfNode("", defaultKubeletRoot)
	for _, one := range []struct{ name, script, want string }{
		{"a directory of the node", "mount --bind /etc $1/a", "/etc" + byMount},
		{"a file of the node", "touch $1/f; mount --bind /etc/shadow $1/f", "/etc/shadow" + byMount},
		{"a server whose root it is", "mount --bind $1 $1; mkdir $1/usr; mount --bind /usr $1/usr; ln -s usr/lib usr/lib64 usr/bin $1; exec chroot $1 /bin/sleep 600", "/usr" + byMount},
		{"what is the pod's", "mount -t tmpfs own $1/a; mkdir $1/a/etc", ""},
		{"what is mounted elsewhere", "mkdir $1-other; mount --bind /etc $1-other", ""},
	} {
		shared := t.TempDir()
		if err := os.Mkdir(shared+"/a", 0o755); err != nil {
			t.Fatal(err)
		}
		child := exec.Command("sh", "-ec", one.script+"; exec sleep 600", "virtiofsd", shared)
		child.SysProcAttr = &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWNS}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = child.Process.Kill()
			_ = child.Wait()
		})
		argv := []string{"virtiofsd", "--shared-dir=" + shared}
		var s state
		for range 200 {
			if comm, _ := proc.Read(child.Process.Pid, "comm"); string(comm) == "sleep\n" {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		s.update(child.Process.Pid, argv, handedOnBy(argv), all)
		if got := strings.Join(s.places(), "\n"); got != one.want {
			t.Errorf("%s: got %q, want %q", one.name, got, one.want)
		}
	}
}

func TestSocketsAtAPortOfAMachineAreHeld(t *testing.T) {
	for _, one := range []struct {
		words []string
		want  string
	}{
		{[]string{"-serial", "unix:/run/x.sock"}, "/run/x.sock"},
		{[]string{"-serial", "mon:unix:/run/x.sock,reconnect=1"}, "/run/x.sock"},
		{[]string{"-debugcon", "unix:/run/x.sock"}, "/run/x.sock"},
		{[]string{"-chardev", "socket,id=n,path=/run/x.sock", "-serial", "chardev:n"}, "/run/x.sock"},
		{[]string{"-serial", "unix:/run/x.sock,server=on,wait=off"}, ""},
		{[]string{"-serial", "file:/run/x.sock"}, ""},
		{[]string{"-chardev", "socket,id=n,path=/run/x.sock", "-serial", "chardev:other"}, ""},
	} {
		if got := strings.Join(socketsOf(append([]string{"qemu-system-x86_64"}, one.words...)), " "); got != one.want {
			t.Errorf("%v: got %q, want %q", one.words, got, one.want)
		}
	}
}

func TestServedDirectoriesAreTold(t *testing.T) {
	for _, one := range []struct {
		argv []string
		want string
	}{
		{[]string{"qemu-system-x86_64", "-fsdev", "local,id=n,path=/home/a/b,security_model=none"}, "/home/a/b"},
		{[]string{"qemu-system-x86_64", "-virtfs", "local,path=/home/a/b,mount_tag=x,security_model=none"}, "/home/a/b"},
		{[]string{"/usr/libexec/virtiofsd", "--shared-dir=/home/a/b", "--fd=3"}, "/home/a/b"},
		{[]string{"virtiofsd", "--shared-dir", "/home/a/b"}, "/home/a/b"},
		{[]string{"qemu-system-x86_64", "-fsdev", "synth,id=n"}, ""},
		{[]string{"qemu-system-x86_64", "-drive", "file=/home/a/b"}, ""},
	} {
		if got := strings.Join(handedOnBy(one.argv).served, " "); got != one.want {
			t.Errorf("%v: got %q, want %q", one.argv, got, one.want)
		}
	}
}
