package kinds

import (
	"os"
	"sort"
	"strings"

	"cofferdam/probes/internal/frame"
)

// maxName bounds the name of one variable: what is that long is none that anybody gives.
const maxName = 128

type environmentValue struct {
	// Names are those of the variables, sorted. Never a value: what a runtime hands on by mistake may be a secret.
	Names     []string `json:"names"`
	Truncated bool     `json:"truncated"`
}

// environment tells which variables the process was started with, by their names. Workers inherit those of the container's
// first one, but for the suite's own (see spawn), so nobody's /proc/PID/environ is needed.
func environment(Request) (any, error) {
	found := []string{}
	for _, entry := range os.Environ() {
		// What is not NAME=VALUE has no name; all of it may be a value.
		name, _, isVariable := strings.Cut(entry, "=")
		if !isVariable {
			name = ""
		}
		short, _ := frame.Bounded([]byte(name), maxName)
		found = append(found, short)
	}
	sort.Strings(found)
	found, cut := frame.Fill(found)
	return environmentValue{Names: found, Truncated: cut}, nil
}
