package datagram

import (
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"slices"
	"testing"
)

var question = Datagram{
	From:    netip.MustParseAddrPort("10.244.0.5:40000"),
	To:      netip.MustParseAddrPort("127.0.0.1:41000"),
	Payload: []byte("?"),
}

func TestEncode(t *testing.T) {
	// Added up by hand, the words of the header come to 0x4f29, those of the segment and its pseudo header to 0x0587.
	want := "4500001d000040004011b0d6" + "0af40005" + "7f000001" + "9c40a0280009fa78" + "3f"
	if got := hex.EncodeToString(question.Encode()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestChecksums(t *testing.T) {
	// The example of RFC 1071, section 3.
	if got := sum([]byte{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}); got != 0xddf2 {
		t.Errorf("got %#x", got)
	}
	for _, payload := range []string{"", "?", "??", "an odd one"} {
		d := question
		d.Payload = []byte(payload)
		packet := d.Encode()
		// With its checksum what is right adds up to all ones.
		if sum(packet[:ipHeader]) != 0xffff || sum(pseudoHeader(packet), packet[ipHeader:]) != 0xffff {
			t.Errorf("%q: a checksum is wrong: %x", payload, packet)
		}
	}
	// One that comes to zero.
	d := question
	d.Payload = []byte{0, 0}
	missing := binary.BigEndian.Uint16(d.Encode()[ipHeader+6:])
	d.Payload = binary.BigEndian.AppendUint16(nil, missing)
	if got := binary.BigEndian.Uint16(d.Encode()[ipHeader+6:]); got != 0xffff {
		t.Errorf("got %#x", got)
	}
}

func TestDecode(t *testing.T) {
	// As a frame of Ethernet holds it, filled up to its shortest length.
	padded := append(question.Encode(), make([]byte, 17)...)
	got, ok := Decode(padded)
	if !ok || got.From != question.From || got.To != question.To || string(got.Payload) != "?" {
		t.Errorf("got %v, %v", got, ok)
	}
	withOptions := slices.Insert(question.Encode(), ipHeader, 1, 1, 1, 0)
	withOptions[0]++
	withOptions[3] += 4
	if got, ok := Decode(withOptions); !ok || got.From != question.From || string(got.Payload) != "?" {
		t.Errorf("with options: got %v, %v", got, ok)
	}
}

func TestDecodeNoDatagram(t *testing.T) {
	for what, edit := range map[string]func([]byte) []byte{
		"nothing":                 func([]byte) []byte { return nil },
		"IPv6":                    func(p []byte) []byte { p[0] = 0x65; return p },
		"TCP":                     func(p []byte) []byte { p[9] = 6; return p },
		"the first fragment":      func(p []byte) []byte { p[6] = 0x20; return p },
		"another fragment":        func(p []byte) []byte { p[7] = 1; return p },
		"a header that is short":  func(p []byte) []byte { p[0] = 0x44; return p },
		"a header that is long":   func(p []byte) []byte { p[0] = 0x4f; return p },
		"one that was cut":        func(p []byte) []byte { return p[:len(p)-1] },
		"less than its headers":   func(p []byte) []byte { p[3] = 27; return p },
		"a segment that is short": func(p []byte) []byte { p[ipHeader+5] = 7; return p },
		"a segment that is long":  func(p []byte) []byte { p[ipHeader+5] = 10; return p },
	} {
		if got, ok := Decode(edit(question.Encode())); ok {
			t.Errorf("%s: got %v", what, got)
		}
	}
}
