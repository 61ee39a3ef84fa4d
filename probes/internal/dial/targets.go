package dial

import (
	"net"
	"strconv"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/plan"
)

// giveUpAfter is how often a target that need not be there is tried in vain: each such try takes as long as a try may, and
// all of its round wait for it.
const giveUpAfter = 3

// restRounds is in how many rounds a further port is tried once, while it and what it is beside are open. An exchange costs
// both sides and all between them processor time; what a policy does to the one shows at the other first.
const restRounds = 4

// target is one address that is tried.
type target struct {
	id, network, address string
	// optional: it need not be reached for the client to be ready.
	optional bool
	// beside is the target of which this is a further port: while both are open, it is tried now and then only.
	beside string
}

// expand makes every port of a plan's targets one of its own.
func expand(planned []plan.Target) (all []target) {
	for _, one := range planned {
		first := target{
			id: frame.Clean(string(one.ID)), network: string(one.Network), address: string(one.Address),
			optional: one.Optional,
		}
		all = append(all, first)
		host, _, _ := net.SplitHostPort(first.address)
		for _, number := range one.MorePorts {
			port := strconv.Itoa(int(number))
			further := first
			further.id, further.address, further.beside = first.id+"-"+port, net.JoinHostPort(host, port), first.id
			all = append(all, further)
		}
	}
	return all
}

// targets are those of a plan, and which of them are tried in a round.
type targets struct {
	all []target
	// vain counts the tries of those that need not be there, until one gets through.
	vain map[string]int
	// open are those whose last try got through.
	open   map[string]bool
	rounds int
}

func newTargets(all []target) *targets {
	t := &targets{all: all, vain: map[string]int{}, open: map[string]bool{}}
	for _, one := range all {
		if one.optional {
			t.vain[one.id] = 0
		}
	}
	return t
}

// placed is a target with its place in the plan.
type placed struct {
	target
	place int
}

// left are those that are tried in this round.
func (t *targets) left() []placed {
	var left []placed
	for place, one := range t.all {
		if t.vain[one.id] < giveUpAfter && !t.rests(one) {
			left = append(left, placed{one, place})
		}
	}
	return left
}

func (t *targets) rests(one target) bool {
	isOpen := t.open[one.id] && t.open[one.beside]
	return one.beside != "" && isOpen && t.rounds%restRounds != 0
}

// see takes note of a round.
func (t *targets) see(results []tried) {
	t.rounds++
	for _, result := range results {
		t.open[result.Target] = result.Class == classOpen
		if _, counts := t.vain[result.Target]; !counts {
			continue
		}
		if t.vain[result.Target]++; result.Class == classOpen {
			delete(t.vain, result.Target)
		}
	}
}
