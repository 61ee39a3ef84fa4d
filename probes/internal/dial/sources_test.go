package dial

import (
	"net"
	"testing"
	"time"
)

// Of a thousand ports that a kernel chooses at random among some thirty thousand, several are chosen twice.
func TestNeverSendsFromTheSamePortTwice(t *testing.T) {
	listener, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	s, seen := sources{}, map[string]bool{}
	for range 1000 {
		connection, err := s.dial("udp", listener.LocalAddr().String(), time.Second)
		if err != nil {
			t.Fatal(err)
		}
		from := connection.LocalAddr().String()
		connection.Close()
		if seen[from] {
			t.Fatalf("%s once more", from)
		}
		seen[from] = true
	}
}

func TestAPortMayBeUsedTowardsAnother(t *testing.T) {
	s := sources{}
	if !s.fresh("10.0.0.1:5000", "10.0.0.2:53") || s.fresh("10.0.0.1:5000", "10.0.0.2:53") || !s.fresh("10.0.0.1:5000", "10.0.0.3:53") {
		t.Error("a port counts for where it was used to, and once")
	}
}
