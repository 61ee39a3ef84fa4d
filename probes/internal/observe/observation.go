// Package observe holds what an attempt saw: a value, a refusal with its error's name, or why nothing can be said.
package observe

import (
	"encoding/json"
	"errors"
	"fmt"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
)

// Observation is the outcome of one attempt. Exactly one of Value, Errno and NotAttempted is set.
type Observation struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	// Ms is how long the attempt took.
	Ms    int64 `json:"ms"`
	Value any   `json:"value,omitempty"`
	// Errno is the name of the error, Step the system call that returned it.
	Errno        string `json:"errno,omitempty"`
	Step         string `json:"step,omitempty"`
	NotAttempted string `json:"notAttempted,omitempty"`
	// Detail is a remark for the reader of the raw output; nothing is decided by it.
	Detail string `json:"detail,omitempty"`
}

// UnmarshalJSON keeps the value as it was encoded: decoded and encoded again, large numbers would change.
func (o *Observation) UnmarshalJSON(data []byte) error {
	type plain Observation
	raw := struct {
		*plain
		Value json.RawMessage `json:"value"`
	}{plain: (*plain)(o)}
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	if len(raw.Value) > 0 {
		o.Value = raw.Value
	}
	return nil
}

// Refusal is an error that a system call returned.
type Refusal struct {
	Step   string
	Errno  syscall.Errno
	Detail string
}

func (r *Refusal) Error() string { return r.Step + ": " + Name(r.Errno) }

// Unwrap gives the error number.
func (r *Refusal) Unwrap() error { return r.Errno }

// Name is an error's name as in errno(3), or E and its number when it has none.
func Name(errno syscall.Errno) string {
	if name := unix.ErrnoName(errno); name != "" {
		return name
	}
	return fmt.Sprintf("E%d", int(errno))
}

// Refused says which call failed. An error that no system call returned makes the attempt not attempted: what is not an
// answer of a kernel must not look like one.
func Refused(step string, err error) error {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal
	}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return &Refusal{Step: step, Errno: errno}
	}
	return fmt.Errorf("%s: %w", step, err)
}

// From turns what an attempt returned into its observation.
func From(id, kind string, took time.Duration, value any, err error) Observation {
	seen := Observation{ID: frame.Clean(id), Kind: frame.Clean(kind), Ms: took.Milliseconds()}
	var refusal *Refusal
	switch {
	case err == nil && value == nil:
		seen.NotAttempted = "the attempt returned nothing"
	case err == nil:
		seen.Value = value
	case errors.As(err, &refusal):
		seen.Errno, seen.Step, seen.Detail = Name(refusal.Errno), refusal.Step, clip(refusal.Detail)
	default:
		seen.NotAttempted = clip(err.Error())
	}
	if seen.Value != nil && frame.Cost(seen.Value) > frame.MaxLine-2048 {
		seen.Value, seen.NotAttempted = nil, "what was seen does not fit into a line"
	}
	return seen
}

// NotAttempted is the observation of an attempt about which nothing can be said.
func NotAttempted(id, kind, why string) Observation {
	return Observation{ID: frame.Clean(id), Kind: frame.Clean(kind), NotAttempted: clip(why)}
}

func clip(text string) string {
	clean, truncated := frame.Bounded([]byte(text), 600)
	if truncated {
		clean += " ..."
	}
	return clean
}
