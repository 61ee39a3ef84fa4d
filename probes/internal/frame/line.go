package frame

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// MaxLine bounds one framed line with everything in it. A kubelet splits longer lines of a container's log at 16 KiB and
// joins them again; what is unbounded is what an attempt finds, so it is bounded here.
const MaxLine = 64 << 10

// Budget is how much of a line the lists and texts of one observation may take, which leaves room for the rest of it.
const Budget = 56 << 10

// Encode renders a value as JSON on one line, in ASCII only, so that no log driver can re-encode it.
func Encode(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return ascii(bytes.TrimRight(buffer.Bytes(), "\n")), nil
}

// ascii writes what is not ASCII as \uXXXX; it can only stand inside strings.
func ascii(encoded []byte) []byte {
	if !hasWide(encoded) {
		return encoded
	}
	out := make([]byte, 0, len(encoded)+64)
	for len(encoded) > 0 {
		r, size := utf8.DecodeRune(encoded)
		encoded = encoded[size:]
		switch {
		case r < utf8.RuneSelf:
			out = append(out, byte(r))
		case r > 0xffff:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}

func hasWide(encoded []byte) bool {
	for _, b := range encoded {
		if b >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// Cost is the size of a value in a line, for lists that fill a line up to the Budget.
func Cost(value any) int {
	encoded, err := Encode(value)
	if err != nil {
		return MaxLine
	}
	return len(encoded) + 1
}

// Fill takes entries from the front of a list while they fit into the Budget.
func Fill[T any](entries []T) (fitting []T, truncated bool) {
	total := 0
	for i, entry := range entries {
		if total += Cost(entry); total > Budget {
			return entries[:i], true
		}
	}
	return entries, false
}
