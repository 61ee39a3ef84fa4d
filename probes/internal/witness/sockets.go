package witness

import (
	"os"
	"strconv"
	"strings"

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
			for _, port := range listening(string(table)) {
				if port < s.from || port > s.to || s.seen[port] {
					continue
				}
				s.seen[port] = true
				s.report(observe.From("census", "socket", 0, map[string]int{"port": port}, nil))
			}
		}
	}
}

// listening gives the ports of a /proc/PID/net/tcp file (proc_pid_net(5)) in state 0A, LISTEN.
func listening(table string) []int {
	var ports []int
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		if len(fields) < 4 || fields[3] != "0A" {
			continue
		}
		_, hex, found := strings.Cut(fields[1], ":")
		port, err := strconv.ParseUint(hex, 16, 16)
		if found && err == nil {
			ports = append(ports, int(port))
		}
	}
	return ports
}
