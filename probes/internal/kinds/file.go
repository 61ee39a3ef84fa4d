package kinds

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
)

// openFlags are in every open: never wait for the other end of a pipe, never become the owner of a terminal.
const openFlags = unix.O_NONBLOCK | unix.O_NOCTTY | unix.O_CLOEXEC | unix.O_LARGEFILE

// openFile is open(2) itself, so that the answer is the kernel's, and refuses what an open alone would set off.
func openFile(path string, access int) (int, error) {
	var stat unix.Stat_t
	if err := ignoreEINTR(func() error { return unix.Stat(path, &stat) }); err == nil {
		if err := harmless(path, &stat); err != nil {
			return -1, err
		}
	}
	fd := -1
	err := ignoreEINTR(func() (err error) {
		fd, err = unix.Open(path, access|openFlags, 0)
		return err
	})
	if err != nil {
		return -1, observe.Refused("open", err)
	}
	return fd, nil
}

// watchdogMinor is /dev/watchdog's, of the misc devices (Documentation/admin-guide/devices.txt).
const miscMajor, watchdogMinor = 10, 130

// harmless refuses devices on which an open is already an act: an opened watchdog resets the machine when nobody feeds it
// (Documentation/watchdog/watchdog-api.rst), a closed tape rewinds.
func harmless(path string, stat *unix.Stat_t) error {
	if stat.Mode&unix.S_IFMT != unix.S_IFCHR {
		return nil
	}
	return harmlessDevice(path, unix.Major(uint64(stat.Rdev)), unix.Minor(uint64(stat.Rdev)))
}

const tapeMajor = 9

func harmlessDevice(path string, major, minor uint32) error {
	switch {
	case major == miscMajor && minor == watchdogMinor, strings.Contains(path, "watchdog"):
		return fmt.Errorf("opening a watchdog starts it: not tried")
	case major == tapeMajor:
		return fmt.Errorf("closing a tape rewinds it: not tried")
	}
	return nil
}

func ignoreEINTR(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}

// reader reads a descriptor with read(2) alone.
type reader int

func (fd reader) Read(p []byte) (n int, err error) {
	err = ignoreEINTR(func() error {
		n, err = unix.Read(int(fd), p)
		return err
	})
	switch {
	case err != nil:
		return 0, err
	case n <= 0:
		return 0, io.EOF
	default:
		return n, nil
	}
}

// readUpTo reads at most max bytes. What was read before an error counts: a log's end is EAGAIN.
func readUpTo(fd int, max int) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(reader(fd), int64(max)))
	if err != nil && len(data) == 0 {
		return nil, observe.Refused("read", err)
	}
	return data, nil
}

// readPath reads at most max bytes of a file.
func readPath(path string, max int) ([]byte, error) {
	fd, err := openFile(path, unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	return readUpTo(fd, max)
}

// fileType names a mode's type as the observations do.
func fileType(mode uint32) string {
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		return "file"
	case unix.S_IFDIR:
		return "dir"
	case unix.S_IFCHR:
		return "char"
	case unix.S_IFBLK:
		return "block"
	case unix.S_IFIFO:
		return "fifo"
	case unix.S_IFSOCK:
		return "socket"
	case unix.S_IFLNK:
		return "symlink"
	default:
		// Descriptors of epoll, eventfd and their like have no type at all.
		return "anonymous"
	}
}

// numbers are a device's, nil for anything else.
func numbers(stat *unix.Stat_t) (major, minor *uint32) {
	if kind := stat.Mode & unix.S_IFMT; kind != unix.S_IFCHR && kind != unix.S_IFBLK {
		return nil, nil
	}
	a, b := unix.Major(uint64(stat.Rdev)), unix.Minor(uint64(stat.Rdev))
	return &a, &b
}
