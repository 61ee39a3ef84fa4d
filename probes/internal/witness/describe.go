package witness

import (
	"os"
	"path"
	"slices"
	"strings"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/proc"
)

type described struct {
	PID    int    `json:"pid"`
	Comm   string `json:"comm"`
	Exe    string `json:"exe"`
	Argv   string `json:"argv"`
	Cgroup string `json:"cgroup"`
	PodUID string `json:"podUid,omitempty"`
	// Mark is the text by which a probe shows itself; see package mark.
	Mark string `json:"mark,omitempty"`
	// Machine is true when it has a virtual machine of KVM's open.
	Machine    bool              `json:"machine,omitempty"`
	Namespaces map[string]string `json:"namespaces"`
	UID        int               `json:"uid"`
	// Filtered is true when a seccomp filter is in force.
	Filtered bool `json:"filtered"`
	// Profiled is true of a kernel of gVisor's whose filter lets more through.
	Profiled bool `json:"profiled,omitempty"`
	// OOMScoreAdj is how the node's kernel ranks it when memory runs out (proc_pid_oom_score_adj(5)).
	OOMScoreAdj *int `json:"oomScoreAdj"`
	// Nice and Policy are how it is scheduled (sched(7)).
	Nice   *int `json:"nice"`
	Policy *int `json:"policy"`
	// Holds are directories, files and disks of the node that it has open, of a process that serves a pod.
	Holds []string `json:"holds"`
	// Mounted are the directories of the node that such a process serves to its pod, and those that stand mounted where it
	// does.
	Mounted []string `json:"mounted,omitempty"`
}

const (
	maxArgv   = 512
	maxCgroup = 1024
)

// describe reads the rest about a process of the run. It may be gone by now: what is missing is left empty.
func describe(pid int, p *process, found belonging) described {
	short := func(text string, max int) string {
		cut, _ := frame.Bounded([]byte(text), max)
		return cut
	}
	comm, _ := proc.Read(pid, "comm")
	exe, _ := os.Readlink("/proc/" + pidText(pid) + "/exe")
	value := described{
		PID: pid, Comm: short(strings.TrimSpace(string(comm)), 64), Exe: short(exe, maxArgv), Argv: short(joined(p.argv), maxArgv),
		Cgroup: short(cgroupPath(p.cgroup), maxCgroup), PodUID: found.podUID, Mark: short(found.mark, 64), UID: -1,
		Machine: p.state.machine, Filtered: p.state.filtered, Profiled: profiled(p.argv), OOMScoreAdj: number(p.state.oom),
		Nice: number(p.state.nice), Policy: number(p.state.policy), Holds: p.state.places(),
		Mounted: linesOf(p.state.mounted),
	}
	value.Namespaces, _ = proc.Namespaces(pid)
	if value.Namespaces == nil {
		value.Namespaces = map[string]string{}
	}
	if status, err := proc.Status(pid); err == nil {
		value.UID = status.UID
	}
	return value
}

// profiled tells whether gVisor's kernel was told to prepare for Go's profiler: its filter then lets it open any file that
// it can reach (runsc/boot/filter/config/config_profile.go). runsc relays every flag, in any order, so that the arguments
// are longer than what is told of them.
func profiled(argv []string) bool {
	return len(argv) > 0 && path.Base(argv[0]) == "runsc-sandbox" && slices.Contains(argv, "--profile=true")
}

// cgroupPath is the path in the unified hierarchy, or without one the longest: some of version 1 may not hold the pod.
func cgroupPath(text string) string {
	longest := ""
	for line := range strings.Lines(text) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) == 3 && len(parts[2]) > len(longest) {
			longest = parts[2]
		}
	}
	return longest
}
