package witness

import (
	"net"
	"os"
	"slices"
	"testing"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

func TestListening(t *testing.T) {
	table := "  sl  local_address rem_address   st tx_queue\n" +
		"   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000\n" +
		"   1: 0100007F:1F91 0100007F:1F90 01 00000000:00000000\n" +
		"   2: 00000000000000000000000000000000:55F0 00000000000000000000000000000000:0000 0A 0\n" +
		"garbage\n   3: nothing 0 0A\n"
	if got, want := listening(table), []int{8080, 22000}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Only ports of the run are told, and each once.
func TestSocketsLook(t *testing.T) {
	ours, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	port := ours.Addr().(*net.TCPAddr).Port
	for name, test := range map[string]struct {
		ports []plan.Number
		want  int
	}{
		"its range":     {[]plan.Number{plan.Number(port), plan.Number(port)}, 1},
		"another range": {[]plan.Number{1, 2}, 0},
		"no range":      {nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			told := 0
			s := newSockets(test.ports, func(observe.Observation) { told++ })
			s.look([]int{os.Getpid(), os.Getpid()})
			s.look([]int{os.Getpid()})
			if told != test.want {
				t.Errorf("told %d sockets, want %d", told, test.want)
			}
		})
	}
}
