package kinds

import (
	"encoding/binary"
	"net"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/datagram"
	"cofferdam/probes/internal/observe"
)

// packetSocket sends and hears whole packets of IPv4 on one interface, past this kernel's routes and packet filters
// (packet(7)).
type packetSocket int

// ofIPv4 is ETH_P_IP in the order of the network, as the calls want it.
var ofIPv4 = binary.NativeEndian.Uint16([]byte{unix.ETH_P_IP >> 8, unix.ETH_P_IP & 0xff})

// openPacketSocket takes CAP_NET_RAW. Until it is bound, the socket hears nothing.
func openPacketSocket() (packetSocket, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, observe.Refused("socket", err)
	}
	return packetSocket(fd), nil
}

func (s packetSocket) close() { unix.Close(int(s)) }

func (s packetSocket) bind(device *net.Interface) error {
	address := unix.SockaddrLinklayer{Protocol: ofIPv4, Ifindex: device.Index}
	if err := unix.Bind(int(s), &address); err != nil {
		return observe.Refused("bind", err)
	}
	return nil
}

func (s packetSocket) send(packet []byte, way *way) error {
	address := unix.SockaddrLinklayer{Protocol: ofIPv4, Ifindex: way.device.Index, Halen: uint8(len(way.hop))}
	copy(address.Addr[:], way.hop)
	if err := unix.Sendto(int(s), packet, 0, &address); err != nil {
		return observe.Refused("sendto", err)
	}
	return nil
}

// hear waits for what is said in answer to a datagram, and gives nil when nothing came until then. The pod's other traffic
// is heard, too, and let go.
func (s packetSocket) hear(asked datagram.Datagram, until time.Time) (*datagram.Datagram, error) {
	buffer := make([]byte, 2048)
	for left := time.Until(until); left > 0; left = time.Until(until) {
		ready := []unix.PollFd{{Fd: int32(s), Events: unix.POLLIN}}
		if _, err := unix.Poll(ready, int(left.Milliseconds())+1); err != nil && err != unix.EINTR {
			return nil, observe.Refused("poll", err)
		}
		n, _, err := unix.Recvfrom(int(s), buffer, unix.MSG_DONTWAIT)
		if err == unix.EAGAIN || err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, observe.Refused("recvfrom", err)
		}
		if said, ok := datagram.Decode(buffer[:n]); ok && said.From == asked.To && said.To == asked.From {
			return &said, nil
		}
	}
	return nil, nil
}
