package dial

import (
	"testing"

	"cofferdam/probes/internal/plan"
)

func TestIsReadyWithoutWhatNeedNotBeReached(t *testing.T) {
	opened := 0
	r := newReadiness(&plan.Plan{}, []target{{id: "a"}, {id: "b"}, {id: "c", optional: true}}, nil)
	r.open = func() { opened++ }
	see := func(class string, ids ...string) {
		var results []tried
		for _, id := range ids {
			results = append(results, tried{Target: id, Class: class})
		}
		r.see(results)
	}
	see(classOpen, "a", "c")
	see(classTimeout, "b")
	if opened != 0 {
		t.Error("ready before all was open that has to be")
	}
	see(classOpen, "b")
	if opened == 0 {
		t.Error("not ready although all was open once")
	}
}
