package witness

import (
	"os"
	"path"
	"regexp"
	"strings"

	"cofferdam/probes/internal/proc"
)

// handedOn is what a process that serves a pod is told to hand on to it and need not have open, by its arguments. Read once
// a process: they are many under gVisor.
type handedOn struct {
	// files, directories and sockets.
	paths []string
	// shared is the directory that a file server serves.
	shared string
	// served are all directories that it serves: that one, and those that a monitor serves itself.
	served []string
}

// How it is handed on, behind the name of what is.
const (
	byArguments = " (by its arguments)"
	byMount     = " (mounted below what it shares)"
)

func handedOnBy(argv []string) handedOn {
	shared, served := sharedBy(argv), servedBy(argv)
	if shared != "" {
		served = append(served, shared)
	}
	return handedOn{append(namedBy(argv), socketsOf(argv)...), shared, served}
}

// serving finds the directory in QEMU's `-fsdev` and `-virtfs` (9p), in their form of words.
var serving = regexp.MustCompile(`^local,(?:.*,)?path=(/[^,]*)`)

func servedBy(argv []string) (paths []string) {
	for _, word := range append(valuesOf(argv, "fsdev"), valuesOf(argv, "virtfs")...) {
		if found := serving.FindStringSubmatch(word); found != nil {
			paths = append(paths, found[1])
		}
	}
	return paths
}

// files are these as the process sees them, and what is mounted at these points of what it shares.
func (h handedOn) files(pid int, points []string) (files []openFile) {
	root := rootOf(pid)
	for _, path := range h.paths {
		files = append(files, openFile{link: root + path, target: path, by: byArguments})
	}
	if h.shared == "" {
		return files
	}
	for _, point := range points {
		files = append(files, openFile{link: root + point, target: point, by: byMount})
	}
	return files
}

// rootOf leads into the root of a process.
func rootOf(pid int) string { return "/proc/" + pidText(pid) + "/root" }

// naming finds in an argument of QEMU a file that it reads to hand it on (`-fw_cfg`, `-smbios`, `-acpitable`,
// `-device loader`), or a directory of which it makes a disk (`fat:`), in their forms of words and of JSON. None of them
// stays open.
var naming = regexp.MustCompile(`(?:\b(?:dir|file|filename)"?[=:] ?"?(?:fat:(?:[a-z0-9]+:)*)?|\bfat:(?:[a-z0-9]+:)*)(/[^,"]*)`)

// namedBy are the paths that a process's arguments name so.
func namedBy(argv []string) (paths []string) {
	for _, word := range argv {
		for _, found := range naming.FindAllStringSubmatch(word, -1) {
			paths = append(paths, found[1])
		}
	}
	return paths
}

// How QEMU's `-chardev` names a socket and itself, that it waits there for others, and how a `-device` says which one it uses.
var (
	socketPath = regexp.MustCompile(`^socket,(?:.*,)?path=(/[^,]*)`)
	socketName = regexp.MustCompile(`,id=([^,]*)`)
	waits      = regexp.MustCompile(`,server(?:=on)?(?:,|$)`)
	deviceUses = regexp.MustCompile(`\bchardev"?[=:] ?"?([^,"}]*)`)
	// portPath is how `-serial` and its like name one in place of a character device.
	portPath = regexp.MustCompile(`^(?:mon:)?unix:(/[^,]*)`)
)

// socketsOf are the sockets of others to which a monitor connects its machine: what is written to a port of the machine's
// arrives there. At its own a monitor waits, and what serves the machine's files and network cards is at no port of it
// (vhost-user).
func socketsOf(argv []string) (paths []string) {
	sockets := map[string]string{}
	for _, word := range valuesOf(argv, "chardev") {
		file, name := socketPath.FindStringSubmatch(word), socketName.FindStringSubmatch(word)
		if file != nil && name != nil && !waits.MatchString(word) {
			sockets[name[1]] = file[1]
		}
	}
	for _, word := range valuesOf(argv, "device") {
		used := deviceUses.FindStringSubmatch(word)
		if used != nil && sockets[used[1]] != "" && !strings.Contains(word, "vhost-user-") {
			paths = append(paths, sockets[used[1]])
		}
	}
	for _, option := range []string{"serial", "parallel", "debugcon"} {
		for _, word := range valuesOf(argv, option) {
			if found := portPath.FindStringSubmatch(word); found != nil && !waits.MatchString(word) {
				paths = append(paths, found[1])
			}
			if name, used := strings.CutPrefix(word, "chardev:"); used && sockets[name] != "" {
				paths = append(paths, sockets[name])
			}
		}
	}
	return paths
}

// valuesOf are what an option is given, each time.
func valuesOf(argv []string, option string) (values []string) {
	for i := 1; i < len(argv); i++ {
		if argv[i-1] == "-"+option || argv[i-1] == "--"+option {
			values = append(values, argv[i])
		}
	}
	return values
}

// shares is how virtiofsd is told which directory it serves, if not in a word of its own; as `source` it was before 1.0.
var shares = regexp.MustCompile(`^(?:--shared-dir=|(?:.*,)?source=)(/[^,]*)`)

// sharedBy is the directory that a virtiofsd serves; "" of others.
func sharedBy(argv []string) string {
	if len(argv) == 0 || path.Base(argv[0]) != "virtiofsd" {
		return ""
	}
	if values := valuesOf(argv, "shared-dir"); len(values) > 0 {
		return values[0]
	}
	for _, word := range argv {
		if found := shares.FindStringSubmatch(word); found != nil {
			return found[1]
		}
	}
	return ""
}

// mountedBelow are what is mounted below a shared directory: a guest finds it there, and its server opens it when somebody
// looks. A server that made the directory its root sees nothing else. What other machines serve is not asked for.
func mountedBelow(root, shared string, mounts []proc.Mount) (points []string) {
	if _, err := os.Lstat(root + shared); err != nil {
		shared = ""
	}
	for _, mount := range mounts {
		if mount.Point != "/" && below(mount.Point, shared) && !remote.MatchString(mount.FSType) {
			points = append(points, mount.Point)
		}
	}
	return points
}
