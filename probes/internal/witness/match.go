package witness

import (
	"strings"

	"cofferdam/probes/internal/mark"
)

// matcher says which processes belong to the run.
type matcher struct {
	// pods by the texts in which their UID stands in cgroup paths.
	pods map[string]string
	// containers maps an id of a container or sandbox to its pod's UID.
	containers map[string]string
	// sandboxes are those whose bundles are known.
	sandboxes map[string]bool
}

func newMatcher() *matcher {
	return &matcher{pods: map[string]string{}, containers: map[string]string{}, sandboxes: map[string]bool{}}
}

func (m *matcher) size() int { return len(m.pods) + len(m.containers) + len(m.sandboxes) }

// addPod: systemd's cgroup names have _ where the UID has -.
func (m *matcher) addPod(uid string) {
	m.pods[uid] = uid
	m.pods[strings.ReplaceAll(uid, "-", "_")] = uid
}

// addSandbox remembers whose a sandbox is, and tells whether that is new and of the run.
func (m *matcher) addSandbox(s *sandbox) bool {
	uid, ours := m.pods[s.PodUID]
	if !ours || m.sandboxes[s.ID] {
		return false
	}
	m.sandboxes[s.ID] = true
	m.containers[s.ID] = uid
	return true
}

// belonging is why a process is one of the run's.
type belonging struct {
	podUID string
	mark   string
}

// match: a process belongs to the run when it has a mark, when its cgroup or its arguments hold the UID of one of the run's
// pods, or when they hold the id of a container of such a pod, as those of a shim or a file server do.
func (m *matcher) match(argv []string, cgroup string) (belonging, bool) {
	var found belonging
	if len(argv) > 0 && strings.HasPrefix(argv[0], mark.Prefix) {
		found.mark = argv[0]
	}
	arguments := joined(argv)
	for text, uid := range m.pods {
		if strings.Contains(cgroup, text) {
			found.podUID = uid
			// What follows the pod in a cgroup path is a container or sandbox of it.
			m.addContainers(cgroup, uid)
			break
		}
		if strings.Contains(arguments, text) {
			found.podUID = uid
			break
		}
	}
	if found.podUID == "" {
		for id, uid := range m.containers {
			if strings.Contains(cgroup, id) || strings.Contains(arguments, id) {
				found.podUID = uid
				break
			}
		}
	}
	return found, found.podUID != "" || found.mark != ""
}

// idLength is that of the ids that containerd and CRI-O give: 32 bytes in hexadecimal.
const idLength = 64

func (m *matcher) addContainers(cgroup, uid string) {
	start := -1
	for i := 0; i <= len(cgroup); i++ {
		if i < len(cgroup) && isHex(cgroup[i]) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 && i-start == idLength {
			m.containers[cgroup[start:i]] = uid
		}
		start = -1
	}
}

func isHex(b byte) bool { return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'f') }

func joined(argv []string) string { return strings.Join(argv, " ") }
