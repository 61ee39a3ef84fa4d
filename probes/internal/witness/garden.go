package witness

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

// undo takes away what a plant left on the node.
type undo func() error

// planter plants a canary. What it returns as undo is called even when it failed half-way.
type planter func(p *plan.Plan, wanted plan.Plant) (value any, undo undo, err error)

var planters = map[string]planter{
	"file":       plantFile,
	"process":    plantProcess,
	"kernel-log": plantKernelLog,
	"socket":     plantSocket,
	"fifo":       plantFIFO,
	"sysv-shm":   plantSharedMemory,
	"key":        plantKey,
	"loopback":   plantLoopback,
	"caller":     plantCaller,
}

// garden remembers what was planted.
type garden struct {
	plan    *plan.Plan
	planted []planted
}

type planted struct {
	id   string
	undo undo
}

// plant plants one canary. One that fails is reported, and the others go on: each check stands on its own.
func (g *garden) plant(wanted plan.Plant) (seen observe.Observation) {
	start := time.Now()
	id, kind := string(wanted.ID), string(wanted.Plant)
	defer func() {
		if fault := recover(); fault != nil {
			seen = observe.NotAttempted(id, kind, fmt.Sprintf("the probe failed: %v", fault))
		}
	}()
	plant, known := planters[kind]
	if !known {
		return observe.NotAttempted(id, kind, fmt.Sprintf("this probe cannot plant a %q", kind))
	}
	value, undo, err := plant(g.plan, wanted)
	if undo != nil {
		g.planted = append(g.planted, planted{id, undo})
	}
	return observe.From(id, kind, time.Since(start), value, err)
}

type undone struct {
	Undone bool `json:"undone"`
}

// undo takes away everything, the last first, and at the end the directory.
func (g *garden) undo(report func(observe.Observation)) {
	for i := len(g.planted) - 1; i >= 0; i-- {
		start := time.Now()
		err := g.planted[i].undo()
		report(observe.From("undo."+g.planted[i].id, "undo", time.Since(start), undone{err == nil}, err))
	}
	g.planted = nil
	if g.plan.NodeDirectory != "" {
		err := g.removeDirectory()
		report(observe.From("undo.directory", "undo", 0, undone{err == nil}, err))
	}
}

// removeDirectory removes the run's directory on the node, and the suite's own above it when no other run has one there.
// rmdir(2) takes empty directories only, so nothing that is not the suite's can be lost.
func (g *garden) removeDirectory() error {
	directory := filepath.Clean(string(g.plan.NodeDirectory))
	if !filepath.IsAbs(directory) || filepath.Base(directory) != string(g.plan.Run) {
		return fmt.Errorf("%s is not the directory of run %s: left alone", directory, g.plan.Run)
	}
	if err := unix.Rmdir(node + directory); err != nil && err != unix.ENOENT {
		return observe.Refused("rmdir", err)
	}
	if parent := filepath.Dir(directory); filepath.Base(parent) == "cofferdam" {
		_ = unix.Rmdir(node + parent)
	}
	return nil
}

// makeDirectory makes the run's directory on the node. The witness does it rather than a volume, because a volume of the
// kubelet's stays when no witness ever runs.
func (g *garden) makeDirectory() error {
	directory := node + string(g.plan.NodeDirectory)
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return observe.Refused("mkdir", err)
	}
	// Nobody relabels a hostPath volume, and with what it inherits (var_lib_t) no container could open it where SELinux is
	// enforced. Errors are none: most nodes have no SELinux, and not every policy has this type.
	_ = unix.Lsetxattr(directory, "security.selinux", []byte(labelForContainers+"\x00"), 0)
	// The umask took its part.
	return os.Chmod(directory, 0o755)
}

// labelForContainers is SELinux's for files that all containers may use (container_selinux(8)). What is made below inherits it.
const labelForContainers = "system_u:object_r:container_file_t:s0"

// nodePath is where a canary in the run's directory is, as the node sees it.
func nodePath(p *plan.Plan, name string) string {
	return filepath.Join(string(p.NodeDirectory), name)
}

// writeNew writes a file that was not there: never one that somebody else put there, and never through a link.
func writeNew(path string, text string, mode os.FileMode) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|unix.O_NOFOLLOW, mode)
	if err != nil {
		return observe.Refused("open", err)
	}
	_, err = file.WriteString(text + "\n")
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		// The umask took its part at the creation.
		err = os.Chmod(path, mode)
	}
	if err != nil {
		return observe.Refused("write", err)
	}
	return nil
}

// remover removes a file; one that is gone already is undone too.
func remover(path string) undo {
	return func() error {
		if err := unix.Unlink(path); err != nil && err != unix.ENOENT {
			return observe.Refused("unlink", err)
		}
		return nil
	}
}
