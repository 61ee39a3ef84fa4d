package proc

import (
	"os"
	"strconv"
	"strings"
)

// namespaceKinds are all kinds of namespaces(7).
var namespaceKinds = []string{"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"}

// Namespaces reads the numbers of a process's namespaces. Kinds that the kernel does not have are left out; that none can
// be read is an error.
func Namespaces(pid int) (map[string]string, error) {
	numbers := map[string]string{}
	var first error
	for _, kind := range namespaceKinds {
		link, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/ns/" + kind)
		if err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		// The link is as "pid:[4026531836]".
		_, number, _ := strings.Cut(link, ":")
		numbers[kind] = strings.Trim(number, "[]")
	}
	if len(numbers) == 0 {
		return nil, first
	}
	return numbers, nil
}
