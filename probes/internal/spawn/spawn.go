// Package spawn starts the probe again as a child, and reaps.
//
// It uses fork, exec and wait4 themselves, not os/exec: no pidfd, which not every application kernel has, and as the first
// process of a container the probe must also reap what it never started.
package spawn

import (
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
)

// Self is the probe's own executable. The link needs no path in the container, and leads to the very file that runs.
const Self = "/proc/self/exe"

// Child is a process that was started here.
type Child struct {
	PID    int
	exited chan struct{}
	status syscall.WaitStatus
}

// Options of Start. Argv[0] is what the process table shows.
type Options struct {
	Argv []string
	// Files become descriptors 0, 1, 2 and so on.
	Files []int
	// Group makes the child the leader of a process group of its own, so that all it starts can be killed with it.
	Group bool
}

var (
	// mutex keeps a child from being reaped between its start and its entry in children.
	mutex    sync.Mutex
	children = map[int]*Child{}
	reaper   sync.Once
)

// Start runs the probe's own executable with these arguments. The plan's variable is not in the child's environment; see
// plan.Take.
func Start(options Options) (*Child, error) {
	if os.Getpid() == 1 {
		reaper.Do(startReaper)
	}
	files := make([]uintptr, len(options.Files))
	for i, fd := range options.Files {
		files[i] = uintptr(fd)
	}
	attributes := &syscall.ProcAttr{
		Env:   environment(),
		Files: files,
		Sys:   &syscall.SysProcAttr{Setpgid: options.Group},
	}
	mutex.Lock()
	defer mutex.Unlock()
	pid, err := syscall.ForkExec(Self, options.Argv, attributes)
	if err == syscall.ENOENT {
		// Without /proc the link is not there; the path by which this process was started may be.
		if path, pathErr := os.Executable(); pathErr == nil {
			pid, err = syscall.ForkExec(path, options.Argv, attributes)
		}
	}
	if err != nil {
		return nil, err
	}
	child := &Child{PID: pid, exited: make(chan struct{})}
	children[pid] = child
	if os.Getpid() != 1 {
		go child.reap()
	}
	return child, nil
}

// environment leaves out everything of the suite's own, but passes on the rest: a runtime may need its variables.
func environment() []string {
	kept := []string{}
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "COFFERDAM_") {
			kept = append(kept, entry)
		}
	}
	return kept
}

func (c *Child) reap() {
	var status syscall.WaitStatus
	for {
		_, err := syscall.Wait4(c.PID, &status, 0, nil)
		if err != syscall.EINTR {
			break
		}
	}
	mutex.Lock()
	defer mutex.Unlock()
	c.finish(status)
}

func (c *Child) finish(status syscall.WaitStatus) {
	delete(children, c.PID)
	c.status = status
	close(c.exited)
}

// startReaper waits for every child of this process, orphans that the kernel handed to it too.
func startReaper() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGCHLD)
	go func() {
		// The ticker is for a signal that came between the last look and the wait.
		ticker := time.NewTicker(2 * time.Second)
		for {
			select {
			case <-signals:
			case <-ticker.C:
			}
			reapAll()
		}
	}()
}

func reapAll() {
	mutex.Lock()
	defer mutex.Unlock()
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
		if child := children[pid]; child != nil {
			child.finish(status)
		}
	}
}

// Wait waits at most this long for the child's end, and says whether it came. A process inside a system call that cannot
// be interrupted does not even die of SIGKILL, and nobody may wait for it for ever.
func (c *Child) Wait(limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-c.exited:
		return true
	case <-timer.C:
		return false
	}
}

// KillGroup kills the child and all of its process group.
func (c *Child) KillGroup() {
	_ = syscall.Kill(-c.PID, syscall.SIGKILL)
	_ = syscall.Kill(c.PID, syscall.SIGKILL)
}

// Ending says how the child ended, for a reader. Only after Wait returned true.
func (c *Child) Ending() string {
	switch {
	case c.status.Signaled():
		return "killed by signal " + signalName(c.status.Signal())
	default:
		return fmt.Sprintf("exit code %d", c.status.ExitStatus())
	}
}

// ExitCode is the child's exit code, -1 when a signal ended it. Only after Wait returned true.
func (c *Child) ExitCode() int { return c.status.ExitStatus() }

func signalName(signal syscall.Signal) string {
	if name := unix.SignalName(signal); name != "" {
		return name
	}
	return fmt.Sprintf("%d", int(signal))
}

// Pipe makes a pipe that no child inherits unless it is handed over.
func Pipe() (reading, writing int, err error) {
	var ends [2]int
	if err := syscall.Pipe2(ends[:], syscall.O_CLOEXEC); err != nil {
		return 0, 0, observe.Refused("pipe2", err)
	}
	return ends[0], ends[1], nil
}
