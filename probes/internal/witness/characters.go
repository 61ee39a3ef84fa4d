package witness

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
)

// usualCharacters are character devices that a monitor or a kernel in user space works with, by their major and minor
// numbers (Documentation/admin-guide/devices.txt): what gives nothing, random numbers, terminals of its own, and what makes
// virtual machines, networks and file systems.
var usualCharacters = map[uint32][]uint32{
	1:  {3, 5, 7, 8, 9},
	5:  {0, 2},
	10: {183, 200, 229, 232, 237, 238, 241},
}

// firstPTY and lastPTY are the major numbers of the other ends of pseudo-terminals.
const firstPTY, lastPTY = 136, 143

// usualNames are such devices with numbers that are given as drivers load. mshv is what kvm is under Microsoft's hypervisor.
var usualNames = regexp.MustCompile(`^(vhost-.*|mshv|userfaultfd|udmabuf|tap\d+|sev|sgx_.*|tdx_.*)$`)

// character names a character device of the node that a process has open and has no usual need of: its memory, a port, a
// keyboard, a TPM, hardware that is passed to a machine. One of which only the name is open (O_PATH) is not.
func character(file openFile, stat *unix.Stat_t) string {
	major, minor := unix.Major(uint64(stat.Rdev)), unix.Minor(uint64(stat.Rdev))
	if slices.Contains(usualCharacters[major], minor) || major >= firstPTY && major <= lastPTY || usualNames.MatchString(path.Base(file.target)) {
		return ""
	}
	if mode, err := file.mode(); err != nil || mode == 0 {
		return ""
	}
	if !strings.HasPrefix(file.target, "/dev/") {
		return fmt.Sprintf("character device %d:%d", major, minor)
	}
	name, _ := frame.Bounded([]byte(file.target), maxName)
	return name
}
