package kinds

import (
	"os"
	"slices"
	"strings"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/proc"
)

type rootFile struct {
	Path string `json:"path"`
	Type string `json:"type"`
}

type filesValue struct {
	Files []rootFile `json:"files"`
	// Looked is how many names were looked at. Truncated: there were more.
	Looked    int  `json:"looked"`
	Truncated bool `json:"truncated"`
}

// files finds what is no directory and no device at and below a directory, on the file system that is there itself: what is
// mounted below it is not entered, a file over which another is mounted is only the place for that. Links are not followed,
// and no file is opened.
func files(request Request) (any, error) {
	top := string(request.Path)
	if top == "" {
		top = "/"
	}
	mounted, err := proc.Mounts()
	if err != nil {
		return nil, err
	}
	covered := map[string]bool{}
	for _, mount := range mounted {
		covered[mount.Point] = true
	}
	value := filesValue{Files: []rootFile{}}
	for queue := []string{top}; len(queue) > 0 && !value.Truncated; queue = queue[1:] {
		here := queue[0]
		found, more, err := directoryEntries(here, maxLooked)
		if err != nil && here == top {
			return nil, err
		}
		// What this process may not read, nobody gave it.
		value.Truncated = value.Truncated || more
		slices.SortFunc(found, func(a, b os.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
		for _, entry := range found {
			if value.Looked == maxLooked {
				value.Truncated = true
				break
			}
			value.Looked++
			path := join(here, entry.Name())
			switch kind := entry.Type(); {
			case covered[path], kind&os.ModeDevice != 0:
			case kind.IsDir():
				if !madeUp(path) {
					queue = append(queue, path)
				}
			default:
				value.Files = append(value.Files, rootFile{frame.Clean(path), typeOf(kind)})
			}
		}
	}
	var cut bool
	value.Files, cut = frame.Fill(value.Files)
	value.Truncated = value.Truncated || cut
	return value, nil
}

func typeOf(mode os.FileMode) string {
	switch {
	case mode.IsRegular():
		return "file"
	case mode&os.ModeSymlink != 0:
		return "symlink"
	case mode&os.ModeNamedPipe != 0:
		return "fifo"
	case mode&os.ModeSocket != 0:
		return "socket"
	default:
		return "unknown"
	}
}
