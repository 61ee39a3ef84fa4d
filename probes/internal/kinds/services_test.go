package kinds

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"cofferdam/probes/internal/plan"
)

const method = "/runtime.v1.RuntimeService/Version"

// engine answers calls as a container engine does, and what it is asked in HTTP with its path.
func engine(replies bool) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		message, _ := io.ReadAll(in.Body)
		// How a connection in HTTP/2 begins, for a server that knows none.
		if in.Method == "PRI" {
			return
		}
		if in.ProtoMajor < 2 {
			fmt.Fprintf(out, `{"path": %q}`, in.URL.Path)
			return
		}
		if in.Method != "POST" || in.URL.Path != method || in.Header.Get("Content-Type") != "application/grpc" || in.Header.Get("Te") != "trailers" || len(message) != 5 {
			panic(fmt.Sprintf("no call of gRPC: %v %q", in, message))
		}
		out.Header().Set("Content-Type", "application/grpc")
		if !replies {
			out.Header().Set("Grpc-Status", "16")
			return
		}
		out.Header().Set("Trailer", "Grpc-Status")
		_, _ = io.WriteString(out, "\x00\x00\x00\x00\x0acontainerd")
		out.Header().Set("Grpc-Status", "0")
	})
}

// httpServer serves on the loopback, with TLS or without.
func httpServer(t *testing.T, handler http.Handler, secure *tls.Config, protocols ...string) (address string) {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(slices.Contains(protocols, "http/1.1"))
	server.Config.Protocols.SetHTTP2(slices.Contains(protocols, "h2"))
	server.Config.Protocols.SetUnencryptedHTTP2(slices.Contains(protocols, "h2"))
	if secure != nil {
		server.TLS = secure
		server.EnableHTTP2 = slices.Contains(protocols, "h2")
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

func askedAll(t *testing.T, asks []plan.Text, addresses ...string) servicesValue {
	t.Helper()
	value, err := services(Request{Attempt: plan.Attempt{At: plan.Text(strings.Join(addresses, ",")), Asks: asks, TimeoutMs: 2000, AnswerMs: 1000}})
	if err != nil {
		t.Fatal(err)
	}
	return value.(servicesValue)
}

func TestServicesAreAskedInTheProtocolThatTheySpeak(t *testing.T) {
	asks := []plan.Text{"GET /pods", "GET /version", "CALL " + method}
	inHTTP := func(over string) []string {
		return []string{over + ` GET /pods 200 {"path": "/pods"}`, over + ` GET /version 200 {"path": "/version"}`}
	}
	call := func(over string) []string { return []string{over + " CALL " + method + " 0 containerd"} }
	for name, test := range map[string]struct {
		address string
		want    []string
	}{
		"HTTP":        {httpServer(t, engine(true), nil, "http/1.1"), inHTTP("http")},
		"HTTP in TLS": {httpServer(t, engine(true), &tls.Config{}, "http/1.1"), inHTTP("https")},
		"gRPC":        {httpServer(t, engine(true), nil, "h2"), call("grpc")},
		"gRPC in TLS": {httpServer(t, engine(true), &tls.Config{}, "h2"), call("grpc in TLS")},
		// Who answers in HTTP/1.1 is asked in nothing else.
		"both":                     {httpServer(t, engine(true), nil, "http/1.1", "h2"), inHTTP("http")},
		"both in TLS":              {httpServer(t, engine(true), &tls.Config{}, "http/1.1", "h2"), inHTTP("https")},
		"gRPC that refuses":        {httpServer(t, engine(false), nil, "h2"), nil},
		"gRPC in TLS that refuses": {httpServer(t, engine(false), &tls.Config{}, "h2"), nil},
		"TLS that wants a certificate": {
			serving(t, func(l net.Listener) net.Listener { return tls.NewListener(l, demanding(t, tls.VersionTLS13)) }, "HTTP/1.1 200 OK\r\n\r\n"), nil,
		},
		"HTTP/2 that is no gRPC": {httpServer(t, http.NotFoundHandler(), nil, "h2"), nil},
		"a banner":               {serving(t, func(l net.Listener) net.Listener { return l }, "SSH-2.0-x\r\n"), nil},
		"nothing at all":         {serving(t, func(l net.Listener) net.Listener { return l }, ""), nil},
	} {
		t.Run(name, func(t *testing.T) {
			all := askedAll(t, asks, test.address)
			var got []string
			for _, one := range all.Answers {
				if one.At != test.address {
					t.Errorf("answered by %s, not by %s", one.At, test.address)
				}
				got = append(got, fmt.Sprint(one.Over, " ", one.Asked, " ", one.Status, " ", one.Body))
			}
			if !slices.Equal(got, test.want) || all.Asked != 1 || len(all.Silent)+len(all.Unreached) != 0 {
				t.Errorf("got %q, want %q; %v", got, test.want, all)
			}
		})
	}
}

// A handshake takes longer than all else on a slow node, and not every server takes a second question on a connection.
func TestServicesAreAskedOnOneConnectionWhereTheyTakeThat(t *testing.T) {
	asks := []plan.Text{"GET /pods", "GET /version", "GET /last"}
	for name, test := range map[string]struct {
		handler     http.HandlerFunc
		connections int64
	}{
		"all at once": {func(http.ResponseWriter, *http.Request) {}, 1},
		"one, and then an end": {func(out http.ResponseWriter, _ *http.Request) {
			out.Header().Set("Connection", "close")
		}, 3},
		"an answer that is too long for the rest": {func(out http.ResponseWriter, in *http.Request) {
			if in.URL.Path == "/pods" {
				_, _ = out.Write(make([]byte, 2*maxAnswer))
			}
		}, 3},
		"one that breaks off": {func(out http.ResponseWriter, in *http.Request) {
			if in.URL.Path == "/version" && in.Header.Get("Connection") == "" {
				panic(http.ErrAbortHandler)
			}
		}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			var opened atomic.Int64
			server := httptest.NewUnstartedServer(test.handler)
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				if state == http.StateNew {
					opened.Add(1)
				}
			}
			server.StartTLS()
			defer server.Close()
			got := askedAll(t, asks, server.Listener.Addr().String()).Answers
			if len(got) != 3 || got[0].Asked != "GET /last" || got[2].Asked != "GET /version" || got[0].Status != 200 {
				t.Errorf("got %+v", got)
			}
			// One to learn that it wants TLS.
			if opened.Load() != test.connections+1 {
				t.Errorf("opened %d connections, want %d", opened.Load(), test.connections+1)
			}
		})
	}
}

