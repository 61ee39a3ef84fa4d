package proc

import (
	"net"
	"net/netip"
	"os"
	"slices"
	"testing"
)

func TestListening(t *testing.T) {
	table := "  sl  local_address rem_address   st tx_queue\n" +
		"   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000\n" +
		"   1: 0100007F:1F91 0100007F:1F90 01 00000000:00000000\n" +
		"   2: 00000000000000000000000000000000:55F0 00000000000000000000000000000000:0000 0A 0\n" +
		"   3: 000080FE00000000FFFF55FE040302FE:0016 00000000000000000000000000000000:0000 0A 0\n" +
		"garbage\n   4: nothing 0 0A\n   5: 0100007F 0 0A\n   6: 01007F:1F90 0 0A\n   7: 0100007F:12345 0 0A\n"
	want := []netip.AddrPort{
		netip.MustParseAddrPort("127.0.0.1:8080"),
		netip.MustParseAddrPort("[::]:22000"),
		netip.MustParseAddrPort("[fe80::fe55:ffff:fe02:304]:22"),
	}
	if got := Listening(table); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestListeningOfThisProcess(t *testing.T) {
	for network, file := range map[string]string{"tcp4": "net/tcp", "tcp6": "net/tcp6"} {
		socket, err := net.Listen(network, "localhost:0")
		if err != nil {
			t.Logf("%s: %v", network, err)
			continue
		}
		defer socket.Close()
		table, err := Read(os.Getpid(), file)
		if own := socket.Addr().(*net.TCPAddr).AddrPort(); err != nil || !slices.Contains(Listening(string(table)), own) {
			t.Errorf("%s: %v is not among those told: %v", network, own, err)
		}
	}
}
