package kinds

import (
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/proc"
)

type foreignProcess struct {
	PID  int    `json:"pid"`
	Name string `json:"name"`
}

type processesValue struct {
	// Own are the container's first process and what it started.
	Own int `json:"own"`
	// Others is how many more are seen, and Foreign the first of them.
	Others  int              `json:"others"`
	Foreign []foreignProcess `json:"foreign"`
}

// maxForeign bounds the processes that are told by name.
const maxForeign = 16

// processes tells which of the processes that /proc shows are not the container's own. A container's first process has no
// parent that could be seen (proc_pid_status(5): PPid 0); whoever descends from another one was not started in here.
//
// Somebody may execute a process in the container at any time, the kubelet for a probe of ours: it has no parent here,
// either, and is gone soon. Whoever is seen is looked for once more, and, for as long as there is time, everybody who came
// later than the container's first process: on a slow node a process that is executed takes long to start and to end.
func processes(request Request) (any, error) {
	return lookUntilGone(lookAtProcesses, passing, time.Now().Add(time.Duration(request.DeadlineMs)*time.Millisecond/4))
}

// passing is longer than a process that only tells something lives, under an emulator, too.
const passing = 2 * time.Second

// sight is who is seen at one time.
type sight struct {
	own int
	// others are those of other ancestors, by their number.
	others map[int]other
}

type other struct {
	name string
	// later: it started after the container's first process.
	later bool
}

// lookUntilGone keeps of those who came later the ones that were seen each time.
func lookUntilGone(look func() (sight, error), pause time.Duration, end time.Time) (*processesValue, error) {
	seen, err := look()
	if err != nil {
		return nil, err
	}
	for len(seen.others) > 0 {
		time.Sleep(pause)
		before := seen.others
		if seen, err = look(); err != nil {
			return nil, err
		}
		maps.DeleteFunc(seen.others, func(pid int, one other) bool {
			_, known := before[pid]
			return one.later && !known
		})
		if !allLater(seen.others) || !time.Now().Before(end) {
			break
		}
	}
	value := &processesValue{Own: seen.own, Others: len(seen.others), Foreign: []foreignProcess{}}
	for _, pid := range slices.Sorted(maps.Keys(seen.others)) {
		if len(value.Foreign) < maxForeign {
			value.Foreign = append(value.Foreign, foreignProcess{pid, frame.Clean(seen.others[pid].name)})
		}
	}
	return value, nil
}

// allLater: all that are there may be gone soon. With one that was there before, nothing is to be waited for.
func allLater(others map[int]other) bool {
	for _, one := range others {
		if !one.later {
			return false
		}
	}
	return true
}

func lookAtProcesses() (sight, error) {
	pids, err := proc.PIDs()
	if err != nil {
		return sight{}, err
	}
	parents, names := map[int]int{}, map[int]string{}
	for _, pid := range pids {
		if parent, name, known := parentOf(pid); known {
			parents[pid], names[pid] = parent, name
		}
	}
	own, known := oldest(os.Getpid(), parents)
	ownStart, ownKnown := proc.Start(own)
	seen := sight{others: map[int]other{}}
	for _, pid := range pids {
		switch first, ended := oldest(pid, parents); {
		case !ended:
			// It, or an ancestor, ended while they were read.
		case known && first == own:
			seen.own++
		default:
			start, isKnown := proc.Start(pid)
			seen.others[pid] = other{names[pid], ownKnown && isKnown && start > ownStart}
		}
	}
	return seen, nil
}

// oldest is the ancestor of a process, or itself, that has no parent here; false when a link of the chain is missing.
func oldest(pid int, parents map[int]int) (int, bool) {
	for range len(parents) + 1 {
		parent, known := parents[pid]
		if !known {
			return 0, false
		}
		if parent == 0 {
			return pid, true
		}
		pid = parent
	}
	return 0, false
}

// firstProcess is the container's first process as the probe knows it: its own oldest ancestor here. Process 1 is another's
// when the container was put into another's process namespace.
func firstProcess() int {
	for pid := os.Getpid(); ; {
		parent, _, known := parentOf(pid)
		if !known || parent == 0 {
			return pid
		}
		pid = parent
	}
}

func parentOf(pid int) (parent int, name string, known bool) {
	data, err := proc.Read(pid, "status")
	if err != nil {
		return 0, "", false
	}
	for line := range strings.Lines(string(data)) {
		field, rest, _ := strings.Cut(line, ":")
		switch field {
		case "Name":
			name = strings.TrimSpace(rest)
		case "PPid":
			number, err := strconv.Atoi(strings.TrimSpace(rest))
			return number, name, err == nil
		}
	}
	return 0, name, false
}
