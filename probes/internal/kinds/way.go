package kinds

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"time"

	"cofferdam/probes/internal/proc"
)

// way is where a packet has to be put so that it goes towards an address.
type way struct {
	device *net.Interface
	// hop is the hardware address of who gets it there first.
	hop net.HardwareAddr
	// own is an address of this pod, with a port that nobody else has while the way is open.
	own  netip.AddrPort
	held net.Conn
}

func (w *way) close() { w.held.Close() }

// discard is the port at which a datagram is thrown away, if anybody listens there at all (RFC 863).
const discard = 9

// wayTo finds the way. The kernel looks for the next hop when it has something to send there: one datagram. What fails here
// says nothing about what was to be sent, so it is nobody's refusal.
func wayTo(address netip.Addr, deadline time.Time) (*way, error) {
	table, err := os.ReadFile("/proc/net/route")
	if err != nil {
		return nil, fmt.Errorf("the routes are not known: %v", err)
	}
	route, found := proc.RouteTo(proc.Routes(string(table)), address)
	if !found {
		return nil, fmt.Errorf("there is no route of IPv4 to %s", address)
	}
	device, err := net.InterfaceByName(route.Interface)
	if err != nil {
		return nil, fmt.Errorf("the interface on the way to %s is not known: %v", address, err)
	}
	held, err := Dial("udp4", netip.AddrPortFrom(address, discard).String(), time.Until(deadline))
	if err != nil {
		return nil, fmt.Errorf("nothing can be sent to %s: %v", address, err)
	}
	next := route.Gateway
	if !next.IsValid() {
		next = address
	}
	hop, err := nextHop(held, route.Interface, next, deadline)
	if err != nil {
		held.Close()
		return nil, err
	}
	own := held.LocalAddr().(*net.UDPAddr).AddrPort()
	return &way{device, hop, netip.AddrPortFrom(own.Addr().Unmap(), own.Port()), held}, nil
}

// nextHop gives a neighbour's hardware address once the kernel knows it.
func nextHop(held net.Conn, device string, neighbour netip.Addr, deadline time.Time) (net.HardwareAddr, error) {
	// That nobody takes it is no matter.
	_, _ = held.Write([]byte("?"))
	for {
		table, err := os.ReadFile("/proc/net/arp")
		if err != nil {
			return nil, fmt.Errorf("the neighbours are not known: %v", err)
		}
		if hop, known := proc.HardwareAddress(string(table), device, neighbour); known {
			return hop, nil
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("the hardware address of %s at %s is not known", neighbour, device)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
