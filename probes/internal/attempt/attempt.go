// Package attempt is the mode of the containers under test: make all attempts, show the mark, look again, end.
package attempt

import (
	"context"
	"encoding/json"
	"time"

	"cofferdam/probes/internal/executed"
	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/kinds"
	"cofferdam/probes/internal/mark"
	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
	"cofferdam/probes/internal/ready"
	"cofferdam/probes/internal/stop"
	"cofferdam/probes/internal/worker"
)

// Run makes the plan's attempts, stays alive for the plan's shortest life, and says whether all could be printed.
func Run(p *plan.Plan, inherited []kinds.Descriptor) bool {
	start := time.Now()
	stopped := stop.Requested()
	out := frame.NewWriter(1, p.Nonce)
	runner := Runner(p, inherited, out)
	defer runner.Close()
	// A socket that the witness finds in the node's kernel, if that is the one that holds this pod's connections. When it
	// cannot be opened, the attempt that connects to it says so.
	_ = ready.Open(int(p.ReadyPort))
	looking, others := executed.Split(p.Attempts)
	// Before all else: an executed process is one more in the container while it is there.
	process := executed.Listen(stopped, p.Nonce, looking)
	process.Await(stopped)
	Make(stopped, runner, others, out)
	if p.Mark {
		show(runner, out)
	}
	// The witness looks a few times a second: whoever ends before that was never seen.
	stop.Sleep(stopped, time.Duration(p.MinLifeMs)*time.Millisecond-time.Since(start))
	// What a container was given after its start shows only now.
	runner.Run(stopped, plan.Again(p.Attempts), func(seen observe.Observation) {
		seen.ID += plan.OfLater
		out.Emit(seen)
	})
	process.Report(func(seen observe.Observation) { out.Emit(seen) })
	return out.Close()
}

// Runner makes the container's attempts. Where the plan wants that, it shows the container to a witness that can see its
// processes, by the name of the one in which they are made, until it is closed.
func Runner(p *plan.Plan, inherited []kinds.Descriptor, out *frame.Writer) *worker.Runner {
	runner := &worker.Runner{Name: "cofferdam-probe", Inherited: inherited}
	if p.Mark {
		runner.Name = mark.Of(p.Nonce)
		show(runner, out)
	}
	return runner
}

// show starts the marked process, if it is not there, or no more: an attempt that hangs takes it along.
func show(runner *worker.Runner, out *frame.Writer) {
	if err := runner.Start(); err != nil {
		// Without the mark the witness cannot find this container, which must not read as "another kernel".
		out.Emit(observe.NotAttempted("mark", "mark", "the marked process could not be started: "+err.Error()))
	}
}

// Make makes the plan's attempts, one after the other, and prints each observation as it comes.
func Make(stopped context.Context, runner *worker.Runner, attempts []json.RawMessage, out *frame.Writer) {
	runner.Run(stopped, attempts, func(seen observe.Observation) { out.Emit(seen) })
}
