package witness

import (
	"os"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"
)

func TestStateOfAProcess(t *testing.T) {
	child := exec.Command("sleep", "600")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer child.Process.Kill()
	pid := child.Process.Pid
	var s state
	if !s.update(pid, child.Args, handedOn{}, places{}) || s.nice != "0" || s.policy != "0" || s.machine || s.filtered != filtered(t) {
		t.Errorf("got %+v", s)
	}
	if s.update(pid, child.Args, handedOn{}, places{}) {
		t.Error("nothing changed, and it says that something did")
	}
	if err := unix.Setpriority(unix.PRIO_PROCESS, pid, 5); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("/proc/"+pidText(pid)+"/oom_score_adj", []byte("999"), 0); err != nil {
		t.Fatal(err)
	}
	if !s.update(pid, child.Args, handedOn{}, places{}) || s.nice != "5" || s.oom != "999" {
		t.Errorf("got %+v", s)
	}
	if adjustment := number(s.oom); adjustment == nil || *adjustment != 999 {
		t.Errorf("got %v", adjustment)
	}
}

// filtered: a container may run this under a filter, which children inherit.
func filtered(t *testing.T) bool {
	t.Helper()
	var own state
	own.update(os.Getpid(), os.Args, handedOn{}, places{})
	return own.filtered
}

func TestStateOfNobody(t *testing.T) {
	s := state{oom: "1", filtered: true}
	if s.update(1<<22+1, nil, handedOn{}, places{}) || s.oom != "1" || !s.filtered {
		t.Errorf("what could not be read changed: %+v", s)
	}
	if number("") != nil {
		t.Error("nothing is a number")
	}
}
