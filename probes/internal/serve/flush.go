package serve

import (
	"context"
	"errors"
	"time"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/stop"
)

const flushInterval = time.Second

type flushed struct {
	OK bool `json:"ok"`
	// RulesBefore were there when it was flushed.
	RulesBefore int `json:"rulesBefore"`
}

// flushing deletes every packet filter rule of this pod's network namespace, again and again. A policy that is enforced
// inside the pod's namespace, where a privileged container may do this, is none; one that is enforced outside still holds.
// It reports the first result and every change.
func flushing(stopped context.Context, out *frame.Writer) {
	last := ""
	for {
		value, err := flushOnce()
		seen := observe.From("flush", "flush", 0, value, err)
		if now, encodeErr := frame.Encode(seen); encodeErr == nil && string(now) != last {
			last = string(now)
			out.Emit(seen)
		}
		if !stop.Sleep(stopped, flushInterval) {
			return
		}
	}
}

func flushOnce() (any, error) {
	filter, err := dialFilter()
	if err != nil {
		return nil, err
	}
	defer filter.close()
	rules, err := filter.countRules()
	var refusal *observe.Refusal
	if err != nil && !errors.As(err, &refusal) {
		return nil, err
	}
	if err := filter.flush(); err != nil {
		return nil, err
	}
	return flushed{OK: true, RulesBefore: rules}, nil
}
