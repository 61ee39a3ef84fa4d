package dial

import (
	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/plan"
)

// giveUpAfter is how often a target that need not be there is tried in vain: each such try takes as long as a try may, and all of its
// round wait for it.
const giveUpAfter = 3

// targets are those of a plan, and which of them are tried still.
type targets struct {
	all []plan.Target
	// vain counts the tries of those that need not be there, until one gets through.
	vain map[string]int
}

func newTargets(all []plan.Target) *targets {
	t := &targets{all, map[string]int{}}
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

// left are those that are tried.
func (t *targets) left() []placed {
	var left []placed
	for place, target := range t.all {
		if t.vain[frame.Clean(string(target.ID))] < giveUpAfter {
			left = append(left, placed{target, place})
		}
	}
	return left
}

func (t *targets) see(results []tried) {
	for _, result := range results {
		if _, counts := t.vain[result.Target]; !counts {
			continue
		}
		if t.vain[result.Target]++; result.Class == classOpen {
			delete(t.vain, result.Target)
		}
	}
}
