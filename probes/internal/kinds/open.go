package kinds

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
)

type openValue struct {
	Type  string  `json:"type"`
	Major *uint32 `json:"major,omitempty"`
	Minor *uint32 `json:"minor,omitempty"`
}

// open opens a file and closes it at once. It never creates or truncates, and never writes. A directory cannot be opened for
// writing; whether it is on a mount that can be written to is asked with faccessat(2).
func open(request Request) (any, error) {
	access, known := map[string]int{"": unix.O_RDONLY, "r": unix.O_RDONLY, "w": unix.O_WRONLY, "rw": unix.O_RDWR}[string(request.Flags)]
	if !known {
		return nil, fmt.Errorf("flags %q are not r, w or rw", request.Flags)
	}
	fd, err := openFile(string(request.Path), access)
	if refused := (*observe.Refusal)(nil); errors.As(err, &refused) && refused.Errno == unix.EISDIR {
		if err := unix.Faccessat(unix.AT_FDCWD, string(request.Path), unix.W_OK, 0); err != nil {
			return nil, observe.Refused("faccessat", err)
		}
		return openValue{Type: "dir"}, nil
	}
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return nil, observe.Refused("fstat", err)
	}
	major, minor := numbers(&stat)
	return openValue{Type: fileType(stat.Mode), Major: major, Minor: minor}, nil
}
