package proc

import (
	"os"
	"strings"

	"cofferdam/probes/internal/observe"
)

// Mount is one line of /proc/self/mountinfo (proc_pid_mountinfo(5)).
type Mount struct {
	ID, Device                  string
	Point, Root, FSType, Source string
	// Options are this mount's, SuperOptions the file system's. A mount can be read-only on one that is not.
	Options, SuperOptions string
}

// Mounts reads this process's mount table.
func Mounts() ([]Mount, error) {
	data, err := Read(os.Getpid(), "mountinfo")
	if err != nil {
		return nil, observe.Refused("open", err)
	}
	return ParseMounts(string(data)), nil
}

// ParseMounts reads a mountinfo file. Lines that are none are left out.
func ParseMounts(text string) []Mount {
	var mounts []Mount
	for line := range strings.Lines(text) {
		before, after, found := strings.Cut(strings.TrimSuffix(line, "\n"), " - ")
		head, tail := strings.Split(before, " "), strings.Split(after, " ")
		if !found || len(head) < 6 || len(tail) < 3 {
			continue
		}
		mounts = append(mounts, Mount{
			ID: head[0], Device: head[2], Root: unescape(head[3]), Point: unescape(head[4]), Options: head[5],
			FSType: tail[0], Source: unescape(tail[1]), SuperOptions: unescape(tail[2]),
		})
	}
	return mounts
}

// unescape undoes the kernel's octal escapes for blanks and backslashes in names.
func unescape(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	return strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`, `\043`, "#").Replace(text)
}
