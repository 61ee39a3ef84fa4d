package witness

import (
	"encoding/hex"
	"errors"
	"path/filepath"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

type plantedFile struct {
	NodePath string `json:"nodePath"`
	// HandleType and Handle name its twin to open_by_handle_at(2); missing on a file system that has no handles.
	HandleType *int32 `json:"handleType,omitempty"`
	Handle     string `json:"handle,omitempty"`
	// HandleErrno says why they are missing.
	HandleErrno string `json:"handleErrno,omitempty"`
}

// ownVolume is a directory that the kubelet made for the witness's pod. It is on the file system from which every pod has its
// /etc/hosts, and so the one that a file handle opens; the node's own directories may be on another disk.
const ownVolume = "/tmp"

// plantFile writes a file that only root may read, and the same once more where its handle leads to it from every pod.
func plantFile(p *plan.Plan, wanted plan.Plant) (any, undo, error) {
	path := node + nodePath(p, "canary")
	if err := writeNew(path, string(wanted.Token), 0o600); err != nil {
		return nil, nil, err
	}
	twin := filepath.Join(ownVolume, "cofferdam-canary-"+string(p.Run))
	if err := writeNew(twin, string(wanted.Token), 0o600); err != nil {
		return nil, remover(path), err
	}
	value := plantedFile{NodePath: nodePath(p, "canary")}
	handle, _, err := unix.NameToHandleAt(unix.AT_FDCWD, twin, 0)
	if err != nil {
		var refusal = observe.Refused("name_to_handle_at", err)
		value.HandleErrno = refusal.Error()
	} else {
		kind := handle.Type()
		value.HandleType, value.Handle = &kind, hex.EncodeToString(handle.Bytes())
	}
	return value, func() error { return errors.Join(remover(twin)(), remover(path)()) }, nil
}
