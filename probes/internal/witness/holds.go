package witness

import (
	"os"
	"path"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/kinds"
)

// maxDescriptors bounds how many of a process's descriptors are looked at.
const maxDescriptors = 1024

// openFile is a descriptor of another process, through /proc, or what it hands on without one.
type openFile struct {
	link, target string
	// by says of what is not open how it is handed on.
	by string
}

// openFiles reads which files a process has open.
func openFiles(pid int) ([]openFile, error) {
	directory, err := os.Open("/proc/" + pidText(pid) + "/fd")
	if err != nil {
		return nil, err
	}
	defer directory.Close()
	names, _ := directory.Readdirnames(maxDescriptors)
	files := make([]openFile, 0, len(names))
	for _, name := range names {
		link := directory.Name() + "/" + name
		if target, err := os.Readlink(link); err == nil {
			files = append(files, openFile{link: link, target: target})
		}
	}
	return files, nil
}

// isMachine tells a virtual machine of KVM's, whatever the name of who has it open.
func isMachine(file openFile) bool { return file.target == "anon_inode:kvm-vm" }

// serves tells by its name whether a process serves pods from the node: gVisor's kernel and file servers, monitors of virtual
// machines, and file servers for them. The names are those of harness/judge/sandbox.ts.
func serves(argv []string) bool {
	name := path.Base(argv[0])
	return slices.Contains([]string{"runsc-sandbox", "runsc-gofer", "virtiofsd", "stratovirt", "crosvm", "qemu-kvm"}, name) ||
		slices.ContainsFunc([]string{"qemu-system-", "firecracker", "cloud-hypervisor"}, func(prefix string) bool {
			return strings.HasPrefix(name, prefix)
		})
}

// addDisks adds what has hardware behind it: what the node's kernel makes of files, or of other disks, may be a pod's root
// (containerd's devmapper and blockfile snapshotters).
func (p places) addDisks(blocks string) {
	listed, _, _ := kinds.BlockDevices(blocks)
	for _, one := range listed {
		if one.Hardware {
			p.disks[one.Number] = "/dev/" + one.Name
		}
	}
}

// maxNamed bounds how many are named: a server of a whole directory may have each of its files open.
const maxNamed = 16

// among tells which of them are open or named, each once, sorted.
func (p places) among(files []openFile) []string {
	held := []string{}
	for _, file := range files {
		var stat unix.Stat_t
		// What is no file of a file system has no path.
		if !strings.HasPrefix(file.target, "/") || unix.Stat(file.link, &stat) != nil {
			continue
		}
		name := ""
		switch stat.Mode & unix.S_IFMT {
		case unix.S_IFDIR:
			name = p.known(&stat)
		case unix.S_IFREG:
			if name = p.known(&stat); name == "" {
				name = p.private(file, &stat)
			}
		case unix.S_IFBLK:
			name = p.disks[uint64(stat.Rdev)]
		case unix.S_IFCHR:
			name = character(file, &stat)
		case unix.S_IFSOCK:
			// What is open of one, by its path, is the name of it in a directory that is served (O_PATH): nobody is
			// connected by that.
			if file.by == byArguments {
				name, _ = frame.Bounded([]byte(file.target), maxName)
			}
		}
		if name == "" || slices.Contains(held, name) {
			continue
		}
		held = append(held, name+file.by)
	}
	slices.Sort(held)
	held = slices.Compact(held)
	return held[:min(len(held), maxNamed)]
}
