package witness

import (
	"runtime"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
)

var namespaceFlags = map[string]int{"cgroup": unix.CLONE_NEWCGROUP, "ipc": unix.CLONE_NEWIPC, "net": unix.CLONE_NEWNET}

// inNodeNamespace runs something in a namespace of the node's. setns(2) moves one thread only, and the thread of a goroutine
// that ends while it is locked to it ends too, so nothing else ever runs there.
func inNodeNamespace(kind string, run func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		if err := enter(kind); err != nil {
			done <- err
			return
		}
		done <- run()
	}()
	return <-done
}

// enter moves the calling thread, which must be locked.
func enter(kind string) error {
	fd, err := unix.Open("/proc/1/ns/"+kind, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return observe.Refused("open", err)
	}
	defer unix.Close(fd)
	if err := unix.Setns(fd, namespaceFlags[kind]); err != nil {
		return observe.Refused("setns", err)
	}
	return nil
}
