package witness

import (
	"io"
	"net"
	"os"
	"time"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

// plantSocket listens on a Unix socket that everybody may connect to, and tells the token to whoever does.
func plantSocket(p *plan.Plan, wanted plan.Plant) (any, undo, error) {
	path := node + nodePath(p, "canary.sock")
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, nil, observe.Refused("bind", err)
	}
	go tell(listener, string(wanted.Token))
	undo := func() error {
		_ = listener.Close()
		return remover(path)()
	}
	if err := os.Chmod(path, 0o666); err != nil {
		return nil, undo, observe.Refused("chmod", err)
	}
	return map[string]string{"nodePath": nodePath(p, "canary.sock")}, undo, nil
}

// tellPatience is for a peer that does not read, or does not end.
const tellPatience = 3 * time.Second

func tell(listener net.Listener, token string) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go tellOne(connection, token)
	}
}

// tellOne answers as an HTTP server would, so that a GET is served as well, and hears the peer out: to close on a question that
// was not read resets the connection (RFC 2525, section 2.17), and the answer may be lost with it.
func tellOne(connection net.Conn, token string) {
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(tellPatience))
	_, _ = io.WriteString(connection, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"+token+"\n")
	if half, ok := connection.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(connection, maxQuestion))
}

// maxQuestion bounds what is heard of a peer, in bytes.
const maxQuestion = 4096
