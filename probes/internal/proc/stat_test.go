package proc

import (
	"os"
	"testing"
)

func TestStatField(t *testing.T) {
	stat := "12 (a) b ) S 1 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 -5 1 0 987654 1 2 3"
	for number, want := range map[int]string{3: "S", NiceField: "-5", StartField: "987654", PolicyField: ""} {
		if got := StatField(stat, number); got != want {
			t.Errorf("field %d: got %q", number, got)
		}
	}
	if got := StatField("12", StartField); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestStart(t *testing.T) {
	if ticks, known := Start(os.Getpid()); ticks == 0 || !known {
		t.Errorf("this process started at %d, %v", ticks, known)
	}
	if _, known := Start(1 << 30); known {
		t.Error("a process that there is not has a start")
	}
}
