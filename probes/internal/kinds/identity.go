package kinds

import (
	"bytes"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
)

type uname struct {
	Sysname string `json:"sysname"`
	Release string `json:"release"`
	Version string `json:"version"`
	Machine string `json:"machine"`
}

type identityValue struct {
	Uname       uname  `json:"uname"`
	ProcVersion string `json:"procVersion"`
	BootID      string `json:"bootId"`
	// Btime is the boot time in seconds, 0 where /proc/stat does not tell it.
	Btime   int64  `json:"btime"`
	Cmdline string `json:"cmdline"`
	// GVisor: the kernel's log is gVisor's. False, too, where the log may not be read.
	GVisor bool `json:"gvisor"`
}

// identity reads what names the running kernel. What is missing is empty.
func identity(Request) (any, error) {
	var name unix.Utsname
	value := identityValue{}
	if err := unix.Uname(&name); err == nil {
		value.Uname = uname{cString(name.Sysname[:]), cString(name.Release[:]), cString(name.Version[:]), cString(name.Machine[:])}
	}
	line := func(path string) string {
		data, _ := readPath(path, 4096)
		return strings.TrimSpace(frame.Text(data))
	}
	value.ProcVersion = line("/proc/version")
	value.BootID = line("/proc/sys/kernel/random/boot_id")
	value.Cmdline = line("/proc/cmdline")
	value.Btime = bootTime()
	value.GVisor = gVisorLog()
	return value, nil
}

func cString(raw []byte) string {
	text, _, _ := bytes.Cut(raw, []byte{0})
	return frame.Text(text)
}

// bootTime is read past the lines of all processors and interrupts, which can be long.
func bootTime() int64 {
	data, err := readPath("/proc/stat", 4<<20)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(data)) {
		if rest, found := strings.CutPrefix(line, "btime "); found {
			seconds, _ := strconv.ParseInt(strings.TrimSpace(rest), 10, 64)
			return seconds
		}
	}
	return 0
}

// gVisorLog: gVisor gives everybody a log of its own making, which starts with its name
// (gvisor.dev/gvisor/pkg/sentry/kernel/syslog.go). It is a few lines long; a longer one is not read.
func gVisorLog() bool {
	log, err := kernelLog(16 << 10)
	return err == nil && bytes.Contains(log, []byte("] Starting gVisor..."))
}
