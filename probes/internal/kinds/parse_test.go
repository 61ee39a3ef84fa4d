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
	answer := "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
	value, err := parseAnswer([]byte(answer))
	if err != nil || value.(httpValue) != (httpValue{403, "abcde"}) {
		t.Errorf("got %+v, %v", value, err)
	}
	if _, err := parseAnswer([]byte("SSH-2.0-x\r\n")); err == nil {
		t.Error("an answer that is not HTTP is taken")
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
