package witness

import (
	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

// plantFIFO makes a named pipe and holds it open for reading. Whoever opens it for writing without waiting succeeds only
// where this reader is seen: in the same kernel. Nothing needs to be written (fifo(7)).
func plantFIFO(p *plan.Plan, _ plan.Plant) (any, undo, error) {
	path := node + nodePath(p, "canary.fifo")
	if err := unix.Mkfifo(path, 0o666); err != nil {
		return nil, nil, observe.Refused("mknod", err)
	}
	undo := remover(path)
	if err := unix.Chmod(path, 0o666); err != nil {
		return nil, undo, observe.Refused("chmod", err)
	}
	reader, err := unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC|unix.O_NOFOLLOW, 0)
	if err != nil {
		return nil, undo, observe.Refused("open", err)
	}
	return map[string]string{"nodePath": nodePath(p, "canary.fifo")}, func() error {
		_ = unix.Close(reader)
		return undo()
	}, nil
}
