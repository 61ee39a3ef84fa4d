// Package frame prints the probe's lines: `cofferdam/1 NONCE SEQ JSON`, each on a fresh line, numbered from 1 without gaps,
// closed by a line that counts them. A reader who misses one, or the last, knows that something is missing.
package frame

import (
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Patience is how long a line may wait for somebody to read the output before the output is given up.
const Patience = 20 * time.Second

// Writer numbers and prints lines. It may be used from many goroutines. Output that nobody reads, or that is closed, never
// blocks it for ever: after Patience it drops everything, the last line too, so that the reader cannot take the rest for all.
type Writer struct {
	nonce  string
	lines  chan []byte
	done   chan struct{}
	broken atomic.Bool
	closed sync.Once
	fd     int
	// patience is Patience, but for tests.
	patience time.Duration
}

// NewWriter prints to the descriptor fd, with the nonce of the run in each line.
func NewWriter(fd int, nonce string) *Writer {
	w := &Writer{nonce: nonce, lines: make(chan []byte, 256), done: make(chan struct{}), fd: fd, patience: Patience}
	go w.print()
	return w
}

// Emit prints one value as a line.
func (w *Writer) Emit(value any) {
	encoded, err := Encode(value)
	if err != nil {
		w.broken.Store(true)
		return
	}
	w.send(encoded)
}

func (w *Writer) send(encoded []byte) {
	if w.broken.Load() {
		return
	}
	select {
	case w.lines <- encoded:
		return
	default:
	}
	timer := time.NewTimer(w.patience)
	defer timer.Stop()
	select {
	case w.lines <- encoded:
	case <-w.done:
	case <-timer.C:
		w.broken.Store(true)
	}
}

// Close prints the last line and waits until all is written, or Patience is over. It says whether the output is whole.
func (w *Writer) Close() bool {
	w.closed.Do(func() { w.send(nil) })
	if w.broken.Load() {
		return false
	}
	timer := time.NewTimer(w.patience)
	defer timer.Stop()
	select {
	case <-w.done:
	case <-timer.C:
		w.broken.Store(true)
	}
	return !w.broken.Load()
}

// print is the only one that writes; the number is given here, so that a dropped line cannot leave a gap and a line after it.
func (w *Writer) print() {
	defer close(w.done)
	count := 0
	for encoded := range w.lines {
		last := encoded == nil
		if last {
			encoded = []byte(`{"end":true,"count":` + strconv.Itoa(count) + `}`)
		}
		count++
		if w.broken.Load() {
			return
		}
		// A line starts on a fresh line even if something else wrote half of one before.
		line := "\ncofferdam/1 " + w.nonce + " " + strconv.Itoa(count) + " " + string(encoded) + "\n"
		if !writeAll(w.fd, []byte(line)) {
			w.broken.Store(true)
			return
		}
		if last {
			return
		}
	}
}

// writeAll uses write(2) itself: os.Stdout would end the process with SIGPIPE when the reader is gone, before anything
// that was planted is undone.
func writeAll(fd int, data []byte) bool {
	for len(data) > 0 {
		n, err := syscall.Write(fd, data)
		switch {
		case err == syscall.EINTR:
		case err == syscall.EAGAIN:
			time.Sleep(5 * time.Millisecond)
		case err != nil:
			return false
		default:
			data = data[n:]
		}
	}
	return true
}
