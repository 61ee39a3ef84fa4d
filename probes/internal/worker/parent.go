// Package worker makes attempts in a child process, so that one that hangs or crashes loses only itself. One child serves
// for many: under an emulator a process costs a tenth of a second.
package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/kinds"
	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
	"cofferdam/probes/internal/spawn"
)

// defaultDeadline is generous: an emulated node is ten times as slow as the machine that this was written on.
const defaultDeadline = 10 * time.Second

// killPatience is how long a killed worker may take to be gone. One that is stuck inside the kernel is left behind.
const killPatience = 2 * time.Second

// Runner makes attempts, one after another. Not for use from several goroutines.
type Runner struct {
	// Name is what the process table shows of the process in which they are made.
	Name string
	// Inherited are the descriptors that this process had at its start.
	Inherited []kinds.Descriptor
	worker    *process
}

// process is a running worker.
type process struct {
	child  *spawn.Child
	tasks  *os.File
	stderr *os.File
	// answers come from a goroutine of the worker's own; the channel is closed when its output ends.
	answers chan []byte
}

// Run makes the attempts in their order and gives each observation as it comes. When ctx ends, what is left is reported as
// not attempted: every attempt of the plan has its line.
func (r *Runner) Run(ctx context.Context, attempts []json.RawMessage, report func(observe.Observation)) {
	for _, raw := range attempts {
		attempt, err := plan.ParseAttempt(raw)
		id, kind := string(attempt.ID), string(attempt.Kind)
		switch {
		case err != nil:
			report(observe.NotAttempted(id, kind, "the arguments cannot be read: "+err.Error()))
		case ctx.Err() != nil:
			report(observe.NotAttempted(id, kind, "the container was told to end before this was tried"))
		default:
			report(r.one(ctx, attempt))
		}
	}
}

// Start starts the process in which attempts are made, unless it is there.
func (r *Runner) Start() error {
	if r.worker != nil {
		return nil
	}
	started, err := start(r.Name)
	r.worker = started
	return err
}

func (r *Runner) one(ctx context.Context, attempt plan.Attempt) observe.Observation {
	id, kind := string(attempt.ID), string(attempt.Kind)
	fail := func(why string) observe.Observation { return observe.NotAttempted(id, kind, why) }
	if _, known := kinds.Table[kind]; !known {
		return fail(fmt.Sprintf("this probe knows no kind %q", kind))
	}
	if err := r.Start(); err != nil {
		return fail("no worker could be started: " + err.Error())
	}
	asked := request{Attempt: attempt}
	if kind == "descriptors" {
		asked.Inherited = r.Inherited
	}
	task, err := json.Marshal(asked)
	if err != nil {
		return fail(err.Error())
	}
	if _, err := r.worker.tasks.Write(append(task, '\n')); err != nil {
		return fail("the worker took no task: " + r.lose())
	}
	deadline := Deadline(attempt)
	timer := time.NewTimer(deadline)
	defer timer.Stop()
	select {
	case answer, open := <-r.worker.answers:
		if !open {
			return fail("the attempt ended its process: " + r.lose())
		}
		var seen observe.Observation
		if err := json.Unmarshal(answer, &seen); err != nil || seen.ID != frame.Clean(id) {
			r.lose()
			return fail("the worker answered something else than it was asked")
		}
		return seen
	case <-timer.C:
		r.lose()
		return fail(fmt.Sprintf("it did not end within %d ms", deadline.Milliseconds()))
	case <-ctx.Done():
		r.lose()
		return fail("the container was told to end while this was tried")
	}
}

// Deadline is how long an attempt may take.
func Deadline(attempt plan.Attempt) time.Duration {
	if attempt.DeadlineMs > 0 {
		return time.Duration(attempt.DeadlineMs) * time.Millisecond
	}
	// Kinds that take their time by intent get it on top.
	own := time.Duration(0)
	switch attempt.Kind {
	case "connect":
		own = time.Duration(attempt.TimeoutMs) * time.Millisecond
	case "packet":
		// The way is looked for as long as an answer is waited for.
		own = 2 * time.Duration(attempt.TimeoutMs) * time.Millisecond
	case "http":
		own = time.Duration(attempt.TimeoutMs)*time.Millisecond + kinds.AnswerPatience(attempt)
	case "services":
		// One that is silent is left alone after its first question, without TLS or with it.
		own = 3 * (time.Duration(attempt.TimeoutMs)*time.Millisecond + kinds.AnswerPatience(attempt))
	case "load":
		own = kinds.LoadDuration(attempt)
	}
	return defaultDeadline + own
}

func start(name string) (*process, error) {
	var open []int
	closeAll := func() {
		for _, fd := range open {
			syscall.Close(fd)
		}
	}
	pipe := func() (reading, writing int, err error) {
		reading, writing, err = spawn.Pipe()
		if err == nil {
			open = append(open, reading, writing)
		}
		return reading, writing, err
	}
	tasksReading, tasks, err1 := pipe()
	answers, answersWriting, err2 := pipe()
	stderr, stderrWriting, err3 := pipe()
	if err := errors.Join(err1, err2, err3); err != nil {
		closeAll()
		return nil, err
	}
	child, err := spawn.Start(spawn.Options{
		Argv:  []string{name, Mode},
		Files: []int{tasksReading, answersWriting, stderrWriting},
		Group: true,
	})
	if err != nil {
		closeAll()
		return nil, err
	}
	for _, fd := range []int{tasksReading, answersWriting, stderrWriting} {
		syscall.Close(fd)
	}
	p := &process{
		child:   child,
		tasks:   os.NewFile(uintptr(tasks), "tasks"),
		stderr:  os.NewFile(uintptr(stderr), "stderr"),
		answers: make(chan []byte),
	}
	go p.read(os.NewFile(uintptr(answers), "answers"))
	return p, nil
}

// read gives on what the worker answers. Lines are bounded: a worker that went wild must not fill the parent's memory.
func (p *process) read(from *os.File) {
	defer close(p.answers)
	defer from.Close()
	scanner := bufio.NewScanner(from)
	scanner.Buffer(make([]byte, 0, 16<<10), frame.MaxLine)
	for scanner.Scan() {
		p.answers <- append([]byte(nil), scanner.Bytes()...)
	}
}

// lose kills the worker with everything it started, and says how it ended.
func (r *Runner) lose() string {
	p := r.worker
	r.worker = nil
	if p == nil {
		return "it was gone"
	}
	_ = p.tasks.Close()
	// One that ended by itself has its own ending to tell.
	ended := p.child.Wait(100 * time.Millisecond)
	p.child.KillGroup()
	go func() {
		for range p.answers {
		}
	}()
	if !ended && !p.child.Wait(killPatience) {
		return "it is stuck in the kernel and could not be killed"
	}
	ending := p.child.Ending()
	if said := p.lastWords(); said != "" {
		ending += ", " + said
	}
	return ending
}

// lastWords is the beginning of what a crashed worker printed: the Go runtime says the cause first.
func (p *process) lastWords() string {
	defer p.stderr.Close()
	fd := int(p.stderr.Fd())
	if err := syscall.SetNonblock(fd, true); err != nil {
		return ""
	}
	buffer := make([]byte, 400)
	n, err := syscall.Read(fd, buffer)
	if err != nil || n <= 0 {
		return ""
	}
	first, _, _ := strings.Cut(strings.TrimSpace(string(buffer[:n])), "\n")
	return frame.Clean(first)
}

// Close ends the worker.
func (r *Runner) Close() {
	if r.worker != nil {
		r.lose()
	}
}
