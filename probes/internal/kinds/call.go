package kinds

import (
	"fmt"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
)

type callValue struct {
	// ReachedKernel: nothing refused the call for want of a privilege; the kernel went on to what it was asked for.
	ReachedKernel bool `json:"reachedKernel"`
	// Errno is what it then said; empty when the call succeeded, which only harmless ones can.
	Errno string `json:"errno,omitempty"`
	// Result is 0 when it succeeded.
	Result *int `json:"result,omitempty"`
}

// systemCall is one entry of the table: a call by name, never a number from outside.
type systemCall struct {
	// reached are the errors that the kernel gives only after it has checked the caller's privilege. Any other, EPERM and
	// EACCES before all, is reported as it is: seccomp's default answer is EPERM too, and a call that does not exist is ENOSYS.
	reached []syscall.Errno
	// make makes the call. Step names the system call, where it is not the entry's own name.
	make func() (step string, err error)
}

// call makes a named system call with arguments that cannot succeed, and tells by the error how far into the kernel it got.
func call(request Request) (any, error) {
	name := string(request.Call)
	entry, known := calls[name]
	make := func() (string, error) { return onThread(entry.make) }
	if !known {
		// These change nothing of their thread, and a thread costs much under an emulator.
		entry, known = x32Calls[name]
		make = entry.make
	}
	if !known {
		return nil, fmt.Errorf("this probe knows no call %q", name)
	}
	step, err := make()
	if step == "" {
		step = name
	}
	if err == errThroughFilter {
		return callValue{ReachedKernel: true, Errno: observe.Name(unix.ENOSYS)}, nil
	}
	if err == nil {
		success := 0
		return callValue{ReachedKernel: true, Result: &success}, nil
	}
	refusal := observe.Refused(step, err)
	if named, isErrno := refusal.(*observe.Refusal); isErrno && slices.Contains(entry.reached, named.Errno) {
		return callValue{ReachedKernel: true, Errno: observe.Name(named.Errno)}, nil
	}
	return nil, refusal
}

// raw makes a system call that must fail. A descriptor that it returns against all expectation is not kept.
func raw(number uintptr, arguments ...uintptr) (step string, err error) {
	var a [6]uintptr
	copy(a[:], arguments)
	_, _, errno := unix.Syscall6(number, a[0], a[1], a[2], a[3], a[4], a[5])
	if errno != 0 {
		return "", errno
	}
	return "", nil
}

// rawDescriptor is raw for a call that returns a descriptor.
func rawDescriptor(number uintptr, arguments ...uintptr) (step string, err error) {
	var a [6]uintptr
	copy(a[:], arguments)
	fd, _, errno := unix.Syscall6(number, a[0], a[1], a[2], a[3], a[4], a[5])
	if errno != 0 {
		return "", errno
	}
	unix.Close(int(fd))
	return "", nil
}
