package dial

import (
	"net"
	"net/netip"
)

// zoned adds to a link-local address of IPv6 on which link it is: that of the first interface beside the loopback. Without
// that a kernel does not know where to send (RFC 4007, section 6).
func zoned(address string) string {
	parsed, err := netip.ParseAddrPort(address)
	if err != nil || !parsed.Addr().Is6() || !parsed.Addr().IsLinkLocalUnicast() || parsed.Addr().Zone() != "" {
		return address
	}
	interfaces, err := net.Interfaces()
	if err != nil {
		return address
	}
	for _, one := range interfaces {
		if one.Flags&net.FlagLoopback == 0 && one.Flags&net.FlagUp != 0 {
			return netip.AddrPortFrom(parsed.Addr().WithZone(one.Name), parsed.Port()).String()
		}
	}
	return address
}
