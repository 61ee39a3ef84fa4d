package frame

import "strings"

const hexDigits = "0123456789abcdef"

// Text makes bytes from a hostile place safe to print: printable ASCII, newline and tab stay, every other byte becomes
// \xNN. A file name or a log may hold terminal escapes, or text that looks like one of our own lines.
func Text(raw []byte) string {
	text, _ := Bounded(raw, len(raw)*6)
	return text
}

// Clean is Text for a string.
func Clean(raw string) string { return Text([]byte(raw)) }

// Bounded is Text that stops before the result takes more than limit bytes inside a JSON string, and says whether it had to.
func Bounded(raw []byte, limit int) (text string, truncated bool) {
	var out strings.Builder
	cost := 0
	for _, b := range raw {
		size := cleanCost(b)
		if cost+size > limit {
			return out.String(), true
		}
		cost += size
		if b == '\n' || b == '\t' || (b >= 0x20 && b < 0x7f) {
			out.WriteByte(b)
			continue
		}
		out.WriteString(`\x`)
		out.WriteByte(hexDigits[b>>4])
		out.WriteByte(hexDigits[b&15])
	}
	return out.String(), false
}

// cleanCost is what a byte takes in JSON once it is cleaned: \xNN has a backslash that JSON doubles.
func cleanCost(b byte) int {
	switch {
	case b == '\n', b == '\t', b == '"', b == '\\':
		return 2
	case b >= 0x20 && b < 0x7f:
		return 1
	default:
		return 5
	}
}
