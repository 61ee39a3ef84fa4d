package kinds

import (
	"os"
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
// Somebody may execute a process in the container at any time, the kubelet for a probe of ours: it has no parent here, either, and
// is gone soon. Whoever is seen is looked for once more.
func processes(Request) (any, error) {
	first, err := lookAtProcesses()
	if err != nil || first.Others == 0 {
		return first, err
	}
	time.Sleep(passing)
	return lookAtProcesses()
}

// passing is longer than a process that only tells something lives, under an emulator, too.
const passing = 2 * time.Second

func lookAtProcesses() (*processesValue, error) {
	pids, err := proc.PIDs()
	if err != nil {
		return nil, err
	}
	parents, names := map[int]int{}, map[int]string{}
	for _, pid := range pids {
		if parent, name, known := parentOf(pid); known {
			parents[pid], names[pid] = parent, name
		}
	}
	own, known := oldest(os.Getpid(), parents)
	value := &processesValue{Foreign: []foreignProcess{}}
	for _, pid := range pids {
		switch first, ended := oldest(pid, parents); {
		case !ended:
			// It, or an ancestor, ended while they were read.
		case known && first == own:
			value.Own++
		default:
			if value.Others++; len(value.Foreign) < maxForeign {
				value.Foreign = append(value.Foreign, foreignProcess{pid, frame.Clean(names[pid])})
			}
		}
	}
	return value, nil
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
