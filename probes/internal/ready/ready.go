// Package ready answers the kubelet's readiness probe.
package ready

import (
	"net"
	"strconv"
)

// Open listens on a TCP port and closes every connection at once: that it opens is the message. Port 0 does nothing.
func Open(port int) error {
	if port == 0 {
		return nil
	}
	listener, err := net.Listen("tcp", ":"+strconv.Itoa(port))
	if err != nil {
		return err
	}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			_ = connection.Close()
		}
	}()
	return nil
}
