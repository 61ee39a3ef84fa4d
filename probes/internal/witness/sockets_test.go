package witness

import (
	"net"
	"os"
	"testing"
	"time"

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

// A service of the node that happens to have such a port is nobody's of the run; elsewhere the same port is.
func TestSocketsOfTheNodeAreLeftOut(t *testing.T) {
	before, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer before.Close()
	var told []observe.Observation
	s := newSockets([]plan.Number{1, 65535}, func(one observe.Observation) { told = append(told, one) })
	s.leaveOut(os.Getpid())
	s.look([]int{os.Getpid()})
	if len(told) != 0 {
		t.Errorf("told of %v, which was there before", told)
	}
	after, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer after.Close()
	s.look([]int{os.Getpid()})
	if len(told) != 1 {
		t.Errorf("told of %v, want one that came later", told)
	}
	s.others.namespace = "net:[1]"
	s.look([]int{os.Getpid()})
	if len(told) < 2 {
		t.Error("a port was left out in another namespace too")
	}
}

// What costs little is done at every look of the census; what costs much never rests longer than a socket of the run is there.
func TestSocketsRest(t *testing.T) {
	for took, want := range map[time.Duration]time.Duration{0: 0, 10 * time.Millisecond: 90 * time.Millisecond, time.Second: maxRest} {
		if got := restAfterLook(took); got != want {
			t.Errorf("after %v: %v, want %v", took, got, want)
		}
	}
	s := newSockets(nil, nil)
	s.restUntil = time.Now().Add(time.Hour)
	s.lookIfRested([]int{os.Getpid()})
	if len(s.seen) != 0 || time.Until(s.restUntil) < time.Minute {
		t.Error("it looked though it was to rest")
	}
}
