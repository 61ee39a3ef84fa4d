package witness

import (
	"encoding/json"
	"io"
	"os"
	"path"
	"strings"
)

// sandbox is what the container engine wrote down about a pod's sandbox, in the bundle that its shim works in. It leads
// from a shim to its pod where no cgroup does: Kata's default leaves a shim, and a monitor built into it, outside the pod's.
type sandbox struct {
	ID     string `json:"id"`
	PodUID string `json:"podUid"`
	// Handler is the runtime handler where the engine says so: CRI-O does, containerd 2.4 does not.
	Handler string `json:"handler,omitempty"`
	// Shim is the program, Runtime what its options make it run.
	Shim    string `json:"shim"`
	Runtime string `json:"runtime,omitempty"`
}

// maxBundleFile bounds a file of a bundle: config.json with a big seccomp profile has some 100 KiB.
const maxBundleFile = 1 << 20

// The annotations that containerd (pkg/cri/annotations) and CRI-O (pkg/annotations) give a sandbox.
var (
	uidAnnotations     = []string{"io.kubernetes.cri.sandbox-uid", "io.kubernetes.pod.uid"}
	handlerAnnotations = []string{"io.containerd.cri.runtime-handler", "io.kubernetes.cri-o.RuntimeHandler"}
)

// shimID is the sandbox that a containerd shim's command line names, as in "containerd-shim-runc-v2 … -id ID". The calls of
// the same program that start and delete it are none.
func shimID(argv []string) string {
	if !strings.HasPrefix(path.Base(argv[0]), "containerd-shim-") {
		return ""
	}
	id := ""
	for i, word := range argv {
		switch {
		case word == "start" || word == "delete":
			return ""
		case word == "-id" && i+1 < len(argv):
			id = argv[i+1]
		}
	}
	return id
}

// readSandbox reads the bundle that a shim works in; nil when there is none to be read.
func readSandbox(pid int, id, shim string) *sandbox {
	bundle := "/proc/" + pidText(pid) + "/cwd/"
	var spec struct {
		Annotations map[string]string `json:"annotations"`
	}
	if !readJSON(bundle+"config.json", &spec) {
		return nil
	}
	found := &sandbox{ID: id, Shim: shim, PodUID: first(spec.Annotations, uidAnnotations), Handler: first(spec.Annotations, handlerAnnotations)}
	var options map[string]any
	if readJSON(bundle+"options.json", &options) {
		// The names in the options of runc's shim, and of the shims of Kata and gVisor.
		for _, name := range []string{"binary_name", "config_path", "ConfigPath"} {
			if text, ok := options[name].(string); ok && text != "" {
				found.Runtime = text
				break
			}
		}
	}
	return found
}

func readJSON(file string, into any) bool {
	opened, err := os.Open(file)
	if err != nil {
		return false
	}
	defer opened.Close()
	text, err := io.ReadAll(io.LimitReader(opened, maxBundleFile))
	return err == nil && json.Unmarshal(text, into) == nil
}

func first(annotations map[string]string, names []string) string {
	for _, name := range names {
		if value := annotations[name]; value != "" {
			return value
		}
	}
	return ""
}
