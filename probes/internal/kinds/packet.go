package kinds

import (
	"fmt"
	"net/netip"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/datagram"
	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/proc"
)

// sendings is how often a packet is sent, since nobody tells that one was lost.
const sendings = 3

// packet sends a datagram that this kernel's own routes would not let out, for 127.0.0.1 before all, and hears whether an
// answer comes. It is put on the way to another address (`via`), in frames for the hardware address of the next hop there:
// who gets them decides by its own routes what to do with them. Nobody but the destination is asked for anything.
func packet(request Request) (any, error) {
	to, err := netip.ParseAddrPort(string(request.Address))
	if err != nil || !to.Addr().Is4() {
		return nil, fmt.Errorf("%q is no address of IPv4 with a port", request.Address)
	}
	via, err := netip.ParseAddr(string(request.Via))
	if err != nil {
		return nil, fmt.Errorf("%q is no address", request.Via)
	}
	// This first: what is refused is the socket, however the way is.
	socket, err := openPacketSocket()
	if err != nil {
		return nil, err
	}
	defer socket.close()
	if !via.Is4() {
		return nil, withoutIPv4(via)
	}
	limit := time.Duration(request.TimeoutMs.Or(3000)) * time.Millisecond
	way, err := wayTo(via, time.Now().Add(limit))
	if err != nil {
		return nil, err
	}
	defer way.close()
	if err := socket.bind(way.device); err != nil {
		return nil, err
	}
	asked := datagram.Datagram{From: way.own, To: to, Payload: []byte("?")}
	for range sendings {
		until := time.Now().Add(limit / sendings)
		if err := socket.send(asked.Encode(), way); err != nil {
			return nil, err
		}
		answer, err := socket.hear(asked, until)
		if err != nil {
			return nil, err
		}
		if answer != nil {
			return connectValue{Class: "open", Reply: frame.Text(answer.Payload), From: answer.From.String()}, nil
		}
	}
	return nil, &observe.Refusal{Step: "recvfrom", Errno: unix.ETIMEDOUT}
}

// withoutIPv4: on a node that is known by an address of IPv6 alone, pods have no way for a packet of IPv4. One that has is
// not known where to send it.
func withoutIPv4(via netip.Addr) error {
	table, err := os.ReadFile("/proc/net/route")
	if err != nil {
		return fmt.Errorf("the routes are not known: %v", err)
	}
	if len(proc.Routes(string(table))) > 0 {
		return fmt.Errorf("%s is no address of IPv4, and this pod has routes for it", via)
	}
	return &observe.Refusal{Step: "route", Errno: unix.EAFNOSUPPORT, Detail: "this pod has no route of IPv4"}
}
