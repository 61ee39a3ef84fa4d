package kinds

import (
	"sort"
	"strconv"
	"strings"

	"cofferdam/probes/internal/frame"
)

type disk struct {
	Name string `json:"name"`
	// Sectors of 512 bytes, whatever the disk's own are.
	Sectors   int64  `json:"sectors"`
	Serial    string `json:"serial,omitempty"`
	WWID      string `json:"wwid,omitempty"`
	Removable bool   `json:"removable"`
	Major     int    `json:"major"`
	Minor     int    `json:"minor"`
}

type disksValue struct {
	Disks     []disk `json:"disks"`
	Truncated bool   `json:"truncated,omitempty"`
}

// disks lists the disks that /sys shows, which no mount or device namespace hides. Those without a size are left out:
// loop devices and drives with nothing behind them.
func disks(Request) (any, error) {
	const blocks = "/sys/block"
	found, more, err := names(blocks, maxEntries)
	if err != nil {
		return nil, err
	}
	sort.Strings(found)
	listed := []disk{}
	for _, name := range found {
		attribute := func(paths ...string) string {
			for _, path := range paths {
				if data, err := readPath(blocks+"/"+name+"/"+path, 256); err == nil && len(data) > 0 {
					return strings.TrimSpace(frame.Text(data))
				}
			}
			return ""
		}
		sectors, _ := strconv.ParseInt(attribute("size"), 10, 64)
		if sectors == 0 {
			continue
		}
		major, minor, _ := strings.Cut(attribute("dev"), ":")
		one := disk{
			Name:    frame.Clean(name),
			Sectors: sectors,
			// virtio keeps the serial beside the disk, NVMe and SCSI beside the device.
			Serial:    attribute("serial", "device/serial"),
			WWID:      attribute("wwid", "device/wwid"),
			Removable: attribute("removable") == "1",
		}
		one.Major, _ = strconv.Atoi(major)
		one.Minor, _ = strconv.Atoi(minor)
		listed = append(listed, one)
	}
	listed, cut := frame.Fill(listed)
	return disksValue{Disks: listed, Truncated: more || cut}, nil
}
