package kinds

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/proc"
	"cofferdam/probes/internal/spawn"
)

// Descriptor is an open file that a process had at its start.
type Descriptor struct {
	FD     int    `json:"fd"`
	Target string `json:"target"`
	Type   string `json:"type"`
	Device string `json:"device"`
	Inode  uint64 `json:"inode"`
	// Outside: it is on no mount of this process, or is no file at all: a socket, a pipe, an eventfd of somebody else's.
	Outside bool `json:"outside"`
}

type descriptorsValue struct {
	Descriptors []Descriptor `json:"descriptors"`
	Truncated   bool         `json:"truncated,omitempty"`
}

// ListMode is the argument that makes the probe print its descriptors for the process that leaked it one.
const ListMode = "internal-descriptors"

// descriptors tells which descriptors the container's first process was started with. With leak, it opens that directory so
// that a child inherits it, and tells what such a child has: the control that shows that a leak would be seen.
func descriptors(request Request) (any, error) {
	listed := request.Inherited
	if request.Leak != "" {
		var err error
		if listed, err = leaked(string(request.Leak)); err != nil {
			return nil, err
		}
	}
	if listed == nil {
		listed = []Descriptor{}
	}
	listed, cut := frame.Fill(listed)
	return descriptorsValue{Descriptors: listed, Truncated: cut}, nil
}

// Inherited lists this process's descriptors that it got at its start, beside its standard streams. They are those without
// close-on-exec: a descriptor with it cannot have come through execve(2), and the Go runtime sets it on all of its own.
func Inherited() []Descriptor {
	found, _, err := names("/proc/self/fd", 4096)
	if err != nil {
		return nil
	}
	listed := []Descriptor{}
	view := newMountView()
	for _, name := range found {
		fd, err := strconv.Atoi(name)
		if err != nil || fd <= 2 && isStream(fd, view) {
			continue
		}
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		if err != nil || flags&unix.FD_CLOEXEC != 0 {
			continue
		}
		listed = append(listed, describe(fd, view))
	}
	return listed
}

// isStream: whoever starts a container gives it /dev/null, a pipe or a terminal of its own for its standard streams. A
// directory, a disk, a file, a socket, a pipe with a name or a terminal of the node is a leak there as it is anywhere else.
func isStream(fd int, view mountView) bool {
	var stat unix.Stat_t
	if unix.Fstat(fd, &stat) != nil {
		return true
	}
	switch fileType(stat.Mode) {
	case "char":
		// gVisor passes a device of the node on without its numbers.
		return stat.Rdev == 0 || isNull(&stat) || isPseudoTerminal(&stat) && !view.outside(fd, &stat, "")
	case "fifo":
		target, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(fd))
		return err != nil || isPipeOfEngine(target)
	default:
		return false
	}
}

// namedByEngine is what containerd calls the pipes of a container's streams (pkg/cio, NewFIFOSetInDir). Its shim copies
// them into others without names; that in Rust (rust-extensions, crates/runc-shim) hands them on as they are.
var namedByEngine = regexp.MustCompile(`/[0-9a-f]{64}-std(in|out|err)$`)

// isPipeOfEngine: only a pipe with a name has a path, in a kernel of any kind (pipe(7), fifo(7)).
func isPipeOfEngine(target string) bool {
	return !strings.HasPrefix(target, "/") || namedByEngine.MatchString(target)
}

// The numbers are those of the kernel's Documentation/admin-guide/devices.txt.
func isNull(stat *unix.Stat_t) bool {
	return unix.Major(uint64(stat.Rdev)) == 1 && unix.Minor(uint64(stat.Rdev)) == 3
}

func isPseudoTerminal(stat *unix.Stat_t) bool {
	const first, last = 136, 143
	major := unix.Major(uint64(stat.Rdev))
	return major >= first && major <= last
}

func describe(fd int, view mountView) Descriptor {
	described := Descriptor{FD: fd, Type: "unknown"}
	target, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(fd))
	if err == nil {
		described.Target, _ = frame.Bounded([]byte(target), 1024)
	}
	var stat unix.Stat_t
	if unix.Fstat(fd, &stat) != nil {
		return described
	}
	described.Type = fileType(stat.Mode)
	described.Device = deviceText(uint64(stat.Dev))
	described.Inode = stat.Ino
	switch described.Type {
	case "dir", "file", "char", "block":
		described.Outside = view.outside(fd, &stat, target)
	default:
		described.Outside = true
	}
	return described
}

// mountView is what this process sees of the file systems.
type mountView struct {
	ids, devices map[string]bool
	root         bool
}

func newMountView() mountView {
	view := mountView{ids: map[string]bool{}, devices: map[string]bool{}}
	mounted, _ := proc.Mounts()
	for _, mount := range mounted {
		view.ids[mount.ID] = true
		view.devices[mount.Device] = true
		view.root = view.root || mount.Point == "/"
	}
	return view
}

// outside asks on which mount the file was opened: mountinfo lists only mounts below the process's root, so a number that
// is not there leads out of it, though the file's path and device may look familiar (CVE-2024-21626 left the node's
// /sys/fs/cgroup open). Where the kernel does not tell the number (gVisor), the device and the path have to do.
func (v mountView) outside(fd int, stat *unix.Stat_t, target string) bool {
	if id := mountID(fd); id != "" && v.root {
		return !v.ids[id]
	}
	if !v.devices[deviceText(uint64(stat.Dev))] {
		return true
	}
	var there unix.Stat_t
	return fileType(stat.Mode) == "dir" && (unix.Stat(target, &there) != nil || there.Dev != stat.Dev || there.Ino != stat.Ino)
}

func mountID(fd int) string {
	data, err := os.ReadFile("/proc/self/fdinfo/" + strconv.Itoa(fd))
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(data)) {
		if id, found := strings.CutPrefix(line, "mnt_id:"); found {
			return strings.TrimSpace(id)
		}
	}
	return ""
}

func deviceText(device uint64) string {
	return fmt.Sprintf("%d:%d", unix.Major(device), unix.Minor(device))
}

// leakPatience is for a process under an emulator to start, list and end.
const leakPatience = 8 * time.Second

func leaked(directory string) ([]Descriptor, error) {
	// The leak must not reach a child that another goroutine starts.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	fd, err := unix.Open(directory, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, observe.Refused("open", err)
	}
	defer unix.Close(fd)
	reading, writing, err := spawn.Pipe()
	if err != nil {
		return nil, err
	}
	defer syscall.Close(reading)
	child, err := spawn.Start(spawn.Options{Argv: []string{"cofferdam-probe", ListMode}, Files: []int{reading, writing, writing}})
	syscall.Close(writing)
	if err != nil {
		return nil, observe.Refused("execve", err)
	}
	// The worker's deadline ends a child that hangs here.
	data, err := readUpTo(reading, frame.MaxLine)
	if err != nil {
		return nil, err
	}
	if !child.Wait(leakPatience) {
		return nil, fmt.Errorf("the child that was given a descriptor did not end")
	}
	var listed []Descriptor
	if err := json.Unmarshal(data, &listed); err != nil {
		return nil, fmt.Errorf("the child that was given a descriptor did not list it: %s", child.Ending())
	}
	return listed, nil
}

// PrintInherited is the child's side.
func PrintInherited() {
	listed, _ := frame.Fill(Inherited())
	if encoded, err := frame.Encode(listed); err == nil {
		_, _ = os.Stdout.Write(encoded)
	}
}
