package kinds

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

// maxAnswer bounds what is read of an answer, maxBody what is reported of its body.
const (
	maxAnswer = 64 << 10
	maxBody   = 512
)

// AnswerPatience is how long a server that took the connection may think, where the plan does not say: an emulated node that
// is busy takes seconds for the cryptography alone.
func AnswerPatience(attempt plan.Attempt) time.Duration {
	return time.Duration(attempt.AnswerMs.Or(20_000)) * time.Millisecond
}

type httpValue struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
}

// alertValue is an answer, too: the server says in TLS's own words that it serves nobody without a certificate.
type alertValue struct {
	Alert string `json:"alert"`
}

// httpGet makes one GET without credentials, or with the token of a service account, follows nothing, and takes any certificate: the question is what is served to
// whom, not by whom. It speaks HTTP/1.1 itself, because net/http costs megabytes and start-up time that every container pays.
func httpGet(request Request) (any, error) {
	target, err := url.Parse(string(request.URL))
	if err != nil || (target.Scheme != "http" && target.Scheme != "https") || target.Host == "" {
		return nil, fmt.Errorf("url %q is not an http or https one", request.URL)
	}
	authorization := ""
	if request.Token != "" {
		token, err := os.ReadFile(string(request.Token))
		if err != nil {
			return nil, fmt.Errorf("the token cannot be read: %w", err)
		}
		authorization = "\r\nAuthorization: Bearer " + strings.TrimSpace(string(token))
	}
	port := target.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[target.Scheme]
	}
	connection, err := Dial("tcp", net.JoinHostPort(target.Hostname(), port), time.Duration(request.TimeoutMs.Or(3000))*time.Millisecond)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(AnswerPatience(request.Attempt)))
	// The server asked for a certificate. There is none.
	wanted := false
	if target.Scheme == "https" {
		secure := tls.Client(connection, &tls.Config{
			InsecureSkipVerify: true,
			ServerName:         target.Hostname(),
			GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
				wanted = true
				return &tls.Certificate{}, nil
			},
		})
		if err := secure.Handshake(); err != nil {
			return endedIn(err, wanted)
		}
		connection = secure
	}
	question := "GET " + target.RequestURI() + " HTTP/1.1\r\nHost: " + target.Host +
		authorization +
		"\r\nUser-Agent: cofferdam-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n"
	// A server that has answered and closed already, with an alert for example, may make the question fail: what it said counts.
	_, unasked := io.WriteString(connection, question)
	answer, err := io.ReadAll(io.LimitReader(connection, maxAnswer))
	if len(answer) > 0 {
		return parseAnswer(answer)
	}
	if unasked != nil && alertIn(err) == "" {
		err = unasked
	}
	return endedIn(err, wanted)
}

// endedIn is what comes of a connection that ended without an answer in HTTP. `wanted`: the server had asked for a certificate.
func endedIn(err error, wanted bool) (any, error) {
	if err == nil {
		err = io.EOF
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
	if _, isErrno := refusal.(*observe.Refusal); isErrno {
		return refusal
	}
	step := "tls"
	var record tls.RecordHeaderError
	if errors.As(err, &record) {
		step = "tls record"
	}
	return &observe.Refusal{Step: step, Errno: unix.EPROTO, Detail: err.Error()}
}

// parseAnswer takes the status and the beginning of the body.
func parseAnswer(answer []byte) (any, error) {
	head, body, _ := bytes.Cut(answer, []byte("\r\n\r\n"))
	line, headers, _ := strings.Cut(string(head), "\r\n")
	words := strings.SplitN(line, " ", 3)
	if len(words) < 2 || !strings.HasPrefix(words[0], "HTTP/") {
		return nil, &observe.Refusal{Step: "http", Errno: unix.EPROTO, Detail: "the answer is not HTTP: " + frame.Text(answer[:min(len(answer), 100)])}
	}
	status, err := strconv.Atoi(words[1])
	if err != nil {
		return nil, &observe.Refusal{Step: "http", Errno: unix.EPROTO, Detail: "the answer has no status"}
	}
	if strings.Contains(strings.ToLower(headers), "transfer-encoding: chunked") {
		body = unchunk(body)
	}
	return httpValue{Status: status, Body: frame.Text(body[:min(len(body), maxBody)])}, nil
}

// unchunk joins the chunks of a body (RFC 9112, section 7.1), as far as they came.
func unchunk(body []byte) []byte {
	var joined []byte
	in := bufio.NewReader(bytes.NewReader(body))
	for {
		line, err := in.ReadString('\n')
		text, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		size, sizeErr := strconv.ParseUint(text, 16, 31)
		if err != nil || sizeErr != nil || size == 0 {
			return joined
		}
		chunk, err := io.ReadAll(io.LimitReader(in, int64(size)))
		joined = append(joined, chunk...)
		if err != nil || len(chunk) < int(size) {
			return joined
		}
		_, _ = in.ReadString('\n')
	}
}
