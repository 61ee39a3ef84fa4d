// Package kinds holds what the probe can try, one kind a file.
//
// Every kind stops one step short of harm: it opens and closes, reads, or calls with arguments that cannot succeed. None
// creates a file where it looks (O_CREAT turns "not there" into a denial: under gVisor it does), none writes to anything
// but what the suite owns, where it leaves nothing.
package kinds

import "cofferdam/probes/internal/plan"

// Request is one attempt, with what the worker that makes it cannot see itself.
type Request struct {
	plan.Attempt
	// Inherited are the descriptors that the container's first process had at its start.
	Inherited []Descriptor
}

// Kind makes an attempt. It returns a value, a *observe.Refusal for what a system call refused, or another error for an
// attempt that could not be made.
type Kind func(Request) (any, error)

// Table holds all kinds by name.
var Table = map[string]Kind{
	"addresses":   addresses,
	"bind":        bind,
	"call":        call,
	"connect":     connect,
	"credentials": credentials,
	"descriptors": descriptors,
	"device":      device,
	"devices":     devices,
	"disks":       disks,
	"environment": environment,
	"files":       files,
	"handle":      handle,
	"http":        httpGet,
	"identity":    identity,
	"limits":      limits,
	"listening":   listening,
	"list":        list,
	"load":        load,
	"mounts":      mounts,
	"namespaces":  namespaces,
	"open":        open,
	"packet":      packet,
	"peek":        peek,
	"personality": layout,
	"priority":    priority,
	"processes":   processes,
	"read":        read,
	"search":      search,
	"services":    services,
	"volumes":     volumes,
}
