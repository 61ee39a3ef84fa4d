// Package proc reads /proc with as few calls as can be, and names what it was refused.
package proc

import (
	"errors"
	"io"
	"os"
	"strconv"

	"cofferdam/probes/internal/observe"
)

// maxRead bounds a file of /proc.
const maxRead = 1 << 20

// PIDs lists the processes that /proc shows.
func PIDs() ([]int, error) {
	directory, err := os.Open("/proc")
	if err != nil {
		return nil, observe.Refused("open", err)
	}
	defer directory.Close()
	names, err := directory.Readdirnames(-1)
	if err != nil && len(names) == 0 {
		return nil, observe.Refused("getdents64", err)
	}
	pids := make([]int, 0, len(names))
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

// Read reads a file of a process, up to a bound.
func Read(pid int, file string) ([]byte, error) {
	opened, err := os.Open("/proc/" + strconv.Itoa(pid) + "/" + file)
	if err != nil {
		return nil, observe.Refused("open", err)
	}
	defer opened.Close()
	data, err := io.ReadAll(io.LimitReader(opened, maxRead))
	if err != nil && !errors.Is(err, io.EOF) && len(data) == 0 {
		return nil, observe.Refused("read", err)
	}
	return data, nil
}
