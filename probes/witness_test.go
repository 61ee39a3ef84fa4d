package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const (
	podUID    = "6b0f9a4e-1111-4222-8333-444455556666"
	otherPod  = "7c0f9a4e-1111-4222-8333-444455556666"
	canaryDir = "/var/lib/cofferdam/r-test"
	shmKey    = 0x2345678
	// keyDescription is of this test alone: the keyring is this machine's.
	keyDescription = "cofferdam-test-witness"
	readyAt        = 7002
)

// finding is what the node saw while the witness was there, and afterwards.
type finding struct {
	What string
	Seen string
}

// witnessedNode is the first process of a small node: it has a kubelet's directory with a pod of the run and one of
// somebody else's, runs the witness, looks for the canaries as a container would, and ends it.
func witnessedNode([]string) int {
	out := bufio.NewWriter(os.NewFile(3, "findings"))
	defer out.Flush()
	find := func(what string, seen any) {
		line, _ := json.Marshal(finding{what, fmt.Sprint(seen)})
		_, _ = fmt.Fprintln(out, string(line))
	}
	volumes := "/volumes/kubernetes.io~empty-dir/"
	_ = os.MkdirAll("/var/lib/kubelet/pods/"+podUID+volumes+"cofferdam-r-test", 0o755)
	_ = os.MkdirAll("/var/lib/kubelet/pods/"+otherPod+volumes+"cache", 0o755)
	_ = os.MkdirAll(canaryDir, 0o755)

	// As a container has it: a session keyring that is not linked with the user's. Whoever is started from this thread
	// inherits it.
	runtime.LockOSThread()
	_, _ = unix.KeyctlInt(unix.KEYCTL_JOIN_SESSION_KEYRING, 0, 0, 0, 0)
	witness := exec.Command("/proc/self/exe", "witness")
	witness.Stdout, witness.Stderr = os.Stdout, os.Stderr
	if err := witness.Start(); err != nil {
		find("start", err)
		return 9
	}
	_ = os.Unsetenv("COFFERDAM_PLAN")
	for range 200 {
		if isOpen(readyAt) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}

	digest := digestOf(token)
	look := func(what string, arguments ...string) {
		output, err := exec.Command("/proc/self/exe", arguments...).Output()
		find(what, fmt.Sprint(string(output), err))
	}
	look("file", "search", "--where", "files", "--sha256", digest, "--paths", canaryDir+"/canary")
	look("process", "search", "--where", "processes", "--sha256", digest)
	// Not by a search: in this test the node itself has the plan in its environment, too.
	shown, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", witness.Process.Pid))
	find("environment", fmt.Sprint(string(shown), err))
	look("sysv-shm", "search", "--where", "sysv-shm", "--sha256", digest, "--key", fmt.Sprint(shmKey))
	look("key", "search", "--where", "keyring", "--sha256", digest, "--description", keyDescription)
	look("socket", "connect", "--network", "unix", "--address", canaryDir+"/canary.sock")
	look("bind", "bind", "--sha256", digest, "--path", canaryDir+"/.cofferdam-1")
	look("bind elsewhere", "bind", "--sha256", digest, "--timeoutMs", "600", "--path", canaryDir+"/other.sock")
	// Left by a pod that was ended.
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: canaryDir + "/.cofferdam-2", Net: "unix"})
	if err != nil {
		find("bind-2", err)
	} else {
		left.SetUnlinkOnClose(false)
		left.Close()
	}
	label := make([]byte, 128)
	length, err := unix.Lgetxattr(canaryDir, "security.selinux", label)
	find("label", fmt.Sprint(string(label[:max(length, 0)]), err))
	look("fifo", "open", "--path", canaryDir+"/canary.fifo", "--flags", "w")

	// Processes of a pod of the run, of another pod, and a container that shows its mark and moves the counter.
	ours := exec.Command("/bin/sh", "-c", "sleep 30; : "+podUID)
	theirs := exec.Command("/bin/sh", "-c", "sleep 30; : "+otherPod)
	_, _ = ours.Start(), theirs.Start()
	subject := exec.Command("/proc/self/exe", "attempt")
	subject.Env = append(os.Environ(), `COFFERDAM_PLAN={"schema":1,"nonce":"abcd","mark":true,"minLifeMs":1500,"readyPort":22345,"attempts":[{"id":"load","kind":"load","slots":2777,"holdMs":100}]}`)
	_, _ = subject.Output()
	time.Sleep(600 * time.Millisecond)
	_, _ = ours.Process.Kill(), theirs.Process.Kill()
	_, _ = ours.Wait(), theirs.Wait()

	_ = witness.Process.Signal(syscall.SIGTERM)
	find("exit", witness.Wait())
	for _, path := range []string{canaryDir, "/var/lib/cofferdam", "/dev/shm/cofferdam-r-test", "/tmp/cofferdam-canary-r-test"} {
		_, err := os.Lstat(path)
		find("left "+path, err == nil)
	}
	look("left sysv-shm", "search", "--where", "sysv-shm", "--sha256", digest, "--key", fmt.Sprint(shmKey))
	look("left key", "search", "--where", "keyring", "--sha256", digest, "--description", keyDescription)
	look("left process", "search", "--where", "processes", "--sha256", digest)
	return 0
}

