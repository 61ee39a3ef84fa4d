package witness

import (
	"errors"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

const segmentSize = 4096

// plantSharedMemory makes a System V shared memory segment in the node's IPC namespace, which everybody may read.
func plantSharedMemory(_ *plan.Plan, wanted plan.Plant) (any, undo, error) {
	if wanted.Key == 0 {
		return nil, nil, errors.New("a shared memory canary needs a key")
	}
	id := -1
	err := inNodeNamespace("ipc", func() error {
		made, err := unix.SysvShmGet(int(wanted.Key), segmentSize, unix.IPC_CREAT|unix.IPC_EXCL|0o600)
		if err != nil {
			return observe.Refused("shmget", err)
		}
		id = made
		return fillSegment(id, string(wanted.Token))
	})
	var undo undo
	if id >= 0 {
		undo = func() error {
			return inNodeNamespace("ipc", func() error {
				_, err := unix.SysvShmCtl(id, unix.IPC_RMID, nil)
				// EINVAL: it is gone already (shmctl(2)).
				if err != nil && err != unix.EINVAL && err != unix.EIDRM {
					return observe.Refused("shmctl", err)
				}
				return nil
			})
		}
	}
	return map[string]any{"key": wanted.Key, "shmid": id}, undo, err
}

// fillSegment writes the token, and then takes away everybody's right to write, its own too.
func fillSegment(id int, token string) error {
	memory, err := unix.SysvShmAttach(id, 0, 0)
	if err != nil {
		return observe.Refused("shmat", err)
	}
	copy(memory, token)
	if err := unix.SysvShmDetach(memory); err != nil {
		return observe.Refused("shmdt", err)
	}
	var segment unix.SysvShmDesc
	if _, err := unix.SysvShmCtl(id, unix.IPC_STAT, &segment); err != nil {
		return observe.Refused("shmctl", err)
	}
	segment.Perm.Mode = 0o444
	if _, err := unix.SysvShmCtl(id, unix.IPC_SET, &segment); err != nil {
		return observe.Refused("shmctl", err)
	}
	return nil
}
