package dial

import (
	"net"
	"strings"
	"testing"
)

func TestOnlyALinkLocalAddressGetsAZone(t *testing.T) {
	for _, address := range []string{"10.0.0.1:7001", "[fd00::1]:7001", "[::1]:7001", "[fe80::1%other]:7001", "169.254.0.1:80", "fe80::1", "name:80"} {
		if got := zoned(address); got != address {
			t.Errorf("%s became %s", address, got)
		}
	}
}

func TestAZoneIsAnInterfaceThatIsUpAndNotTheLoopback(t *testing.T) {
	got := zoned("[fe80::1]:7001")
	interfaces, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	want := "[fe80::1]:7001"
	for _, one := range interfaces {
		if one.Flags&net.FlagUp != 0 && one.Flags&net.FlagLoopback == 0 {
			want = strings.Replace(want, "]", "%"+one.Name+"]", 1)
			break
		}
	}
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
