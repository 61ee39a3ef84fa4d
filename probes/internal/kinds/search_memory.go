package kinds

import (
	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
)

// searchSharedMemory looks into the System V shared memory segment with this key. IPC_PRIVATE, 0, would name none.
func searchSharedMemory(h *hunt, key int) {
	if key == 0 {
		h.see("", nil, &observe.Refusal{Step: "shmget", Errno: unix.EINVAL, Detail: "a key is needed"})
		return
	}
	data, err := sharedMemory(key)
	h.see("sysv-shm", data, err)
}

func sharedMemory(key int) ([]byte, error) {
	// Without IPC_CREAT, and with size 0, it only finds what is there (shmget(2)).
	id, err := unix.SysvShmGet(key, 0, 0)
	if err != nil {
		return nil, observe.Refused("shmget", err)
	}
	memory, err := unix.SysvShmAttach(id, 0, unix.SHM_RDONLY)
	if err != nil {
		return nil, observe.Refused("shmat", err)
	}
	data := append([]byte(nil), memory[:min(len(memory), maxSearchedBytes)]...)
	_ = unix.SysvShmDetach(memory)
	return data, nil
}
