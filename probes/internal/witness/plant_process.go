package witness

import (
	"cofferdam/probes/internal/mark"
	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

// plantProcess starts a process with the token among its arguments, which every process of the same namespace may read.
func plantProcess(_ *plan.Plan, wanted plan.Plant) (any, undo, error) {
	named, err := mark.Start("cofferdam-canary", string(wanted.Token))
	if err != nil {
		return nil, nil, observe.Refused("execve", err)
	}
	return map[string]int{"pid": named.PID()}, func() error { named.Stop(); return nil }, nil
}
