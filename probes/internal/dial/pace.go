package dial

import "time"

const (
	// restAfter is how many times as long as an exchange took nothing is tried after it.
	restAfter = 3
	// limitAfter is how many times as long as an exchange took a try may take.
	limitAfter = 5
	// shutLimitAfter is the same in the rounds after one in which nothing got through: under a policy each try lasts as
	// long as it may. Whether a nonce arrived, the server says, however long that took.
	shutLimitAfter = 3
	// shutRounds is in how many of them: a node that has become that much slower must not look like a policy for ever.
	shutRounds = 8
	// shortestLimit is never gone below: a packet that was lost is sent again after a second (RFC 6298).
	shortestLimit = 2 * time.Second
)

// pace is how long a client waits, by what its own exchanges took.
type pace struct {
	// longest is what a try may take at most.
	longest time.Duration
	// slowest exchange of the last round in which one got through; 0 before that. Of the last, since the first ones are
	// made while other pods start.
	slowest time.Duration
	// last is the same of the last round; 0 if nothing got through in it.
	last time.Duration
	// shut counts the rounds since the last one in which something did.
	shut int
}

// limit is for one try. What a policy stops waits for all of it, round by round, so it is no longer than it has to be.
func (p *pace) limit() time.Duration {
	if p.slowest == 0 {
		return p.longest
	}
	times := time.Duration(limitAfter)
	if 0 < p.shut && p.shut <= shutRounds {
		times = shutLimitAfter
	}
	return min(max(times*p.slowest, shortestLimit), p.longest)
}

// see takes note of a round.
func (p *pace) see(results []tried) {
	p.last = 0
	for _, result := range results {
		if result.Class == classOpen {
			p.last = max(p.last, result.took)
		}
	}
	p.shut++
	if p.last > 0 {
		p.slowest, p.shut = p.last, 0
	}
}

// rest is for after a round. It keeps the tenants from being all that their node does: an exchange costs processor time on
// both sides and between them, and where it takes long, more of them at once only take longer. A try that a policy stops
// waits and costs nothing.
func (p *pace) rest() time.Duration { return restAfter * p.last }
