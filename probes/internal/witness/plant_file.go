package witness

import (
	"encoding/hex"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

type plantedFile struct {
	NodePath string `json:"nodePath"`
	// HandleType and Handle name the file to open_by_handle_at(2); missing on a file system that has no handles.
	HandleType *int32 `json:"handleType,omitempty"`
	Handle     string `json:"handle,omitempty"`
	// HandleErrno says why they are missing.
	HandleErrno string `json:"handleErrno,omitempty"`
}

// plantFile writes a file that only root may read.
func plantFile(p *plan.Plan, wanted plan.Plant) (any, undo, error) {
	path := node + nodePath(p, "canary")
	if err := writeNew(path, string(wanted.Token), 0o600); err != nil {
		return nil, nil, err
	}
	value := plantedFile{NodePath: nodePath(p, "canary")}
	handle, _, err := unix.NameToHandleAt(unix.AT_FDCWD, path, 0)
	if err != nil {
		var refusal = observe.Refused("name_to_handle_at", err)
		value.HandleErrno = refusal.Error()
	} else {
		kind := handle.Type()
		value.HandleType, value.Handle = &kind, hex.EncodeToString(handle.Bytes())
	}
	return value, remover(path), nil
}
