package witness

import (
	"fmt"
	"testing"

	"cofferdam/probes/internal/observe"
)

// looked is what is told when one process after the other comes into sight. `now` is what a process shows when it is read again.
func looked(t *testing.T, now map[int]map[string]string, starts map[int]string, seen ...member) []string {
	t.Helper()
	var told []string
	s := newSharing(func(one observe.Observation) { told = append(told, fmt.Sprint(one.Value)) })
	s.node = map[string]string{"ipc": "1", "net": "1", "pid": "1"}
	s.spaces = func(pid int) (map[string]string, error) {
		if now[pid] == nil {
			return nil, fmt.Errorf("%d has gone", pid)
		}
		return now[pid], nil
	}
	s.started = func(pid int) string { return starts[pid] }
	for pid, one := range seen {
		s.look(pid, one.start, one.podUID, one.namespaces)
	}
	return told
}

func TestTwoPodsInOneNamespace(t *testing.T) {
	shared := map[string]string{"ipc": "7", "net": "8", "mnt": "9", "user": "9", "time": "9"}
	other := map[string]string{"ipc": "7", "net": "5", "mnt": "9", "user": "9", "time": "9"}
	starts := map[int]string{0: "s0", 1: "s1"}
	both := map[int]map[string]string{0: shared, 1: other}
	first, second := member{"a", "s0", shared}, member{"b", "s1", other}

	if told := looked(t, both, starts, first, second); len(told) != 1 || told[0] != "{ipc 7 [b a] [1 0]}" {
		t.Errorf("got %v", told)
	}
	// Of one pod they may share all.
	if told := looked(t, both, starts, first, member{"a", "s1", other}); len(told) != 0 {
		t.Errorf("got %v", told)
	}
	// The node's own is told of by what compares with the node.
	own := map[string]string{"ipc": "1", "net": "1"}
	if told := looked(t, map[int]map[string]string{0: own, 1: own}, starts, member{"a", "s0", own}, member{"b", "s1", own}); len(told) != 0 {
		t.Errorf("got %v", told)
	}
	// Three processes of two pods make one line.
	three := map[int]map[string]string{0: shared, 1: other, 2: other}
	if told := looked(t, three, map[int]string{0: "s0", 1: "s1", 2: "s2"}, first, second, member{"b", "s2", other}); len(told) != 1 {
		t.Errorf("got %v", told)
	}
}

// The number of a namespace that has gone is given to the next one.
func TestANumberThatWasGivenAgain(t *testing.T) {
	spaces := map[string]string{"ipc": "7"}
	first, second := member{"a", "s0", spaces}, member{"b", "s1", spaces}
	moved := map[string]string{"ipc": "6"}
	for name, given := range map[string]struct {
		now    map[int]map[string]string
		starts map[int]string
	}{
		"the older one has gone":      {map[int]map[string]string{1: spaces}, map[int]string{1: "s1"}},
		"the older one is another":    {map[int]map[string]string{0: spaces, 1: spaces}, map[int]string{0: "later", 1: "s1"}},
		"the older one is elsewhere":  {map[int]map[string]string{0: moved, 1: spaces}, map[int]string{0: "s0", 1: "s1"}},
		"the newer one has gone":      {map[int]map[string]string{0: spaces}, map[int]string{0: "s0", 1: "s1"}},
		"the newer one has moved off": {map[int]map[string]string{0: spaces, 1: moved}, map[int]string{0: "s0", 1: "s1"}},
	} {
		if told := looked(t, given.now, given.starts, first, second); len(told) != 0 {
			t.Errorf("%s: got %v", name, told)
		}
	}
}

func TestWhoStandsForAPod(t *testing.T) {
	for _, given := range []struct {
		argv  []string
		found belonging
		want  bool
	}{
		{[]string{"/pause"}, belonging{podUID: "a"}, true},
		{[]string{"/usr/bin/pod"}, belonging{podUID: "a"}, true},
		{[]string{"cofferdam-mark-1"}, belonging{podUID: "a", mark: "cofferdam-mark-1"}, true},
		{[]string{"cofferdam-mark-1"}, belonging{mark: "cofferdam-mark-1"}, false},
		{[]string{"/usr/bin/containerd-shim-kata-v2"}, belonging{podUID: "a"}, false},
		{nil, belonging{podUID: "a"}, false},
	} {
		if got := standsForPod(given.argv, given.found); got != given.want {
			t.Errorf("%v, %v: got %v", given.argv, given.found, got)
		}
	}
}
