package kinds

import (
	"testing"

	"cofferdam/probes/internal/plan"
)

// What a thread gives up is seen of it, and of no other.
func TestLayout(t *testing.T) {
	own, err := layout(Request{})
	if err != nil || own != (personalityValue{}) {
		t.Errorf("the test's own is %+v, %v", own, err)
	}
	raised, err := layout(Request{Attempt: plan.Attempt{Raise: 1}})
	if err != nil || raised != (personalityValue{Fixed: true}) {
		t.Errorf("of a thread that gave it up it is %+v, %v", raised, err)
	}
	if after, err := layout(Request{}); err != nil || after != own {
		t.Errorf("afterwards the test's own is %+v, %v", after, err)
	}
}
