package witness

import (
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"cofferdam/probes/internal/proc"
)

const (
	defaultKubeletRoot = "/var/lib/kubelet"
	// settleTime is how long a pod's directory may be there before its volumes are: after that it is somebody else's pod.
	settleTime = 2 * time.Minute
)

// pods knows the pods of the run on this node, by a volume that only they have. Nothing is learned of any other.
type pods struct {
	volume string
	root   string
	// first is when a directory was first seen, settled when it was decided about.
	first map[string]time.Time
	known map[string]bool
}

func newPods(volume string) *pods {
	return &pods{volume: volume, root: insideNode(node, kubeletRoot()), first: map[string]time.Time{}, known: map[string]bool{}}
}

// look gives the UIDs of pods of the run that were not known before.
func (p *pods) look(now time.Time) []string {
	directory, err := os.Open(node + p.root + "/pods")
	if err != nil {
		return nil
	}
	defer directory.Close()
	names, _ := directory.Readdirnames(-1)
	var fresh []string
	for _, uid := range names {
		seen, there := p.first[uid]
		if !there {
			seen = now
			p.first[uid] = now
		}
		if p.known[uid] || now.Sub(seen) > settleTime {
			continue
		}
		if _, err := os.Lstat(node + p.root + "/pods/" + uid + "/volumes/kubernetes.io~empty-dir/" + p.volume); err == nil {
			p.known[uid] = true
			fresh = append(fresh, uid)
		}
	}
	return fresh
}

// kubeletRoot asks the kubelet's own command line, for distributions that keep it elsewhere.
func kubeletRoot() string {
	pids, _ := proc.PIDs()
	for _, pid := range pids {
		data, err := proc.Read(pid, "cmdline")
		if err != nil {
			continue
		}
		if root := rootDirectory(argvOf(data)); root != "" {
			return root
		}
	}
	return defaultKubeletRoot
}

// maxLinks bounds how many links are followed, as the kernel does (MAXSYMLINKS).
const maxLinks = 40

// insideNode is where a path leads to in the node's file system, which is below root: an absolute link leads to a place in
// it, and not to where the witness has that. MicroK8s has such a one for the kubelet's directory.
func insideNode(root, name string) string {
	resolved, links := "/", 0
	for left := strings.Split(name, "/"); len(left) > 0; {
		part := left[0]
		left = left[1:]
		// It cleans what it joins: no name, and the two that mean a directory itself or the one above.
		next := path.Join(resolved, part)
		target, err := os.Readlink(root + next)
		if err != nil {
			resolved = next
			continue
		}
		if links++; links > maxLinks {
			return name
		}
		if path.IsAbs(target) {
			resolved = "/"
		}
		left = append(strings.Split(target, "/"), left...)
	}
	return resolved
}

// rootDirectory is what --root-dir says on the command line of a kubelet, one in a multi-call binary too.
func rootDirectory(argv []string) string {
	isKubelet := false
	for i, word := range argv {
		if i < 2 && strings.HasSuffix("/"+word, "/kubelet") {
			isKubelet = true
		}
		if !isKubelet {
			continue
		}
		if root, found := strings.CutPrefix(word, "--root-dir="); found {
			return strings.TrimSuffix(root, "/")
		}
		if word == "--root-dir" && i+1 < len(argv) {
			return strings.TrimSuffix(argv[i+1], "/")
		}
	}
	return ""
}

func argvOf(cmdline []byte) []string {
	return strings.Split(strings.TrimRight(string(cmdline), "\x00"), "\x00")
}

func pidText(pid int) string { return strconv.Itoa(pid) }
