//go:build !amd64

package kinds

import "golang.org/x/sys/unix"

// ioPrivilege: other processors have no I/O ports, and no such call.
func ioPrivilege() (string, error) { return "", unix.ENOSYS }

func ioLevel() (string, error) { return "", unix.ENOSYS }
func ioRange() (string, error) { return "", unix.ENOSYS }
