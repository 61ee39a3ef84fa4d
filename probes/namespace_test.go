package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// insideMode makes the test binary the first process of its own namespaces: a node of its own, as far as processes, mounts,
// networks and IPC go. What follows is a word for what it becomes, and the probe's arguments.
const insideMode = "test-inside"

const ownNamespaces = unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS

func inOwnNamespaces() *syscall.SysProcAttr { return &syscall.SysProcAttr{Cloneflags: ownNamespaces} }

// inside prepares the namespaces. "exec" becomes the probe, as in an image that holds nothing else; "node" stays the first
// process and runs the probe beside it, with itself as the node.
func inside(arguments []string) int {
	err := errors.Join(
		unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""),
		unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""),
		unix.Mount("shm", "/dev/shm", "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "size=1m"),
		unix.Mount("lib", "/var/lib", "tmpfs", unix.MS_NOSUID, "size=1m"),
		loopbackUp(),
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, "the namespaces could not be prepared:", err)
		return 9
	}
	if arguments[0] == "exec" {
		err := syscall.Exec("/proc/self/exe", append([]string{"cofferdam-probe"}, arguments[1:]...), os.Environ())
		fmt.Fprintln(os.Stderr, err)
		return 9
	}
	return nodes[arguments[0]](arguments[1:])
}

func loopbackUp() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	request.SetUint16(unix.IFF_UP)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, request)
}

// nodes are what the first process may become.
var nodes = map[string]func([]string) int{"plain": plainNode, "witnessed": witnessedNode}

