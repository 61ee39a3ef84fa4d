package kinds

import (
	"fmt"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
)

// priorityValue is how the kernel ranks a process beside others. A process inherits all of it from the one that starts it.
type priorityValue struct {
	// Policy is that of sched(7): other, fifo, rr, batch, idle, deadline or a number.
	Policy string `json:"policy"`
	// Nice is from -20, which goes first, to 19; 0 is usual.
	Nice int `json:"nice"`
	// IO is the class of ioprio_set(2): none, realtime, best-effort, idle or a number; "" where it cannot be asked.
	IO string `json:"io"`
	// NiceLimit and RealTimeLimit are how high this process may go without any privilege: the hard limits RLIMIT_NICE, up
	// to 40, and RLIMIT_RTPRIO, up to 99 (getrlimit(2)). It has them from the container's first process. No limit is a high
	// one.
	NiceLimit     uint64 `json:"niceLimit"`
	RealTimeLimit uint64 `json:"realTimeLimit"`
}

var (
	policies  = []string{"other", "fifo", "rr", "batch", "iso", "idle", "deadline"}
	ioClasses = []string{"none", "realtime", "best-effort", "idle"}
)

// ioClassShift and ioWhoProcess are of linux/ioprio.h; the package unix has neither.
const (
	ioClassShift = 13
	ioWhoProcess = 1
	// highestLimit is more than either limit can be used for.
	highestLimit = 1000
	// resetOnFork is a flag beside the policy that sched_getscheduler(2) gives.
	resetOnFork = 0x40000000
)

// priority asks how the container's first process is ranked. With raise, a thread first gives itself the least priority
// over the usual one, tells its own and ends: the control that shows that it would be seen.
func priority(request Request) (any, error) {
	if request.Raise == 0 {
		return priorityOf(request.PID.Or(firstProcess()))
	}
	return onThread(func() (any, error) {
		if err := unix.Setpriority(unix.PRIO_PROCESS, 0, -1); err != nil {
			return nil, observe.Refused("setpriority", err)
		}
		return priorityOf(0)
	})
}

// priorityOf asks the kernel about a process, 0 for the calling thread.
func priorityOf(pid int) (any, error) {
	policy, _, errno := unix.Syscall(unix.SYS_SCHED_GETSCHEDULER, uintptr(pid), 0, 0)
	if errno != 0 {
		return nil, observe.Refused("sched_getscheduler", errno)
	}
	// The system call gives 20 less the nice value, so that no answer looks like an error (getpriority(2)).
	rank, err := unix.Getpriority(unix.PRIO_PROCESS, pid)
	if err != nil {
		return nil, observe.Refused("getpriority", err)
	}
	value := priorityValue{Policy: nameOf(policies, int(policy)&^resetOnFork), Nice: 20 - rank}
	if io, _, errno := unix.Syscall(unix.SYS_IOPRIO_GET, ioWhoProcess, uintptr(pid), 0); errno == 0 {
		value.IO = nameOf(ioClasses, int(io)>>ioClassShift)
	}
	for limit, hard := range map[int]*uint64{unix.RLIMIT_NICE: &value.NiceLimit, unix.RLIMIT_RTPRIO: &value.RealTimeLimit} {
		var both unix.Rlimit
		if err := unix.Getrlimit(limit, &both); err != nil {
			return nil, observe.Refused("getrlimit", err)
		}
		*hard = min(both.Max, highestLimit)
	}
	return value, nil
}

func nameOf(names []string, number int) string {
	if number < 0 || number >= len(names) {
		return fmt.Sprint(number)
	}
	return names[number]
}
