package kinds

import (
	"fmt"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

type loadValue struct {
	Reserved int `json:"reserved"`
	Times    int `json:"times"`
}

const (
	maxSlots     = 32768
	defaultHold  = 400
	defaultTimes = 3
)

// load reserves asynchronous I/O slots and gives them back, a few times. io_setup(2) moves the kernel's fs.aio-nr by exactly
// the number asked for (fs/aio.c, ioctx_alloc: aio_nr += ctx->max_reqs, before it is rounded up), so a witness on the node
// can tell whose kernel it was by the number. A node has 65,536 by default: a few thousand for a second hurt nobody.
func load(request Request) (any, error) {
	slots := int(request.Slots)
	if slots < 1 || slots > maxSlots {
		return nil, fmt.Errorf("slots %d are not between 1 and %d", slots, maxSlots)
	}
	hold, times := loadShape(request.Attempt)
	for i := range times {
		if i > 0 {
			time.Sleep(hold)
		}
		var context uintptr
		if _, _, errno := unix.Syscall(unix.SYS_IO_SETUP, uintptr(slots), uintptr(unsafe.Pointer(&context)), 0); errno != 0 {
			return nil, observe.Refused("io_setup", errno)
		}
		time.Sleep(hold)
		if _, _, errno := unix.Syscall(unix.SYS_IO_DESTROY, context, 0, 0); errno != 0 {
			return nil, observe.Refused("io_destroy", errno)
		}
	}
	return loadValue{Reserved: slots, Times: times}, nil
}

func loadShape(attempt plan.Attempt) (hold time.Duration, times int) {
	return time.Duration(min(attempt.HoldMs.Or(defaultHold), 5000)) * time.Millisecond, min(attempt.Times.Or(defaultTimes), 10)
}

// LoadDuration is how long a load takes by intent.
func LoadDuration(attempt plan.Attempt) time.Duration {
	hold, times := loadShape(attempt)
	return time.Duration(2*times) * hold
}
