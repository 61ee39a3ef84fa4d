// Package dial is the tenant that tries to reach others, all the time, with a number in every payload: what the servers
// received, and between which numbers a policy stood, tells whether it held.
package dial

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/attempt"
	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/kinds"
	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
	"cofferdam/probes/internal/ready"
	"cofferdam/probes/internal/stop"
)

// maxLines bounds a client's log: a kubelet keeps only the last megabytes.
const maxLines = 20_000

// Classes of a try.
const (
	classOpen        = "open"
	classRefused     = "refused"
	classTimeout     = "timeout"
	classUnreachable = "unreachable"
	classError       = "error"
)

type tried struct {
	Target string `json:"target"`
	Seq    int    `json:"seq"`
	Class  string `json:"class"`
	Errno  string `json:"errno,omitempty"`
	Step   string `json:"step,omitempty"`
	took   time.Duration
}

// Run makes the plan's attempts and then tries until it is told to end.
func Run(p *plan.Plan, inherited []kinds.Descriptor) bool {
	stopped := stop.Requested()
	out := frame.NewWriter(1, p.Nonce)
	runner := attempt.Runner(p, inherited, out)
	defer runner.Close()
	attempt.Make(stopped, runner, p.Attempts, out)
	interval := time.Duration(p.IntervalMs.Or(700)) * time.Millisecond
	var from sources
	waits := pace{longest: time.Duration(p.TimeoutMs.Or(2000)) * time.Millisecond}
	all := expand(p.Targets)
	awaited := newReadiness(p, all, out)
	targets := newTargets(all)
	// A number belongs to one target in every round, so that it counts those that are tried no more, too.
	for seq, lines := 0, 0; ; seq += len(all) {
		start := time.Now()
		// Round by round: numbers of a later round are printed after all of an earlier one, so that the last number in the log
		// at some moment divides what was tried before it from what was tried after.
		var round sync.WaitGroup
		left := targets.left()
		results := make([]tried, len(left))
		for i, one := range left {
			round.Go(func() { results[i] = from.try(p.Nonce, one.target, seq+one.place+1, waits.limit()) })
		}
		round.Wait()
		// A try that was under way when the end came says nothing: its server may have been told to end as well.
		if stopped.Err() != nil {
			break
		}
		for _, result := range results {
			if lines++; lines <= maxLines {
				out.Emit(observe.From("dial", "dial", result.took, result, nil))
			}
		}
		awaited.see(results)
		targets.see(results)
		waits.see(results)
		if !stop.Sleep(stopped, max(interval-time.Since(start), waits.rest())) {
			break
		}
	}
	return out.Close()
}

// try sends one payload, and counts as open only when the server answered that it saw this very one.
func (s *sources) try(nonce string, one target, seq int, limit time.Duration) tried {
	payload := fmt.Sprintf("%s/%s/%d", nonce, one.id, seq)
	result := tried{Target: one.id, Seq: seq}
	start := time.Now()
	err := s.exchange(one.network, zoned(one.address), payload, limit)
	result.Class, result.Errno, result.Step = classify(err)
	result.took = time.Since(start)
	return result
}

var errOtherAnswer = errors.New("the answer is not to what was asked")

func (s *sources) exchange(network, address, payload string, limit time.Duration) error {
	connection, err := s.dial(network, address, limit)
	if err != nil {
		return err
	}
	defer connection.Close()
	if _, err := io.WriteString(connection, payload+"\n"); err != nil {
		return observe.Refused("write", err)
	}
	answer, err := bufio.NewReader(io.LimitReader(connection, 1024)).ReadString('\n')
	switch {
	case strings.TrimRight(answer, "\r\n") == "seen "+payload:
		return nil
	case answer != "":
		return errOtherAnswer
	case err == io.EOF:
		return &observe.Refusal{Step: "read", Errno: unix.ECONNRESET}
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return &observe.Refusal{Step: "read", Errno: unix.ETIMEDOUT}
	}
	return observe.Refused("read", err)
}

func classify(err error) (class, errno, step string) {
	if err == nil {
		return classOpen, "", ""
	}
	var refusal *observe.Refusal
	if !errors.As(err, &refusal) {
		return classError, "", ""
	}
	errno, step = observe.Name(refusal.Errno), refusal.Step
	switch refusal.Errno {
	case unix.ECONNREFUSED:
		return classRefused, errno, step
	case unix.ETIMEDOUT:
		return classTimeout, errno, step
	// What a policy engine that rejects sends: administratively prohibited.
	case unix.EHOSTUNREACH, unix.ENETUNREACH, unix.EACCES, unix.EPERM:
		return classUnreachable, errno, step
	default:
		return classError, errno, step
	}
}

// readiness opens the port when every target that has to be reached was open once, or after a while: that a path is not
// open is a result too.
type readiness struct {
	missing map[string]bool
	once    sync.Once
	open    func()
}

func newReadiness(p *plan.Plan, all []target, out *frame.Writer) *readiness {
	r := &readiness{missing: map[string]bool{}}
	for _, one := range all {
		if !one.optional {
			r.missing[one.id] = true
		}
	}
	r.open = func() {
		r.once.Do(func() {
			if err := ready.Open(int(p.ReadyPort)); err != nil {
				out.Emit(observe.From("ready", "ready", 0, nil, observe.Refused("listen", err)))
			}
		})
	}
	time.AfterFunc(time.Duration(p.ReadyAfterMs.Or(20_000))*time.Millisecond, r.open)
	r.see(nil)
	return r
}

func (r *readiness) see(results []tried) {
	for _, result := range results {
		if result.Class == classOpen {
			delete(r.missing, result.Target)
		}
	}
	if len(r.missing) == 0 {
		r.open()
	}
}
