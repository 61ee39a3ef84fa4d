// Command cofferdam-probe makes attempts inside a container and reports what it saw; on the node it is the witness, and
// for the network checks the server and the client.
package main

import (
	"fmt"
	"os"
	"runtime"

	"cofferdam/probes/internal/attempt"
	"cofferdam/probes/internal/dial"
	"cofferdam/probes/internal/executed"
	"cofferdam/probes/internal/kinds"
	"cofferdam/probes/internal/mark"
	"cofferdam/probes/internal/plan"
	"cofferdam/probes/internal/serve"
	"cofferdam/probes/internal/witness"
	"cofferdam/probes/internal/worker"
)

// Exit codes.
const (
	exitDone = iota
	// exitOutput: the output could not be printed to its end.
	exitOutput
	exitUsage
)

// init keeps the first thread of a worker for what asks: that one's rank, name and personality are the process's, and an
// attempt that changes its own thread's must never be on it.
func init() {
	if len(os.Args) > 1 && os.Args[1] == worker.Mode {
		runtime.LockOSThread()
	}
}

func main() { os.Exit(run(os.Args)) }

func run(argv []string) int {
	if len(argv) < 2 {
		return usage("")
	}
	switch argv[1] {
	case mark.Mode:
		mark.Wait()
		return exitDone
	case worker.Mode:
		worker.Serve()
		return exitDone
	case kinds.ListMode:
		kinds.PrintInherited()
		return exitDone
	case executed.Mode:
		return runExecuted(argv[2:])
	case "attempt", "witness", "serve", "dial":
		return runMode(argv[1])
	default:
		return runKind(argv[1], argv[2:])
	}
}

func runExecuted(names []string) int {
	inherited := kinds.Inherited()
	// It is given the environment of the container's first process, plan included.
	plan.Take()
	if len(names) != 1 {
		return usage("")
	}
	if err := executed.Tell(names[0], inherited); err != nil {
		fmt.Fprintf(os.Stderr, "cofferdam-probe: %v\n", err)
		return exitOutput
	}
	return exitDone
}

func runMode(mode string) int {
	// First of all, before this process opens anything itself.
	inherited := kinds.Inherited()
	p, err := plan.Parse(plan.Take())
	if err != nil {
		fmt.Fprintf(os.Stderr, "cofferdam-probe: %s: %v\n", plan.Variable, err)
		return exitUsage
	}
	whole := false
	switch mode {
	case "attempt":
		whole = attempt.Run(p, inherited)
	case "witness":
		whole = witness.Run(p, inherited)
	case "serve":
		whole = serve.Run(p, inherited)
	case "dial":
		whole = dial.Run(p, inherited)
	}
	if !whole {
		return exitOutput
	}
	return exitDone
}
