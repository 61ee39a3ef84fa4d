package proc

import (
	"strconv"
	"strings"
)

// Fields of /proc/PID/stat, as proc_pid_stat(5) counts them.
const (
	NiceField   = 19
	StartField  = 22
	PolicyField = 41
)

// StatField is a field after the name, which may hold anything, a bracket too; empty where there is none.
func StatField(stat string, number int) string {
	end := strings.LastIndexByte(stat, ')')
	if end < 0 {
		return ""
	}
	// The first field after the name is the third.
	fields := strings.Fields(stat[end+1:])
	if len(fields) <= number-3 {
		return ""
	}
	return fields[number-3]
}

// Start is when a process started, in ticks since the boot; false where that cannot be read.
func Start(pid int) (ticks uint64, known bool) {
	stat, err := Read(pid, "stat")
	if err != nil {
		return 0, false
	}
	ticks, err = strconv.ParseUint(StatField(string(stat), StartField), 10, 64)
	return ticks, err == nil
}
