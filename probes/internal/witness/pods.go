package witness

import (
	"os"
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
	return &pods{volume: volume, root: kubeletRoot(), first: map[string]time.Time{}, known: map[string]bool{}}
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
