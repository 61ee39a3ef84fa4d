package proc

import (
	"net/netip"
	"testing"
)

func TestHardwareAddress(t *testing.T) {
	table := "IP address       HW type     Flags       HW address            Mask     Device\n" +
		"10.244.0.1       0x1         0x2         02:00:00:00:00:07     *        eth1\n" +
		"10.244.0.1       0x1         0x2         02:00:00:00:00:01     *        eth0\n" +
		"169.254.1.1      0x1         0x6         ee:ee:ee:ee:ee:ee     *        eth0\n" +
		"10.244.0.2       0x1         0x0         00:00:00:00:00:00     *        eth0\n" +
		"10.244.0.3       0x20        0x2         02:00:00:00:00:03     *        eth0\n" +
		"10.244.0.4       0x1         x           02:00:00:00:00:04     *        eth0\n" +
		"10.244.0.5       0x1         0x2         x                     *        eth0\n" +
		"garbage\n"
	for neighbour, want := range map[string]string{
		"10.244.0.1":  "02:00:00:00:00:01",
		"169.254.1.1": "ee:ee:ee:ee:ee:ee",
		// Not answered yet, no Ethernet, unreadable twice, and not there.
		"10.244.0.2": "", "10.244.0.3": "", "10.244.0.4": "", "10.244.0.5": "", "10.244.0.6": "",
	} {
		got, known := HardwareAddress(table, "eth0", netip.MustParseAddr(neighbour))
		if known != (want != "") || got.String() != want {
			t.Errorf("%s: got %v, %v", neighbour, got, known)
		}
	}
}