func TestServicesTellWhoCouldNotBeAsked(t *testing.T) {
	silent, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	gone, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	got := askedAll(t, []plan.Text{"GET /pods", "CALL " + method}, silent.Addr().String(), gone.Addr().String())
	want := servicesValue{
		Asked:     2,
		Answers:   []serviceAnswer{},
		Silent:    []string{silent.Addr().String()},
		Unreached: map[string][]string{"ECONNREFUSED": {gone.Addr().String()}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestManyServicesAreAskedAtATimeAndToldInOrder(t *testing.T) {
	var addresses []string
	for range 3 * maxAsked {
		addresses = append(addresses, httpServer(t, engine(true), nil, "http/1.1"))
	}
	var got []string
	for _, one := range askedAll(t, []plan.Text{"GET /pods"}, addresses...).Answers {
		got = append(got, one.At)
	}
	slices.Sort(addresses)
	if !slices.Equal(got, addresses) {
		t.Errorf("got %v, want %v", got, addresses)
	}
}

func TestServicesAreAskedNothingElse(t *testing.T) {
	for _, ask := range []plan.Text{"POST /exec", "GET pods", "GET", ""} {
		if value, err := services(Request{Attempt: plan.Attempt{Asks: []plan.Text{ask}}}); err == nil {
			t.Errorf("%q: got %v", ask, value)
		}
	}
}

func TestListeningTellsTheSocketsOfTheFirstProcess(t *testing.T) {
	value, err := listening(Request{})
	if err != nil {
		t.Skipf("process 1 cannot be read: %v", err)
	}
	sockets := value.(listeningValue).Sockets
	if !slices.IsSorted(sockets) || len(slices.Compact(slices.Clone(sockets))) != len(sockets) {
		t.Errorf("got %v", sockets)
	}
	for _, one := range sockets {
		if host, port, err := net.SplitHostPort(one); err != nil || net.ParseIP(host) == nil || port == "0" {
			t.Errorf("%q is no address with a port", one)
		}
	}
}
