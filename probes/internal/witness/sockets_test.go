package witness

import (
	"net"
	"os"
	"testing"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

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
