package proc

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
)

const (
	// ethernet is a kind of hardware (linux/if_arp.h).
	ethernet = "0x1"
	// neighbourKnown is ATF_COM, the flag of an entry that is complete.
	neighbourKnown = 0x2
)

// HardwareAddress looks for a neighbour on an interface in a /proc/PID/net/arp file (proc_pid_net(5)).
func HardwareAddress(table, device string, neighbour netip.Addr) (net.HardwareAddr, bool) {
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		if len(fields) != 6 || fields[0] != neighbour.String() || fields[1] != ethernet || fields[5] != device {
			continue
		}
		flags, err := strconv.ParseUint(fields[2], 0, 16)
		hardware, hardwareErr := net.ParseMAC(fields[3])
		if err == nil && hardwareErr == nil && flags&neighbourKnown != 0 {
			return hardware, true
		}
	}
	return nil, false
}
