package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"cofferdam/probes/internal/kinds"
)

// The test binary is the probe, too, when it is started with the probe's arguments: its workers and marks are children that
// run the same executable.
func TestMain(m *testing.M) {
	kinds.Table["test-hang"] = func(kinds.Request) (any, error) { time.Sleep(time.Hour); return nil, nil }
	// Another thread may get the signal, and a moment later.
	kinds.Table["test-crash"] = func(kinds.Request) (any, error) {
		err := syscall.Kill(os.Getpid(), syscall.SIGSEGV)
		time.Sleep(time.Minute)
		return nil, err
	}
	kinds.Table["test-panic"] = func(kinds.Request) (any, error) { panic("on purpose") }
	if len(os.Args) > 1 && os.Args[1] == insideMode {
		os.Exit(inside(os.Args[2:]))
	}
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-") {
		os.Exit(run(os.Args))
	}
	code := m.Run()
	if copied != "" {
		_ = os.RemoveAll(filepath.Dir(copied))
	}
	os.Exit(code)
}

const nonce = "00112233445566778899aabbccddeeff"

// observation is a line as the harness reads it.
type observation struct {
	ID           string
	Kind         string
	Value        map[string]any
	Errno        string
	Step         string
	NotAttempted string
	End          bool
	Count        int
}

func (o observation) String() string {
	return fmt.Sprintf("%s %s value %v errno %s %s notAttempted %s", o.ID, o.Kind, o.Value, o.Step, o.Errno, o.NotAttempted)
}

// frames reads the probe's lines and fails when they are not whole.
func frames(t *testing.T, output string) []observation {
	t.Helper()
	all := parseFrames(t, output)
	if len(all) == 0 || !all[len(all)-1].End || all[len(all)-1].Count != len(all)-1 {
		t.Fatalf("the last line is missing or wrong: %q", output)
	}
	return all[:len(all)-1]
}

func parseFrames(t *testing.T, output string) (all []observation) {
	t.Helper()
	for line := range strings.Lines(output) {
		rest, framed := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "cofferdam/1 "+nonce+" ")
		if !framed {
			continue
		}
		number, encoded, _ := strings.Cut(rest, " ")
		if number != strconv.Itoa(len(all)+1) {
			t.Fatalf("line %d has number %s", len(all)+1, number)
		}
		if len(line) > 64<<10 {
			t.Errorf("line %s has %d bytes", number, len(line))
		}
		var one observation
		if err := json.Unmarshal([]byte(encoded), &one); err != nil {
			t.Fatalf("line %s is not JSON: %v", number, err)
		}
		all = append(all, one)
	}
	return all
}

func planText(t *testing.T, fields map[string]any) string {
	t.Helper()
	fields["schema"], fields["nonce"] = 1, nonce
	text, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// process is a probe under way in a mode.
type process struct {
	*exec.Cmd
	out, errors bytes.Buffer
}

func start(t *testing.T, plan map[string]any, attributes *syscall.SysProcAttr, arguments ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command("/proc/self/exe", arguments...)}
	p.Env = append(os.Environ(), "COFFERDAM_PLAN="+planText(t, plan))
	p.Stdout, p.Stderr, p.SysProcAttr = &p.out, &p.errors, attributes
	if err := p.Start(); err != nil {
		if attributes != nil {
			t.Skipf("no namespaces can be made here: %v", err)
		}
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill() })
	return p
}

// end waits for the end and gives the lines.
func (p *process) end(t *testing.T) []observation {
	t.Helper()
	if err := p.Wait(); err != nil {
		t.Fatalf("%v: %s\n%s", err, p.errors.String(), p.out.String())
	}
	return frames(t, p.out.String())
}

// attempts runs these in mode attempt.
func attempts(t *testing.T, list ...map[string]any) []observation {
	t.Helper()
	return start(t, map[string]any{"attempts": list}, nil, "attempt").end(t)
}

// kind makes one attempt from the command line.
func kind(t *testing.T, arguments ...string) observation {
	t.Helper()
	command := exec.Command("/proc/self/exe", arguments...)
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %v", arguments, err)
	}
	var one observation
	if err := json.Unmarshal(output, &one); err != nil {
		t.Fatalf("%v: %s", arguments, output)
	}
	return one
}

func needsRoot(t *testing.T, why string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root: " + why)
	}
}
