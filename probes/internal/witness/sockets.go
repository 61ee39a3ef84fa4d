package witness

import (
	"os"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
	"cofferdam/probes/internal/proc"
)

// sockets tells on which of the run's own ports something listens in the node's kernel: in the network namespaces of the
// run's pods, whatever process of theirs is in them. A pod with a network stack of its own has no such socket.
type sockets struct {
	from, to int
	seen     map[int]bool
	report   func(observe.Observation)
}

func newSockets(ports []plan.Number, report func(observe.Observation)) *sockets {
	s := &sockets{seen: map[int]bool{}, report: report}
	if len(ports) == 2 {
		s.from, s.to = int(ports[0]), int(ports[1])
	}
	return s
}

// look reads each network namespace once, through one of its processes.
func (s *sockets) look(pids []int) {
	looked := map[string]bool{}
	for _, pid := range pids {
		namespace, err := os.Readlink("/proc/" + pidText(pid) + "/ns/net")
		if err != nil || looked[namespace] {
			continue
		}
		looked[namespace] = true
		for _, file := range []string{"net/tcp", "net/tcp6"} {
			table, err := proc.Read(pid, file)
			if err != nil {
				continue
			}
			for _, socket := range proc.Listening(string(table)) {
				port := int(socket.Port())
				if port < s.from || port > s.to || s.seen[port] {
					continue
				}
				s.seen[port] = true
				s.report(observe.From("census", "socket", 0, map[string]int{"port": port}, nil))
			}
		}
	}
}
