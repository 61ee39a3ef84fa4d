package dial

import (
	"slices"
	"testing"

	"cofferdam/probes/internal/plan"
)

func TestGivesUpOnlyWhatNeedNotBeThereAndNeverWas(t *testing.T) {
	all := newTargets([]plan.Target{{ID: "needed"}, {ID: "there", Optional: true}, {ID: "elsewhere", Optional: true}})
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
