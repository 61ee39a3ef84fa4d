package kinds

import (
	"errors"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/rpc"
)

// rpc calls a method of gRPC with an empty message, once, and gives what comes first of the reply.
func (s server) rpc(method string) ([]byte, error) {
	connection, wanted, err := s.open("h2")
	if err != nil {
		_, err = endedIn(err, wanted)
		return nil, err
	}
	defer connection.Close()
	reply, head, err := rpc.Call(connection, rpc.Peer{Authority: s.address, Secure: s.secure}, method, nil)
	switch {
	case errors.Is(err, rpc.ErrNoReply):
		return nil, &observe.Refusal{Step: "rpc", Errno: unix.EPERM, Detail: err.Error()}
	case errors.Is(err, rpc.ErrOther):
		return nil, &observe.Refusal{Step: "rpc", Errno: unix.EPROTO, Detail: err.Error() + ": " + frame.Text(head)}
	case err != nil:
		return nil, networkRefusal("rpc", err)
	}
	return reply, nil
}
