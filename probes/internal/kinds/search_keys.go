package kinds

import (
	"errors"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
)

// searchKeys looks for the key with this description in the user keyring of this process's own user. Such a keyring belongs
// to a user id of a user namespace, not to a container (user-keyring(7)).
func searchKeys(h *hunt, description string) {
	data, err := key(description)
	// The keyring was searched, and does not have it.
	if errors.Is(err, unix.ENOKEY) {
		data, err = nil, nil
	}
	h.see("the user keyring", data, err)
}

func key(description string) ([]byte, error) {
	if description == "" {
		return nil, &observe.Refusal{Step: "keyctl", Errno: unix.EINVAL, Detail: "a description is needed"}
	}
	// With 0 for a destination it links nothing: nothing is changed.
	id, err := unix.KeyctlSearch(unix.KEY_SPEC_USER_KEYRING, "user", description, 0)
	if err != nil {
		return nil, observe.Refused("keyctl", err)
	}
	data := make([]byte, maxSearchedBytes)
	size, err := unix.KeyctlBuffer(unix.KEYCTL_READ, id, data, 0)
	if err != nil {
		return nil, observe.Refused("keyctl", err)
	}
	return data[:min(size, len(data))], nil
}
