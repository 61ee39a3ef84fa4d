package witness

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/proc"
)

// member is a process that comes into sight.
type member struct {
	podUID     string
	namespaces map[string]string
	// replaced: another process has its number now.
	replaced bool
}

// looked is what is told when one process after the other comes into sight.
func looked(t *testing.T, seen ...member) []string {
	t.Helper()
	var told []string
	s := newSharing(func(one observe.Observation) { told = append(told, fmt.Sprint(one.Value)) })
	s.node = map[string]string{"ipc": "1", "net": "1", "pid": "1"}
	s.open = func(pid int, kind string) (held, error) {
		number, found := seen[pid].namespaces[kind]
		if !found {
			return held{}, unix.ENOENT
		}
		return held{number, -1}, nil
	}
	for pid, one := range seen {
		s.look(pid, one.podUID, func() bool { return !one.replaced })
	}
	slices.Sort(told)
	return told
}

func TestTwoPodsInOneNamespace(t *testing.T) {
	one := map[string]string{"ipc": "7", "net": "8", "mnt": "9", "user": "9", "time": "9"}
	other := map[string]string{"ipc": "7", "net": "5", "mnt": "9", "user": "9", "time": "9"}
	node := map[string]string{"ipc": "1", "net": "1"}
	for name, test := range map[string]struct {
		seen []member
		want []string
	}{
		"what two pods have in common": {[]member{{podUID: "a", namespaces: one}, {podUID: "b", namespaces: other}}, []string{"{ipc 7 [b a]}"}},
		// Of one pod they may share all.
		"what one pod has in common": {[]member{{podUID: "a", namespaces: one}, {podUID: "a", namespaces: other}}, nil},
		// The node's own is told of by what compares with the node.
		"the node's own":                {[]member{{podUID: "a", namespaces: node}, {podUID: "b", namespaces: node}}, nil},
		"two processes of a pod":        {[]member{{podUID: "a", namespaces: one}, {podUID: "b", namespaces: other}, {podUID: "b", namespaces: other}}, []string{"{ipc 7 [b a]}"}},
		"three pods":                    {[]member{{podUID: "a", namespaces: one}, {podUID: "b", namespaces: other}, {podUID: "c", namespaces: other}}, []string{"{ipc 7 [b a]}", "{ipc 7 [c a]}", "{net 5 [c b]}"}},
		"a number of another kind":      {[]member{{podUID: "a", namespaces: map[string]string{"ipc": "7"}}, {podUID: "b", namespaces: map[string]string{"net": "7"}}}, nil},
		"one that was another's before": {[]member{{podUID: "a", namespaces: one}, {podUID: "b", namespaces: other, replaced: true}}, nil},
		"one that is another's after":   {[]member{{podUID: "a", namespaces: one, replaced: true}, {podUID: "b", namespaces: other}}, nil},
		"one that has gone meanwhile":   {[]member{{podUID: "a", namespaces: one}, {podUID: "b", namespaces: nil}}, nil},
	} {
		if told := looked(t, test.seen...); fmt.Sprint(told) != fmt.Sprint(test.want) {
			t.Errorf("%s: got %v, want %v", name, told, test.want)
		}
	}
}

// The kernel gives the number of a namespace that has gone to the next one: what is held keeps its own.
func TestANamespaceIsHeld(t *testing.T) {
	opened, err := openNamespace(os.Getpid(), "uts")
	if err != nil {
		t.Fatal(err)
	}
	own, err := proc.Namespaces(os.Getpid())
	if err != nil || own["uts"] != opened.number {
		t.Errorf("it is %s, /proc says %v, %v", opened.number, own, err)
	}
	s := newSharing(func(observe.Observation) {})
	s.node = nil
	s.look(os.Getpid(), "a", func() bool { return true })
	if len(s.held) == 0 {
		t.Error("nothing is held")
	}
	first := s.held[0]
	s.end()
	if err := unix.Fstat(first, &unix.Stat_t{}); err != unix.EBADF {
		t.Errorf("it is held at the end: %v", err)
	}
	unix.Close(opened.descriptor)
	if _, err := openNamespace(0, "uts"); err == nil {
		t.Error("nobody's namespace was opened")
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
