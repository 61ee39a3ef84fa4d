package kinds

import (
	"os"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/proc"
)

type namespacesValue struct {
	Self map[string]string `json:"self"`
	// PID1 is null where the first process's namespaces may not be read.
	PID1 map[string]string `json:"pid1"`
}

// namespaces reads the numbers of its own namespaces and of the first process's that it can see. With `of: pid1` a first
// process that may not be looked at is a refusal.
func namespaces(request Request) (any, error) {
	self, err := proc.Namespaces(os.Getpid())
	if err != nil {
		return nil, observe.Refused("readlink", err)
	}
	first, err := proc.Namespaces(1)
	if err != nil {
		if request.Of == "pid1" {
			return nil, observe.Refused("readlink", err)
		}
		first = nil
	}
	return namespacesValue{Self: self, PID1: first}, nil
}
