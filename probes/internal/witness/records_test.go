package witness

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// sandboxOnWire is a PodSandbox: its id, its metadata, its state, when it was made, a label, and its handler.
func sandboxOnWire(id, handler string) []byte {
	wire := appendText(nil, sandboxID, id)
	wire = appendText(wire, 2, string(appendText(nil, 1, "name")))
	wire = append(wire, 3<<3|wireNumber, 1, 4<<3|wireNumber, 0x80, 0x01)
	wire = appendText(wire, 5, string(appendText(appendText(nil, mapKey, uidLabel), mapValue, "uid")))
	if handler != "" {
		wire = appendText(wire, sandboxName, handler)
	}
	return appendText(nil, replyItems, string(wire))
}

func TestSandboxesOnTheWire(t *testing.T) {
	reply := append(sandboxOnWire("a", "kata-qemu"), sandboxOnWire("b", "")...)
	got := sandboxesIn(reply, "uid")
	want := []record{{"a", "uid", "kata-qemu"}, {"b", "uid", ""}}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %v", got)
	}
	for cut := range reply {
		for _, one := range sandboxesIn(reply[:cut], "uid") {
			if one != want[0] {
				t.Errorf("cut after %d bytes: got %v", cut, one)
			}
		}
	}
	if got := sandboxesIn([]byte("HTTP/1.1 400"), "uid"); got != nil {
		t.Errorf("got %v", got)
	}
}

// A container engine as it is asked: by the pod's label, in HTTP/2 without TLS.
func TestListSandboxes(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "engine.sock")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Protocols: new(http.Protocols), Handler: http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		message, _ := io.ReadAll(in.Body)
		if in.URL.Path != "/runtime.v1.RuntimeService/ListPodSandbox" || len(message) < 5 {
			t.Errorf("asked %v %q", in.URL, message)
		}
		out.Header().Set("Content-Type", "application/grpc")
		out.Header().Set("Trailer", "Grpc-Status")
		var reply []byte
		if bytes.Equal(message[5:], requestFor("known")) {
			reply = sandboxOnWire("a", "gvisor")
		}
		_, _ = out.Write(append([]byte{0, 0, 0, 0, byte(len(reply))}, reply...))
		out.Header().Set("Grpc-Status", "0")
	})}
	server.Protocols.SetUnencryptedHTTP2(true)
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	got, err := listSandboxes(socket, "known")
	if err != nil || len(got) != 1 || got[0] != (record{"a", "known", "gvisor"}) {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := listSandboxes(socket, "other"); err != nil || got != nil {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := listSandboxes(socket+".none", "known"); err == nil {
		t.Error("nobody listens there")
	}
}

func TestAPodIsAskedForLessOftenLater(t *testing.T) {
	start := time.Now()
	pod := &waiting{since: start}
	var asked []int
	for second := range 30 {
		if pod.isDue(start.Add(time.Duration(second) * time.Second)) {
			asked = append(asked, second)
		}
	}
	if want := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 20, 25}; !slices.Equal(asked, want) {
		t.Errorf("asked after %v seconds", asked)
	}
}
