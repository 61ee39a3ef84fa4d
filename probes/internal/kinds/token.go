package kinds

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
)

// tokenPrefix and tokenDigits describe the text of a canary. A container under test is told only its SHA-256, so that it
// cannot find what it brought itself.
const (
	tokenPrefix = "cofferdam-canary-"
	tokenDigits = 32
)

// findToken looks for the canary with this digest.
func findToken(data []byte, digest string) (token string, found bool) {
	for {
		at := bytes.Index(data, []byte(tokenPrefix))
		if at < 0 {
			return "", false
		}
		data = data[at:]
		end := len(tokenPrefix) + tokenDigits
		if len(data) >= end && isHex(data[len(tokenPrefix):end]) {
			if sum := sha256.Sum256(data[:end]); hex.EncodeToString(sum[:]) == digest {
				return string(data[:end]), true
			}
		}
		data = data[len(tokenPrefix):]
	}
}

// hasToken says whether any whole canary is in there.
func hasToken(data []byte) bool {
	at := bytes.Index(data, []byte(tokenPrefix))
	return at >= 0 && len(data)-at >= len(tokenPrefix)+tokenDigits
}

func isHex(digits []byte) bool {
	for _, b := range digits {
		if (b < '0' || b > '9') && (b < 'a' || b > 'f') {
			return false
		}
	}
	return true
}