func TestWitness(t *testing.T) {
	needsRoot(t, "makes a node of namespaces")
	names := []string{"file", "process", "kernel-log", "socket", "fifo", "sysv-shm", "key", "loopback", "caller", "no-such-plant"}
	plants := []any{}
	for _, name := range names {
		if name == "kernel-log" && os.Getenv("COFFERDAM_TEST_KERNEL_LOG") == "" {
			// It cannot be undone, and this machine's log is not the suite's.
			continue
		}
		plants = append(plants, map[string]any{"id": "canary." + name, "plant": name, "token": token, "key": shmKey, "description": keyDescription})
	}
	reading, writing, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: exec.Command("/proc/self/exe", insideMode, "witnessed")}
	p.Env = append(os.Environ(), "COFFERDAM_PLAN="+planText(t, map[string]any{
		"run": "r-test", "nodeDirectory": canaryDir, "readyPort": readyAt, "plants": plants,
		"attempts": []any{
			map[string]any{"id": "truth.identity", "kind": "identity"},
			map[string]any{"id": "truth.namespaces", "kind": "namespaces"},
			map[string]any{"id": "boot", "kind": "read", "path": "/proc/sys/kernel/random/boot_id", "again": 1},
		},
		"census":   map[string]any{"volume": "cofferdam-r-test", "ports": []int{22000, 23999}},
		"counters": map[string]any{"id": "aio", "path": "/proc/sys/fs/aio-nr", "intervalMs": 10},
	}))
	p.Stdout, p.Stderr, p.SysProcAttr, p.ExtraFiles = &p.out, &p.errors, inOwnNamespaces(), []*os.File{writing}
	if err := p.Start(); err != nil {
		t.Skipf("no namespaces can be made here: %v", err)
	}
	writing.Close()
	text, _ := io.ReadAll(reading)
	lines := p.end(t)
	found := map[string]string{}
	for line := range strings.Lines(string(text)) {
		var one finding
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatal(err)
		}
		found[one.What] = one.Seen
	}

	for _, name := range []string{"file", "process", "sysv-shm", "socket", "key", "bind"} {
		if !strings.Contains(found[name], token) {
			t.Errorf("the %s canary was not found: %s", name, found[name])
		}
	}
	// A pipe opens for writing, without waiting, only where its reader is seen (fifo(7)).
	if !strings.Contains(found["fifo"], `"type":"fifo"`) {
		t.Errorf("the pipe has no reader here: %s", found["fifo"])
	}
	if elsewhere := found["bind elsewhere"]; !strings.Contains(elsewhere, `"callers":0`) {
		t.Errorf("somebody calls at sockets that are not the run's: %s", elsewhere)
	}
	// Without it no container could use the directory where SELinux is enforced. Where it is not, the label is a name and
	// no more.
	if label := found["label"]; label != "system_u:object_r:container_file_t:s0\x00<nil>" && !strings.HasSuffix(label, "operation not supported") {
		t.Errorf("the directory has the label %q", label)
	}
	if strings.Contains(found["environment"], token) {
		t.Errorf("the witness shows its canaries in its environment: %s", found["environment"])
	}
	if found["exit"] != "<nil>" {
		t.Errorf("the witness ended with %s", found["exit"])
	}
	for what, seen := range found {
		if strings.HasPrefix(what, "left ") && (seen == "true" || strings.Contains(seen, token)) {
			t.Errorf("%s: %s", what, seen)
		}
	}
	checkWitnessLines(t, lines)
}

