package witness

import (
	"os"
	"path"
	"slices"
	"strings"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/proc"
)

// mounted is what stands mounted where a file server of a pod serves it. It remembers what it read, since that is long and
// seldom changes.
type mounted struct {
	table string
	// points are where, as the server sees it, paths the directories of the node among that, by their paths on the node.
	points, paths []string
}

// look reads it again, if the process's own table has changed.
func (m *mounted) look(pid int, argv []string, shared string) {
	if !servesMounts(argv, shared) {
		return
	}
	table, err := proc.Read(pid, "mountinfo")
	if err != nil || string(table) == m.table {
		return
	}
	nodes, err := proc.Read(1, "mountinfo")
	if err != nil {
		return
	}
	m.table = string(table)
	root, mounts := rootOf(pid), proc.ParseMounts(m.table)
	m.points = mountedBelow(root, shared, mounts)
	m.paths = mountedFrom(proc.ParseMounts(string(nodes)), root, shared, m.points, mounts)
}

// servesMounts: gVisor's file server has the mounts of one container, below a root of its own; virtiofsd those below what
// it shares.
func servesMounts(argv []string, shared string) bool {
	return shared != "" || len(argv) > 0 && path.Base(argv[0]) == "runsc-gofer"
}

// mountedFrom are the directories among what a server has mounted at these points that are the node's as well. Of one that
// has not left the node's root yet there are none.
func mountedFrom(nodes []proc.Mount, root, shared string, points []string, mounts []proc.Mount) (paths []string) {
	if shared == "" && sameRoot(nodes, mounts) {
		return nil
	}
	for _, mount := range mounts {
		if !slices.Contains(points, mount.Point) {
			continue
		}
		info, err := os.Stat(root + mount.Point)
		if err != nil || !info.IsDir() {
			continue
		}
		if name := onNode(nodes, mount); name != "" && !slices.Contains(paths, name) && len(paths) < maxNamed {
			paths = append(paths, name)
		}
	}
	slices.Sort(paths)
	return paths
}

func sameRoot(nodes, mounts []proc.Mount) bool {
	own, ofNode := mountAt(mounts, "/"), mountAt(nodes, "/")
	return own != nil && ofNode != nil && own.Device == ofNode.Device && own.Root == ofNode.Root
}

func mountAt(mounts []proc.Mount, point string) *proc.Mount {
	for i := range mounts {
		if mounts[i].Point == point {
			return &mounts[i]
		}
	}
	return nil
}

// ofWitness is the same look at this process, whose pod has a volume of its own. What it has of file systems as a whole is the
// kernel's, and so are its cgroups, of which version 1 has more than may be named.
func ofWitness() []string {
	nodes, _ := proc.Read(1, "mountinfo")
	own, _ := proc.Mounts()
	own = slices.DeleteFunc(own, func(mount proc.Mount) bool { return mount.Root == "/" || strings.HasPrefix(mount.Point, "/sys/") })
	return mountedFrom(proc.ParseMounts(string(nodes)), "", "", mountedBelow("", "", own), own)
}

// onNode is the path that the node has for what is mounted: one in the kubelet's directories of pods, if it mounted it
// there (a disk of its own, a local volume), else the shortest, since what is mounted for a pod is so elsewhere as well.
// Empty where the node has none: a file system of the server's own.
func onNode(nodes []proc.Mount, mount proc.Mount) string {
	name := ""
	for _, one := range nodes {
		rest, isBelow := strings.CutPrefix(mount.Root, strings.TrimSuffix(one.Root, "/"))
		if one.Device != mount.Device || !isBelow || rest != "" && rest[0] != '/' {
			continue
		}
		found := path.Join(one.Point, rest)
		if strings.Contains(found, "/pods/") && strings.Contains(found, "/volumes/") {
			name = found
			break
		}
		if name == "" || len(found) < len(name) {
			name = found
		}
	}
	short, _ := frame.Bounded([]byte(name), maxName)
	return short
}
