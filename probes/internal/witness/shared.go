package witness

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/proc"
)

// ownKinds are the namespaces(7) that a pod never has in common with another. Time and user namespaces are the node's where
// nobody asked for others; mount namespaces are the runtime's business in sandboxes of some engines.
var ownKinds = []string{"cgroup", "ipc", "net", "pid", "uts"}

const (
	// maxHeld bounds the descriptors that are held: a few for each container.
	maxHeld = 2000
	// maxShared bounds the lines. One is enough for a verdict.
	maxShared = 40
)

// sharing tells of namespaces in which two pods of the run were. It holds every one that it saw: the kernel gives the number
// of a namespace that has gone to the next one, and of one that is held it cannot. So two pods that come one after the other
// are told apart as well as two that are there together.
type sharing struct {
	node map[string]string
	// owners are the pods that were seen first, by kind and number; descriptors keep their namespaces.
	owners   map[string]string
	held     []int
	told     map[string]bool
	open     func(pid int, kind string) (held, error)
	reported func(observe.Observation)
}

// held is a namespace that is open.
type held struct {
	number     string
	descriptor int
}

// sharedNamespace is what is told of a namespace in which two pods were.
type sharedNamespace struct {
	Kind   string   `json:"kind"`
	Number string   `json:"number"`
	Pods   []string `json:"pods"`
}

func newSharing(report func(observe.Observation)) *sharing {
	node, _ := proc.Namespaces(1)
	return &sharing{node: node, owners: map[string]string{}, told: map[string]bool{}, open: openNamespace, reported: report}
}

// openNamespace: what is open is what its number is read from, so nothing can change in between.
func openNamespace(pid int, kind string) (held, error) {
	descriptor, err := unix.Open(fmt.Sprintf("/proc/%d/ns/%s", pid, kind), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return held{}, err
	}
	var stat unix.Stat_t
	if err := unix.Fstat(descriptor, &stat); err != nil {
		unix.Close(descriptor)
		return held{}, err
	}
	return held{fmt.Sprint(stat.Ino), descriptor}, nil
}

// standsForPod: it is in its pod's namespaces for certain, because it holds them, or shows a container's mark. A shim or a
// machine's monitor may be anywhere. The programs that hold namespaces are those of harness/judge/kernel.ts.
func standsForPod(argv []string, found belonging) bool {
	if found.podUID == "" {
		return false
	}
	if found.mark != "" {
		return true
	}
	return len(argv) > 0 && slices.Contains([]string{"pause", "pod"}, filepath.Base(argv[0]))
}

// look compares the namespaces of a process with those of other pods. A number of a process is given again, too: `still` tells
// whether it is the same process after its namespaces were opened.
func (s *sharing) look(pid int, podUID string, still func() bool) {
	if len(s.held) >= maxHeld {
		return
	}
	opened := map[string]held{}
	for _, kind := range ownKinds {
		if one, err := s.open(pid, kind); err == nil {
			opened[kind] = one
		}
	}
	same := still()
	for _, kind := range ownKinds {
		one, isOpen := opened[kind]
		if !isOpen {
			continue
		}
		key := kind + " " + one.number
		owner, known := s.owners[key]
		if same && !known && one.number != s.node[kind] {
			s.owners[key] = podUID
			s.held = append(s.held, one.descriptor)
			continue
		}
		unix.Close(one.descriptor)
		if same && known && owner != podUID {
			s.tell(sharedNamespace{Kind: kind, Number: one.number, Pods: []string{podUID, owner}})
		}
	}
}

func (s *sharing) tell(shared sharedNamespace) {
	key := shared.Kind + " " + strings.Join(shared.Pods, " ")
	if s.told[key] || len(s.told) >= maxShared {
		return
	}
	s.told[key] = true
	s.reported(observe.From("census", "shared-namespace", 0, shared, nil))
}

// end lets the namespaces go.
func (s *sharing) end() {
	for _, descriptor := range s.held {
		unix.Close(descriptor)
	}
	s.held = nil
}
