package kinds

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
)

type connectValue struct {
	Class string `json:"class"`
	Reply string `json:"reply"`
	From  string `json:"from,omitempty"`
}

// connect opens a connection, says a line if it was given one, hears what comes, and closes.
func connect(request Request) (any, error) {
	network := string(request.Network)
	switch network {
	case "tcp", "udp", "unix":
	default:
		return nil, fmt.Errorf("network %q is not tcp, udp or unix", network)
	}
	connection, err := Dial(network, string(request.Address), time.Duration(request.TimeoutMs.Or(3000))*time.Millisecond)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	if request.Payload != "" {
		if _, err := connection.Write([]byte(request.Payload)); err != nil {
			return nil, networkRefusal("write", err)
		}
	}
	reply, err := hear(connection, min(request.Max.Or(256), 4096))
	// A datagram tells nothing until something comes back; a stream is open once it is connected.
	if err != nil && len(reply) == 0 && network == "udp" {
		return nil, networkRefusal("read", err)
	}
	value := connectValue{Class: "open", Reply: frame.Text(reply)}
	if address := connection.RemoteAddr(); address != nil && network != "unix" {
		value.From = frame.Clean(address.String())
	}
	return value, nil
}

// Dial connects within a time that is also the deadline of all that follows on the connection.
func Dial(network, address string, limit time.Duration) (net.Conn, error) {
	deadline := time.Now().Add(limit)
	// Without keep-alive and without a second address family: one attempt is one attempt.
	dialer := net.Dialer{Deadline: deadline, KeepAlive: -1, FallbackDelay: -1}
	connection, err := dialer.Dial(network, address)
	if err != nil {
		return nil, networkRefusal("connect", err)
	}
	_ = connection.SetDeadline(deadline)
	return connection, nil
}

// networkRefusal names the error; a deadline of ours is the kernel's ETIMEDOUT to the reader, who asked for that long.
func networkRefusal(step string, err error) error {
	var call *os.SyscallError
	if errors.As(err, &call) {
		step = call.Syscall
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return fmt.Errorf("the name does not resolve: %w", err)
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return &observe.Refusal{Step: step, Errno: unix.ETIMEDOUT}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &observe.Refusal{Step: step, Errno: unix.ECONNRESET, Detail: "the other side closed the connection"}
	}
	return observe.Refused(step, err)
}

// hear reads until the end, the deadline, the maximum, or a canary.
func hear(connection net.Conn, max int) ([]byte, error) {
	buffer := make([]byte, max)
	heard := 0
	_, datagrams := connection.(*net.UDPConn)
	for heard < max {
		n, err := connection.Read(buffer[heard:])
		heard += n
		if err != nil || datagrams || hasToken(buffer[:heard]) {
			return buffer[:heard], err
		}
	}
	return buffer[:heard], nil
}
