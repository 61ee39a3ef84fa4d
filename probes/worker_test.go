package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestAHangLosesOneAttempt(t *testing.T) {
	got := attempts(t,
		map[string]any{"id": "before", "kind": "identity"},
		map[string]any{"id": "hang", "kind": "test-hang", "deadlineMs": 300},
		map[string]any{"id": "after", "kind": "identity"},
	)
	onlyTheMiddleIsLost(t, got, "did not end within 300 ms")
}

func TestACrashLosesOneAttempt(t *testing.T) {
	got := attempts(t,
		map[string]any{"id": "before", "kind": "identity"},
		map[string]any{"id": "crash", "kind": "test-crash"},
		map[string]any{"id": "after", "kind": "identity"},
	)
	onlyTheMiddleIsLost(t, got, "SIG")
}

func TestAPanicLosesOneAttempt(t *testing.T) {
	got := attempts(t,
		map[string]any{"id": "before", "kind": "identity"},
		map[string]any{"id": "panic", "kind": "test-panic"},
		map[string]any{"id": "after", "kind": "identity"},
	)
	onlyTheMiddleIsLost(t, got, "on purpose")
}

func onlyTheMiddleIsLost(t *testing.T, got []observation, why string) {
	t.Helper()
	if len(got) != 3 || got[0].Value == nil || got[2].Value == nil {
		t.Fatalf("got %v", got)
	}
	if !strings.Contains(got[1].NotAttempted, why) {
		t.Errorf("got %v, want %q", got[1], why)
	}
}

func TestUnknownKindsAndArgumentsAreNotAttempted(t *testing.T) {
	got := attempts(t,
		map[string]any{"id": "a", "kind": "no-such-kind"},
		map[string]any{"id": "b", "kind": "read", "max": "many"},
		map[string]any{"id": "c", "kind": "call", "call": "42"},
	)
	for _, one := range got {
		if one.NotAttempted == "" || one.Value != nil || one.Errno != "" {
			t.Errorf("got %v", one)
		}
	}
}

func TestTheProbeStaysForItsShortestLife(t *testing.T) {
	begin := time.Now()
	start(t, map[string]any{"minLifeMs": 700, "attempts": []any{}}, nil, "attempt").end(t)
	if life := time.Since(begin); life < 700*time.Millisecond {
		t.Errorf("it lived %v", life)
	}
}

// What was given to the container meanwhile shows in the second look.
func TestSomeAttemptsAreMadeOnceMoreAtTheEnd(t *testing.T) {
	directory := t.TempDir()
	p := start(t, map[string]any{"minLifeMs": 1500, "attempts": []any{
		map[string]any{"id": "a", "kind": "list", "path": directory, "again": 1},
		map[string]any{"id": "b", "kind": "identity"},
	}}, nil, "attempt")
	time.Sleep(700 * time.Millisecond)
	if err := os.WriteFile(filepath.Join(directory, "later"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	got := p.end(t)
	if len(got) != 3 || got[0].ID != "a" || got[1].ID != "b" || got[2].ID != "a.again" {
		t.Fatalf("got %v", got)
	}
	if fmt.Sprint(got[0].Value["entries"]) != "[]" || !strings.Contains(fmt.Sprint(got[2].Value["entries"]), "later") {
		t.Errorf("got %v, later %v", got[0], got[2])
	}
}

func TestTerminationReportsWhatIsLeft(t *testing.T) {
	p := start(t, map[string]any{"minLifeMs": 60_000, "attempts": []any{
		map[string]any{"id": "a", "kind": "test-hang", "deadlineMs": 60_000},
		map[string]any{"id": "b", "kind": "identity"},
	}}, nil, "attempt")
	time.Sleep(300 * time.Millisecond)
	_ = p.Process.Signal(syscall.SIGTERM)
	got := p.end(t)
	if len(got) != 2 || !strings.Contains(got[0].NotAttempted, "told to end") || !strings.Contains(got[1].NotAttempted, "told to end") {
		t.Errorf("got %v", got)
	}
}

// markOf is computed here as harness/judge/kernel.ts does: what it expects, not what the probe says.
func markOf(nonce string) string {
	sum := sha256.Sum256([]byte("mark:" + nonce))
	return "cofferdam-mark-" + hex.EncodeToString(sum[:])[:32]
}

// The mark stands in the process table while the probe lives, and in no environment; the plan in no environment at all.
func TestTheMarkIsSeenAndThePlanIsNot(t *testing.T) {
	p := start(t, map[string]any{"mark": true, "minLifeMs": 3000, "attempts": []any{}}, nil, "attempt")
	mark := markOf(nonce)
	markPID := 0
	for deadline := time.Now().Add(2 * time.Second); markPID == 0 && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		markPID = processNamed(mark)
	}
	if markPID == 0 {
		t.Fatal("there is no marked process")
	}
	for _, pid := range []int{p.Process.Pid, markPID} {
		environment, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(environment), nonce) || strings.Contains(string(environment), mark) {
			t.Errorf("process %d shows the plan or the mark in its environment", pid)
		}
	}
	p.end(t)
	if processNamed(mark) != 0 {
		t.Error("the marked process outlives the probe")
	}
}

