package kinds

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestIsStream(t *testing.T) {
	directory := t.TempDir()
	opened := func(path string, flags int) int {
		t.Helper()
		fd, err := unix.Open(path, flags|unix.O_CLOEXEC, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unix.Close(fd) })
		return fd
	}
	fifo := func(name string) int {
		t.Helper()
		path := filepath.Join(directory, name)
		if err := unix.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
		return opened(path, unix.O_RDONLY|unix.O_NONBLOCK)
	}
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	sockets, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	event, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range append(append([]int{event}, pipe[:]...), sockets[:]...) {
		t.Cleanup(func() { unix.Close(fd) })
	}
	for name, test := range map[string]struct {
		fd   int
		want bool
	}{
		"a pipe":                            {pipe[0], true},
		"/dev/null":                         {opened("/dev/null", unix.O_RDONLY), true},
		"another device":                    {opened("/dev/zero", unix.O_RDONLY), false},
		"a directory":                       {opened(directory, unix.O_RDONLY), false},
		"a file":                            {opened(filepath.Join(directory, "file"), unix.O_RDWR|unix.O_CREAT), false},
		"a socket":                          {sockets[0], false},
		"a counter of events":               {event, false},
		"a pipe with a name":                {fifo("door"), false},
		"the pipe of a stream, by its name": {fifo(strings.Repeat("0a", 32) + "-stdout"), true},
	} {
		if got := isStream(test.fd, newMountView()); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestATerminalIsAStreamWhereItIsOneOfThisContainer(t *testing.T) {
	terminal, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminal can be made here: %v", err)
	}
	defer unix.Close(terminal)
	_ = unix.IoctlSetPointerInt(terminal, unix.TIOCSPTLCK, 0)
	number, err := unix.IoctlGetInt(terminal, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	own, err := unix.Open("/dev/pts/"+strconv.Itoa(number), unix.O_RDWR|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("/dev/ptmx and /dev/pts are of two instances here: %v", err)
	}
	defer unix.Close(own)
	if !isStream(own, newMountView()) {
		t.Error("a terminal of this container is a leak")
	}
	if isStream(own, mountView{ids: map[string]bool{"1": true}, root: true}) {
		t.Error("a terminal that is on no mount of this container is a stream")
	}
	if isStream(terminal, newMountView()) {
		t.Error("the other end of a terminal is a stream")
	}
}

func TestIsPipeOfEngine(t *testing.T) {
	id := strings.Repeat("0a", 32)
	for target, want := range map[string]bool{
		"pipe:[1234]": true,
		"host:[2]":    true,
		"":            true,
		"/run/door":   false,
		"/containers/" + id + "/io/1/" + id + "-stdin":       true,
		"/containers/" + id + "/io/1/" + id + "-stderr":      true,
		"/containers/" + id + "/io/1/" + id + "-stderr/door": false,
		"/" + id[1:] + "-stdin":                              false,
	} {
		if got := isPipeOfEngine(target); got != want {
			t.Errorf("%s: %v, want %v", target, got, want)
		}
	}
}
