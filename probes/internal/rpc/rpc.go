// Package rpc is a client of gRPC (github.com/grpc/grpc, doc/PROTOCOL-HTTP2.md) for one call on a connection: the libraries
// for that are larger than this probe.
package rpc

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
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

// Peer is whom a call goes to: what the headers say of it.
type Peer struct {
	Authority string
	Secure    bool
}

var (
	// ErrNoReply: the other side speaks gRPC, and ended the call without a message: it refused it, or does not know it.
	ErrNoReply = errors.New("the call ended without a reply")
	// ErrOther: the other side speaks something else.
	ErrOther = errors.New("the answer is not gRPC")
)

// Call makes a call with a message, once, and gives what comes first of the reply, up to 16 KiB. A call that is refused has
// none: it ends with its headers. What ErrOther is, Head has the beginning of.
func Call(connection net.Conn, to Peer, method string, message []byte) (reply []byte, head []byte, err error) {
	if _, err := connection.Write(callOf(method, to, message)); err != nil {
		return nil, nil, err
	}
	return replyOn(connection)
}

// callOf is a connection's preface, no settings, and one call: its headers without compression (RFC 7541, section 6.2.2;
// numbers below 0x80 stand for what its table of appendix A has), and its message, which is not compressed either.
func callOf(method string, to Peer, message []byte) []byte {
	scheme := byte(0x86)
	if to.Secure {
		scheme = 0x87
	}
	headers := []byte{0x83 /* :method POST */, scheme}
	for _, one := range []struct {
		name  []byte
		value string
	}{
		{[]byte{0x04 /* :path */}, method},
		{[]byte{0x01 /* :authority */}, to.Authority},
		{[]byte{0x0f, 0x10 /* content-type */}, "application/grpc"},
		{append([]byte{0x00, 2}, "te"...), "trailers"},
	} {
		// A length below 127 is one byte, and no method or address is longer.
		headers = append(append(append(headers, one.name...), byte(len(one.value))), one.value...)
	}
	call := []byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	call = appendFrame(call, frameSettings, 0, 0, nil)
	call = appendFrame(call, frameHeaders, flagEndHeaders, 1, headers)
	prefixed := append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message))), message...)
	return appendFrame(call, frameData, flagEnd, 1, prefixed)
}

func appendFrame(to []byte, kind, flags byte, stream uint32, payload []byte) []byte {
	size := len(payload)
	to = append(to, byte(size>>16), byte(size>>8), byte(size), kind, flags)
	return append(binary.BigEndian.AppendUint32(to, stream), payload...)
}

// replyOn reads until the first part of a message comes, or the call ends without one.
func replyOn(connection net.Conn) (reply, head []byte, err error) {
	head = make([]byte, 9)
	for range maxFrames {
		if _, err := io.ReadFull(connection, head); err != nil {
			return nil, nil, err
		}
		size, kind, flags := int(head[0])<<16|int(head[1])<<8|int(head[2]), head[3], head[4]
		if size > maxFrame {
			return nil, head, ErrOther
		}
		payload := make([]byte, size)
		if _, err := io.ReadFull(connection, payload); err != nil {
			return nil, nil, err
		}
		switch {
		case kind == frameSettings && flags&flagAck == 0:
			if _, err := connection.Write(appendFrame(nil, frameSettings, flagAck, 0, nil)); err != nil {
				return nil, nil, err
			}
		case kind == frameData && flags&flagPadded == 0 && startsMessage(payload):
			return payload[5:], nil, nil
		case kind == frameReset, kind == frameGoAway, kind <= frameHeaders && flags&flagEnd != 0:
			return nil, nil, ErrNoReply
		}
	}
	return nil, head, ErrOther
}

// startsMessage: a message that is not compressed begins with a zero and its length. What another server of HTTP/2 sends, a
// page that says that there is none for example, does not.
func startsMessage(data []byte) bool {
	return len(data) > 5 && data[0] == 0 && binary.BigEndian.Uint32(data[1:5]) >= uint32(len(data)-5)
}
