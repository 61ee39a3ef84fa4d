package witness

import (
	"os"
	"time"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
	"cofferdam/probes/internal/proc"
)

// sockets tells on which of the run's own ports something listens in the node's kernel: in the network namespaces of the
// run's pods, whatever process of theirs is in them. A pod with a network stack of its own has no such socket.
type sockets struct {
	from, to int
	seen     map[int]bool
	// others are who listened in the node's namespace before any pod of the run did: services of the node.
	others struct {
		namespace string
		ports     map[int]bool
	}
	report func(observe.Observation)
	// restUntil it is not looked again.
	restUntil time.Time
}

const (
	// To list the sockets of a namespace the kernel goes through those of all, which takes an emulated one 10 ms. Nine
	// tenths of the time are rest, if that is not longer than maxRest: a socket of the run is there as long as its
	// container, which is longer (harness/collect/pace.ts, seen).
	restShare = 9
	maxRest   = 2 * time.Second
)

func newSockets(ports []plan.Number, report func(observe.Observation)) *sockets {
	s := &sockets{seen: map[int]bool{}, report: report}
	if len(ports) == 2 {
		s.from, s.to = int(ports[0]), int(ports[1])
	}
	return s
}

// leaveOut leaves out, in this process's namespace alone, what listens there now.
func (s *sockets) leaveOut(pid int) {
	s.others.namespace, _ = namespaceOf(pid)
	s.others.ports = map[int]bool{}
	for _, port := range s.listening(pid) {
		s.others.ports[port] = true
	}
}

// lookIfRested looks, unless it did so not long ago, in relation to how long that takes.
func (s *sockets) lookIfRested(pids []int) {
	start := time.Now()
	if start.Before(s.restUntil) {
		return
	}
	s.look(pids)
	end := time.Now()
	s.restUntil = end.Add(restAfterLook(end.Sub(start)))
}

func restAfterLook(took time.Duration) time.Duration { return min(restShare*took, maxRest) }

// look reads each network namespace once, through one of its processes.
func (s *sockets) look(pids []int) {
	looked := map[string]bool{}
	for _, pid := range pids {
		namespace, err := namespaceOf(pid)
		if err != nil || looked[namespace] {
			continue
		}
		looked[namespace] = true
		for _, port := range s.listening(pid) {
			if s.seen[port] || namespace == s.others.namespace && s.others.ports[port] {
				continue
			}
			s.seen[port] = true
			s.report(observe.From("census", "socket", 0, map[string]int{"port": port}, nil))
		}
	}
}

// listening are the ports of the run on which something listens in a process's network namespace.
func (s *sockets) listening(pid int) (ports []int) {
	for _, file := range []string{"net/tcp", "net/tcp6"} {
		table, err := proc.Read(pid, file)
		if err != nil {
			continue
		}
		for _, socket := range proc.Listening(string(table)) {
			if port := int(socket.Port()); port >= s.from && port <= s.to {
				ports = append(ports, port)
			}
		}
	}
	return ports
}

func namespaceOf(pid int) (string, error) { return os.Readlink("/proc/" + pidText(pid) + "/ns/net") }
