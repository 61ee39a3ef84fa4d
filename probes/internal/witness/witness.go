// Package witness is the view from the node: it reads the truth, plants what must not be found, and tells which processes
// of the node belong to the pods of the run. It runs as root, privileged, and with the node's process namespace.
package witness

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/kinds"
	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
	"cofferdam/probes/internal/ready"
	"cofferdam/probes/internal/stop"
	"cofferdam/probes/internal/worker"
)

// node is the root of the node's file system, through its first process; it needs the node's process namespace.
const node = "/proc/1/root"

const defaultLife = 20 * time.Minute

// Run does all that a witness does, and undoes it.
func Run(p *plan.Plan, inherited []kinds.Descriptor) bool {
	life := defaultLife
	if p.MaxLifeMs > 0 {
		life = time.Duration(p.MaxLifeMs) * time.Millisecond
	}
	stopped, cancel := context.WithTimeout(stop.Requested(), life)
	defer cancel()
	out := frame.NewWriter(1, p.Nonce)
	report := func(seen observe.Observation) { out.Emit(seen) }

	runner := &worker.Runner{Inherited: inherited}
	runner.Run(stopped, p.Attempts, report)
	// An idle worker costs memory, and the next truths are minutes away.
	runner.Close()

	garden := &garden{plan: p}
	if err := garden.makeDirectory(); err != nil {
		report(observe.From("directory", "directory", 0, nil, err))
	}
	for _, wanted := range p.Plants {
		if stopped.Err() != nil {
			break
		}
		report(garden.plant(wanted))
	}
	out.Emit(observe.From("planted", "planted", 0, map[string]any{"plants": len(p.Plants)}, nil))
	if err := ready.Open(int(p.ReadyPort)); err != nil {
		report(observe.From("ready", "ready", 0, nil, observe.Refused("listen", err)))
	}

	var watchers sync.WaitGroup
	if p.Census != nil {
		watchers.Go(func() { newCensus(*p.Census, report).run(stopped) })
	}
	if p.Counters != nil {
		watchers.Go(func() { watchCounter(stopped, *p.Counters, report) })
	}
	<-stopped.Done()
	watchers.Wait()

	// Undone first: what comes after may be cut off by the kubelet, the node must be clean by then.
	garden.undo(report)
	final(runner, p.Attempts, report)
	runner.Close()
	return out.Close()
}

// finalPatience is for the truths that are repeated; a kubelet waits 30 seconds for the end of a pod by default.
const finalPatience = 10 * time.Second

// final makes the attempts again that the plan wants so: a truth that changed during the run is none.
func final(runner *worker.Runner, attempts []json.RawMessage, report func(observe.Observation)) {
	again := plan.Again(attempts)
	ctx, cancel := context.WithTimeout(context.Background(), finalPatience)
	defer cancel()
	runner.Run(ctx, again, func(seen observe.Observation) {
		seen.ID += plan.OfLater
		report(seen)
	})
	report(observe.From("final", "final", 0, map[string]any{"repeated": len(again)}, nil))
}
