package witness

import (
	"errors"
	"runtime"

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
	// A container has a session keyring of its own, through which it does not possess what is in the user keyring, and only
	// who possesses a key may say who may read it (keyrings(7)). So it is made in the thread's keyring, and linked when it
	// is ready.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	id, err := unix.AddKey("user", string(wanted.Description), []byte(wanted.Token), unix.KEY_SPEC_THREAD_KEYRING)
	if err != nil {
		return nil, nil, observe.Refused("add_key", err)
	}
	defer func() { _ = unlinkKey(id, unix.KEY_SPEC_THREAD_KEYRING) }()
	undo := func() error { return unlinkKey(id, unix.KEY_SPEC_USER_KEYRING) }
	if err := unix.KeyctlSetperm(id, keyPermissions); err != nil {
		return nil, nil, observe.Refused("keyctl_setperm", err)
	}
	if seconds := p.MaxLifeMs.Or(0) / 1000; seconds > 0 {
		if _, err := unix.KeyctlInt(unix.KEYCTL_SET_TIMEOUT, id, seconds, 0, 0); err != nil {
			return nil, nil, observe.Refused("keyctl_set_timeout", err)
		}
	}
	if _, err := unix.KeyctlInt(unix.KEYCTL_LINK, id, unix.KEY_SPEC_USER_KEYRING, 0, 0); err != nil {
		return nil, undo, observe.Refused("keyctl_link", err)
	}
	return map[string]any{"serial": id}, undo, nil
}

// unlinkKey takes a key out of a keyring. One that is gone already, or whose time is over, is out of it, too.
func unlinkKey(id, keyring int) error {
	_, err := unix.KeyctlInt(unix.KEYCTL_UNLINK, id, keyring, 0, 0)
	if err != nil && err != unix.ENOENT && err != unix.ENOKEY && err != unix.EKEYEXPIRED && err != unix.EKEYREVOKED {
		return observe.Refused("keyctl_unlink", err)
	}
	return nil
}
