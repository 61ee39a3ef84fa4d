package kinds

import "golang.org/x/sys/unix"

// ioPrivilege asks for access to the I/O ports for one thread, uses none, and gives it back; the thread ends with the call.
// No argument would do: the kernel refuses a level that does not exist before it asks for CAP_SYS_RAWIO
// (arch/x86/kernel/ioport.c).
func ioPrivilege() (string, error) {
	step, err := raw(unix.SYS_IOPL, 3)
	if err == nil {
		_, _ = raw(unix.SYS_IOPL, 0)
	}
	return step, err
}

// ioLevel asks for a level that does not exist.
func ioLevel() (string, error) { return raw(unix.SYS_IOPL, 4) }

// ioRange asks for no ports at all.
func ioRange() (string, error) { return raw(unix.SYS_IOPERM, 0, 0, 1) }
