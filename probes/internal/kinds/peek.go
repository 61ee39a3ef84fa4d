package kinds

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
)

type peekValue struct {
	Type   string  `json:"type"`
	Major  *uint32 `json:"major,omitempty"`
	Minor  *uint32 `json:"minor,omitempty"`
	FSType string  `json:"fstype"`
	// Bytes could be read from a file, up to max. Entries are in a directory, up to a bound.
	Bytes   *int `json:"bytes,omitempty"`
	Entries *int `json:"entries,omitempty"`
	// Refused is why neither could be told, though the path is there: it is not masked, and asks for a privilege (/proc/kcore
	// for CAP_SYS_RAWIO).
	Refused string `json:"refused,omitempty"`
}

// peek looks whether there is anything behind a path. A runtime masks a file with /dev/null, and a directory with an empty
// read-only tmpfs (runtime-spec, config-linux.md, maskedPaths), so that opening either works and proves nothing.
func peek(request Request) (any, error) {
	path := string(request.Path)
	var stat unix.Stat_t
	if err := ignoreEINTR(func() error { return unix.Lstat(path, &stat) }); err != nil {
		return nil, observe.Refused("lstat", err)
	}
	value := peekValue{Type: fileType(stat.Mode)}
	value.Major, value.Minor = numbers(&stat)
	var fs unix.Statfs_t
	if err := ignoreEINTR(func() error { return unix.Statfs(path, &fs) }); err == nil {
		value.FSType = fsName(int64(fs.Type))
	}
	switch value.Type {
	case "file":
		data, err := readPath(path, request.Max.Or(64))
		if err != nil {
			return refusedPeek(value, err)
		}
		n := len(data)
		value.Bytes = &n
	case "dir":
		names, _, err := names(path, maxEntries)
		if err != nil {
			return refusedPeek(value, err)
		}
		n := len(names)
		value.Entries = &n
	}
	return value, nil
}

func refusedPeek(value peekValue, err error) (any, error) {
	var refusal *observe.Refusal
	if !errors.As(err, &refusal) {
		return nil, err
	}
	value.Refused = observe.Name(refusal.Errno)
	return value, nil
}

// fsName names a file system by its number (linux/magic.h).
func fsName(magic int64) string {
	switch uint32(magic) {
	case unix.TMPFS_MAGIC:
		return "tmpfs"
	case unix.PROC_SUPER_MAGIC:
		return "proc"
	case unix.SYSFS_MAGIC:
		return "sysfs"
	case unix.OVERLAYFS_SUPER_MAGIC:
		return "overlay"
	case unix.EXT4_SUPER_MAGIC:
		return "ext4"
	case unix.XFS_SUPER_MAGIC:
		return "xfs"
	case unix.BTRFS_SUPER_MAGIC:
		return "btrfs"
	case unix.V9FS_MAGIC:
		return "9p"
	case unix.FUSE_SUPER_MAGIC:
		// virtiofs has no number of its own.
		return "fuse"
	case unix.CGROUP2_SUPER_MAGIC:
		return "cgroup2"
	case unix.CGROUP_SUPER_MAGIC:
		return "cgroup"
	case unix.DEBUGFS_MAGIC:
		return "debugfs"
	case unix.SECURITYFS_MAGIC:
		return "securityfs"
	default:
		return fmt.Sprintf("0x%x", uint32(magic))
	}
}
