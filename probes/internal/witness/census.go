package witness

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
	"cofferdam/probes/internal/proc"
	"cofferdam/probes/internal/stop"
)

const (
	// censusInterval: a subject lives for four of them at least, on a slow node longer (harness/collect/pace.ts, seen):
	// there a look takes a good part of a second.
	censusInterval = 600 * time.Millisecond
	// youngLooks: a process keeps its number and start time when it runs another program, so a young one is read again:
	// runc's init becomes the container's first process, the probe's child its mark.
	youngLooks = 8
	// Of the older ones this part is read again at every look: of the run's own processes and of shims sooner, of which
	// there are few. A shim may open a virtual machine late, and a kernel in user space is started before its filter is in
	// force.
	sweepPart    = 16
	sweepPartOwn = 4
	// maxCmdline bounds what is kept of a command line.
	maxCmdline = 16 << 10
	// maxReported bounds the lines. A pod under gVisor comes with some twenty processes, most of them short. A line has
	// some 700 bytes, and the log of a container that is read 4 MiB.
	maxReported = 3000
)

// census tells which processes of the node belong to pods of this run. Of any other process nothing is ever printed.
type census struct {
	pods      *pods
	matcher   *matcher
	sockets   *sockets
	sharing   *sharing
	records   *records
	processes map[int]*process
	places    places
	reported  int
	looks     int
	report    func(observe.Observation)
}

// process is what is remembered of a process of the node: just enough to see that it is another, and to match it again
// when another pod or container becomes known.
type process struct {
	start uint64
	argv  []string
	// handedOn is what argv tells it to hand on.
	handedOn handedOn
	cgroup   string
	seen     int
	reported string
	// ours: it belongs to the run.
	ours bool
	// matched is how much the matcher knew when this was last matched; 0 for not since it changed.
	matched int
	// sandbox is what a shim's bundle says.
	sandbox *sandbox
	state   state
}

func newCensus(wanted plan.Census, report func(observe.Observation)) *census {
	ours := newPods(string(wanted.Volume))
	return &census{
		pods: ours, places: placesOfNode(node, ours.root), matcher: newMatcher(), sockets: newSockets(wanted.Ports, report),
		sharing: newSharing(report), records: newRecords(), processes: map[int]*process{}, report: report,
	}
}

func (c *census) run(stopped context.Context) {
	// In the node's cgroup namespace, paths in /proc/PID/cgroup are the node's own instead of relative to this pod's.
	// Without it they hold the pods' UIDs still.
	runtime.LockOSThread()
	_ = enter("cgroup")
	defer c.sharing.end()
	c.lookAtItself()
	c.sockets.leaveOut(1)
	go c.records.ask(stopped)
	for {
		start := time.Now()
		c.look(start)
		// Never more than half of a slow node's time.
		if !stop.Sleep(stopped, max(censusInterval, time.Since(start))) {
			c.look(time.Now())
			return
		}
	}
}

// lookAtItself is the control of the look at what others hold: this process has the root of the node open, and a volume
// of its pod's mounted.
func (c *census) lookAtItself() {
	descriptor, err := unix.Open(node+"/", unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		c.report(observe.From("census", "own", 0, nil, observe.Refused("open", err)))
		return
	}
	defer unix.Close(descriptor)
	open, err := openFiles(os.Getpid())
	c.report(observe.From("census", "own", 0, map[string][]string{"holds": c.places.among(open), "mounted": ofWitness()}, err))
}

// look is one look at all processes.
func (c *census) look(now time.Time) {
	c.looks++
	fresh := c.pods.look(now)
	for _, uid := range fresh {
		c.matcher.addPod(uid)
		c.records.want(uid)
		c.report(observe.From("census", "pod", 0, map[string]string{"uid": uid}, nil))
	}
	for _, one := range c.records.new() {
		c.report(observe.From("census", "record", 0, one, nil))
	}
	pids, err := proc.PIDs()
	if err != nil {
		return
	}
	there := make(map[int]bool, len(pids))
	for _, pid := range pids {
		there[pid] = true
		c.read(pid)
	}
	for pid := range c.processes {
		if !there[pid] {
			delete(c.processes, pid)
		}
	}
	// A container that became known may explain a process that was read before.
	for {
		known := c.matcher.size()
		for pid, p := range c.processes {
			if p.matched != known+1 {
				p.matched = known + 1
				c.tell(pid, p)
			}
		}
		if c.matcher.size() == known {
			break
		}
	}
	var ours []int
	for pid, p := range c.processes {
		if p.ours {
			ours = append(ours, pid)
		}
	}
	c.sockets.lookIfRested(ours)
}

// read reads a process that is new, young, or due.
func (c *census) read(pid int) {
	before := c.processes[pid]
	if before != nil {
		before.seen++
		part := sweepPart
		if before.ours || before.sandbox != nil {
			part = sweepPartOwn
		}
		if before.seen > youngLooks && (pid+c.looks)%part != 0 {
			return
		}
	}
	start, known := proc.Start(pid)
	if !known {
		return
	}
	current := before
	if current == nil || current.start != start {
		current = &process{start: start}
		c.processes[pid] = current
	}
	cmdline, err := proc.Read(pid, "cmdline")
	if err != nil {
		return
	}
	cgroup, err := proc.Read(pid, "cgroup")
	if err != nil {
		return
	}
	argv := argvOf(cmdline[:min(len(cmdline), maxCmdline)])
	if current.cgroup != string(cgroup) || !slices.Equal(current.argv, argv) {
		current.argv, current.handedOn, current.cgroup, current.matched = argv, handedOnBy(argv), string(cgroup), 0
		if id := shimID(argv); id != "" {
			current.sandbox = readSandbox(pid, id, argv[0])
		}
	}
	if current.reported != "" && current.state.update(pid, current.argv, current.handedOn, c.places) {
		current.matched = 0
	}
}

// tell reports a process of the run once, and again when it runs another program, its state changes or its pod becomes known.
func (c *census) tell(pid int, p *process) {
	if p.sandbox != nil && c.matcher.addSandbox(p.sandbox) {
		c.report(observe.From("census", "sandbox", 0, p.sandbox, nil))
	}
	found, belongs := c.matcher.match(p.argv, p.cgroup)
	p.ours = belongs
	if !belongs {
		return
	}
	if p.reported == "" {
		p.state.update(pid, p.argv, p.handedOn, c.places)
	}
	key := fmt.Sprint(found.podUID, p.state, joined(p.argv))
	if p.reported == key || c.reported > maxReported {
		return
	}
	if c.reported++; c.reported > maxReported {
		c.report(observe.From("census", "truncated", 0, map[string]int{"maxProcesses": maxReported}, nil))
		return
	}
	p.reported = key
	c.report(observe.From("census", "process", 0, describe(pid, p, found), nil))
	if standsForPod(p.argv, found) {
		c.sharing.look(pid, found.podUID, func() bool {
			start, known := proc.Start(pid)
			return known && start == p.start
		})
	}
}
