package dial

import (
	"testing"
	"time"
)

func TestRestsLongerWhereAnExchangeTakesLong(t *testing.T) {
	tries := func(took ...time.Duration) (results []tried) {
		for _, one := range took {
			results = append(results, tried{Class: classOpen, took: one})
		}
		return results
	}
	if got := rest(tries(time.Second, 4*time.Second, 2*time.Second)); got != 12*time.Second {
		t.Errorf("rests %v after an exchange that took 4 s, want 12 s", got)
	}
	stopped := append(tries(time.Second), tried{Class: classTimeout, took: time.Minute}, tried{Class: classRefused, took: time.Minute})
	if got := rest(stopped); got != 3*time.Second {
		t.Errorf("rests %v, want 3 s: what did not get through cost nothing", got)
	}
	if got := rest(nil); got != 0 {
		t.Errorf("rests %v after no try", got)
	}
}
