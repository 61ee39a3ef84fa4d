package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/kinds"
	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
	"cofferdam/probes/internal/worker"
)

// runKind makes one attempt from a shell and prints its observation, for people and tests. `--paths` and `--asks` may be
// repeated.
func runKind(kind string, flags []string) int {
	if _, known := kinds.Table[kind]; !known {
		return usage(fmt.Sprintf("there is no mode or kind %q", kind))
	}
	asked, err := parseFlags(kind, flags)
	if err != nil {
		return usage(err.Error())
	}
	inherited := kinds.Inherited()
	seen := make(chan observe.Observation, 1)
	go func() { seen <- worker.Make(asked, inherited) }()
	var observation observe.Observation
	select {
	case observation = <-seen:
	case <-time.After(worker.Deadline(asked)):
		observation = observe.NotAttempted(kind, kind, "it did not end in time")
	}
	encoded, err := frame.Encode(observation)
	if err != nil {
		fmt.Fprintln(os.Stderr, "cofferdam-probe:", err)
		return exitOutput
	}
	fmt.Println(string(encoded))
	return exitDone
}

func parseFlags(kind string, flags []string) (plan.Attempt, error) {
	fields := map[string]any{"id": kind, "kind": kind}
	for len(flags) > 0 {
		name, isFlag := strings.CutPrefix(flags[0], "--")
		name, value, joined := strings.Cut(name, "=")
		if !isFlag || name == "" {
			return plan.Attempt{}, fmt.Errorf("%q is not a flag", flags[0])
		}
		flags = flags[1:]
		if !joined {
			if len(flags) == 0 {
				return plan.Attempt{}, fmt.Errorf("--%s needs a value", name)
			}
			value, flags = flags[0], flags[1:]
		}
		if name == "paths" || name == "asks" {
			before, _ := fields[name].([]string)
			fields[name] = append(before, value)
		} else {
			fields[name] = value
		}
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		return plan.Attempt{}, err
	}
	var asked plan.Attempt
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(&asked)
	return asked, err
}

func usage(problem string) int {
	if problem != "" {
		fmt.Fprintln(os.Stderr, "cofferdam-probe:", problem)
	}
	names := make([]string, 0, len(kinds.Table))
	for name := range kinds.Table {
		names = append(names, name)
	}
	slices.Sort(names)
	fmt.Fprintf(os.Stderr, `usage: cofferdam-probe KIND [--argument value ...]
       cofferdam-probe attempt | witness | serve | dial   (the plan is in %s)
       cofferdam-probe executed NAME   (of the container in which it is executed)
kinds: %s
`, plan.Variable, strings.Join(names, " "))
	return exitUsage
}
