package kinds

import (
	"fmt"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
)

type searchValue struct {
	Found string `json:"found,omitempty"`
	// At is where it was.
	At string `json:"at,omitempty"`
	// Looked is the number of places that could be read.
	Looked int `json:"looked"`
	// Truncated: there were more places than a search looks into.
	Truncated bool `json:"truncated,omitempty"`
}

// hunt is a search under way: a search that could look nowhere has found nothing out.
type hunt struct {
	digest string
	value  searchValue
	first  error
}

// see takes what was read at a place, or why it could not be. It says whether the search is over.
func (h *hunt) see(at string, data []byte, err error) (over bool) {
	if err != nil {
		if h.first == nil {
			h.first = err
		}
		return false
	}
	h.value.Looked++
	if token, found := findToken(data, h.digest); found {
		h.value.Found, h.value.At = token, frame.Clean(at)
	}
	return h.value.Found != ""
}

func (h *hunt) end() (any, error) {
	if h.value.Looked > 0 {
		return h.value, nil
	}
	if h.first != nil {
		return nil, h.first
	}
	return nil, &observe.Refusal{Step: "search", Errno: unix.ENOENT, Detail: "there was no place to look into"}
}

// search looks for a canary.
func search(request Request) (any, error) {
	if len(request.SHA256) != 64 {
		return nil, fmt.Errorf("sha256 is not a SHA-256 in hexadecimal")
	}
	h := &hunt{digest: string(request.SHA256)}
	switch request.Where {
	case "files":
		searchFiles(h, request.Paths)
	case "processes":
		searchProcesses(h, "cmdline")
	case "environment":
		searchProcesses(h, "environ")
	case "kernel-log":
		searchKernelLog(h)
	case "sysv-shm":
		searchSharedMemory(h, int(request.Key))
	case "keyring":
		searchKeys(h, string(request.Description))
	default:
		return nil, fmt.Errorf("this probe cannot search in %q", request.Where)
	}
	return h.end()
}
