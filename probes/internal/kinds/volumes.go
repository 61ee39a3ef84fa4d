package kinds

import (
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
)

// maxVolumes bounds how many disks and partitions are opened.
const maxVolumes = 64

type volume struct {
	Name string `json:"name"`
	// Hardware is true for what a driver found, and false for what the kernel makes out of files and other disks: loop
	// devices, device mapper.
	Hardware bool     `json:"hardware"`
	IDs      []string `json:"ids"`
}

type volumesValue struct {
	Volumes []volume `json:"volumes"`
	// Refused are those that are listed and could not be opened.
	Refused   int  `json:"refused,omitempty"`
	Truncated bool `json:"truncated,omitempty"`
}

// volumes opens every disk and partition that /sys shows, for reading, and tells the ids of what is on it. The kernel that
// lists a disk may be another than the node's and the disk the node's all the same: its content tells.
func volumes(Request) (any, error) {
	listed, more, err := volumeNames()
	if err != nil {
		return nil, err
	}
	found, refused := []volume{}, 0
	var first error
	for _, one := range listed {
		start, err := readVolume(one.Number)
		if err != nil {
			refused++
			if first == nil {
				first = err
			}
			continue
		}
		found = append(found, volume{Name: frame.Clean(one.Name), Hardware: one.Hardware, IDs: volumeIDs(start)})
	}
	if len(found) == 0 && first != nil {
		return nil, first
	}
	found, cut := frame.Fill(found)
	return volumesValue{Volumes: found, Refused: refused, Truncated: more || cut}, nil
}

// volumeNames lists the disks and partitions that have a size.
func volumeNames() (listed []BlockDevice, more bool, err error) {
	const blocks = "/sys/block"
	all, more, err := BlockDevices(blocks)
	for _, one := range all {
		// Opening a floppy drive starts its motor, and waits for it.
		if strings.HasPrefix(one.Name, "fd") {
			continue
		}
		if size, err := readPath(one.directory+"/size", 32); err != nil || strings.TrimSpace(string(size)) == "0" {
			continue
		}
		if len(listed) == maxVolumes {
			more = true
			break
		}
		listed = append(listed, one)
	}
	return listed, more, err
}

// readVolume reads the start of a block device through a node of its own, which is gone afterwards.
func readVolume(number uint64) ([]byte, error) {
	path, err := makeNode(unix.S_IFBLK, number)
	if err != nil {
		return nil, err
	}
	defer unix.Unlink(path)
	fd, err := openFile(path, unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	start := make([]byte, volumeStart)
	n, err := unix.Pread(fd, start, 0)
	// That it opened is what counts; a bad sector is a disk without a name.
	if err != nil {
		n = 0
	}
	return start[:n], nil
}