// plainNode runs the probe as its child.
func plainNode(arguments []string) int {
	command := exec.Command("/proc/self/exe", arguments...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 9
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	go func() {
		for one := range signals {
			_ = command.Process.Signal(one)
		}
	}()
	if err := command.Wait(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 9
	}
	return 0
}

// unprivileged makes one attempt as nobody, without a capability.
func unprivileged(t *testing.T, arguments ...string) observation {
	t.Helper()
	needsRoot(t, "runs the probe as another user")
	probe := publicCopy(t)
	command := exec.Command(probe, arguments...)
	command.Dir = "/"
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
	output, err := command.Output()
	if err != nil {
		t.Skipf("the probe cannot run as another user here: %v", err)
	}
	var one observation
	if err := json.Unmarshal(output, &one); err != nil {
		t.Fatal(err)
	}
	return one
}

var copied string

// publicCopy is the test binary where everybody may run it.
func publicCopy(t *testing.T) string {
	t.Helper()
	if copied == "" {
		directory, err := os.MkdirTemp("", "cofferdam-probe-test")
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile("/proc/self/exe")
		if err != nil {
			t.Fatal(err)
		}
		copied = filepath.Join(directory, "probe")
		if err := errors.Join(os.Chmod(directory, 0o755), os.WriteFile(copied, data, 0o755)); err != nil {
			t.Fatal(err)
		}
	}
	return copied
}

func TestAttemptsAsTheFirstProcess(t *testing.T) {
	needsRoot(t, "makes namespaces")
	got := start(t, map[string]any{"mark": true, "attempts": []any{
		map[string]any{"id": "namespaces", "kind": "namespaces", "of": "pid1"},
		map[string]any{"id": "credentials", "kind": "credentials"},
		map[string]any{"id": "mounts", "kind": "mounts"},
		map[string]any{"id": "processes", "kind": "search", "where": "processes", "sha256": digestOf(token)},
		map[string]any{"id": "others", "kind": "processes"},
		map[string]any{"id": "environment", "kind": "search", "where": "environment", "sha256": digestOf(token)},
		map[string]any{"id": "memory", "kind": "search", "where": "sysv-shm", "sha256": digestOf(token), "key": 0x1234567},
		map[string]any{"id": "unshare", "kind": "call", "call": "unshare_user"},
		map[string]any{"id": "refused", "kind": "connect", "network": "tcp", "address": "127.0.0.1:1"},
		map[string]any{"id": "unreachable", "kind": "connect", "network": "tcp", "address": "192.0.2.1:1"},
		map[string]any{"id": "hang", "kind": "test-hang", "deadlineMs": 200},
		map[string]any{"id": "identity", "kind": "identity"},
	}}, inOwnNamespaces(), insideMode, "exec", "attempt").end(t)
	by := byID(got)
	first := by["namespaces"].Value["pid1"].(map[string]any)
	outer, _ := os.Readlink("/proc/self/ns/pid")
	if len(first) == 0 || "pid:["+fmt.Sprint(first["pid"])+"]" == outer {
		t.Errorf("got %v", by["namespaces"])
	}
	if by["credentials"].Value["uid"] != 0.0 {
		t.Errorf("got %v", by["credentials"])
	}
	if text := fmt.Sprint(by["mounts"].Value); !strings.Contains(text, "point:/dev/shm") {
		t.Errorf("got %v", by["mounts"])
	}
	// The probe's own parent is the other that it sees.
	if looked, _ := by["processes"].Value["looked"].(float64); looked != 1 || by["processes"].Value["found"] != nil {
		t.Errorf("got %v", by["processes"])
	}
	// The first process and its worker.
	if others := by["others"].Value; others["own"] != 2.0 || others["others"] != 0.0 {
		t.Errorf("got %v", by["others"])
	}
	if looked, _ := by["environment"].Value["looked"].(float64); looked != 1 {
		t.Errorf("got %v", by["environment"])
	}
	refused(t, by["memory"], "ENOENT", "shmget")
	if by["unshare"].NotAttempted != "" {
		t.Errorf("got %v", by["unshare"])
	}
	refused(t, by["refused"], "ECONNREFUSED", "connect")
	refused(t, by["unreachable"], "ENETUNREACH", "connect")
	if by["hang"].NotAttempted == "" || by["identity"].Value == nil {
		t.Errorf("got %v, %v", by["hang"], by["identity"])
	}
}

func byID(all []observation) map[string]observation {
	by := map[string]observation{}
	for _, one := range all {
		by[one.ID] = one
	}
	return by
}

func TestTheFirstProcessEndsWhenTold(t *testing.T) {
	needsRoot(t, "makes namespaces")
	p := start(t, map[string]any{"minLifeMs": 60_000, "attempts": []any{}}, inOwnNamespaces(), insideMode, "exec", "attempt")
	time.Sleep(500 * time.Millisecond)
	_ = p.Process.Signal(syscall.SIGTERM)
	begin := time.Now()
	p.end(t)
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestDescriptorsLeaked(t *testing.T) {
	needsRoot(t, "makes namespaces")
	// A directory of another mount namespace: held open by a process outside, seen through /proc as a control does.
	outside, err := os.Open("/")
	if err != nil {
		t.Fatal(err)
	}
	defer outside.Close()
	p := &process{Cmd: exec.Command("/proc/self/exe", insideMode, "exec", "attempt")}
	p.Env = append(os.Environ(), "COFFERDAM_PLAN="+planText(t, map[string]any{"attempts": []any{
		map[string]any{"id": "inherited", "kind": "descriptors"},
		map[string]any{"id": "leaked", "kind": "descriptors", "leak": "/dev/shm"},
		map[string]any{"id": "again", "kind": "descriptors", "leak": "/proc/self/fd/3"},
	}}))
	p.Stdout, p.Stderr, p.SysProcAttr = &p.out, &p.errors, inOwnNamespaces()
	reading, writing, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reading.Close()
	defer writing.Close()
	device, err := os.Open("/dev/null")
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	p.Stdin = outside
	p.ExtraFiles = []*os.File{outside, reading, device}
	if err := p.Start(); err != nil {
		t.Skipf("no namespaces can be made here: %v", err)
	}
	by := byID(p.end(t))
	if fd := descriptor(by["inherited"], 3); fd["type"] != "dir" || fd["outside"] != true {
		t.Errorf("the descriptor of another mount namespace: %v", by["inherited"])
	}
	if fd := descriptor(by["inherited"], 4); fd["type"] != "fifo" || fd["outside"] != true {
		t.Errorf("a pipe of somebody else's: %v", by["inherited"])
	}
	if fd := descriptor(by["inherited"], 5); fd["type"] != "char" || fd["outside"] != true {
		t.Errorf("a device opened in another mount namespace: %v", by["inherited"])
	}
	if fd := descriptor(by["inherited"], 0); fd["type"] != "dir" || fd["outside"] != true {
		t.Errorf("a directory in the place of the standard input: %v", by["inherited"])
	}
	if fd := descriptor(by["inherited"], 1); fd != nil {
		t.Errorf("the standard output is a pipe, and no leak: %v", fd)
	}
	seen := fmt.Sprint(by["leaked"].Value)
	if !strings.Contains(seen, "target:/dev/shm") || !strings.Contains(seen, "outside:false") {
		t.Errorf("a descriptor of its own mount: %v", by["leaked"])
	}
	if strings.Count(fmt.Sprint(by["again"].Value), "outside:true target:/ type:dir") != 2 {
		t.Errorf("the leak of a directory of another mount namespace: %v", by["again"])
	}
}

func descriptor(seen observation, number float64) map[string]any {
	all, _ := seen.Value["descriptors"].([]any)
	for _, one := range all {
		if one := one.(map[string]any); one["fd"] == number {
			return one
		}
	}
	return nil
}
