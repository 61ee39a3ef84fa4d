package kinds

import (
	"encoding/hex"
	"fmt"
	"strconv"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
)

type handleValue struct {
	Text  string `json:"text"`
	Found string `json:"found,omitempty"`
}

// handle opens a file by its handle, through any open file of the same file system: no path and no mount namespace stands
// in between, only CAP_DAC_READ_SEARCH (open_by_handle_at(2)). The handle is that of a file of the suite's own.
func handle(request Request) (any, error) {
	raw, err := hex.DecodeString(string(request.Handle))
	if err != nil || len(raw) == 0 || len(raw) > 128 {
		return nil, fmt.Errorf("the handle is not one in hexadecimal")
	}
	kind, err := strconv.ParseInt(string(request.Type), 0, 32)
	if err != nil {
		return nil, fmt.Errorf("the handle's type is not a number")
	}
	mount, err := openFile(string(request.Mount), unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer unix.Close(mount)
	fd, err := unix.OpenByHandleAt(mount, unix.NewFileHandle(int32(kind), raw), unix.O_RDONLY|openFlags)
	if err != nil {
		return nil, observe.Refused("open_by_handle_at", err)
	}
	defer unix.Close(fd)
	data, err := readUpTo(fd, min(request.Max.Or(128), maxSearchedBytes))
	if err != nil {
		return nil, err
	}
	value := handleValue{}
	value.Text, _ = frame.Bounded(data, frame.Budget)
	value.Found, _ = findToken(data, string(request.SHA256))
	return value, nil
}
