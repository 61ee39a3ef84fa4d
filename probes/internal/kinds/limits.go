package kinds

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
)

// limitFiles are where the container's own cgroup tells a limit: under cgroup v2 and, else, under v1.
var limitFiles = map[string][][]string{
	"memory": {
		{"/sys/fs/cgroup/memory.max"},
		{"/sys/fs/cgroup/memory/memory.limit_in_bytes"},
	},
	"cpu": {
		{"/sys/fs/cgroup/cpu.max"},
		{"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "/sys/fs/cgroup/cpu/cpu.cfs_period_us"},
	},
}

type limitsValue struct {
	// Files are what was read, by path: one file of cgroup v2, or those of v1.
	Files map[string]string `json:"files"`
}

// limits reads a limit of the container's cgroup.
func limits(request Request) (any, error) {
	versions, known := limitFiles[string(request.Of)]
	if !known {
		return nil, fmt.Errorf("this probe knows no limit of %q", request.Of)
	}
	for _, paths := range versions {
		files, err := readAll(paths)
		var refusal *observe.Refusal
		if errors.As(err, &refusal) && refusal.Errno == unix.ENOENT {
			continue
		}
		if err != nil {
			return nil, err
		}
		return limitsValue{files}, nil
	}
	return nil, &observe.Refusal{Step: "open", Errno: unix.ENOENT}
}

func readAll(paths []string) (map[string]string, error) {
	files := map[string]string{}
	for _, path := range paths {
		content, err := readPath(path, 256)
		if err != nil {
			return nil, err
		}
		files[path] = frame.Text([]byte(strings.TrimSpace(string(content))))
	}
	return files, nil
}
