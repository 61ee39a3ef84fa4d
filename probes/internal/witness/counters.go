package witness

import (
	"bytes"
	"context"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
	"cofferdam/probes/internal/stop"
)

const (
	defaultSample = 20 * time.Millisecond
	// coalesce bounds the lines to a few a second, maxChanges all of them.
	coalesce   = 250 * time.Millisecond
	maxChanges = 2000
)

type counted struct {
	From    int64   `json:"from"`
	To      int64   `json:"to"`
	Delta   int64   `json:"delta"`
	Changes []int64 `json:"changes"`
	// Truncated: it moved more often than is reported, and how it moved from then on is unknown.
	Truncated bool `json:"truncated,omitempty"`
}

// watchCounter samples a counter of the node's kernel and reports how it moves. Between two looks several moves are one.
func watchCounter(stopped context.Context, wanted plan.Counters, report func(observe.Observation)) {
	interval := defaultSample
	if wanted.IntervalMs > 0 {
		interval = time.Duration(wanted.IntervalMs) * time.Millisecond
	}
	fail := func(err error) { report(observe.From("counter", string(wanted.ID), 0, nil, err)) }
	fd, err := unix.Open(string(wanted.Path), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		fail(observe.Refused("open", err))
		return
	}
	defer unix.Close(fd)
	last, err := sample(fd)
	if err != nil {
		fail(err)
		return
	}
	total := 0
	pending := counted{From: last, Changes: []int64{}}
	flush := func() {
		if len(pending.Changes) > 0 {
			pending.To = last
			pending.Delta = pending.To - pending.From
			report(observe.From("counter", string(wanted.ID), 0, pending, nil))
		}
		pending = counted{From: last, Changes: []int64{}}
	}
	defer flush()
	for said := time.Now(); stop.Sleep(stopped, interval); {
		now, err := sample(fd)
		if err != nil {
			fail(err)
			return
		}
		if now != last {
			if total++; total > maxChanges {
				flush()
				report(observe.From("counter", string(wanted.ID), 0, counted{From: last, To: last, Changes: []int64{}, Truncated: true}, nil))
				return
			}
			pending.Changes = append(pending.Changes, now-last)
			last = now
		}
		if time.Since(said) >= coalesce {
			flush()
			said = time.Now()
		}
	}
}

func sample(fd int) (int64, error) {
	buffer := make([]byte, 64)
	n, err := unix.Pread(fd, buffer, 0)
	if err != nil {
		return 0, observe.Refused("pread64", err)
	}
	return strconv.ParseInt(string(bytes.TrimSpace(buffer[:n])), 10, 64)
}
