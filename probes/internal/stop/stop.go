// Package stop tells the modes when they have been asked to end.
package stop

import (
	"context"
	"os/signal"
	"syscall"
	"time"
)

// Requested returns a context that ends with SIGTERM or SIGINT. The first process of a container has no default action for
// signals (pid_namespaces(7)): without a handler the kubelet's SIGTERM is ignored and the container is killed later.
func Requested() context.Context {
	signal.Ignore(syscall.SIGPIPE, syscall.SIGHUP)
	ctx, _ := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	return ctx
}

// Sleep waits, or returns false at once when ctx ends.
func Sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
