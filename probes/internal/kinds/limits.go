package kinds

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
)

// limitFiles are where the container's own cgroup tells a limit: under cgroup v2 and, else, under v1. Those of v1 are in the
// order in which the one file of v2 has them: the quota, and its period.
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

// besideFiles are what the same cgroup tells beside the limit: how much more memory the container may have on disk (under v1 of
// both together), and how much of the processors it gets when others want them, too. A kernel may be without.
var besideFiles = map[string][]string{
	"memory": {"/sys/fs/cgroup/memory.swap.max", "/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes"},
	"cpu":    {"/sys/fs/cgroup/cpu.weight", "/sys/fs/cgroup/cpu/cpu.shares"},
}

type limitFile struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

type limitsValue struct {
	// Files are what was read, in their order: one file of cgroup v2, or those of v1.
	Files []limitFile `json:"files"`
	// Beside is one file more of the same version, where there is such a file.
	Beside *limitFile `json:"beside,omitempty"`
}

// limits reads a limit of the container's cgroup.
func limits(request Request) (any, error) {
	versions, known := limitFiles[string(request.Of)]
	if !known {
		return nil, fmt.Errorf("this probe knows no limit of %q", request.Of)
	}
	for version, paths := range versions {
		files, err := readAll(paths)
		var refusal *observe.Refusal
		if errors.As(err, &refusal) && refusal.Errno == unix.ENOENT {
			continue
		}
		if err != nil {
			return nil, err
		}
		value := limitsValue{Files: files}
		if beside, err := readAll(besideFiles[string(request.Of)][version : version+1]); err == nil {
			value.Beside = &beside[0]
		}
		return value, nil
	}
	return nil, &observe.Refusal{Step: "open", Errno: unix.ENOENT}
}

func readAll(paths []string) ([]limitFile, error) {
	files := []limitFile{}
	for _, path := range paths {
		content, err := readPath(path, 256)
		if err != nil {
			return nil, err
		}
		files = append(files, limitFile{path, frame.Text([]byte(strings.TrimSpace(string(content))))})
	}
	return files, nil
}
