// Package executed lets a process that is executed in a running container tell what it was given to the container's first
// process.
//
// A runtime makes such a process by another way than the first one (runc exec, not runc create), from a configuration of
// its own, and what it forgets there is forgotten for everybody who uses kubectl exec. The kubelet executes one for the
// container's startup probe; what it prints is lost, so it tells the first process through a socket that only the pod's
// network namespace has.
package executed

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/kinds"
	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
	"cofferdam/probes/internal/proc"
	"cofferdam/probes/internal/stop"
)

const (
	// Mode is the argument that makes the probe such a process; the next one says which container's.
	Mode = "executed"
	// Kind is that of the attempts which look at it.
	Kind = "executed"

	// tellPatience is for a first process that has the socket open and is busy.
	tellPatience = 10 * time.Second
	// endPatience is for the process to be gone once it told: until then it is one more in the container.
	endPatience = 10 * time.Second
	endLooks    = 50 * time.Millisecond
)

// report is what the process tells. Of each look there is either a value or why there is none.
type report map[string]observe.Observation

// looks are what it looks at, by the word with which an attempt asks.
func looks(inherited []kinds.Descriptor) map[string]kinds.Kind {
	return map[string]kinds.Kind{
		"credentials": func(kinds.Request) (any, error) { return proc.Status(os.Getpid()) },
		"descriptors": func(kinds.Request) (any, error) {
			return kinds.Table["descriptors"](kinds.Request{Inherited: inherited})
		},
		"environment": kinds.Table["environment"],
		"apparmor":    reading("/proc/self/attr/current"),
		"oom":         reading("/proc/self/oom_score_adj"),
		"priority": func(kinds.Request) (any, error) {
			return kinds.Table["priority"](kinds.Request{Attempt: plan.Attempt{PID: plan.Number(os.Getpid())}})
		},
	}
}

func reading(path string) kinds.Kind {
	return func(kinds.Request) (any, error) {
		return kinds.Table["read"](kinds.Request{Attempt: plan.Attempt{Path: plan.Text(path)}})
	}
}

// nameOf names a container for the process that is executed in it; its twin is in harness/collect/manifests/subject.ts.
func nameOf(nonce string) string {
	sum := sha256.Sum256([]byte("executed:" + nonce))
	return hex.EncodeToString(sum[:])[:32]
}

func address(name string) *net.UnixAddr {
	return &net.UnixAddr{Net: "unix", Name: "@cofferdam-executed-" + name}
}

// Tell is the mode of that process. It fails where nobody listens yet, or any more: the kubelet executes another one.
func Tell(name string, inherited []kinds.Descriptor) error {
	told := report{}
	for word, look := range looks(inherited) {
		start := time.Now()
		value, err := look(kinds.Request{})
		told[word] = observe.From(word, Kind, time.Since(start), value, err)
	}
	encoded, err := json.Marshal(told)
	if err != nil {
		return err
	}
	connection, err := net.DialUnix("unix", nil, address(name))
	if err != nil {
		return err
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(tellPatience))
	if _, err := connection.Write(encoded); err != nil {
		return err
	}
	return connection.CloseWrite()
}

// Split takes the attempts that look at an executed process out of a plan's.
func Split(attempts []json.RawMessage) (looking []plan.Attempt, others []json.RawMessage) {
	for _, raw := range attempts {
		if attempt, err := plan.ParseAttempt(raw); err == nil && attempt.Kind == Kind {
			looking = append(looking, attempt)
		} else {
			others = append(others, raw)
		}
	}
	return looking, others
}

// Listener is the first process's side.
type Listener struct {
	looking []plan.Attempt
	socket  *net.UnixListener
	// told is closed once report and err are there: what the first process that came told.
	told   chan struct{}
	report report
	err    error
}

// Listen waits for the process from now on. Without an attempt that looks at it there is nothing to wait for.
func Listen(ctx context.Context, nonce string, looking []plan.Attempt) *Listener {
	l := &Listener{looking: looking, told: make(chan struct{})}
	if len(looking) == 0 {
		return l
	}
	socket, err := net.ListenUnix("unix", address(nameOf(nonce)))
	if err != nil {
		l.err = fmt.Errorf("no socket for the executed process: %w", err)
		close(l.told)
		return l
	}
	l.socket = socket
	go l.serve(ctx)
	return l
}

// serve takes whoever comes: the kubelet executes the next one until one ended well, and each is one more in the container.
func (l *Listener) serve(ctx context.Context) {
	for first := true; ; first = false {
		connection, err := l.socket.AcceptUnix()
		if err != nil {
			return
		}
		report, err := receive(connection)
		if first {
			awaitEnd(ctx, connection)
			l.report, l.err = report, err
			close(l.told)
		}
		_ = connection.Close()
	}
}

// Await returns when the process has told what it saw and is gone, or as soon as the attempts' deadline or ctx ends.
func (l *Listener) Await(ctx context.Context) {
	if len(l.looking) == 0 {
		return
	}
	timer := time.NewTimer(l.patience())
	defer timer.Stop()
	select {
	case <-l.told:
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (l *Listener) patience() time.Duration {
	return time.Duration(l.looking[0].DeadlineMs) * time.Millisecond
}

// Report tells what was seen, also of a process that came late, and listens no more.
func (l *Listener) Report(report func(observe.Observation)) {
	if l.socket != nil {
		_ = l.socket.Close()
	}
	told, err := l.outcome()
	for _, attempt := range l.looking {
		id := string(attempt.ID)
		seen, known := told[string(attempt.Look)]
		switch {
		case err != nil:
			seen = observe.NotAttempted(id, Kind, err.Error())
		case !known:
			seen = observe.NotAttempted(id, Kind, fmt.Sprintf("the executed process does not look at %q", attempt.Look))
		}
		seen.ID, seen.Kind = frame.Clean(id), Kind
		report(seen)
	}
}

func (l *Listener) outcome() (report, error) {
	select {
	case <-l.told:
		return l.report, l.err
	default:
		return nil, errors.New("the kubelet's startup probe executed no process in the container while it ran")
	}
}

func receive(connection *net.UnixConn) (report, error) {
	_ = connection.SetDeadline(time.Now().Add(tellPatience))
	// What it looks at fills a line each, at most.
	text, err := io.ReadAll(io.LimitReader(connection, int64(len(looks(nil)))*frame.MaxLine))
	if err != nil {
		return nil, fmt.Errorf("the executed process did not tell to the end: %w", err)
	}
	var told report
	if err := json.Unmarshal(text, &told); err != nil {
		return nil, fmt.Errorf("the executed process told something else than it should: %w", err)
	}
	return told, nil
}

// awaitEnd waits until /proc shows the process no more, where the kernel says which one it is.
func awaitEnd(ctx context.Context, connection *net.UnixConn) {
	control, err := connection.SyscallConn()
	if err != nil {
		return
	}
	var peer *unix.Ucred
	_ = control.Control(func(fd uintptr) {
		peer, _ = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	})
	if peer == nil || peer.Pid <= 0 || int(peer.Pid) == os.Getpid() {
		return
	}
	for end := time.Now().Add(endPatience); time.Now().Before(end); {
		if _, err := os.Stat("/proc/" + strconv.Itoa(int(peer.Pid))); err != nil || !stop.Sleep(ctx, endLooks) {
			return
		}
	}
}
