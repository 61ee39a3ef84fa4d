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
	found, more, err := directoryEntries(path, maxEntries)
	if err != nil {
		return nil, err
	}
	sort.Slice(found, func(i, j int) bool { return found[i].Name() < found[j].Name() })
	if limit := request.Max.Or(512); len(found) > limit {
		found, more = found[:limit], true
	}
	unseen := opensWhatIsLookedUp(path)
	entries := make([]entry, 0, len(found))
	for _, one := range found {
		seen := lookAt(path, one, unseen)
		entries = append(entries, entry{Name: frame.Clean(one.Name()), Type: seen.kind, Major: seen.major, Minor: seen.minor})
	}
	entries, cut := frame.Fill(entries)
	return listValue{Entries: entries, Truncated: more || cut}, nil
}

// names reads the names in a directory, up to max of them.
func names(path string, max int) (found []string, more bool, err error) {
	entries, more, err := directoryEntries(path, max)
	for _, entry := range entries {
		found = append(found, entry.Name())
	}
	return found, more, err
}

// directoryEntries reads the entries of a directory, up to max of them.
func directoryEntries(path string, max int) (found []os.DirEntry, more bool, err error) {
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
	found, err = directory.ReadDir(max)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if err != nil && len(found) == 0 {
		return nil, false, observe.Refused("getdents64", err)
	}
	return found, len(found) == max, nil
}
