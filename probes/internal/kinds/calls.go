package kinds

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// noSuch is a name that nobody has.
const noSuch = "cofferdam-none"

// noSuchPath is a path that nobody has.
const noSuchPath = "/cofferdam-none/cofferdam-none"

// noProcess is above the highest process number that there can be (linux/threads.h, PID_MAX_LIMIT: 4 Mi).
const noProcess = 0x7fffffff

const noDescriptor = ^uintptr(0)

// noSocketType is one that the kernel does not have, within the bits that it looks at (SOCK_TYPE_MASK).
const noSocketType = 15

// noFlag is one that none of the calls below has.
const noFlag = 1 << 30

// userModeOnly is UFFD_USER_MODE_ONLY of linux/userfaultfd.h.
const userModeOnly = 1

// kcmpFiles is KCMP_FILES of linux/kcmp.h.
const kcmpFiles = 2

// beyondAnyPage is longer than a page of any architecture (64 KiB).
const beyondAnyPage = 1 << 20

// calls is the table. The comment of each entry says in which order the kernel decides, from its source (6.12).
var calls = map[string]systemCall{
	// kernel/module/main.c, may_init_module: EPERM without CAP_SYS_MODULE; then an image shorter than an ELF header: ENOEXEC.
	"init_module": {[]syscall.Errno{unix.ENOEXEC}, func() (string, error) {
		return raw(unix.SYS_INIT_MODULE, text(""), 0, text(""))
	}},
	// The same check first; then the descriptor: EBADF.
	"finit_module": {[]syscall.Errno{unix.EBADF}, func() (string, error) {
		return raw(unix.SYS_FINIT_MODULE, noDescriptor, text(""), 0)
	}},
	// EPERM without CAP_SYS_MODULE; then a module that is not loaded: ENOENT.
	"delete_module": {[]syscall.Errno{unix.ENOENT}, func() (string, error) {
		return raw(unix.SYS_DELETE_MODULE, text(noSuch), unix.O_NONBLOCK)
	}},
	// kernel/kexec.c, kexec_load_check: EPERM without CAP_SYS_BOOT; then flags that do not exist, and more segments than
	// allowed: EINVAL by either. Not 0 segments: with valid flags that would unload an image.
	"kexec_load": {[]syscall.Errno{unix.EINVAL}, func() (string, error) {
		return raw(unix.SYS_KEXEC_LOAD, 0, 0xffff, 0, 0x8000)
	}},
	// fs/namespace.c, path_mount: EPERM without CAP_SYS_ADMIN over the mount namespace; then a type that does not exist:
	// ENODEV. An AppArmor profile says EACCES.
	"mount": {[]syscall.Errno{unix.ENODEV}, func() (string, error) {
		return raw(unix.SYS_MOUNT, text(noSuch), text("/"), text(noSuch), 0, 0)
	}},
	// fs/fsopen.c: EPERM without CAP_SYS_ADMIN; then the same type: ENODEV.
	"fsopen": {[]syscall.Errno{unix.ENODEV}, func() (string, error) {
		return rawDescriptor(unix.SYS_FSOPEN, text(noSuch), 0)
	}},
	// kernel/bpf/syscall.c, bpf_check_uarg_tail_zero: attributes longer than a page are E2BIG before a privilege is asked for
	// (since 5.8; before, unprivileged use that is off is EPERM first), so only a filter refuses it.
	"bpf": {[]syscall.Errno{unix.E2BIG}, func() (string, error) {
		var attributes [128]byte
		return rawDescriptor(unix.SYS_BPF, 0, pointer(attributes), beyondAnyPage)
	}},
	// kernel/events/core.c: flags that do not exist are EINVAL before a privilege is asked for, so only a filter refuses it.
	"perf_event_open": {[]syscall.Errno{unix.EINVAL}, func() (string, error) {
		attributes := unix.PerfEventAttr{Type: unix.PERF_TYPE_SOFTWARE, Size: unix.PERF_ATTR_SIZE_VER0}
		return rawDescriptor(unix.SYS_PERF_EVENT_OPEN, pointer(attributes), 0, noDescriptor, noDescriptor, noFlag)
	}},
	// fs/userfaultfd.c: faults of user mode alone need no privilege (since 5.11); then flags that do not exist: EINVAL. So only
	// a filter refuses it.
	"userfaultfd": {[]syscall.Errno{unix.EINVAL}, func() (string, error) {
		return rawDescriptor(unix.SYS_USERFAULTFD, userModeOnly|noFlag)
	}},
	// fs/fhandle.c: since 6.11 the descriptor is looked at first: EBADF. Before, CAP_DAC_READ_SEARCH is, and then the
	// handle, of no bytes: EINVAL.
	"open_by_handle_at": {[]syscall.Errno{unix.EBADF, unix.EINVAL}, func() (string, error) {
		var handle [8]byte
		return rawDescriptor(unix.SYS_OPEN_BY_HANDLE_AT, noDescriptor, pointer(handle), 0)
	}},
	// io_uring/io_uring.c: EPERM where kernel.io_uring_disabled says so; then a ring of 0 entries: EINVAL.
	"io_uring_setup": {[]syscall.Errno{unix.EINVAL}, func() (string, error) {
		var parameters [120]byte
		return rawDescriptor(unix.SYS_IO_URING_SETUP, 0, pointer(parameters))
	}},
	// security/keys/keyctl.c: needs no privilege, so only a filter refuses it. Keyring 0 does not exist: EINVAL.
	"keyctl": {[]syscall.Errno{unix.EINVAL, unix.ENOKEY}, func() (string, error) {
		return raw(unix.SYS_KEYCTL, unix.KEYCTL_GET_KEYRING_ID, 0, 0)
	}},
	// The same; neither the type nor the keyring exists: EINVAL or ENODEV.
	"add_key": {[]syscall.Errno{unix.EINVAL, unix.ENODEV, unix.ENOKEY}, func() (string, error) {
		return raw(unix.SYS_ADD_KEY, text(noSuch), text(noSuch), 0, 0, 0)
	}},
	// The same; the type is looked up before anything is asked for: ENOKEY.
	"request_key": {[]syscall.Errno{unix.ENOKEY}, func() (string, error) {
		return raw(unix.SYS_REQUEST_KEY, text(noSuch), text(noSuch), 0, 0)
	}},
	// kernel/ptrace.c: looks for the process before it asks for a privilege, so only a filter refuses it: ESRCH.
	"ptrace": {[]syscall.Errno{unix.ESRCH}, func() (string, error) {
		return raw(unix.SYS_PTRACE, unix.PTRACE_ATTACH, noProcess, 0, 0)
	}},
	// mm/process_vm_access.c: the same, once there is something to read: ESRCH.
	"process_vm_readv": {[]syscall.Errno{unix.ESRCH}, func() (string, error) {
		var byte1 [1]byte
		vector := unix.Iovec{Base: &byte1[0]}
		vector.SetLen(1)
		return raw(unix.SYS_PROCESS_VM_READV, noProcess, pointer(vector), 1, pointer(vector), 1, 0)
	}},
	// Really done, by a child that ends at once. A process with several threads cannot do it (EINVAL), so the child does
	// it after fork.
	"unshare_user": {nil, unshareUser},
	// kernel/fork.c, copy_process: a user namespace with a shared root directory, and shared signal handlers without shared
	// memory, are EINVAL, twice over, before a privilege is asked for. So only a filter refuses it, and nothing can be made.
	"clone_user": {[]syscall.Errno{unix.EINVAL}, func() (string, error) {
		return raw(unix.SYS_CLONE, unix.CLONE_NEWUSER|unix.CLONE_FS|unix.CLONE_SIGHAND)
	}},
	// kernel/nsproxy.c: the descriptor is looked at first, so only a filter refuses it: EBADF. (Which one does, unless
	// CAP_SYS_ADMIN is given: moby's and containerd's profiles.)
	"setns": {[]syscall.Errno{unix.EBADF}, func() (string, error) {
		return raw(unix.SYS_SETNS, noDescriptor, 0)
	}},
	"clock_settime": {[]syscall.Errno{unix.EINVAL}, clockSettime},
	// kernel/time/time.c, do_sys_settimeofday64: EPERM without CAP_SYS_TIME; then a time zone that is further than 15 hours
	// from Greenwich: EINVAL. No time is given, so none could be set.
	"settimeofday": {[]syscall.Errno{unix.EINVAL}, setTimeOfDay},
	"iopl":         {nil, ioPrivilege},
	// arch/x86/kernel/ioport.c: a level that does not exist, and a range of ports that is empty, are EINVAL before
	// CAP_SYS_RAWIO is asked for, so only a filter refuses them. (ENOSYS without CONFIG_X86_IOPL_IOPERM.)
	"iopl_level":   {[]syscall.Errno{unix.EINVAL}, ioLevel},
	"ioperm_range": {[]syscall.Errno{unix.EINVAL}, ioRange},
	// kernel/time/time.c, do_sys_settimeofday64: a time that cannot be is EINVAL before CAP_SYS_TIME is asked for.
	"clock_settime_invalid": {[]syscall.Errno{unix.EINVAL}, func() (string, error) {
		return raw(unix.SYS_CLOCK_SETTIME, unix.CLOCK_REALTIME, pointer(unix.Timespec{Nsec: 2_000_000_000}))
	}},
	// kernel/exec_domain.c: needs no privilege and refuses nothing, so only a filter does, which lets those pass that old
	// programs need. Really done, to a thread that ends with the call, and undone: programs that it starts would lie where
	// they always do.
	"personality": {nil, personality},
	// mm/mempolicy.c, do_get_mempolicy: flags that do not exist are EINVAL before anything else.
	"get_mempolicy": {[]syscall.Errno{unix.EINVAL}, func() (string, error) {
		return raw(unix.SYS_GET_MEMPOLICY, 0, 0, 0, 0, noFlag)
	}},
	// io_uring/io_uring.c: the descriptor is looked at before anything is asked for, and after flags, of which there are none.
	"io_uring_enter": {[]syscall.Errno{unix.EBADF}, func() (string, error) {
		return raw(unix.SYS_IO_URING_ENTER, noDescriptor, 0, 0, 0, 0, 0)
	}},
	// net/socket.c: a type that does not exist is EINVAL before the family is looked for, whose module would be loaded. So
	// only a filter that knows the family refuses it.
	"socket_af_alg":   {[]syscall.Errno{unix.EINVAL}, func() (string, error) { return socket(unix.AF_ALG, noSocketType) }},
	"socket_af_vsock": {[]syscall.Errno{unix.EINVAL}, func() (string, error) { return socket(unix.AF_VSOCK, noSocketType) }},
	// Opened and closed. EAFNOSUPPORT where the kernel has no such family.
	"socket_af_packet": {nil, func() (string, error) { return socket(unix.AF_PACKET, unix.SOCK_RAW) }},
	// kernel/fork.c, copy_clone_args_from_user: arguments that are too short are EINVAL before anything else. A filter
	// cannot look into them, so a profile that is to forbid new user namespaces refuses the whole call.
	"clone3": {[]syscall.Errno{unix.EINVAL}, func() (string, error) { return raw(unix.SYS_CLONE3, 0, 0) }},
	// mm/swapfile.c: flags that do not exist are EINVAL before CAP_SYS_ADMIN is asked for, so only a filter refuses it.
	"swapon": {[]syscall.Errno{unix.EINVAL}, func() (string, error) { return raw(unix.SYS_SWAPON, text(noSuchPath), noFlag) }},
	// fs/namespace.c: flags that do not exist are EINVAL before CAP_SYS_ADMIN is asked for, so only a filter refuses it.
	"mount_setattr": {[]syscall.Errno{unix.EINVAL}, func() (string, error) {
		return raw(unix.SYS_MOUNT_SETATTR, noDescriptor, text(noSuchPath), noFlag, 0, 0)
	}},
	// fs/notify/fanotify/fanotify_user.c: a group that reports by file handle needs no privilege (since 5.13); then flags that
	// do not exist: EINVAL.
	"fanotify_init": {[]syscall.Errno{unix.EINVAL}, func() (string, error) {
		return rawDescriptor(unix.SYS_FANOTIFY_INIT, unix.FAN_REPORT_FID|noFlag, 0)
	}},
	// fs/quota/quota.c: the descriptor is looked at first, so only a filter refuses it: EBADF.
	"quotactl_fd": {[]syscall.Errno{unix.EBADF}, func() (string, error) {
		return raw(unix.SYS_QUOTACTL_FD, noDescriptor, 0, 0, 0)
	}},
	// mm/migrate.c: flags that do not exist are EINVAL before anything else.
	"move_pages": {[]syscall.Errno{unix.EINVAL}, func() (string, error) {
		return raw(unix.SYS_MOVE_PAGES, 0, 0, 0, 0, 0, noFlag)
	}},
	// fs/quota/quota.c: a type of quota that does not exist is EINVAL before anything else.
	"quotactl": {[]syscall.Errno{unix.EINVAL}, func() (string, error) {
		return raw(unix.SYS_QUOTACTL, 0xff, 0, 0, 0)
	}},
	// mm/mempolicy.c, sanitize_mpol_flags: a mode that does not exist is EINVAL before anything else, in both.
	"set_mempolicy": {[]syscall.Errno{unix.EINVAL}, func() (string, error) { return raw(unix.SYS_SET_MEMPOLICY, 0xff, 0, 0) }},
	"mbind":         {[]syscall.Errno{unix.EINVAL}, func() (string, error) { return raw(unix.SYS_MBIND, 0, 0, 0xff, 0, 0, 0) }},
	// mm/mempolicy.c, kernel_migrate_pages: looks for the process before it asks for a privilege: ESRCH.
	"migrate_pages": {[]syscall.Errno{unix.ESRCH}, func() (string, error) {
		return raw(unix.SYS_MIGRATE_PAGES, noProcess, 0, 0, 0)
	}},
	// kernel/kcmp.c: the same.
	"kcmp": {[]syscall.Errno{unix.ESRCH}, func() (string, error) {
		return raw(unix.SYS_KCMP, noProcess, noProcess, kcmpFiles, 0, 0)
	}},
	// mm/madvise.c: flags that do not exist are EINVAL before anything else.
	"process_madvise": {[]syscall.Errno{unix.EINVAL}, func() (string, error) {
		return raw(unix.SYS_PROCESS_MADVISE, noDescriptor, 0, 0, 0, noFlag)
	}},
	// fs/namespace.c, do_mount: the target is looked up before a privilege is asked for, so only a filter refuses it: ENOENT.
	"mount_nowhere": {[]syscall.Errno{unix.ENOENT}, func() (string, error) {
		return raw(unix.SYS_MOUNT, text(noSuch), text(noSuchPath), text(noSuch), 0, 0)
	}},
	// fs/namespace.c: flags that do not exist are EINVAL before anything else, in both.
	"umount2": {[]syscall.Errno{unix.EINVAL}, func() (string, error) { return raw(unix.SYS_UMOUNT2, text(noSuchPath), noFlag) }},
	"open_tree": {[]syscall.Errno{unix.EINVAL}, func() (string, error) {
		return rawDescriptor(unix.SYS_OPEN_TREE, noDescriptor, text(noSuchPath), noFlag)
	}},
	// fs/fsopen.c: a negative descriptor is EINVAL before anything else.
	"fsconfig": {[]syscall.Errno{unix.EINVAL}, func() (string, error) { return raw(unix.SYS_FSCONFIG, noDescriptor, 0, 0, 0, 0) }},
	// kernel/pid.c: flags are EINVAL before anything else: there are none.
	"pidfd_getfd": {[]syscall.Errno{unix.EINVAL}, func() (string, error) { return rawDescriptor(unix.SYS_PIDFD_GETFD, noDescriptor, noDescriptor, noFlag) }},
	// kernel/acct.c: EPERM without CAP_SYS_PACCT; then the path, which is not created: ENOENT. Never without a path: that
	// turns accounting off.
	"acct": {[]syscall.Errno{unix.ENOENT}, func() (string, error) { return raw(unix.SYS_ACCT, text(noSuchPath)) }},
	// fs/namespace.c: EPERM without CAP_SYS_ADMIN; then the paths: ENOENT.
	"pivot_root": {[]syscall.Errno{unix.ENOENT}, func() (string, error) {
		return raw(unix.SYS_PIVOT_ROOT, text(noSuchPath), text(noSuchPath))
	}},
	// kernel/reboot.c: EPERM without CAP_SYS_BOOT; then the magic numbers, which are wrong: EINVAL.
	"reboot": {[]syscall.Errno{unix.EINVAL}, func() (string, error) { return raw(unix.SYS_REBOOT, 0, 0, 0, 0) }},
	// kernel/sys.c: EPERM without CAP_SYS_ADMIN over the UTS namespace; then a negative length: EINVAL.
	"sethostname": {[]syscall.Errno{unix.EINVAL}, func() (string, error) {
		return raw(unix.SYS_SETHOSTNAME, text(noSuch), noDescriptor)
	}},
}

