package kinds

import (
	"fmt"
	"os"
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
		start, err := readVolume(one.device)
		if err != nil {
			refused++
			if first == nil {
				first = err
			}
			continue
		}
		found = append(found, volume{Name: frame.Clean(one.name), Hardware: one.hardware, IDs: volumeIDs(start)})
	}
	if len(found) == 0 && first != nil {
		return nil, first
	}
	found, cut := frame.Fill(found)
	return volumesValue{Volumes: found, Refused: refused, Truncated: more || cut}, nil
}

type listedVolume struct {
	name     string
	device   uint64
	hardware bool
}

// volumeNames lists the disks and partitions that have a size.
func volumeNames() (listed []listedVolume, more bool, err error) {
	const blocks = "/sys/block"
	disks, more, err := names(blocks, maxEntries)
	if err != nil {
		return nil, false, err
	}
	add := func(name, directory string, hardware bool) {
		size, sizeErr := readPath(directory+"/size", 32)
		number, numberErr := readPath(directory+"/dev", 32)
		var major, minor uint32
		if _, err := fmt.Sscanf(string(number), "%d:%d", &major, &minor); err != nil || sizeErr != nil || numberErr != nil {
			return
		}
		if strings.TrimSpace(string(size)) == "0" {
			return
		}
		if len(listed) == maxVolumes {
			more = true
			return
		}
		listed = append(listed, listedVolume{name, unix.Mkdev(major, minor), hardware})
	}
	for _, disk := range disks {
		// Opening a floppy drive starts its motor, and waits for it.
		if strings.HasPrefix(disk, "fd") {
			continue
		}
		directory := blocks + "/" + disk
		_, noDevice := os.Lstat(directory + "/device")
		hardware := noDevice == nil
		add(disk, directory, hardware)
		inside, _, _ := names(directory, maxEntries)
		for _, name := range inside {
			if _, err := os.Lstat(directory + "/" + name + "/partition"); err == nil {
				add(name, directory+"/"+name, hardware)
			}
		}
	}
	return listed, more, nil
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
