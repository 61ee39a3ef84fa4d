package kinds

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
)

// personalityValue are the flags of personality(2) that a process inherited from whoever started it.
type personalityValue struct {
	// Fixed: its stack, its heap and its libraries are not put at addresses that nobody can foretell (ADDR_NO_RANDOMIZE).
	Fixed bool `json:"fixed"`
	// Executable: what it may read it may execute, its data, too (READ_IMPLIES_EXEC).
	Executable bool `json:"executable"`
	// Randomize is how much of every process's memory the kernel puts where nobody can foretell
	// (kernel.randomize_va_space): 0 for none. Left out where the kernel does not tell.
	Randomize *int `json:"randomize,omitempty"`
}

// Flags of linux/personality.h, and the value that asks and changes nothing.
const (
	addrNoRandomize = 0x0040000
	readImpliesExec = 0x0400000
	askPersonality  = 0xffffffff
)

// layout asks how the memory of this process is laid out, as that of every process that the container's first one starts. With
// raise, a thread first gives up what it has, tells its own and ends: the control that shows that it would be seen.
func layout(request Request) (any, error) {
	if request.Raise == 0 {
		return personalityOfThread()
	}
	return onThread(func() (any, error) {
		if _, _, errno := unix.Syscall(unix.SYS_PERSONALITY, addrNoRandomize, 0, 0); errno != 0 {
			return nil, observe.Refused("personality", errno)
		}
		return personalityOfThread()
	})
}

func personalityOfThread() (any, error) {
	flags, _, errno := unix.Syscall(unix.SYS_PERSONALITY, askPersonality, 0, 0)
	if errno != 0 {
		return nil, observe.Refused("personality", errno)
	}
	return personalityValue{flags&addrNoRandomize != 0, flags&readImpliesExec != 0, randomize()}, nil
}

func randomize() *int {
	text, err := readPath("/proc/sys/kernel/randomize_va_space", 16)
	if err != nil {
		return nil
	}
	number, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return nil
	}
	return &number
}
