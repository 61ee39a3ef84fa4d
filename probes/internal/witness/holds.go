package witness

import (
	"os"
	"path"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/kinds"
)

// maxDescriptors bounds how many of a process's descriptors are looked at.
const maxDescriptors = 1024

// openFile is a descriptor of another process, through /proc.
type openFile struct{ link, target string }

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
			files = append(files, openFile{link, target})
		}
	}
	return files, nil
}

// isMachine tells a virtual machine of KVM's, whatever the name of who has it open.
func isMachine(file openFile) bool { return file.target == "anon_inode:kvm-vm" }

// serves tells by its name whether a process serves pods from the node: gVisor's kernel and file servers, monitors of virtual
// machines, and file servers for them. The names are those of harness/sandbox.ts.
func serves(argv []string) bool {
	name := path.Base(argv[0])
	return slices.Contains([]string{"runsc-sandbox", "runsc-gofer", "virtiofsd", "stratovirt", "crosvm", "qemu-kvm"}, name) ||
		slices.ContainsFunc([]string{"qemu-system-", "firecracker", "cloud-hypervisor"}, func(prefix string) bool {
			return strings.HasPrefix(name, prefix)
		})
}

// nodePlaces are directories of a node of which a pod has no business to be served more than a part that is its own.
var nodePlaces = []string{
	"/", "/boot", "/dev", "/etc", "/home", "/opt", "/proc", "/root", "/run", "/run/containerd", "/run/crio", "/srv", "/sys", "/tmp", "/usr", "/var",
	"/var/lib", "/var/lib/containerd", "/var/lib/containers", "/var/log", "/var/run",
}

// inode is what a directory is, wherever it is mounted and whatever a process calls it.
type inode struct{ device, number uint64 }

// places are what of the node may not be held.
type places struct {
	directories map[inode]string
	// disks by their numbers: those of hardware with their partitions, and what the node's root is on.
	disks map[uint64]string
}

// placesOfNode reads them below the root of the node.
func placesOfNode(root string, more ...string) places {
	all := places{map[inode]string{}, map[uint64]string{}}
	for _, directory := range append(slices.Clone(nodePlaces), more...) {
		var stat unix.Stat_t
		if unix.Stat(root+directory, &stat) != nil {
			continue
		}
		// Links lead to what is there already: /var/run to /run.
		key := inode{uint64(stat.Dev), stat.Ino}
		if _, known := all.directories[key]; !known {
			all.directories[key] = directory
		}
		if directory == "/" {
			all.disks[uint64(stat.Dev)] = "the disk of /"
		}
	}
	all.addDisks("/sys/block")
	return all
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

// among tells which of them are open, each once, sorted.
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
			name = p.directories[inode{uint64(stat.Dev), stat.Ino}]
		case unix.S_IFBLK:
			name = p.disks[uint64(stat.Rdev)]
		}
		if name != "" && !slices.Contains(held, name) {
			held = append(held, name)
		}
	}
	slices.Sort(held)
	return held
}
