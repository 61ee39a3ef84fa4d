package dial

import (
	"testing"
	"time"
)

func opened(took ...time.Duration) (results []tried) {
	for _, one := range took {
		results = append(results, tried{Class: classOpen, took: one})
	}
	return results
}

func TestRestsLongerWhereAnExchangeTakesLong(t *testing.T) {
	p := pace{longest: 5 * time.Second}
	after := func(results []tried) time.Duration {
		p.see(results)
		return p.rest()
	}
	if got := after(opened(time.Second, 4*time.Second, 2*time.Second)); got != 12*time.Second {
		t.Errorf("rests %v after an exchange that took 4 s, want 12 s", got)
	}
	stopped := append(opened(time.Second), tried{Class: classTimeout, took: time.Minute}, tried{Class: classRefused, took: time.Minute})
	if got := after(stopped); got != 3*time.Second {
		t.Errorf("rests %v, want 3 s: what did not get through cost nothing", got)
	}
	if got := after(nil); got != 0 {
		t.Errorf("rests %v after no try", got)
	}
}

func TestWaitsAsLongAsTheSlowestExchangeCallsFor(t *testing.T) {
	p := pace{longest: 5 * time.Second}
	for _, step := range []struct {
		took, want time.Duration
		why        string
	}{
		{0, 5 * time.Second, "before anything got through, as long as the plan lets it"},
		{10 * time.Millisecond, 2 * time.Second, "never less than it takes to send a lost packet again"},
		{2 * time.Second, 5 * time.Second, "no longer than the plan lets it"},
		{800 * time.Millisecond, 4 * time.Second, "five times the slowest exchange of the last round"},
		{0, 2400 * time.Millisecond, "three times after a round in which nothing got through"},
	} {
		if p.see(nil); step.took > 0 {
			p.see(opened(time.Millisecond, step.took))
		}
		if got := p.limit(); got != step.want {
			t.Errorf("after an exchange of %v it waits %v, want %v: %s", step.took, got, step.want, step.why)
		}
	}
	// A node that became so slow that nothing gets through in three times as long has to get through at last.
	for range shutRounds {
		p.see(nil)
	}
	if got := p.limit(); got != 4*time.Second {
		t.Errorf("waits %v after many rounds in which nothing got through, want 4 s", got)
	}
	p = pace{longest: time.Second}
	p.see(opened(time.Millisecond))
	if got := p.limit(); got != time.Second {
		t.Errorf("waits %v where the plan says 1 s at most", got)
	}
}
