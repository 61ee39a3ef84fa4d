package kinds

import (
	"testing"

	"cofferdam/probes/internal/plan"
)

// What a thread gives up is seen of it, and of no other.
func TestLayout(t *testing.T) {
	of := func(request Request) (personalityValue, error) {
		got, err := layout(request)
		value, _ := got.(personalityValue)
		if value.Randomize == nil || *value.Randomize < 0 || *value.Randomize > 2 {
			t.Errorf("kernel.randomize_va_space is told as %v", value.Randomize)
		}
		value.Randomize = nil
		return value, err
	}
	own, err := of(Request{})
	if err != nil || own != (personalityValue{}) {
		t.Errorf("the test's own is %+v, %v", own, err)
	}
	raised, err := of(Request{Attempt: plan.Attempt{Raise: 1}})
	if err != nil || raised != (personalityValue{Fixed: true}) {
		t.Errorf("of a thread that gave it up it is %+v, %v", raised, err)
	}
	if after, err := of(Request{}); err != nil || after != own {
		t.Errorf("afterwards the test's own is %+v, %v", after, err)
	}
}
