package witness

import (
	"path/filepath"
	"slices"
	"strings"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/proc"
)

// ownKinds are the namespaces(7) that a pod never has in common with another. Time and user namespaces are the node's where
// nobody asked for others; mount namespaces are the runtime's business in sandboxes of some engines.
var ownKinds = []string{"cgroup", "ipc", "net", "pid", "uts"}

// maxShared bounds the lines. One is enough for a verdict.
const maxShared = 40

// sharing tells of namespaces that two pods of the run are in at one time. The kernel gives the number of a namespace that has
// gone to the next one, so two numbers that were seen one after the other say nothing.
type sharing struct {
	node map[string]string
	// members are those that stand for their pods, by process.
	members  map[int]member
	told     map[string]bool
	spaces   func(pid int) (map[string]string, error)
	started  func(pid int) string
	reported func(observe.Observation)
}

// member is a process that is in its pod's namespaces for certain: the one that holds them, or a container's mark.
type member struct {
	podUID, start string
	namespaces    map[string]string
}

// sharedNamespace is what is told of a namespace that two pods are in.
type sharedNamespace struct {
	Kind   string   `json:"kind"`
	Number string   `json:"number"`
	Pods   []string `json:"pods"`
	PIDs   []int    `json:"pids"`
}

func newSharing(report func(observe.Observation)) *sharing {
	node, _ := proc.Namespaces(1)
	return &sharing{
		node: node, members: map[int]member{}, told: map[string]bool{}, spaces: proc.Namespaces, reported: report,
		started: func(pid int) string {
			stat, err := proc.Read(pid, "stat")
			if err != nil {
				return ""
			}
			return startTime(string(stat))
		},
	}
}

// standsForPod: a shim or a machine's monitor may be anywhere.
func standsForPod(argv []string, found belonging) bool {
	if found.podUID == "" {
		return false
	}
	if found.mark != "" {
		return true
	}
	return len(argv) > 0 && slices.Contains([]string{"pause", "pod"}, filepath.Base(argv[0]))
}

// look compares a process with those of other pods.
func (s *sharing) look(pid int, start, podUID string, namespaces map[string]string) {
	for other, there := range s.members {
		if there.podUID == podUID {
			continue
		}
		for _, kind := range ownKinds {
			number := namespaces[kind]
			if number == "" || number == s.node[kind] || number != there.namespaces[kind] {
				continue
			}
			s.tell(sharedNamespace{Kind: kind, Number: number, Pods: []string{podUID, there.podUID}, PIDs: []int{pid, other}}, there.start)
		}
	}
	s.members[pid] = member{podUID: podUID, start: start, namespaces: namespaces}
}

// tell: the process that was known before is read again, and after it the one that is new. Since that one has been in the
// namespace all along, both were in it when the other was read.
func (s *sharing) tell(shared sharedNamespace, start string) {
	key := shared.Kind + " " + strings.Join(shared.Pods, " ")
	if s.told[key] || len(s.told) >= maxShared {
		return
	}
	newer, older := shared.PIDs[0], shared.PIDs[1]
	if !s.isIn(older, shared) || s.started(older) != start || !s.isIn(newer, shared) {
		return
	}
	s.told[key] = true
	s.reported(observe.From("census", "shared-namespace", 0, shared, nil))
}

func (s *sharing) isIn(pid int, shared sharedNamespace) bool {
	now, err := s.spaces(pid)
	return err == nil && now[shared.Kind] == shared.Number
}

func (s *sharing) forget(pid int) { delete(s.members, pid) }
