package witness

import (
	"context"
	"net"
	"time"

	"cofferdam/probes/internal/rpc"
	"cofferdam/probes/internal/stop"
)

// engines are where the container engines of the distributions listen for calls of the CRI.
var engines = []string{
	"/run/containerd/containerd.sock",
	"/run/crio/crio.sock",
	"/run/cri-dockerd.sock",
	"/run/k3s/containerd/containerd.sock",
	"/run/k0s/containerd.sock",
	"/var/snap/microk8s/common/run/containerd.sock",
}

const (
	// askEvery: a pod is known before its sandbox is made, and one that is not there yet is asked for again. On a fast node
	// a pod is gone after some seconds.
	askEvery = time.Second
	// restAfter so long after it became known, it is asked for less often: every restEvery.
	restAfter = 15 * time.Second
	restEvery = 5 * time.Second
	// askFor so long.
	askFor = 10 * time.Minute
	// enginePatience: an emulated node takes its time.
	enginePatience = 10 * time.Second
)

// record is what the container engine has written down of a pod's sandbox and tells of it in the CRI (cri-api, PodSandbox):
// the handler under which it was told to run it. Empty for its default.
type record struct {
	ID      string `json:"id"`
	PodUID  string `json:"podUid"`
	Handler string `json:"handler"`
}

// records asks the container engine for each pod of the run, and for no other, beside the census: a call may take longer
// than a look.
type records struct {
	wanted chan string
	told   chan record
	engine string
}

func newRecords() *records {
	return &records{wanted: make(chan string, maxReported), told: make(chan record, maxReported)}
}

// want has a pod asked for.
func (r *records) want(uid string) {
	select {
	case r.wanted <- uid:
	default:
	}
}

// new gives what was told since it was asked last. It does not wait.
func (r *records) new() (told []record) {
	for {
		select {
		case one := <-r.told:
			told = append(told, one)
		default:
			return told
		}
	}
}

// ask goes on until it is stopped.
func (r *records) ask(stopped context.Context) {
	pending := map[string]*waiting{}
	for stop.Sleep(stopped, askEvery) {
		for more := true; more; {
			select {
			case uid := <-r.wanted:
				pending[uid] = &waiting{since: time.Now()}
			default:
				more = false
			}
		}
		for uid, pod := range pending {
			if !pod.isDue(time.Now()) {
				continue
			}
			found, known := r.of(uid)
			if known {
				r.told <- found
			}
			if known || time.Since(pod.since) > askFor {
				delete(pending, uid)
			}
		}
	}
}

// waiting is a pod that the container engine was not known to have yet.
type waiting struct{ since, asked time.Time }

// isDue tells whether it is to be asked for now, and takes it for asked.
func (w *waiting) isDue(now time.Time) bool {
	if now.Sub(w.since) > restAfter && now.Sub(w.asked) < restEvery {
		return false
	}
	w.asked = now
	return true
}

// of asks for one pod, any engine until one has answered.
func (r *records) of(uid string) (record, bool) {
	for _, engine := range engines {
		if r.engine != "" && engine != r.engine {
			continue
		}
		if sandboxes, err := listSandboxes(node+engine, uid); err == nil {
			if len(sandboxes) > 0 {
				r.engine = engine
				return sandboxes[0], true
			}
		}
	}
	return record{}, false
}

func listSandboxes(socket, uid string) ([]record, error) {
	connection, err := net.DialTimeout("unix", socket, enginePatience)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(enginePatience))
	reply, _, err := rpc.Call(connection, rpc.Peer{Authority: "localhost"}, "/runtime.v1.RuntimeService/ListPodSandbox", requestFor(uid))
	if err == rpc.ErrNoReply {
		// A message of no bytes is told by no frame of its own.
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return sandboxesIn(reply, uid), nil
}

// Numbers of fields in cri-api, pkg/apis/runtime/v1/api.proto.
const (
	requestFilter = 1
	filterLabels  = 3
	replyItems    = 1
	sandboxID     = 1
	sandboxName   = 7
	mapKey        = 1
	mapValue      = 2
)

// uidLabel is the one that the kubelet gives every sandbox (kubelet/pkg/types, KubernetesPodUIDLabel).
const uidLabel = "io.kubernetes.pod.uid"

// requestFor is a ListPodSandboxRequest for the sandboxes of one pod.
func requestFor(uid string) []byte {
	label := appendText(appendText(nil, mapKey, uidLabel), mapValue, uid)
	return appendText(nil, requestFilter, string(appendText(nil, filterLabels, string(label))))
}

func sandboxesIn(reply []byte, uid string) (found []record) {
	eachText(reply, func(field uint64, item []byte) {
		if field != replyItems {
			return
		}
		one := record{PodUID: uid}
		eachText(item, func(field uint64, value []byte) {
			switch field {
			case sandboxID:
				one.ID = string(value)
			case sandboxName:
				one.Handler = string(value)
			}
		})
		if one.ID != "" {
			found = append(found, one)
		}
	})
	return found
}
