package plan

import (
	"bytes"
	"os"
	"strconv"
	"strings"
)

// Variable is the environment variable that holds the plan. Never argv: everybody may read that.
const Variable = "COFFERDAM_PLAN"

// Take returns the plan's text and takes it out of the environment: out of the one that children get, and, where the
// kernel lets it, out of the one that /proc/PID/environ shows for the rest of the process's life. A witness's plan holds
// canaries in plain text, and whoever may read its environment must not come by them in another way than a check is about.
func Take() string {
	text := os.Getenv(Variable)
	_ = os.Unsetenv(Variable)
	if text != "" {
		wipe()
	}
	return text
}

// wipe overwrites the plan in the process's initial stack, which is what /proc/PID/environ reads. Best effort: an
// application kernel need not have /proc/self/mem.
func wipe() {
	shown, err := os.ReadFile("/proc/self/environ")
	if err != nil {
		return
	}
	offset := variableOffset(shown)
	start := environmentStart()
	if offset < 0 || start == 0 {
		return
	}
	length := bytes.IndexByte(shown[offset:], 0)
	if length < 0 {
		length = len(shown) - offset
	}
	memory, err := os.OpenFile("/proc/self/mem", os.O_WRONLY, 0)
	if err != nil {
		return
	}
	defer memory.Close()
	_, _ = memory.WriteAt(make([]byte, length), start+int64(offset))
}

// variableOffset is where the variable's value starts in an environment block, -1 when it is not there.
func variableOffset(block []byte) int {
	key := []byte(Variable + "=")
	if bytes.HasPrefix(block, key) {
		return len(key)
	}
	if at := bytes.Index(block, append([]byte{0}, key...)); at >= 0 {
		return at + 1 + len(key)
	}
	return -1
}

// environmentStart is field 50 of /proc/self/stat, env_start (proc_pid_stat(5)); 0 when the kernel does not tell.
func environmentStart() int64 {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	const envStart = 50 - 3
	if len(fields) <= envStart {
		return 0
	}
	start, err := strconv.ParseInt(fields[envStart], 10, 64)
	if err != nil {
		return 0
	}
	return start
}
