package kinds

import (
	"crypto/sha256"
	"encoding/hex"
	"io"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
)

// maxDigested bounds what is read to compute a digest: a device has no end.
const maxDigested = 16 << 20

type readValue struct {
	Text string `json:"text"`
	// Bytes were read, and SHA256 is over all of them, whether or not they fit into Text.
	Bytes     int    `json:"bytes"`
	SHA256    string `json:"sha256"`
	Truncated bool   `json:"truncated"`
}

// read reads a file.
func read(request Request) (any, error) {
	fd, err := openFile(string(request.Path), unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	head := &headWriter{max: request.Max.Or(4096)}
	digest := sha256.New()
	n, err := io.CopyBuffer(io.MultiWriter(digest, head), io.LimitReader(reader(fd), maxDigested), make([]byte, 64<<10))
	// A log or a pipe that has no more for now ends with EAGAIN.
	if err != nil && n == 0 {
		return nil, observe.Refused("read", err)
	}
	text, cut := frame.Bounded(head.data, frame.Budget)
	return readValue{
		Text:      text,
		Bytes:     int(n),
		SHA256:    hex.EncodeToString(digest.Sum(nil)),
		Truncated: cut || int(n) > len(head.data) || n == maxDigested,
	}, nil
}

// headWriter keeps the first bytes.
type headWriter struct {
	data []byte
	max  int
}

func (h *headWriter) Write(p []byte) (int, error) {
	if room := min(h.max, frame.Budget) - len(h.data); room > 0 {
		h.data = append(h.data, p[:min(room, len(p))]...)
	}
	return len(p), nil
}
