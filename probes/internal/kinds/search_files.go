package kinds

import (
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

const (
	maxSearchedFiles = 4096
	maxSearchedBytes = 64 << 10
)

// searchFiles reads the beginning of every regular file that a pattern names.
func searchFiles(h *hunt, patterns []plan.Text) {
	files := 0
	for _, pattern := range patterns {
		for _, path := range expand(h, string(pattern)) {
			if files++; files > maxSearchedFiles {
				h.value.Truncated = true
				return
			}
			data, err := readRegular(path)
			if h.see(path, data, err) {
				return
			}
		}
	}
}

// expand resolves a pattern. One that matches nothing says why: filepath.Glob hides what it was refused.
func expand(h *hunt, pattern string) []string {
	if !strings.ContainsAny(pattern, `*?[\`) {
		return []string{pattern}
	}
	matches, err := filepath.Glob(pattern)
	if err == nil && len(matches) > 0 {
		return matches
	}
	fixed := pattern[:strings.IndexAny(pattern, `*?[\`)]
	if _, _, err := names(filepath.Dir(fixed+"x"), 1); err != nil {
		h.see(pattern, nil, err)
	} else {
		h.see(pattern, nil, &observe.Refusal{Step: "glob", Errno: unix.ENOENT})
	}
	return nil
}

// readRegular opens nothing but regular files: opening a device or a pipe may set something off.
func readRegular(path string) ([]byte, error) {
	var stat unix.Stat_t
	if err := ignoreEINTR(func() error { return unix.Stat(path, &stat) }); err != nil {
		return nil, observe.Refused("stat", err)
	}
	switch stat.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		return readPath(path, maxSearchedBytes)
	case unix.S_IFDIR:
		return nil, &observe.Refusal{Step: "read", Errno: unix.EISDIR}
	default:
		return nil, &observe.Refusal{Step: "read", Errno: unix.EINVAL, Detail: "not a regular file"}
	}
}
