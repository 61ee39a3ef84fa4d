package kinds

import (
	"encoding/binary"
	"encoding/hex"
	"slices"

	"cofferdam/probes/internal/frame"
)

// volumeStart is how much of a disk volumeIDs looks at: up to btrfs' superblock, which is the furthest.
const volumeStart = 0x10000 + 0x1000

// Where the formats keep their names, from util-linux' libblkid (src/superblocks, src/partitions).
var formats = []struct {
	name string
	// magic stands at magicAt when the format is there.
	magicAt int
	magic   string
	// The name: idSize bytes at idAt, as text where the format keeps text.
	idAt, idSize int
	text         bool
}{
	{name: "gpt", magicAt: 512, magic: "EFI PART", idAt: 512 + 56, idSize: 16},
	{name: "gpt", magicAt: 4096, magic: "EFI PART", idAt: 4096 + 56, idSize: 16},
	{name: "ext", magicAt: 0x438, magic: "\x53\xef", idAt: 0x468, idSize: 16},
	{name: "xfs", magicAt: 0, magic: "XFSB", idAt: 32, idSize: 16},
	{name: "btrfs", magicAt: 0x10040, magic: "_BHRfS_M", idAt: 0x10020, idSize: 16},
	{name: "luks", magicAt: 0, magic: "LUKS\xba\xbe", idAt: 168, idSize: 36, text: true},
	// The label is in the second sector, and the volume's own header right behind it.
	{name: "lvm", magicAt: 512 + 24, magic: "LVM2 001", idAt: 512 + 32, idSize: 32, text: true},
}

// volumeIDs are the names by which what is on a disk or partition tells itself from all others, found at its start.
func volumeIDs(start []byte) []string {
	ids := []string{}
	for _, format := range formats {
		if !standsAt(start, format.magicAt, format.magic) || len(start) < format.idAt+format.idSize {
			continue
		}
		id := start[format.idAt : format.idAt+format.idSize]
		if !slices.ContainsFunc(id, func(b byte) bool { return b != 0 }) {
			continue
		}
		text := hex.EncodeToString(id)
		if format.text {
			text = frame.Text(id)
		}
		ids = append(ids, format.name+":"+text)
	}
	if signature := mbrSignature(start); signature != 0 {
		ids = append(ids, "mbr:"+hex.EncodeToString(binary.BigEndian.AppendUint32(nil, signature)))
	}
	return ids
}

func standsAt(start []byte, at int, magic string) bool {
	return len(start) >= at+len(magic) && string(start[at:at+len(magic)]) == magic
}

// mbrSignature is the disk signature of a DOS partition table, or 0. The boot sector of a FAT file system ends like one and
// has code where the signature would be, the same on all: it is no table, because entries are active or not, and have types.
func mbrSignature(start []byte) uint32 {
	if !standsAt(start, 510, "\x55\xaa") {
		return 0
	}
	partitions := false
	for entry := start[446:510]; len(entry) > 0; entry = entry[16:] {
		if entry[0] != 0 && entry[0] != 0x80 {
			return 0
		}
		partitions = partitions || entry[4] != 0
	}
	if !partitions {
		return 0
	}
	return binary.LittleEndian.Uint32(start[440:])
}
