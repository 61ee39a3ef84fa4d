package kinds

import (
	"errors"
	"io"
	"os"
	"sort"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
)

// maxEntries bounds what is read of a directory.
const maxEntries = 8192

type entry struct {
	Name  string  `json:"name"`
	Type  string  `json:"type"`
	Major *uint32 `json:"major,omitempty"`
	Minor *uint32 `json:"minor,omitempty"`
}

type listValue struct {
	Entries   []entry `json:"entries"`
	Truncated bool    `json:"truncated"`
}

// list lists a directory, sorted by name.
func list(request Request) (any, error) {
	path := string(request.Path)
	found, more, err := names(path, maxEntries)
	if err != nil {
		return nil, err
	}
	sort.Strings(found)
	if limit := request.Max.Or(512); len(found) > limit {
		found, more = found[:limit], true
	}
	entries := make([]entry, 0, len(found))
	for _, name := range found {
		one := entry{Name: frame.Clean(name), Type: "unknown"}
		var stat unix.Stat_t
		if err := unix.Lstat(path+"/"+name, &stat); err == nil {
			one.Type = fileType(stat.Mode)
			one.Major, one.Minor = numbers(&stat)
		}
		entries = append(entries, one)
	}
	entries, cut := frame.Fill(entries)
	return listValue{Entries: entries, Truncated: more || cut}, nil
}

// names reads the names in a directory, up to max of them.
func names(path string, max int) (found []string, more bool, err error) {
	fd := -1
	err = ignoreEINTR(func() (err error) {
		fd, err = unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|openFlags, 0)
		return err
	})
	if err != nil {
		return nil, false, observe.Refused("open", err)
	}
	directory := os.NewFile(uintptr(fd), path)
	defer directory.Close()
	found, err = directory.Readdirnames(max)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if err != nil && len(found) == 0 {
		return nil, false, observe.Refused("getdents64", err)
	}
	return found, len(found) == max, nil
}
