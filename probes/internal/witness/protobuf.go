package witness

import "encoding/binary"

// Types of fields on the wire (protobuf.dev/programming-guides/encoding).
const (
	wireNumber  = 0
	wireFixed64 = 1
	wireText    = 2
	wireFixed32 = 5
)

// appendText appends a field that is a text, or another message.
func appendText(to []byte, field uint64, text string) []byte {
	to = binary.AppendUvarint(to, field<<3|wireText)
	return append(binary.AppendUvarint(to, uint64(len(text))), text...)
}

// eachText tells every field that is a text or another message, in their order, and passes by the others. It ends where the
// message is cut.
func eachText(message []byte, tell func(field uint64, text []byte)) {
	number := func() (uint64, bool) {
		value, size := binary.Uvarint(message)
		if size <= 0 {
			return 0, false
		}
		message = message[size:]
		return value, true
	}
	for len(message) > 0 {
		tag, ok := number()
		if !ok {
			return
		}
		skip := uint64(0)
		switch tag & 7 {
		case wireNumber:
			if _, ok := number(); !ok {
				return
			}
		case wireFixed64:
			skip = 8
		case wireFixed32:
			skip = 4
		case wireText:
			size, ok := number()
			if !ok || size > uint64(len(message)) {
				return
			}
			tell(tag>>3, message[:size])
			skip = size
		default:
			return
		}
		if skip > uint64(len(message)) {
			return
		}
		message = message[skip:]
	}
}
