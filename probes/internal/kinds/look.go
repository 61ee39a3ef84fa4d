package kinds

import (
	"os"
	"slices"

	"golang.org/x/sys/unix"
)

// openers are file systems that open on the other side what is only looked up on this one: gVisor's file server opens a file to
// serve it (runsc/fsgofer, tryOpen). A watchdog that was opened, and is not fed, resets the node.
var openers = []string{"9p"}

// opensWhatIsLookedUp tells whether that goes for the files of a directory. What is unknown is taken to be so.
func opensWhatIsLookedUp(directory string) bool {
	var fs unix.Statfs_t
	if ignoreEINTR(func() error { return unix.Statfs(directory, &fs) }) != nil {
		return true
	}
	return slices.Contains(openers, fsName(int64(fs.Type)))
}

// looked is what is known of an entry of a directory.
type looked struct {
	kind         string
	major, minor *uint32
	// stat is nil where nothing was asked.
	stat *unix.Stat_t
}

// lookAt asks the kernel about an entry; of a device that would be opened by that, the directory's own word has to do.
func lookAt(directory string, entry os.DirEntry, wouldBeOpened bool) looked {
	if wouldBeOpened && entry.Type()&os.ModeDevice != 0 {
		if entry.Type()&os.ModeCharDevice != 0 {
			return looked{kind: "char"}
		}
		return looked{kind: "block"}
	}
	var stat unix.Stat_t
	if unix.Lstat(join(directory, entry.Name()), &stat) != nil {
		return looked{kind: "unknown"}
	}
	major, minor := numbers(&stat)
	return looked{kind: fileType(stat.Mode), major: major, minor: minor, stat: &stat}
}
