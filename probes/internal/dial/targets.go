package dial

import (
	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/plan"
)

// giveUpAfter is how often a target that need not be there is tried in vain: each such try takes as long as a try may, and
// all of its round wait for it.
const giveUpAfter = 3

// restRounds is in how many rounds a further port is tried once, while it and what it is beside are open. An exchange costs
// both sides and all between them processor time; what a policy does to the one shows at the other first.
const restRounds = 4

// targets are those of a plan, and which of them are tried in a round.
type targets struct {
	all []plan.Target
	// vain counts the tries of those that need not be there, until one gets through.
	vain map[string]int
	// open are those whose last try got through.
	open   map[string]bool
	rounds int
}

func newTargets(all []plan.Target) *targets {
	t := &targets{all: all, vain: map[string]int{}, open: map[string]bool{}}
	for _, target := range all {
		if target.Optional {
			t.vain[frame.Clean(string(target.ID))] = 0
		}
	}
	return t
}

// placed is a target with its place in the plan.
type placed struct {
	plan.Target
	place int
}

// left are those that are tried in this round.
func (t *targets) left() []placed {
	var left []placed
	for place, target := range t.all {
		if t.vain[frame.Clean(string(target.ID))] < giveUpAfter && !t.rests(target) {
			left = append(left, placed{target, place})
		}
	}
	return left
}

func (t *targets) rests(target plan.Target) bool {
	isOpen := t.open[frame.Clean(string(target.ID))] && t.open[frame.Clean(string(target.Beside))]
	return target.Beside != "" && isOpen && t.rounds%restRounds != 0
}

// see takes note of a round.
func (t *targets) see(results []tried) {
	t.rounds++
	for _, result := range results {
		t.open[result.Target] = result.Class == classOpen
		if _, counts := t.vain[result.Target]; !counts {
			continue
		}
		if t.vain[result.Target]++; result.Class == classOpen {
			delete(t.vain, result.Target)
		}
	}
}
