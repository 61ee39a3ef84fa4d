package kinds

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// BlockDevice is a disk or a partition.
type BlockDevice struct {
	Name string
	// Number is its device number, as stat(2) gives it.
	Number uint64
	// Hardware is true for what a driver found, and false for what the kernel makes out of files and other disks.
	Hardware  bool
	directory string
}

// BlockDevices lists the disks below a directory as /sys/block, each followed by its partitions. What does not tell its
// number is left out.
func BlockDevices(blocks string) (listed []BlockDevice, more bool, err error) {
	disks, more, err := names(blocks, maxEntries)
	if err != nil {
		return nil, false, err
	}
	add := func(name, directory string, hardware bool) {
		var major, minor uint32
		number, err := readPath(directory+"/dev", 32)
		if err != nil {
			return
		}
		if _, err := fmt.Sscanf(string(number), "%d:%d", &major, &minor); err == nil {
			listed = append(listed, BlockDevice{name, unix.Mkdev(major, minor), hardware, directory})
		}
	}
	for _, disk := range disks {
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
