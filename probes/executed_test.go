package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

func executedName() string {
	sum := sha256.Sum256([]byte("executed:" + nonce))
	return hex.EncodeToString(sum[:])[:32]
}

var own = map[string]any{"id": "own", "kind": "credentials"}

var looks = []any{
	map[string]any{"id": "rights", "kind": "executed", "look": "credentials", "deadlineMs": 8000},
	map[string]any{"id": "open", "kind": "executed", "look": "descriptors", "deadlineMs": 8000},
	map[string]any{"id": "variables", "kind": "executed", "look": "environment", "deadlineMs": 8000},
	map[string]any{"id": "profile", "kind": "executed", "look": "apparmor", "deadlineMs": 8000},
	own,
}

// execute starts what the kubelet does, as often as the kubelet does, until it ends well.
func execute(t *testing.T, name string, change func(*exec.Cmd)) {
	t.Helper()
	for range 100 {
		command := exec.Command("/proc/self/exe", "executed", name)
		if change != nil {
			change(command)
		}
		if command.Run() == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the executed process never found the first one")
}

func TestAnExecutedProcessTellsItsRights(t *testing.T) {
	p := start(t, map[string]any{"attempts": looks}, nil, "attempt")
	leak, err := os.Open("/")
	if err != nil {
		t.Fatal(err)
	}
	defer leak.Close()
	execute(t, executedName(), func(command *exec.Cmd) {
		command.ExtraFiles = []*os.File{leak}
		command.Env = append(os.Environ(), "GIVEN_WHEN_EXECUTED=secret", "COFFERDAM_PLAN={}")
		if os.Getuid() == 0 {
			command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 4242, Gid: 4343}}
		}
	})
	got := p.end(t)
	if len(got) != len(looks) || got[0].ID != "own" || got[1].ID != "rights" || got[1].Kind != "executed" || got[2].ID != "open" {
		t.Fatalf("got %v", got)
	}
	own, rights, open, variables, profile := got[0], got[1], got[2], got[3], got[4]
	if os.Getuid() == 0 && (fmt.Sprint(rights.Value["uid"]) != "4242" || fmt.Sprint(own.Value["uid"]) != "0") {
		t.Errorf("the executed process shows %v, the first one %v", rights, own)
	}
	if capEff := rights.Value["capEff"]; capEff == nil || os.Getuid() == 0 && strings.Trim(fmt.Sprint(capEff), "0") != "" {
		t.Errorf("its capabilities are %v", capEff)
	}
	if !strings.Contains(fmt.Sprint(open.Value["descriptors"]), "fd:3") {
		t.Errorf("the descriptor that it was given is not among %v", open)
	}
	if names := fmt.Sprint(variables.Value["names"]); !strings.Contains(names, "GIVEN_WHEN_EXECUTED") || strings.Contains(names, "secret") || strings.Contains(names, "COFFERDAM") {
		t.Errorf("the variable that it was given is not among %v, or its value is", variables)
	}
	// What a kernel without AppArmor says of it differs; that the file was asked is seen from either.
	if profile.Value["text"] == nil && profile.Errno == "" {
		t.Errorf("its profile is not told: %v", profile)
	}
}

func TestWithoutAnExecutedProcessNothingIsKnownOfIt(t *testing.T) {
	list := []any{
		map[string]any{"id": "rights", "kind": "executed", "look": "credentials", "deadlineMs": 300},
		own,
	}
	// One of another container does not find this one.
	p := start(t, map[string]any{"attempts": list}, nil, "attempt")
	if exec.Command("/proc/self/exe", "executed", strings.Repeat("0", 32)).Run() == nil {
		t.Error("a process of another container found this one")
	}
	got := p.end(t)
	if len(got) != 2 || got[0].ID != "own" || got[0].Value == nil || !strings.Contains(got[1].NotAttempted, "executed no process in the container") {
		t.Errorf("got %v", got)
	}
}

// A kubelet that is slow must not be taken for one that may not, nor its process for somebody else's.
func TestALateExecutedProcessIsHeard(t *testing.T) {
	list := []any{
		map[string]any{"id": "rights", "kind": "executed", "look": "credentials", "deadlineMs": 100},
		own,
	}
	p := start(t, map[string]any{"minLifeMs": 4000, "attempts": list}, nil, "attempt")
	time.Sleep(1500 * time.Millisecond)
	for range 2 {
		execute(t, executedName(), nil)
	}
	if got := p.end(t); len(got) != 2 || got[1].ID != "rights" || got[1].Value["uid"] == nil {
		t.Errorf("got %v", got)
	}
}

func TestALookThatIsNotKnownIsNotAttempted(t *testing.T) {
	list := []any{map[string]any{"id": "x", "kind": "executed", "look": "everything", "deadlineMs": 8000}}
	p := start(t, map[string]any{"attempts": list}, nil, "attempt")
	execute(t, executedName(), nil)
	if got := p.end(t); len(got) != 1 || !strings.Contains(got[0].NotAttempted, `does not look at "everything"`) {
		t.Errorf("got %v", got)
	}
}

func TestTerminationEndsTheWaitForAnExecutedProcess(t *testing.T) {
	p := start(t, map[string]any{"attempts": looks}, nil, "attempt")
	time.Sleep(300 * time.Millisecond)
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	got := p.end(t)
	if len(got) != len(looks) || !strings.Contains(got[1].NotAttempted, "executed no process in the container") {
		t.Errorf("got %v", got)
	}
}
