package kinds

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/proc"
)

type deviceValue struct {
	Opened    bool   `json:"opened"`
	SizeBytes uint64 `json:"sizeBytes,omitempty"`
	// Access is what would be allowed of a device that was not opened: r, w, or rw.
	Access string `json:"access,omitempty"`
}

// device makes a device node, opens it for reading, closes and removes it. Where it is only asked what would be allowed
// nothing is opened: an open loads modules and starts drivers, and closing a disk after writing makes the node look for
// partitions.
func device(request Request) (any, error) {
	mode, known := map[string]uint32{"b": unix.S_IFBLK, "c": unix.S_IFCHR}[string(request.Type)]
	if !known {
		return nil, fmt.Errorf("type %q is not b or c", request.Type)
	}
	major, minor := uint32(request.Major), uint32(request.Minor)
	if mode == unix.S_IFCHR {
		if err := harmlessDevice("", major, minor); err != nil {
			return nil, err
		}
	}
	if request.Flags != "" && request.Flags != "rw" {
		return nil, fmt.Errorf("flags %q are not rw", request.Flags)
	}
	path, err := makeNode(mode, unix.Mkdev(major, minor))
	if err != nil {
		return nil, err
	}
	defer unix.Unlink(path)
	if request.Flags == "rw" {
		return accessible(path)
	}
	fd, err := openFile(path, unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	value := deviceValue{Opened: true}
	if mode == unix.S_IFBLK {
		// Only to tell a disk from a stub; that there is no size is no refusal.
		_, _, _ = unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.BLKGETSIZE64, uintptr(unsafe.Pointer(&value.SizeBytes)))
	}
	return value, nil
}

// accessible asks for reading and for writing by itself: access(2) of both is refused where only one is allowed, and it
// asks the device cgroup as an open does (fs/namei.c, inode_permission).
func accessible(path string) (any, error) {
	access := ""
	var refused error
	for _, asked := range []struct {
		mode uint32
		name string
	}{{unix.R_OK, "r"}, {unix.W_OK, "w"}} {
		if err := unix.Faccessat(unix.AT_FDCWD, path, asked.mode, 0); err != nil {
			refused = err
		} else {
			access += asked.name
		}
	}
	if access == "" {
		return nil, observe.Refused("access", refused)
	}
	return deviceValue{Access: access}, nil
}

// makeNode makes the node in the first directory that takes it. A read-only or foreign directory says nothing about
// devices, so the next one is tried; EPERM does: the capability, or the device cgroup (mknod(2), cgroups-v2.rst).
func makeNode(mode uint32, number uint64) (string, error) {
	var first error
	for _, directory := range nodeDirectories() {
		path := fmt.Sprintf("%s/.cofferdam-%d", strings.TrimSuffix(directory, "/"), os.Getpid())
		err := ignoreEINTR(func() error { return unix.Mknod(path, mode|0o600, int(number)) })
		switch err {
		case nil:
			return path, nil
		case unix.EPERM:
			return "", observe.Refused("mknod", err)
		}
		if first == nil {
			first = err
		}
	}
	return "", observe.Refused("mknod", first)
}

// nodeDirectories are looked for once a worker, which makes some forty nodes.
var nodeDirectories = sync.OnceValue(directoriesForNodes)

// directoriesForNodes are the root, and the mounts on which a device node works: writable, without nodev, and with files of
// their own.
func directoriesForNodes() []string {
	directories := []string{"/"}
	mounted, err := proc.Mounts()
	if err != nil {
		return directories
	}
	root := false
	for _, mount := range mounted {
		options := "," + mount.Options + ","
		if strings.Contains(options, ",ro,") || strings.Contains(options, ",nodev,") {
			continue
		}
		switch mount.FSType {
		case "tmpfs", "overlay", "ext4", "xfs", "btrfs", "virtiofs", "9p", "devtmpfs":
		default:
			continue
		}
		var stat unix.Stat_t
		if unix.Stat(mount.Point, &stat) != nil || stat.Mode&unix.S_IFMT != unix.S_IFDIR {
			continue
		}
		if mount.Point == "/" {
			root = true
		} else {
			directories = append(directories, mount.Point)
		}
	}
	// A root that is read-only or nodev goes last: what it refuses is not about the device.
	if !root && len(directories) > 1 {
		directories = append(directories[1:], "/")
	}
	return directories
}
