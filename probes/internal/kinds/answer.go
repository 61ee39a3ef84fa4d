package kinds

import (
	"bytes"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
)

// parseAnswer takes the status and the beginning of the body, and gives what follows the answer.
func parseAnswer(answer []byte) (value httpValue, rest []byte, err error) {
	head, body, _ := bytes.Cut(answer, []byte("\r\n\r\n"))
	line, headers, _ := strings.Cut(string(head), "\r\n")
	words := strings.SplitN(line, " ", 3)
	if len(words) < 2 || !strings.HasPrefix(words[0], "HTTP/") {
		return value, nil, &observe.Refusal{Step: "http", Errno: unix.EPROTO, Detail: "the answer is not HTTP: " + frame.Text(answer[:min(len(answer), 100)])}
	}
	value.Status, err = strconv.Atoi(words[1])
	if err != nil {
		return value, nil, &observe.Refusal{Step: "http", Errno: unix.EPROTO, Detail: "the answer has no status"}
	}
	length, isLong := header(headers, "content-length")
	size, err := strconv.ParseUint(length, 10, 31)
	switch encoding, _ := header(headers, "transfer-encoding"); {
	case strings.EqualFold(encoding, "chunked"):
		body, rest = unchunk(body)
	case isLong && err == nil && int(size) <= len(body):
		body, rest = body[:size], body[size:]
	}
	value.Body = frame.Text(body[:min(len(body), maxBody)])
	return value, rest, nil
}

// header finds a field of an answer, the first of its name.
func header(headers, name string) (value string, found bool) {
	for line := range strings.SplitSeq(headers, "\r\n") {
		if field, value, isField := strings.Cut(line, ":"); isField && strings.EqualFold(field, name) {
			return strings.TrimSpace(value), true
		}
	}
	return "", false
}

// unchunk joins the chunks of a body (RFC 9112, section 7.1), as far as they came, and gives what follows the last one.
func unchunk(body []byte) (joined, rest []byte) {
	for {
		line, after, found := bytes.Cut(body, []byte("\r\n"))
		text, _, _ := strings.Cut(string(line), ";")
		size, err := strconv.ParseUint(strings.TrimSpace(text), 16, 31)
		if !found || err != nil {
			return joined, nil
		}
		if size == 0 {
			// No fields follow that anybody asked for.
			return joined, bytes.TrimPrefix(after, []byte("\r\n"))
		}
		joined = append(joined, after[:min(int(size), len(after))]...)
		if len(after) < int(size)+2 {
			return joined, nil
		}
		body = after[size+2:]
	}
}
