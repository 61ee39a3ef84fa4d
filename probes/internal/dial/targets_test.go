package dial

import (
	"slices"
	"testing"

	"cofferdam/probes/internal/plan"
)

func TestGivesUpOnlyWhatNeedNotBeThereAndNeverWas(t *testing.T) {
	all := newTargets([]target{{id: "needed"}, {id: "there", optional: true}, {id: "elsewhere", optional: true}})
	left := func() (places []int) {
		for _, one := range all.left() {
			places = append(places, one.place)
		}
		return places
	}
	round := func(there string) {
		all.see([]tried{{Target: "needed", Class: classTimeout}, {Target: "there", Class: there}, {Target: "elsewhere", Class: classTimeout}})
	}
	round(classTimeout)
	round(classOpen)
	if got := left(); !slices.Equal(got, []int{0, 1, 2}) {
		t.Errorf("after two rounds %v are tried", got)
	}
	for range giveUpAfter {
		round(classTimeout)
	}
	if got := left(); !slices.Equal(got, []int{0, 1}) {
		t.Errorf("after more %v are tried", got)
	}
}

func TestAFurtherPortRestsWhileAllIsOpen(t *testing.T) {
	all := newTargets([]target{{id: "first"}, {id: "further", beside: "first"}})
	// rounds tells in which of so many rounds the further port was tried, each ending as said.
	rounds := func(first, further string, count int) (tries []bool) {
		for range count {
			results := []tried{{Target: "first", Class: first}}
			left := all.left()
			if len(left) > 1 {
				results = append(results, tried{Target: "further", Class: further})
			}
			all.see(results)
			tries = append(tries, len(left) > 1)
		}
		return tries
	}
	for _, phase := range []struct {
		first, further string
		want           []bool
		why            string
	}{
		{classOpen, classOpen, []bool{true, false, false, false, true}, "open, it is tried now and then"},
		{classTimeout, classOpen, []bool{false, true, true, true}, "once the first is shut, always, also where it is open itself"},
		{classOpen, classTimeout, []bool{true, true, true}, "shut, always, also where the first is open"},
		{classTimeout, classTimeout, []bool{true, true}, "both shut, always"},
	} {
		if got := rounds(phase.first, phase.further, len(phase.want)); !slices.Equal(got, phase.want) {
			t.Errorf("%s: tried %v, want %v", phase.why, got, phase.want)
		}
	}
}

func TestEveryPortIsATarget(t *testing.T) {
	got := expand([]plan.Target{
		{ID: "a", Network: "tcp", Address: "10.0.0.1:7001", MorePorts: []plan.Number{22, 80}},
		{ID: "b", Network: "udp", Address: "[fe80::1]:7001", Optional: true, MorePorts: []plan.Number{53}},
	})
	want := []target{
		{id: "a", network: "tcp", address: "10.0.0.1:7001"},
		{id: "a-22", network: "tcp", address: "10.0.0.1:22", beside: "a"},
		{id: "a-80", network: "tcp", address: "10.0.0.1:80", beside: "a"},
		{id: "b", network: "udp", address: "[fe80::1]:7001", optional: true},
		{id: "b-53", network: "udp", address: "[fe80::1]:53", optional: true, beside: "b"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
