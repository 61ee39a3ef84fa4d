package frame

import (
	"encoding/json"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// output runs print with a writer to a pipe and gives all that came out.
func output(t *testing.T, print func(*Writer)) string {
	t.Helper()
	reading, writing, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reading.Close()
	all := make(chan string)
	go func() {
		data, _ := io.ReadAll(reading)
		all <- string(data)
	}()
	print(NewWriter(int(writing.Fd()), "abc123"))
	writing.Close()
	return <-all
}

func TestLinesAreNumberedAndCounted(t *testing.T) {
	got := output(t, func(w *Writer) {
		w.Emit(map[string]string{"id": "a"})
		w.Emit(map[string]string{"id": "<&>"})
		if !w.Close() {
			t.Error("the output is not whole")
		}
	})
	want := "\ncofferdam/1 abc123 1 {\"id\":\"a\"}\n\ncofferdam/1 abc123 2 {\"id\":\"<&>\"}\n\ncofferdam/1 abc123 3 {\"end\":true,\"count\":2}\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLinesThatWaitAreWrittenTogether(t *testing.T) {
	reading, writing, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reading.Close()
	// A pipe in packet mode keeps the writes apart (pipe(2), O_DIRECT).
	if _, err := unix.FcntlInt(writing.Fd(), unix.F_SETFL, unix.O_DIRECT); err != nil {
		t.Fatal(err)
	}
	w := &Writer{nonce: "ab", lines: make(chan []byte, 256), done: make(chan struct{}), fd: int(writing.Fd()), patience: Patience}
	for range 5 {
		w.Emit("x")
	}
	go w.print()
	if !w.Close() {
		t.Error("the output is not whole")
	}
	writing.Close()
	packet := make([]byte, 4096)
	n, _ := reading.Read(packet)
	if got := strings.Count(string(packet[:n]), "cofferdam/1"); got < 5 {
		t.Errorf("%d lines in the first write, want the 5 that waited", got)
	}
}

func TestClosedOutputEndsTheWriter(t *testing.T) {
	reading, writing, _ := os.Pipe()
	reading.Close()
	defer writing.Close()
	w := NewWriter(int(writing.Fd()), "ab")
	for range 1000 {
		w.Emit("x")
	}
	if w.Close() {
		t.Error("the output is said to be whole, and nobody could read it")
	}
}

func TestStalledOutputLosesTheLastLine(t *testing.T) {
	reading, writing, _ := os.Pipe()
	defer reading.Close()
	fd := int(writing.Fd())
	w := NewWriter(fd, "ab")
	w.patience = 100 * time.Millisecond
	for range 400 {
		w.Emit(strings.Repeat("x", 4000))
	}
	if w.Close() {
		t.Error("the output is said to be whole, and nobody read it")
	}
	syscall.Close(fd)
}

func TestTextIsPrintableASCII(t *testing.T) {
	if got, want := Text([]byte("a\x1b[31m\r\n\tü\x7f")), "a\\x1b[31m\\x0d\n\t\\xc3\\xbc\\x7f"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBoundedCountsWhatJSONAdds(t *testing.T) {
	for _, raw := range []string{strings.Repeat("\x00", 1000), strings.Repeat("\"\\", 500), strings.Repeat("a", 1000)} {
		text, truncated := Bounded([]byte(raw), 300)
		encoded, _ := json.Marshal(text)
		if !truncated || len(encoded)-2 > 300 || len(encoded)-2 < 290 {
			t.Errorf("%q...: truncated %v to %d bytes", raw[:4], truncated, len(encoded)-2)
		}
	}
}

func TestEncodeIsASCIIOnOneLine(t *testing.T) {
	encoded, err := Encode(map[string]string{"a": "ü\n\u2028😀"})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"a":"\u00fc\n\u2028\ud83d\ude00"}`; string(encoded) != want {
		t.Errorf("got %s, want %s", encoded, want)
	}
	var back map[string]string
	if err := json.Unmarshal(encoded, &back); err != nil || back["a"] != "ü\n\u2028😀" {
		t.Errorf("reads back as %q, %v", back["a"], err)
	}
}

func TestFillStopsAtTheBudget(t *testing.T) {
	entries := make([]string, 100)
	for i := range entries {
		entries[i] = strings.Repeat("x", 1000)
	}
	fitting, truncated := Fill(entries)
	if !truncated || Cost(fitting) > Budget+2 || len(fitting) < 50 {
		t.Errorf("%d entries, truncated %v", len(fitting), truncated)
	}
}
