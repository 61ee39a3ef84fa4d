package kinds

import "golang.org/x/sys/unix"

// x32Bit marks a number of the x32 ABI (asm/unistd.h, __X32_SYSCALL_BIT).
const x32Bit = 1 << 30

// kexecLoadInX32 is one of the few calls with another number there (arch/x86/entry/syscalls/syscall_64.tbl).
const kexecLoadInX32 = 528

func numberInX32(number uintptr) (uintptr, bool) {
	if number == unix.SYS_KEXEC_LOAD {
		number = kexecLoadInX32
	}
	return x32Bit | number, true
}
