package kinds

import (
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
)

type deviceFile struct {
	Path string `json:"path"`
	Type string `json:"type"`
	// Major and Minor are null where asking for them would open the device.
	Major *uint32 `json:"major"`
	Minor *uint32 `json:"minor"`
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
		found, more, err := directoryEntries(here.path, maxLooked)
		if err != nil && here.path == top {
			return nil, err
		}
		slices.SortFunc(found, func(a, b os.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
		value.Truncated = value.Truncated || more
		unseen := opensWhatIsLookedUp(here.path)
		for _, entry := range found {
			if value.Looked == maxLooked {
				value.Truncated = true
				queue = nil
				break
			}
			value.Looked++
			path := join(here.path, entry.Name())
			switch seen := lookAt(here.path, entry, unseen); {
			case seen.kind == "dir":
				if uint64(seen.stat.Dev) == here.device || !madeUp(path) {
					queue = append(queue, directory{path, uint64(seen.stat.Dev)})
				}
			// An overlay notes with device 0:0 that a file was deleted (Documentation/filesystems/overlayfs.rst).
			case seen.major != nil && *seen.major|*seen.minor == 0:
			case seen.kind == "char" || seen.kind == "block":
				value.Devices = append(value.Devices, deviceFile{frame.Clean(path), seen.kind, seen.major, seen.minor})
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
