package kinds

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"
)

// errThroughFilter is what becomes of a call that no filter stopped, and that was not made.
var errThroughFilter = errors.New("no filter stopped the call")

// filtered is a call whose privilege the kernel asks for before anything else, so that EPERM may come of it or of a filter.
// Which of them it was, the call's number in the x32 ABI of x86-64 tells: the profiles of all engines treat that like the
// call itself (SCMP_ARCH_X32), and a filter is asked before the kernel finds that it has no such ABI, as nearly all have it
// off: ENOSYS. Where a kernel has it, or on another processor, EPERM stays what it is.
func filtered(number uintptr, reached syscall.Errno, arguments func() []uintptr) systemCall {
	return systemCall{[]syscall.Errno{reached}, func() (string, error) {
		given := arguments()
		step, err := raw(number, given...)
		x32, has := numberInX32(number)
		// ENOSYS for the call itself would be what its filter says of every call that it does not know.
		if err != unix.EPERM || !has {
			return step, err
		}
		if _, err := raw(x32, given...); err == unix.ENOSYS {
			return "", errThroughFilter
		}
		return step, err
	}}
}

// x32Calls are the others of the table. Which privilege is asked for, and what such arguments are then refused with, is
// said beside the entry of the same name there.
var x32Calls = map[string]systemCall{
	"init_module_x32":   filtered(unix.SYS_INIT_MODULE, unix.ENOEXEC, func() []uintptr { return []uintptr{text(""), 0, text("")} }),
	"finit_module_x32":  filtered(unix.SYS_FINIT_MODULE, unix.EBADF, func() []uintptr { return []uintptr{noDescriptor, text(""), 0} }),
	"delete_module_x32": filtered(unix.SYS_DELETE_MODULE, unix.ENOENT, func() []uintptr { return []uintptr{text(noSuch), unix.O_NONBLOCK} }),
	"kexec_load_x32":    filtered(unix.SYS_KEXEC_LOAD, unix.EINVAL, func() []uintptr { return []uintptr{0, 0xffff, 0, 0x8000} }),
	// kernel/kexec_file.c: CAP_SYS_BOOT; then flags that do not exist: EINVAL.
	"kexec_file_load_x32": filtered(unix.SYS_KEXEC_FILE_LOAD, unix.EINVAL, func() []uintptr { return []uintptr{noDescriptor, noDescriptor, 0, 0, noFlag} }),
	// kernel/printk/printk.c, check_syslog_permissions: CAP_SYSLOG; then a level of the console in no bytes: EINVAL.
	"syslog_x32": filtered(unix.SYS_SYSLOG, unix.EINVAL, func() []uintptr { return []uintptr{unix.SYSLOG_ACTION_CONSOLE_LEVEL, 0, 0} }),
	// fs/fsopen.c and fs/namespace.c, may_mount: CAP_SYS_ADMIN; then flags that do not exist: EINVAL.
	"fsopen_x32":     filtered(unix.SYS_FSOPEN, unix.EINVAL, func() []uintptr { return []uintptr{text(noSuch), noFlag} }),
	"move_mount_x32": filtered(unix.SYS_MOVE_MOUNT, unix.EINVAL, func() []uintptr { return []uintptr{noDescriptor, text(""), noDescriptor, text(""), noFlag} }),
	"reboot_x32":     filtered(unix.SYS_REBOOT, unix.EINVAL, func() []uintptr { return []uintptr{0, 0, 0, 0} }),
}
