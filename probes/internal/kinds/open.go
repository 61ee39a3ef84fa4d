package kinds

import (
	"fmt"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
)

type openValue struct {
	Type  string  `json:"type"`
	Major *uint32 `json:"major,omitempty"`
	Minor *uint32 `json:"minor,omitempty"`
}

// open opens a file and closes it at once. It never creates or truncates, and never writes.
func open(request Request) (any, error) {
	access, known := map[string]int{"": unix.O_RDONLY, "r": unix.O_RDONLY, "w": unix.O_WRONLY, "rw": unix.O_RDWR}[string(request.Flags)]
	if !known {
		return nil, fmt.Errorf("flags %q are not r, w or rw", request.Flags)
	}
	fd, err := openFile(string(request.Path), access)
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
