package kinds

import (
	"reflect"
	"strings"
	"testing"
)

// startOf is the start of a disk, with texts at places.
func startOf(parts map[int]string) []byte {
	start := make([]byte, volumeStart)
	for at, text := range parts {
		copy(start[at:], text)
	}
	return start
}

func TestVolumeIDs(t *testing.T) {
	id, hexID := "0123456789abcdef", "30313233343536373839616263646566"
	table := map[int]string{510: "\x55\xaa", 440: "\x78\x56\x34\x12", 446 + 4: "\x83"}
	with := func(parts map[int]string, at int, text string) map[int]string {
		more := map[int]string{at: text}
		for at, text := range parts {
			more[at] = text
		}
		return more
	}
	for name, test := range map[string]struct {
		start []byte
		want  []string
	}{
		"nothing":                 {startOf(nil), []string{}},
		"too short":               {[]byte("XFSB"), []string{}},
		"ext":                     {startOf(map[int]string{0x438: "\x53\xef", 0x468: id}), []string{"ext:" + hexID}},
		"ext without a name":      {startOf(map[int]string{0x438: "\x53\xef"}), []string{}},
		"xfs":                     {startOf(map[int]string{0: "XFSB", 32: id}), []string{"xfs:" + hexID}},
		"btrfs":                   {startOf(map[int]string{0x10040: "_BHRfS_M", 0x10020: id}), []string{"btrfs:" + hexID}},
		"luks":                    {startOf(map[int]string{0: "LUKS\xba\xbe", 168: strings.Repeat("a", 36)}), []string{"luks:" + strings.Repeat("a", 36)}},
		"lvm":                     {startOf(map[int]string{512: "LABELONE", 536: "LVM2 001", 544: strings.Repeat("b", 32)}), []string{"lvm:" + strings.Repeat("b", 32)}},
		"gpt":                     {startOf(map[int]string{512: "EFI PART", 568: id}), []string{"gpt:" + hexID}},
		"gpt of large sectors":    {startOf(map[int]string{4096: "EFI PART", 4152: id}), []string{"gpt:" + hexID}},
		"a DOS table":             {startOf(table), []string{"mbr:12345678"}},
		"FAT, with code":          {startOf(with(table, 446, "\xfa")), []string{}},
		"a boot sector, no table": {startOf(map[int]string{510: "\x55\xaa", 440: "\x01\x02\x03\x04"}), []string{}},
	} {
		if got := volumeIDs(test.start); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}
