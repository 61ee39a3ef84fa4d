package kinds

import (
	"errors"
	"net"
	"time"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
)

type bindValue struct {
	// Callers is how many came.
	Callers int    `json:"callers"`
	Found   string `json:"found,omitempty"`
}

// maxCall bounds what is heard of a caller.
const maxCall = 256

// bind listens on a Unix socket for a while, for the witness to come and tell the canary, and takes the socket away again. That
// there is a file says nothing: a guest's kernel makes one in a directory of the node (mknod(2)), and listens by itself.
func bind(request Request) (any, error) {
	deadline := time.Now().Add(time.Duration(request.TimeoutMs.Or(3000)) * time.Millisecond)
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: string(request.Path), Net: "unix"})
	if err != nil {
		return nil, networkRefusal("bind", err)
	}
	// Closed, it unlinks its file as well.
	defer listener.Close()
	_ = listener.SetDeadline(deadline)
	value := bindValue{}
	for {
		connection, err := listener.Accept()
		if err != nil {
			var timeout net.Error
			if errors.As(err, &timeout) && timeout.Timeout() {
				return value, nil
			}
			return nil, observe.Refused("accept", err)
		}
		value.Callers++
		_ = connection.SetDeadline(deadline)
		said, _ := hear(connection, maxCall)
		connection.Close()
		if token, found := findToken(said, string(request.SHA256)); found {
			value.Found = frame.Clean(token)
			return value, nil
		}
	}
}
