// Package attempt is the mode of the containers under test: make all attempts, show the mark, end.
package attempt

import (
	"time"

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
	if p.Mark {
		marked, err := mark.Start(mark.Of(p.Nonce))
		if err != nil {
			// Without the mark the witness cannot find this container, which must not read as "another kernel".
			out.Emit(observe.NotAttempted("mark", "mark", "the marked process could not be started: "+err.Error()))
		} else {
			defer marked.Stop()
		}
	}
	// A socket that the witness finds in the node's kernel, if that is the one that holds this pod's connections. When it
	// cannot be opened, the attempt that connects to it says so.
	_ = ready.Open(int(p.ReadyPort))
	runner := &worker.Runner{Inherited: inherited}
	runner.Run(stopped, p.Attempts, func(seen observe.Observation) { out.Emit(seen) })
	runner.Close()
	// The witness looks a few times a second: whoever ends before that was never seen.
	stop.Sleep(stopped, time.Duration(p.MinLifeMs)*time.Millisecond-time.Since(start))
	return out.Close()
}
