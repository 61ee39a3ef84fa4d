package kinds

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
)

func TestFindToken(t *testing.T) {
	token := "cofferdam-canary-0123456789abcdef0123456789abcdef"
	sum := sha256.Sum256([]byte(token))
	digest := hex.EncodeToString(sum[:])
	other := strings.Replace(token, "0", "f", 1)
	for text, want := range map[string]string{
		"x" + token + "y":                 token,
		other + "\x00" + token:            token,
		"cofferdam-canary-cof" + token:    token,
		other:                             "",
		token[:len(token)-1]:              "",
		"cofferdam-canary-" + digest[:32]: "",
	} {
		if got, _ := findToken([]byte(text), digest); got != want {
			t.Errorf("%q: got %q", text, got)
		}
	}
}

func TestParseAnswer(t *testing.T) {
	const next = "HTTP/1.1 200 OK\r\n\r\n"
	for _, one := range []struct {
		answer string
		want   httpValue
		rest   string
	}{
		{"HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n" + next, httpValue{403, "abcde"}, next},
		{"HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n9\r\nde", httpValue{403, "abcde"}, ""},
		{"HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc", httpValue{403, ""}, ""},
		{"HTTP/1.1 200 OK\r\nServer: x\r\ncontent-length: 3\r\n\r\nabc" + next, httpValue{200, "abc"}, next},
		{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" + next, httpValue{200, ""}, next},
		// Longer than what came, and without a length, which lasts until the end.
		{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", httpValue{200, "abc"}, ""},
		{"HTTP/1.0 200 OK\r\n\r\nabc", httpValue{200, "abc"}, ""},
		{"HTTP/1.1 204 No Content", httpValue{204, ""}, ""},
	} {
		value, rest, err := parseAnswer([]byte(one.answer))
		if err != nil || value != one.want || string(rest) != one.rest {
			t.Errorf("%q: got %+v, %q, %v", one.answer, value, rest, err)
		}
	}
	for _, none := range []string{"SSH-2.0-x\r\n", "HTTP/1.1 OK\r\n\r\n", ""} {
		if value, _, err := parseAnswer([]byte(none)); err == nil {
			t.Errorf("%q: got %+v", none, value)
		}
	}
}

func TestACallWithoutANameIsNone(t *testing.T) {
	if value, err := call(Request{}); err == nil || value != nil {
		t.Errorf("got %v", value)
	}
}

func TestWatchdogsAndTapesAreLeftAlone(t *testing.T) {
	if harmlessDevice("/x", 10, 130) == nil || harmlessDevice("/dev/watchdog0", 248, 0) == nil || harmlessDevice("/dev/st0", 9, 0) == nil {
		t.Error("a device on which an open is an act would be opened")
	}
	if err := harmlessDevice("/dev/kmsg", 1, 11); err != nil {
		t.Error(err)
	}
}
