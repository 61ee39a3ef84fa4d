package main

import (
	"fmt"
	"io"
	"maps"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"
)

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

func isOpen(port int) bool {
	connection, err := net.DialTimeout("tcp4", fmt.Sprintf("127.0.0.1:%d", port), time.Second)
	if err == nil {
		connection.Close()
	}
	return err == nil
}

func TestServeAndDial(t *testing.T) {
	port, more, serverReady, clientReady, closed := freePort(t), freePort(t), freePort(t), freePort(t), freePort(t)
	introduction := map[string]any{"mark": true, "attempts": []any{map[string]any{"id": "who", "kind": "identity"}}}
	with := func(rest map[string]any) map[string]any { maps.Copy(rest, introduction); return rest }
	server := start(t, with(map[string]any{"tcpPort": port, "udpPort": port, "morePorts": []int{more}, "readyPort": serverReady}), nil, "serve")
	eventually(t, "a ready server", func() bool { return isOpen(serverReady) })
	client := start(t, with(map[string]any{"readyPort": clientReady, "intervalMs": 100, "timeoutMs": 500, "readyAfterMs": 1500, "targets": []any{
		map[string]any{"id": "tcp", "network": "tcp", "address": fmt.Sprintf("127.0.0.1:%d", port)},
		map[string]any{"id": "udp", "network": "udp", "address": fmt.Sprintf("127.0.0.1:%d", port)},
		map[string]any{"id": "more-tcp", "network": "tcp", "address": fmt.Sprintf("127.0.0.1:%d", more)},
		map[string]any{"id": "more-udp", "network": "udp", "address": fmt.Sprintf("127.0.0.1:%d", more)},
		map[string]any{"id": "closed", "network": "tcp", "address": fmt.Sprintf("127.0.0.1:%d", closed)},
	}}), nil, "dial")
	eventually(t, "a client that is ready though a path is closed", func() bool { return isOpen(clientReady) })
	if processNamed(markOf(nonce)) == 0 {
		t.Error("neither of the two shows itself")
	}
	_ = client.Process.Signal(syscall.SIGTERM)
	tries := client.end(t)
	_ = server.Process.Signal(syscall.SIGTERM)
	received := server.end(t)
	for _, said := range [][]observation{tries, received} {
		if said[0].ID != "who" || said[0].Value["bootId"] == "" {
			t.Errorf("it did not say first which kernel runs it, but %v", said[0])
		}
	}
	tries = tries[1:]

	arrived := map[string]bool{}
	for _, one := range received {
		if one.ID == "received" {
			arrived[one.Value["network"].(string)+" "+one.Value["payload"].(string)] = true
		}
	}
	last, classes := 0.0, map[string]string{}
	for _, one := range tries {
		seq, target, class := one.Value["seq"].(float64), one.Value["target"].(string), one.Value["class"].(string)
		if one.ID != "dial" || seq != last+1 {
			t.Fatalf("after %v came %v", last, one)
		}
		last = seq
		if before := classes[target]; before != "" && before != class {
			t.Errorf("%s was %s and then %s", target, before, class)
		}
		classes[target] = class
		if payload := fmt.Sprintf("%s %s/%s/%d", strings.TrimPrefix(target, "more-"), nonce, target, int(seq)); class == "open" && !arrived[payload] {
			t.Errorf("%s did not arrive", payload)
		}
	}
	if classes["tcp"] != "open" || classes["udp"] != "open" || classes["more-tcp"] != "open" || classes["more-udp"] != "open" || classes["closed"] != "refused" || last < 6 {
		t.Errorf("got %v, %v tries", classes, last)
	}
}

func TestServeStopsPrintingButNotAnswering(t *testing.T) {
	port, ready := freePort(t), freePort(t)
	server := start(t, map[string]any{"tcpPort": port, "readyPort": ready, "maxLines": 2}, nil, "serve")
	eventually(t, "a ready server", func() bool { return isOpen(ready) })
	for i := range 4 {
		connection, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprintf(connection, "line %d\x1b\n", i)
		answer, _ := io.ReadAll(connection)
		connection.Close()
		if want := fmt.Sprintf("seen line %d\x1b\n", i); string(answer) != want {
			t.Errorf("got %q, want %q", answer, want)
		}
	}
	_ = server.Process.Signal(syscall.SIGTERM)
	text := fmt.Sprint(server.end(t))
	if strings.Count(text, "received") != 4 || !strings.Contains(text, `line 1\x1b`) || strings.Contains(text, "line 2") || !strings.Contains(text, "maxLines:2") {
		t.Errorf("got %s", text)
	}
}

func TestAServerWithoutItsPortIsNotReady(t *testing.T) {
	taken, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	ready := freePort(t)
	server := start(t, map[string]any{"tcpPort": taken.Addr().(*net.TCPAddr).Port, "readyPort": ready}, nil, "serve")
	time.Sleep(500 * time.Millisecond)
	if isOpen(ready) {
		t.Error("it says that it is ready")
	}
	_ = server.Process.Signal(syscall.SIGTERM)
	refused(t, byID(server.end(t))["listen.tcp"], "EADDRINUSE", "listen")
}

// The whole server in a network namespace of its own: the flush needs root over it.
func TestServeFlushes(t *testing.T) {
	needsRoot(t, "makes namespaces")
	server := start(t, map[string]any{"tcpPort": 7001, "flush": true}, inOwnNamespaces(), insideMode, "exec", "serve")
	time.Sleep(1500 * time.Millisecond)
	_ = server.Process.Signal(syscall.SIGTERM)
	got := byID(server.end(t))["flush"]
	if got.Errno != "" {
		t.Skipf("this kernel has no nftables: %v", got)
	}
	if got.Value["ok"] != true || got.Value["rulesBefore"] != 0.0 {
		t.Errorf("got %v", got)
	}
}
