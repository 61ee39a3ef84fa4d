package kinds

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/url"
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

// httpGet makes one GET without credentials, follows nothing, and takes any certificate: the question is what is served to
// whom, not by whom. It speaks HTTP/1.1 itself, because net/http costs megabytes and start-up time that every container pays.
func httpGet(request Request) (any, error) {
	target, err := url.Parse(string(request.URL))
	if err != nil || (target.Scheme != "http" && target.Scheme != "https") || target.Host == "" {
		return nil, fmt.Errorf("url %q is not an http or https one", request.URL)
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
	if target.Scheme == "https" {
		secure := tls.Client(connection, &tls.Config{InsecureSkipVerify: true, ServerName: target.Hostname()})
		if err := secure.Handshake(); err != nil {
			return nil, tlsRefusal(err)
		}
		connection = secure
	}
	question := "GET " + target.RequestURI() + " HTTP/1.1\r\nHost: " + target.Host +
		"\r\nUser-Agent: cofferdam-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n"
	if _, err := io.WriteString(connection, question); err != nil {
		return nil, tlsRefusal(err)
	}
	answer, err := io.ReadAll(io.LimitReader(connection, maxAnswer))
	if len(answer) == 0 {
		if err == nil {
			err = io.EOF
		}
		return nil, tlsRefusal(err)
	}
	return parseAnswer(answer)
}

// tlsRefusal: a server that ends the handshake, for want of a client's certificate for example, refuses without an errno.
func tlsRefusal(err error) error {
	refusal := networkRefusal("read", err)
	if _, isErrno := refusal.(*observe.Refusal); isErrno {
		return refusal
	}
	return &observe.Refusal{Step: "tls", Errno: unix.EPROTO, Detail: err.Error()}
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
