// Package mark shows a process of the probe to whoever can see it.
//
// The mark is a process's name, derived from the nonce and written nowhere else. A witness that finds it in the node's
// process table knows that the container's processes are the node's own: they share its kernel.
package mark

import (
	"crypto/sha256"
	"encoding/hex"
	"syscall"
	"time"

	"cofferdam/probes/internal/spawn"
)

// Prefix starts the name of every marked process.
const Prefix = "cofferdam-mark-"

// Mode is the argument that makes the probe a child which only waits.
const Mode = "internal-wait"

// stopPatience is for the scheduler only: a process that waits in read(2) ends at once.
const stopPatience = 5 * time.Second

// Of is the name of a container's marked process.
func Of(nonce string) string {
	sum := sha256.Sum256([]byte("mark:" + nonce))
	return Prefix + hex.EncodeToString(sum[:])[:32]
}

// Named is a process that does nothing but have a name, until Stop is called or the process that started it ends.
type Named struct {
	child *spawn.Child
	hold  int
}

// Start starts one with this argv[0] and, after the mode, these arguments.
func Start(argv0 string, arguments ...string) (*Named, error) {
	// The child waits for the end of this pipe, which comes with the end of this process, however that ends.
	reading, hold, err := spawn.Pipe()
	if err != nil {
		return nil, err
	}
	defer syscall.Close(reading)
	// It prints nothing; but a Go program whose standard output is closed opens /dev/null, and dies where there is none.
	sinkReading, sink, err := spawn.Pipe()
	if err != nil {
		syscall.Close(hold)
		return nil, err
	}
	defer syscall.Close(sinkReading)
	defer syscall.Close(sink)
	child, err := spawn.Start(spawn.Options{
		Argv:  append([]string{argv0, Mode}, arguments...),
		Files: []int{reading, sink, sink},
	})
	if err != nil {
		syscall.Close(hold)
		return nil, err
	}
	return &Named{child: child, hold: hold}, nil
}

// PID is the process's number, as seen from here.
func (n *Named) PID() int { return n.child.PID }

// Stop ends the process.
func (n *Named) Stop() {
	syscall.Close(n.hold)
	n.child.Wait(stopPatience)
}

// Wait is what the child does: it reads until the other end is closed.
func Wait() {
	buffer := make([]byte, 1)
	for {
		n, err := syscall.Read(0, buffer)
		if err == syscall.EINTR {
			continue
		}
		if n <= 0 {
			return
		}
	}
}
