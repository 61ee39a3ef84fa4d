package kinds

import (
	"slices"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
)

type deviceFile struct {
	Path  string `json:"path"`
	Type  string `json:"type"`
	Major uint32 `json:"major"`
	Minor uint32 `json:"minor"`
}

type devicesValue struct {
	Devices []deviceFile `json:"devices"`
	// Looked is how many names were looked at. Truncated: there were more.
	Looked    int  `json:"looked"`
	Truncated bool `json:"truncated"`
}

// maxLooked bounds a look through a file system that is somebody else's. The image has a handful of files.
const maxLooked = 4096

// devices finds the device files at and below a directory, the nearest first, wherever they are and whatever their name is.
// File systems that the kernel makes up are not entered, links not followed.
func devices(request Request) (any, error) {
	top := string(request.Path)
	if top == "" {
		top = "/"
	}
	var stat unix.Stat_t
	if err := ignoreEINTR(func() error { return unix.Stat(top, &stat) }); err != nil {
		return nil, observe.Refused("stat", err)
	}
	type directory struct {
		path   string
		device uint64
	}
	value := devicesValue{Devices: []deviceFile{}}
	queue := []directory{{top, uint64(stat.Dev)}}
	for len(queue) > 0 {
		here := queue[0]
		queue = queue[1:]
		// What this process may not read, it has no devices from.
		found, more, err := names(here.path, maxLooked)
		if err != nil && here.path == top {
			return nil, err
		}
		slices.Sort(found)
		value.Truncated = value.Truncated || more
		for _, name := range found {
			if value.Looked == maxLooked {
				value.Truncated = true
				queue = nil
				break
			}
			value.Looked++
			path := join(here.path, name)
			var stat unix.Stat_t
			if unix.Lstat(path, &stat) != nil {
				continue
			}
			switch major, minor := numbers(&stat); {
			case stat.Mode&unix.S_IFMT == unix.S_IFDIR:
				if uint64(stat.Dev) == here.device || !madeUp(path) {
					queue = append(queue, directory{path, uint64(stat.Dev)})
				}
			// An overlay notes with device 0:0 that a file was deleted (Documentation/filesystems/overlayfs.rst).
			case major != nil && *major|*minor != 0:
				value.Devices = append(value.Devices, deviceFile{frame.Clean(path), fileType(stat.Mode), *major, *minor})
			}
		}
	}
	var cut bool
	value.Devices, cut = frame.Fill(value.Devices)
	value.Truncated = value.Truncated || cut
	return value, nil
}

func join(directory, name string) string {
	if directory == "/" {
		return "/" + name
	}
	return directory + "/" + name
}

// madeUp: processes, settings and counters of the kernel, without end and without devices.
func madeUp(path string) bool {
	var fs unix.Statfs_t
	if ignoreEINTR(func() error { return unix.Statfs(path, &fs) }) != nil {
		return true
	}
	switch fsName(int64(fs.Type)) {
	case "proc", "sysfs", "cgroup", "cgroup2", "debugfs", "securityfs":
		return true
	default:
		return false
	}
}
