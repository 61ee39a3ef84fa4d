// Package frame prints the probe's lines: `cofferdam/1 NONCE SEQ JSON`, each on a fresh line, numbered from 1 without gaps,
// closed by a line that counts them. A reader who misses one, or the last, knows that something is missing.
package frame

import (
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Patience is how long a line may wait for somebody to read the output before the output is given up.
const Patience = 20 * time.Second

// together is after how many bytes nothing more is added to what is written at once: a pipe takes as many.
const together = 64 << 10

// Writer numbers and prints lines. It may be used from many goroutines. Output that nobody reads, or that is closed, never
// blocks it for ever: after Patience it drops everything, the last line too, so that the reader cannot take the rest for all.
type Writer struct {
	nonce  string
	lines  chan []byte
	done   chan struct{}
	broken atomic.Bool
	closed sync.Once
	fd     int
	// count is of the lines that are printed.
	count int
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
	for encoded := range w.lines {
		text, last := w.gather(encoded)
		if w.broken.Load() {
			return
		}
		if !writeAll(w.fd, text) {
			w.broken.Store(true)
			return
		}
		if last {
			return
		}
	}
}

// gather makes one text of a line and of those that wait behind it: who follows the log is woken by each write, and a
// kubelet then asks the container engine whether the container still runs.
func (w *Writer) gather(encoded []byte) (text []byte, last bool) {
	for {
		if last = encoded == nil; last {
			encoded = fmt.Appendf(nil, `{"end":true,"count":%d}`, w.count)
		}
		w.count++
		// A line starts on a fresh line even if something else wrote half of one before.
		text = fmt.Appendf(text, "\ncofferdam/1 %s %d %s\n", w.nonce, w.count, encoded)
		if last || len(text) >= together {
			return text, last
		}
		select {
		case encoded = <-w.lines:
		default:
			return text, false
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
