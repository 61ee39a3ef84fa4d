package witness

import (
	"slices"
	"strconv"
	"strings"

	"cofferdam/probes/internal/proc"
)

// state is what changes of a process of the run while it lives, beside its program.
type state struct {
	// machine: a virtual machine of KVM's is open. filtered: a seccomp filter is in force. Neither is taken back.
	machine, filtered bool
	// oom is its oom_score_adj, which gVisor sets again for every container of a pod, nice and policy how it is scheduled;
	// empty where they could not be read.
	oom, nice, policy string
	// holds are the places of the node that it has open, of a process that serves a pod from the node.
	holds string
	// mounted are the directories that it serves, and those that are mounted where it does.
	mounted string
	mounts  *mounted
}

// filterMode is how proc_pid_status(5) shows a seccomp filter.
const filterMode = 2

// update reads it again, and tells whether it changed. What cannot be read, of a process that ends, is left as it was.
func (s *state) update(pid int, argv []string, told handedOn, all places) bool {
	before := *s
	// One that ends has let go of all its files before it lets go of anything else (do_exit, kernel/exit.c).
	if open, err := openFiles(pid); err == nil && len(open) > 0 {
		s.machine = s.machine || slices.ContainsFunc(open, isMachine)
		if s.machine || serves(argv) {
			if s.mounts == nil {
				s.mounts = new(mounted)
			}
			s.mounts.look(pid, argv, told.shared)
			s.holds = strings.Join(all.among(append(open, told.files(pid, s.mounts.points)...)), "\n")
			s.mounted = strings.Join(append(slices.Clone(s.mounts.paths), told.served...), "\n")
		}
	}
	if status, err := proc.Status(pid); err == nil && status.Seccomp != nil && *status.Seccomp == filterMode {
		s.filtered = true
	}
	if text, err := proc.Read(pid, "oom_score_adj"); err == nil {
		s.oom = strings.TrimSpace(string(text))
	}
	if stat, err := proc.Read(pid, "stat"); err == nil {
		s.nice, s.policy = proc.StatField(string(stat), proc.NiceField), proc.StatField(string(stat), proc.PolicyField)
	}
	return *s != before
}

// places are what it holds, each by its name.
func (s *state) places() []string { return linesOf(s.holds) }

func linesOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}

// number is a text of the state as a number; nil where it was not read.
func number(text string) *int {
	value, err := strconv.Atoi(text)
	if err != nil {
		return nil
	}
	return &value
}
