package kinds

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"testing"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

// serving takes connections on the loopback and ends each after an answer to its first bytes.
func serving(t *testing.T, wrap func(net.Listener) net.Listener, answer string) (address string) {
	t.Helper()
	plain, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { plain.Close() })
	listener := wrap(plain)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer connection.Close()
				if _, err := connection.Read(make([]byte, 1)); err == nil {
					_, _ = io.WriteString(connection, answer)
				}
			}()
		}
	}()
	return plain.Addr().String()
}

// demanding is a server's configuration that, like etcd's, wants a client's certificate.
func demanding(t *testing.T, version uint16) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{
		MinVersion:   version,
		MaxVersion:   version,
		ClientAuth:   tls.RequireAndVerifyClientCert,
		Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: key}},
	}
}

func asked(scheme, address string) (any, error) {
	return httpGet(Request{Attempt: plan.Attempt{URL: plan.Text(scheme + "://" + address + "/version")}})
}

func TestATLSServerThatWantsACertificateSaysSo(t *testing.T) {
	for version, want := range map[uint16]string{tls.VersionTLS12: "handshake failure", tls.VersionTLS13: "certificate required"} {
		config := demanding(t, version)
		secure := func(listener net.Listener) net.Listener { return tls.NewListener(listener, config) }
		// Often enough that the alert comes before, and after, the question.
		address := serving(t, secure, "HTTP/1.1 200 OK\r\n\r\n")
		for range 20 {
			if value, err := asked("https", address); value != (alertValue{want}) || err != nil {
				t.Fatalf("%s: got %v, %#v", want, value, err)
			}
		}
	}
}

func TestAServerThatAskedForNoCertificateHasNotSaidThatItWantsOne(t *testing.T) {
	config := demanding(t, tls.VersionTLS12)
	config.ClientAuth = tls.NoClientCert
	// Suites with RSA, for which the server has no key.
	config.CipherSuites = []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}
	address := serving(t, func(listener net.Listener) net.Listener { return tls.NewListener(listener, config) }, "")
	value, err := asked("https", address)
	var refusal *observe.Refusal
	if value != nil || !errors.As(err, &refusal) || refusal.Step != "tls" || refusal.Detail != "remote error: tls: handshake failure" {
		t.Errorf("got %v, %#v", value, err)
	}
}

func TestAConnectionThatEndsWithoutAnAnswerIsRefused(t *testing.T) {
	plain := func(listener net.Listener) net.Listener { return listener }
	for _, one := range []struct {
		scheme, answer, step string
		errno                unix.Errno
	}{
		{"http", "", "read", unix.ECONNRESET},
		{"https", "HTTP/1.1 400 Bad Request\r\n\r\n", "tls record", unix.EPROTO},
		{"http", "SSH-2.0-x\r\n", "http", unix.EPROTO},
	} {
		_, err := asked(one.scheme, serving(t, plain, one.answer))
		var refusal *observe.Refusal
		if !errors.As(err, &refusal) || refusal.Errno != one.errno || refusal.Step != one.step {
			t.Errorf("%s, answered %q: got %v", one.scheme, one.answer, err)
		}
	}
}
