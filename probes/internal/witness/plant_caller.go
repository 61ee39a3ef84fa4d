package witness

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

const (
	// boundPrefix is that of the sockets at which pods listen in the run's directory, and of all that probes make for a moment.
	boundPrefix = ".cofferdam-"
	// callInterval: a pod listens for seconds (harness/collect/pace.ts, seen).
	callInterval = 200 * time.Millisecond
	callPatience = time.Second
)

// plantCaller calls at the sockets that pods make in the run's directory, and tells each listener the token. One is there
// only where the socket is the node's: of a socket that a guest made on a file system that it shares, the node has no more
// than a file.
func plantCaller(p *plan.Plan, wanted plan.Plant) (any, undo, error) {
	directory := node + string(p.NodeDirectory)
	if _, err := os.ReadDir(directory); err != nil {
		return nil, nil, observe.Refused("open", err)
	}
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		told := map[string]bool{}
		for {
			select {
			case <-stop:
				return
			case <-time.After(callInterval):
				callAll(directory, string(wanted.Token), told)
			}
		}
	}()
	undo := func() error {
		close(stop)
		<-ended
		return removeBound(directory)
	}
	return map[string]string{"nodePath": nodePath(p, boundPrefix)}, undo, nil
}

// callAll calls once where somebody listens. Between bind(2) and listen(2) nobody does yet, so that one is called again.
func callAll(directory, token string, told map[string]bool) {
	entries, _ := os.ReadDir(directory)
	for _, entry := range entries {
		name := entry.Name()
		if told[name] || entry.Type() != os.ModeSocket || !strings.HasPrefix(name, boundPrefix) {
			continue
		}
		connection, err := net.DialTimeout("unix", filepath.Join(directory, name), callPatience)
		if err != nil {
			continue
		}
		told[name] = true
		_ = connection.SetDeadline(time.Now().Add(callPatience))
		_, _ = connection.Write([]byte(token + "\n"))
		_ = connection.Close()
	}
}

// removeBound removes what a pod left that was ended before it could, whatever a shared file system made of it.
func removeBound(directory string) error {
	entries, err := os.ReadDir(directory)
	if err != nil {
		return observe.Refused("open", err)
	}
	var failed []error
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), boundPrefix) {
			failed = append(failed, remover(filepath.Join(directory, entry.Name()))())
		}
	}
	return errors.Join(failed...)
}
