package witness

import (
	"fmt"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

// plantKernelLog writes one line to the node's kernel log. That cannot be undone; the line says whose it is.
func plantKernelLog(p *plan.Plan, wanted plan.Plant) (any, undo, error) {
	fd, err := unix.Open("/dev/kmsg", unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		// A container that is less than privileged has no such device; the node does.
		if fd, err = unix.Open(node+"/dev/kmsg", unix.O_WRONLY|unix.O_CLOEXEC, 0); err != nil {
			return nil, nil, observe.Refused("open", err)
		}
	}
	defer unix.Close(fd)
	// 6 is informational. One write is one record (Documentation/ABI/testing/dev-kmsg).
	line := fmt.Sprintf("<6>cofferdam: run %s planted %s\n", p.Run, wanted.Token)
	if _, err := unix.Write(fd, []byte(line)); err != nil {
		return nil, nil, observe.Refused("write", err)
	}
	return map[string]int{"bytes": len(line)}, nil, nil
}
