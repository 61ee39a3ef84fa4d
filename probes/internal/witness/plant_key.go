package witness

import (
	"errors"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

// keyPermissions: whoever possesses the key may do anything with it, its user may view, read and search it (keyctl_setperm(3)).
const keyPermissions = 0x3f0b0000

// plantKey puts a key into the user keyring of the node's root. The kernel takes it away itself when the witness is late.
func plantKey(p *plan.Plan, wanted plan.Plant) (any, undo, error) {
	if wanted.Description == "" {
		return nil, nil, errors.New("a key canary needs a description")
	}
	id, err := unix.AddKey("user", string(wanted.Description), []byte(wanted.Token), unix.KEY_SPEC_USER_KEYRING)
	if err != nil {
		return nil, nil, observe.Refused("add_key", err)
	}
	undo := func() error {
		_, err := unix.KeyctlInt(unix.KEYCTL_UNLINK, id, unix.KEY_SPEC_USER_KEYRING, 0, 0)
		// It is gone already, or its time is over.
		if err != nil && err != unix.ENOENT && err != unix.ENOKEY && err != unix.EKEYEXPIRED && err != unix.EKEYREVOKED {
			return observe.Refused("keyctl", err)
		}
		return nil
	}
	if err := unix.KeyctlSetperm(id, keyPermissions); err != nil {
		return nil, undo, observe.Refused("keyctl", err)
	}
	if seconds := p.MaxLifeMs.Or(0) / 1000; seconds > 0 {
		if _, err := unix.KeyctlInt(unix.KEYCTL_SET_TIMEOUT, id, seconds, 0, 0); err != nil {
			return nil, undo, observe.Refused("keyctl", err)
		}
	}
	return map[string]any{"serial": id}, undo, nil
}