// An attempt that hangs is ended with the process that has the mark.
func TestTheMarkIsBackAfterAHang(t *testing.T) {
	p := start(t, map[string]any{"mark": true, "minLifeMs": 60_000, "attempts": []any{
		map[string]any{"id": "hang", "kind": "test-hang", "deadlineMs": 1000},
	}}, nil, "attempt")
	mark, before := markOf(nonce), 0
	eventually(t, "a marked process", func() bool { before = processNamed(mark); return before != 0 })
	eventually(t, "another marked process", func() bool { now := processNamed(mark); return now != 0 && now != before })
	_ = p.Process.Kill()
	_ = p.Wait()
}

// What an attempt does to its thread ends with that. The witness reads the rank of the marked process, which is its first
// thread's.
func TestAnAttemptLeavesTheRankOfTheMarkedProcess(t *testing.T) {
	needsRoot(t, "raises a priority")
	raising := make([]any, 40)
	for i := range raising {
		raising[i] = map[string]any{"id": fmt.Sprint(i), "kind": "priority", "raise": 1}
	}
	p := start(t, map[string]any{"mark": true, "minLifeMs": 60_000, "attempts": raising}, nil, "attempt")
	marked, looks := 0, 0
	eventually(t, "a marked process", func() bool { marked = processNamed(markOf(nonce)); return marked != 0 })
	for range 50 {
		if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", marked)); err == nil {
			// The nice value is the seventeenth after the name (proc_pid_stat(5)).
			_, after, _ := strings.Cut(string(stat), ") ")
			if nice := strings.Fields(after)[16]; nice != "0" {
				t.Fatalf("the nice value of the marked process is %s", nice)
			}
			looks++
		}
		time.Sleep(20 * time.Millisecond)
	}
	if looks == 0 {
		t.Error("the marked process was never read")
	}
	_ = p.Process.Kill()
	_ = p.Wait()
}

func TestAKilledProbeLeavesNoMark(t *testing.T) {
	p := start(t, map[string]any{"mark": true, "minLifeMs": 60_000, "attempts": []any{}}, nil, "attempt")
	mark := markOf(nonce)
	eventually(t, "a marked process", func() bool { return processNamed(mark) != 0 })
	_ = p.Process.Kill()
	_ = p.Wait()
	eventually(t, "no marked process", func() bool { return processNamed(mark) == 0 })
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(8 * time.Second); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func processNamed(argv0 string) int {
	entries, _ := os.ReadDir("/proc")
	for _, entry := range entries {
		data, err := os.ReadFile("/proc/" + entry.Name() + "/cmdline")
		if err == nil && strings.HasPrefix(string(data), argv0+"\x00") {
			pid := 0
			_, _ = fmt.Sscan(entry.Name(), &pid)
			return pid
		}
	}
	return 0
}

func TestABadPlanIsRefused(t *testing.T) {
	p := start(t, map[string]any{"attempts": "none"}, nil, "attempt")
	if err := p.Wait(); err == nil || !strings.Contains(p.errors.String(), "COFFERDAM_PLAN") {
		t.Errorf("got %v: %s", err, p.errors.String())
	}
}
