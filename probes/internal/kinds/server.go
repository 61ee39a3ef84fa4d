package kinds

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
)

// server is one to be asked. Any certificate is taken: the question is what is served to whom, not by whom.
type server struct {
	address         string
	secure          bool
	connect, answer time.Duration
}

func serverAt(request Request, address string, secure bool) server {
	return server{address, secure, time.Duration(request.TimeoutMs.Or(3000)) * time.Millisecond, AnswerPatience(request.Attempt)}
}

// get asks one question in HTTP/1.1, by itself, because net/http costs megabytes and start-up time that every container
// pays. It follows nothing.
func (s server) get(target, authorization string) (any, error) {
	answer, wanted, err := s.exchange(s.question(target, authorization, true))
	if len(answer) > 0 {
		value, _, err := parseAnswer(answer)
		if err != nil {
			return nil, err
		}
		return value, nil
	}
	return endedIn(err, wanted)
}

// gets asks several on one connection, one behind the other (RFC 9112, section 9.3.2), since a handshake costs most of all.
// A server may close after any answer: of what is not answered the error is told.
func (s server) gets(targets []string) (answers []httpValue, err error) {
	questions := ""
	for i, target := range targets {
		questions += s.question(target, "", i == len(targets)-1)
	}
	left, wanted, err := s.exchange(questions)
	for len(left) > 0 && len(answers) < len(targets) {
		// One that was cut is none.
		if len(answers) > 0 && !bytes.Contains(left, []byte("\r\n\r\n")) {
			break
		}
		answer, rest, err := parseAnswer(left)
		if err != nil {
			return answers, err
		}
		answers, left = append(answers, answer), rest
	}
	if len(answers) == len(targets) {
		return answers, nil
	}
	_, err = endedIn(err, wanted)
	return answers, err
}

func (s server) question(target, authorization string, last bool) string {
	question := "GET " + target + " HTTP/1.1\r\nHost: " + s.address +
		authorization +
		"\r\nUser-Agent: cofferdam-probe\r\nAccept: */*\r\n"
	if last {
		question += "Connection: close\r\n"
	}
	return question + "\r\n"
}

// exchange says something and hears the other side out, up to a bound.
func (s server) exchange(question string) (answer []byte, wanted bool, err error) {
	connection, wanted, err := s.open()
	if err != nil {
		return nil, wanted, err
	}
	defer connection.Close()
	// A server that has answered and closed already, with an alert for example, may make the question fail: what it said
	// counts.
	_, unasked := io.WriteString(connection, question)
	answer, err = io.ReadAll(io.LimitReader(connection, maxAnswer))
	if unasked != nil && alertIn(err) == "" {
		err = unasked
	}
	return answer, wanted, err
}

// open connects, with TLS where it is wanted, and says whether the server asked for a certificate. There is none.
func (s server) open(protocols ...string) (connection net.Conn, wanted bool, err error) {
	connection, err = Dial("tcp", s.address, s.connect)
	if err != nil {
		return nil, false, err
	}
	_ = connection.SetDeadline(time.Now().Add(s.answer))
	if !s.secure {
		return connection, false, nil
	}
	name, _, _ := net.SplitHostPort(s.address)
	secure := tls.Client(connection, &tls.Config{
		InsecureSkipVerify: true,
		ServerName:         name,
		NextProtos:         protocols,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			wanted = true
			return &tls.Certificate{}, nil
		},
	})
	if err := secure.Handshake(); err != nil {
		connection.Close()
		return nil, wanted, &handshakeError{err}
	}
	return secure, wanted, nil
}

// inHandshake is the step in which a connection ends before anything could be asked.
const inHandshake = "tls handshake"

// handshakeError is why.
type handshakeError struct{ error }

func (e *handshakeError) Unwrap() error { return e.error }

// endedIn is what comes of a connection that ended without an answer in HTTP. `wanted`: the server had asked for a certificate.
func endedIn(err error, wanted bool) (any, error) {
	if err == nil {
		err = io.EOF
	}
	var refusal *observe.Refusal
	if errors.As(err, &refusal) {
		return nil, err
	}
	if alert := alertIn(err); wanted && alert != "" {
		return alertValue{alert}, nil
	}
	return nil, tlsRefusal(err)
}

// forWant are the alerts with which a server that asked for a certificate ends the connection when none came: handshake_failure
// until TLS 1.2 (RFC 5246, section 7.4.6), for which older servers in Go send bad_certificate, and certificate_required since
// TLS 1.3 (RFC 8446, section 4.4.2.4).
var forWant = map[tls.AlertError]string{40: "handshake failure", 42: "bad certificate", 116: "certificate required"}

// alertIn tells such an alert by its name. Outside QUIC crypto/tls gives a peer's alert a type of its own, which prints like
// AlertError (crypto/tls, conn.go, readRecordOrCCS).
func alertIn(err error) string {
	var remote *net.OpError
	if !errors.As(err, &remote) || remote.Op != "remote error" {
		return ""
	}
	for alert, name := range forWant {
		if remote.Err.Error() == alert.Error() {
			return name
		}
	}
	return ""
}

// tlsRefusal: a server that ends the handshake refuses without an errno. One that speaks something else is told apart.
func tlsRefusal(err error) error {
	refusal := networkRefusal("read", err)
	if known, isErrno := refusal.(*observe.Refusal); isErrno {
		var early *handshakeError
		if errors.As(err, &early) {
			known.Step = inHandshake
		}
		return refusal
	}
	step := "tls"
	var record tls.RecordHeaderError
	if errors.As(err, &record) {
		step = "tls record"
	}
	return &observe.Refusal{Step: step, Errno: unix.EPROTO, Detail: err.Error()}
}
