// Package datagram builds and reads datagrams of UDP over IPv4, for sockets that send and hear whole packets.
package datagram

import (
	"encoding/binary"
	"net/netip"
)

const (
	ipHeader  = 20
	udpHeader = 8
	// dontFragment is a flag, fragmented those bits that only a part of a packet has (RFC 791, section 3.1).
	dontFragment = 0x4000
	fragmented   = 0x3fff
	udp          = 17
	timeToLive   = 64
)

// Datagram is one of UDP (RFC 768). Both addresses are of IPv4.
type Datagram struct {
	From, To netip.AddrPort
	Payload  []byte
}

// Encode gives the whole packet, without options.
func (d Datagram) Encode() []byte {
	packet := make([]byte, ipHeader+udpHeader, ipHeader+udpHeader+len(d.Payload))
	packet = append(packet, d.Payload...)
	packet[0] = 4<<4 | ipHeader/4
	binary.BigEndian.PutUint16(packet[2:], uint16(len(packet)))
	binary.BigEndian.PutUint16(packet[6:], dontFragment)
	packet[8], packet[9] = timeToLive, udp
	source, destination := d.From.Addr().As4(), d.To.Addr().As4()
	copy(packet[12:], source[:])
	copy(packet[16:], destination[:])
	binary.BigEndian.PutUint16(packet[10:], ^sum(packet[:ipHeader]))

	segment := packet[ipHeader:]
	binary.BigEndian.PutUint16(segment, d.From.Port())
	binary.BigEndian.PutUint16(segment[2:], d.To.Port())
	binary.BigEndian.PutUint16(segment[4:], uint16(len(segment)))
	checksum := ^sum(pseudoHeader(packet), segment)
	// Zero would say that there is no checksum.
	if checksum == 0 {
		checksum = 0xffff
	}
	binary.BigEndian.PutUint16(segment[6:], checksum)
	return packet
}

// Decode reads a packet. What is no whole datagram is none. Checksums are not looked at: in a packet that never left its
// machine the one of UDP is not complete.
func Decode(packet []byte) (d Datagram, ok bool) {
	if len(packet) < ipHeader || packet[0]>>4 != 4 || packet[9] != udp || binary.BigEndian.Uint16(packet[6:])&fragmented != 0 {
		return d, false
	}
	header, length := int(packet[0]&15)*4, int(binary.BigEndian.Uint16(packet[2:]))
	if header < ipHeader || length > len(packet) || length < header+udpHeader {
		return d, false
	}
	// Behind a short packet a frame has more, to be long enough.
	segment := packet[header:length]
	end := int(binary.BigEndian.Uint16(segment[4:]))
	if end < udpHeader || end > len(segment) {
		return d, false
	}
	at := func(address, port int) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(packet[address:])), binary.BigEndian.Uint16(segment[port:]))
	}
	return Datagram{From: at(12, 0), To: at(16, 2), Payload: segment[udpHeader:end]}, true
}

// pseudoHeader is what the checksum of UDP covers of IP.
func pseudoHeader(packet []byte) []byte {
	covered := append([]byte{}, packet[12:ipHeader]...)
	covered = append(covered, 0, udp)
	return binary.BigEndian.AppendUint16(covered, uint16(len(packet)-ipHeader))
}

// sum adds words of 16 bits in ones' complement (RFC 1071). Of all parts but the last the length is even.
func sum(parts ...[]byte) uint16 {
	total := uint32(0)
	for _, part := range parts {
		for ; len(part) > 1; part = part[2:] {
			total += uint32(binary.BigEndian.Uint16(part))
		}
		if len(part) == 1 {
			total += uint32(part[0]) << 8
		}
	}
	for total>>16 != 0 {
		total = total&0xffff + total>>16
	}
	return uint16(total)
}
