package plan

import (
	"encoding/json"
	"testing"
)

func TestParseRefusesWhatItWouldNotDoAsMeant(t *testing.T) {
	for text, fine := range map[string]bool{
		`{"schema":1,"nonce":"00ff"}`: true,
		`{"schema":2,"nonce":"00ff"}`: false,
		`{"schema":1,"nonce":"x y"}`:  false,
		`{"schema":1}`:                false,
		`{`:                           false,
		``:                            false,
	} {
		if _, err := Parse(text); (err == nil) != fine {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestNumbersAndTextsInEitherForm(t *testing.T) {
	attempt, err := ParseAttempt(json.RawMessage(`{"id":"x","kind":"handle","type":129,"key":"0x10","major":"8"}`))
	if err != nil || attempt.Type != "129" || attempt.Key != 16 || attempt.Major != 8 {
		t.Errorf("got %+v, %v", attempt, err)
	}
}

func TestABadAttemptKeepsItsName(t *testing.T) {
	attempt, err := ParseAttempt(json.RawMessage(`{"id":"x","kind":"read","max":"many"}`))
	if err == nil || attempt.ID != "x" || attempt.Kind != "read" {
		t.Errorf("got %+v, %v", attempt, err)
	}
}