// clockSettime: the kernel looks at the time before it asks for CAP_SYS_TIME, so a wrong one tells only whether a filter
// stands before the call. What comes through is asked by settimeofday, which decides in the other order.
func clockSettime() (string, error) {
	invalid := unix.Timespec{Nsec: 2_000_000_000}
	if _, err := raw(unix.SYS_CLOCK_SETTIME, unix.CLOCK_REALTIME, pointer(invalid)); err != unix.EINVAL {
		return "", err
	}
	_, err := setTimeOfDay()
	return "settimeofday", err
}

func setTimeOfDay() (string, error) {
	zone := struct{ minutesWest, dstTime int32 }{minutesWest: 100_000}
	return raw(unix.SYS_SETTIMEOFDAY, 0, pointer(zone))
}

// withoutRandomAddresses is ADDR_NO_RANDOMIZE of linux/personality.h: no profile of an engine lists it (those of
// containerd, moby and containers/common have 0, 8, 0x20000 and 0x20008, and the question 0xffffffff).
const withoutRandomAddresses = 0x0040000

func personality() (string, error) {
	before, _, errno := unix.Syscall(unix.SYS_PERSONALITY, withoutRandomAddresses, 0, 0)
	if errno != 0 {
		return "", errno
	}
	_, _, _ = unix.Syscall(unix.SYS_PERSONALITY, before, 0, 0)
	return "", nil
}

func socket(family, kind int) (string, error) {
	// Protocol 0 receives no packet.
	fd, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return "socket", err
	}
	unix.Close(fd)
	return "socket", nil
}

// unshareUser has a child leave the user namespace and then run a program of no name, which there is none of (execve(2),
// ENOENT): under an emulator, in an application kernel or in a guest, it would take seconds to start this one again.
func unshareUser() (string, error) {
	_, err := syscall.ForkExec("", []string{"cofferdam-probe"}, &syscall.ProcAttr{Sys: &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWUSER}})
	if err == syscall.ENOENT {
		err = nil
	}
	return "unshare", err
}

// kept holds what the arguments of calls point to: an address as a number neither keeps an object alive nor follows a stack
// that moves, but what a global variable refers to is on the heap, which does not move. A worker makes few calls, of a few
// bytes each.
var kept []any

// text is the address of a C string.
func text(value string) uintptr {
	raw := append([]byte(value), 0)
	kept = append(kept, raw)
	return uintptr(unsafe.Pointer(&raw[0]))
}

// pointer is the address of a copy of value.
func pointer[T any](value T) uintptr {
	copied := new(T)
	*copied = value
	kept = append(kept, copied)
	return uintptr(unsafe.Pointer(copied))
}
