package proc

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"testing"
)

// number is an address as the table has it, which this machine's order of bytes decides.
func number(address string) string {
	bytes := netip.MustParseAddr(address).As4()
	return fmt.Sprintf("%08X", binary.NativeEndian.Uint32(bytes[:]))
}

func line(device, destination, gateway, flags, metric, mask string) string {
	return fmt.Sprintf("%s\t%s\t%s\t%s\t0\t0\t%s\t%s\t0\t0\t0\n", device, number(destination), number(gateway), flags, metric, number(mask))
}

func TestRouteTo(t *testing.T) {
	table := "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n" +
		line("eth1", "0.0.0.0", "192.0.2.1", "0003", "100", "0.0.0.0") +
		line("eth0", "0.0.0.0", "10.244.0.1", "0003", "0", "0.0.0.0") +
		line("eth2", "0.0.0.0", "192.0.2.2", "0003", "100", "0.0.0.0") +
		line("eth0", "10.244.0.0", "0.0.0.0", "0001", "0", "255.255.255.0") +
		line("eth3", "198.51.100.0", "0.0.0.0", "0000", "0", "255.255.255.0") +
		line("*", "203.0.113.7", "0.0.0.0", "0205", "0", "255.255.255.255") +
		"garbage\neth0\tx\t0\t0001\t0\t0\t0\t0\neth0\t00000000\tx\t0001\t0\t0\t0\t00000000\n"
	routes := Routes(table)
	if len(routes) != 4 {
		t.Fatalf("got %v", routes)
	}
	for to, want := range map[string]Route{
		"192.0.2.9":    {Interface: "eth0", Gateway: netip.MustParseAddr("10.244.0.1")},
		"10.244.0.1":   {Interface: "eth0"},
		"198.51.100.1": {Interface: "eth0", Gateway: netip.MustParseAddr("10.244.0.1")},
	} {
		if got, found := RouteTo(routes, netip.MustParseAddr(to)); !found || got.Interface != want.Interface || got.Gateway != want.Gateway {
			t.Errorf("to %s: got %v, %v", to, got, found)
		}
	}
	if got, found := RouteTo(routes[3:], netip.MustParseAddr("192.0.2.9")); found {
		t.Errorf("got %v", got)
	}
}
