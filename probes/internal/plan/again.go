package plan

import "encoding/json"

// OfLater is added to the name of what was seen at the end; its twin is in harness/attempt.ts.
const OfLater = ".again"

// Again are the attempts that the plan wants made once more at the end.
func Again(attempts []json.RawMessage) []json.RawMessage {
	later := []json.RawMessage{}
	for _, raw := range attempts {
		if attempt, err := ParseAttempt(raw); err == nil && attempt.Again != 0 {
			later = append(later, raw)
		}
	}
	return later
}
