package plan

import (
	"os"
	"strings"
	"unsafe"
)

// Variable is the environment variable that holds the plan. Never argv: everybody may read that.
const Variable = "COFFERDAM_PLAN"

// Take returns the plan's text and wipes it: from the environment that children get, and from the memory that
// /proc/PID/environ shows for the rest of the process's life. A witness's plan holds canaries in plain text, and whoever may
// read its environment must not come by them in another way than the one a check is about.
func Take() string {
	value, there := os.LookupEnv(Variable)
	if !there {
		return ""
	}
	text := strings.Clone(value)
	_ = os.Unsetenv(Variable)
	// The runtime's environment strings point into the process's initial stack, which is what the kernel shows
	// (runtime/runtime1.go, goenvs_unix: gostringnocopy).
	if value != "" {
		wiped := unsafe.Slice(unsafe.StringData(value), len(value))
		for i := range wiped {
			wiped[i] = 0
		}
	}
	return text
}
