package witness

import (
	"net/netip"
	"testing"
)

func TestGatewayIn(t *testing.T) {
	// As a little-endian machine prints 10.244.0.1.
	if netip.AddrFrom4([4]byte{10, 244, 0, 1}) != gatewayIn(
		"Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"+
			"eth0\t0000F40A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"+
			"eth0\t00000000\t0100F40A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n") {
		t.Error("the gateway was not read")
	}
	for _, table := range []string{
		"",
		"eth0\t0000F40A\t0100F40A\t0003\t0\t0\t0\t00FFFFFF\t0\t0\t0\n",
		"eth0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n",
		"eth0\t00000000\tx\t0001\t0\t0\t0\t00000000\t0\t0\t0\n",
	} {
		if got := gatewayIn(table); got.IsValid() {
			t.Errorf("%q: got %v", table, got)
		}
	}
}

func TestOwnAddress(t *testing.T) {
	// RFC 5737 keeps 192.0.2.0/24 for documents.
	if !ownAddress(netip.MustParseAddr("127.0.0.1")) || ownAddress(netip.MustParseAddr("192.0.2.1")) || ownAddress(netip.Addr{}) {
		t.Error("an address is taken for what it is not")
	}
}
