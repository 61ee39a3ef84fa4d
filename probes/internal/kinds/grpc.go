package kinds

import (
	"encoding/binary"
	"io"
	"net"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
)

// Types and flags of frames (RFC 9113, section 6).
const (
	frameData     = 0x0
	frameHeaders  = 0x1
	frameReset    = 0x3
	frameSettings = 0x4
	frameGoAway   = 0x7

	flagEnd        = 0x1
	flagAck        = 0x1
	flagEndHeaders = 0x4
	flagPadded     = 0x8
)

// maxFrame is the largest that a peer may send unasked (RFC 9113, section 4.2), maxFrames bounds how many are read.
const (
	maxFrame  = 16 << 10
	maxFrames = 64
)

// rpc calls a method of gRPC (github.com/grpc/grpc, doc/PROTOCOL-HTTP2.md) with an empty message, once, and gives what comes first of
// the reply. A call that is refused has none: it ends with its headers. The libraries for that are larger than this probe.
func (s server) rpc(method string) ([]byte, error) {
	connection, wanted, err := s.open("h2")
	if err != nil {
		_, err = endedIn(err, wanted)
		return nil, err
	}
	defer connection.Close()
	if _, err := connection.Write(callOf(method, s)); err != nil {
		return nil, networkRefusal("write", err)
	}
	return replyOn(connection)
}

// callOf is a connection's preface, no settings, and one call: its headers without compression (RFC 7541, section 6.2.2; numbers below
// 0x80 stand for what its table of appendix A has), and a message of no bytes.
func callOf(method string, s server) []byte {
	scheme := byte(0x86)
	if s.secure {
		scheme = 0x87
	}
	headers := []byte{0x83 /* :method POST */, scheme}
	for _, one := range []struct {
		name  []byte
		value string
	}{
		{[]byte{0x04 /* :path */}, method},
		{[]byte{0x01 /* :authority */}, s.address},
		{[]byte{0x0f, 0x10 /* content-type */}, "application/grpc"},
		{append([]byte{0x00, 2}, "te"...), "trailers"},
	} {
		// A length below 127 is one byte, and no method or address is longer.
		headers = append(append(append(headers, one.name...), byte(len(one.value))), one.value...)
	}
	call := []byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	call = appendFrame(call, frameSettings, 0, 0, nil)
	call = appendFrame(call, frameHeaders, flagEndHeaders, 1, headers)
	return appendFrame(call, frameData, flagEnd, 1, make([]byte, 5))
}

func appendFrame(to []byte, kind, flags byte, stream uint32, payload []byte) []byte {
	size := len(payload)
	to = append(to, byte(size>>16), byte(size>>8), byte(size), kind, flags)
	return append(binary.BigEndian.AppendUint32(to, stream), payload...)
}

// replyOn reads until the first part of a message comes, or the call ends without one.
func replyOn(connection net.Conn) ([]byte, error) {
	head := make([]byte, 9)
	for range maxFrames {
		if _, err := io.ReadFull(connection, head); err != nil {
			return nil, networkRefusal("read", err)
		}
		size, kind, flags := int(head[0])<<16|int(head[1])<<8|int(head[2]), head[3], head[4]
		if size > maxFrame {
			return nil, notRPC(head)
		}
		payload := make([]byte, size)
		if _, err := io.ReadFull(connection, payload); err != nil {
			return nil, networkRefusal("read", err)
		}
		switch {
		case kind == frameSettings && flags&flagAck == 0:
			if _, err := connection.Write(appendFrame(nil, frameSettings, flagAck, 0, nil)); err != nil {
				return nil, networkRefusal("write", err)
			}
		case kind == frameData && flags&flagPadded == 0 && startsMessage(payload):
			return payload[5:], nil
		case kind == frameReset, kind == frameGoAway, kind <= frameHeaders && flags&flagEnd != 0:
			return nil, &observe.Refusal{Step: "rpc", Errno: unix.EPERM, Detail: "the call ended without a reply"}
		}
	}
	return nil, notRPC(head)
}

// startsMessage: a message that is not compressed begins with a zero and its length. What another server of HTTP/2 sends, a page that
// says that there is none for example, does not.
func startsMessage(data []byte) bool {
	return len(data) > 5 && data[0] == 0 && binary.BigEndian.Uint32(data[1:5]) >= uint32(len(data)-5)
}

func notRPC(head []byte) error {
	return &observe.Refusal{Step: "rpc", Errno: unix.EPROTO, Detail: "the answer is not gRPC: " + frame.Text(head)}
}