func checkWitnessLines(t *testing.T, lines []observation) {
	t.Helper()
	by := byID(lines)
	for _, id := range []string{"truth.identity", "truth.namespaces", "boot", "canary.file", "canary.process", "planted", "boot.again", "final", "undo.canary.file", "undo.directory"} {
		if by[id].Value == nil {
			t.Errorf("%s: got %v", id, by[id])
		}
	}
	if by["boot"].Value["text"] != by["boot.again"].Value["text"] {
		t.Errorf("the truths differ: %v, %v", by["boot"], by["boot.again"])
	}
	if file := by["canary.file"].Value; file["nodePath"] != canaryDir+"/canary" || (file["handle"] == nil) == (file["handleErrno"] == nil) {
		t.Errorf("got %v", by["canary.file"])
	}
	for _, name := range []string{"port", "udpPort"} {
		if port, _ := by["canary.loopback"].Value[name].(float64); port == 0 {
			t.Errorf("got %v", by["canary.loopback"])
		}
	}
	if by["canary.no-such-plant"].NotAttempted == "" {
		t.Errorf("got %v", by["canary.no-such-plant"])
	}
	pods, marks, ours, moved, listens := 0, 0, 0, false, false
	for _, line := range lines {
		switch {
		case line.ID == "census" && line.Kind == "pod":
			if pods++; line.Value["uid"] != podUID {
				t.Errorf("got %v", line)
			}
		case line.ID == "census" && line.Kind == "socket":
			if listens = line.Value["port"] == 22345.0; !listens {
				t.Errorf("got %v", line)
			}
		case line.ID == "census" && line.Value["mark"] != nil:
			marks++
			if spaces, _ := line.Value["namespaces"].(map[string]any); len(spaces) == 0 || line.Value["uid"] != 0.0 {
				t.Errorf("got %v", line)
			}
		case line.ID == "census" && line.Value["podUid"] == podUID:
			ours++
		case line.ID == "counter" && line.Kind == "aio":
			moved = moved || strings.Contains(fmt.Sprint(line.Value["changes"]), "2777")
		}
		if strings.Contains(fmt.Sprint(line.Value), otherPod) {
			t.Errorf("another pod's process is told of: %v", line)
		}
	}
	if pods != 1 || marks != 1 || ours == 0 || !moved || !listens {
		t.Errorf("%d pods, %d marks, %d processes of the pod, counter moved %v, socket seen %v", pods, marks, ours, moved, listens)
	}
	// Undone in reverse order.
	order := []string{}
	for _, line := range lines {
		if strings.HasPrefix(line.ID, "undo.canary.") {
			order = append(order, strings.TrimPrefix(line.ID, "undo.canary."))
		}
	}
	if got := strings.Join(order, " "); got != "caller loopback key sysv-shm fifo socket process file" {
		t.Errorf("undone in the order %s", got)
	}
}

func TestAWitnessEndsByItself(t *testing.T) {
	p := start(t, map[string]any{"run": "r-x", "maxLifeMs": 300, "counters": map[string]any{"id": "aio", "path": "/none"}}, nil, "witness")
	got := byID(p.end(t))
	refused(t, got["counter"], "ENOENT", "open")
	if got["planted"].Value == nil || got["final"].Value == nil {
		t.Errorf("got %v", got)
	}
}
