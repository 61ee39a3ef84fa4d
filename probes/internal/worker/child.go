package worker

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/kinds"
	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

// Mode is the argument that makes the probe a worker: it reads attempts from standard input, one a line, and answers each
// with its observation on standard output.
const Mode = "internal-worker"

// request is what the parent sends for one attempt.
type request struct {
	Attempt plan.Attempt `json:"attempt"`
	// Inherited are the descriptors that the container's first process had at its start; the worker has others.
	Inherited []kinds.Descriptor `json:"inherited,omitempty"`
}

// Serve is the worker's side.
func Serve() {
	in := bufio.NewReaderSize(os.Stdin, 64<<10)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var asked request
		var seen observe.Observation
		if err := json.Unmarshal(line, &asked); err != nil {
			seen = observe.NotAttempted("", "", "the worker could not read its task: "+err.Error())
		} else {
			seen = Make(asked.Attempt, asked.Inherited)
		}
		answer, err := frame.Encode(seen)
		if err != nil {
			return
		}
		if _, err := os.Stdout.Write(append(answer, '\n')); err != nil {
			return
		}
	}
}

// Make makes one attempt in this process. A panic is a fault of the probe's, and says nothing about the container.
func Make(attempt plan.Attempt, inherited []kinds.Descriptor) (seen observe.Observation) {
	start := time.Now()
	id, kind := string(attempt.ID), string(attempt.Kind)
	defer func() {
		if fault := recover(); fault != nil {
			seen = observe.NotAttempted(id, kind, fmt.Sprintf("the probe failed: %v", fault))
		}
	}()
	make, known := kinds.Table[kind]
	if !known {
		return observe.NotAttempted(id, kind, fmt.Sprintf("this probe knows no kind %q", kind))
	}
	value, err := make(kinds.Request{Attempt: attempt, Inherited: inherited})
	return observe.From(id, kind, time.Since(start), value, err)
}
