// Package plan reads what the harness asks for: the JSON in the environment variable COFFERDAM_PLAN.
package plan

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Text is a string of the plan; a number is taken as its text, as flags and filled templates may give either.
type Text string

// UnmarshalJSON accepts a string or a number.
func (t *Text) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] != '"' {
		var number json.Number
		if err := json.Unmarshal(data, &number); err != nil {
			return err
		}
		*t = Text(number)
		return nil
	}
	return json.Unmarshal(data, (*string)(t))
}

// Number is a whole number of the plan, also written as a string, in decimal or with 0x.
type Number int64

// UnmarshalJSON accepts a number, or a string that holds one.
func (n *Number) UnmarshalJSON(data []byte) error {
	text := strings.Trim(string(data), `"`)
	value, err := strconv.ParseInt(text, 0, 64)
	if err != nil {
		return fmt.Errorf("%q is not a whole number", text)
	}
	*n = Number(value)
	return nil
}

// Or gives a default for a number that was not set.
func (n Number) Or(fallback int) int {
	if n == 0 {
		return fallback
	}
	return int(n)
}

// Attempt is one thing to try, with the arguments of all kinds.
type Attempt struct {
	ID         Text   `json:"id"`
	Kind       Text   `json:"kind"`
	DeadlineMs Number `json:"deadlineMs,omitempty"`

	Path   Text   `json:"path,omitempty"`
	Flags  Text   `json:"flags,omitempty"`
	Max    Number `json:"max,omitempty"`
	Where  Text   `json:"where,omitempty"`
	SHA256 Text   `json:"sha256,omitempty"`
	Paths  []Text `json:"paths,omitempty"`
	Key    Number `json:"key,omitempty"`
	// Description is that of a key in a keyring.
	Description Text   `json:"description,omitempty"`
	Network     Text   `json:"network,omitempty"`
	Address     Text   `json:"address,omitempty"`
	Payload     Text   `json:"payload,omitempty"`
	TimeoutMs   Number `json:"timeoutMs,omitempty"`
	AnswerMs    Number `json:"answerMs,omitempty"`
	// Via is an address on the way to which a packet is put.
	Via Text `json:"via,omitempty"`
	URL Text `json:"url,omitempty"`
	// Token is the file with the token to ask with.
	Token  Text   `json:"token,omitempty"`
	Call   Text   `json:"call,omitempty"`
	Mount  Text   `json:"mount,omitempty"`
	Type   Text   `json:"type,omitempty"`
	Handle Text   `json:"handle,omitempty"`
	Major  Number `json:"major,omitempty"`
	Minor  Number `json:"minor,omitempty"`
	PID    Number `json:"pid,omitempty"`
	Of     Text   `json:"of,omitempty"`
	Leak   Text   `json:"leak,omitempty"`
	Look   Text   `json:"look,omitempty"`
	// At are the addresses of services, separated by commas, Asks what they are asked.
	At     Text   `json:"at,omitempty"`
	Asks   []Text `json:"asks,omitempty"`
	Raise  Number `json:"raise,omitempty"`
	Slots  Number `json:"slots,omitempty"`
	HoldMs Number `json:"holdMs,omitempty"`
	Times  Number `json:"times,omitempty"`
	// Again: it is made once more at the end of the container's life, or of the witness's.
	Again Number `json:"again,omitempty"`
}

// Plant is one canary for the witness to plant.
type Plant struct {
	ID          Text   `json:"id"`
	Plant       Text   `json:"plant"`
	Token       Text   `json:"token"`
	Key         Number `json:"key,omitempty"`
	Description Text   `json:"description,omitempty"`
}

// Target is one server for a client to reach, again and again.
type Target struct {
	ID      Text `json:"id"`
	Network Text `json:"network"`
	Address Text `json:"address"`
	// Optional is a target that need not be reached for the client to be ready.
	Optional bool `json:"optional"`
	// MorePorts are further ports of the server. Each is a target with the same id, a dash and its number.
	MorePorts []Number `json:"morePorts"`
}

// Census says how the witness recognises the pods of its run.
type Census struct {
	// Volume is the name of an emptyDir volume that only the pods of the run have.
	Volume Text `json:"volume"`
	// Ports are the first and the last of those on which the pods of the run listen to be seen.
	Ports []Number `json:"ports"`
}

// Counters says which counter of the node's kernel the witness watches.
type Counters struct {
	ID         Text   `json:"id"`
	Path       Text   `json:"path"`
	IntervalMs Number `json:"intervalMs"`
}

// Plan is all that one container has to do. Which parts count depends on the mode.
type Plan struct {
	Schema    int               `json:"schema"`
	Nonce     string            `json:"nonce"`
	MinLifeMs Number            `json:"minLifeMs"`
	MaxLifeMs Number            `json:"maxLifeMs"`
	Mark      bool              `json:"mark"`
	Attempts  []json.RawMessage `json:"attempts"`

	Run           Text      `json:"run"`
	NodeDirectory Text      `json:"nodeDirectory"`
	Plants        []Plant   `json:"plants"`
	Census        *Census   `json:"census"`
	Counters      *Counters `json:"counters"`

	ReadyPort    Number   `json:"readyPort"`
	TCPPort      Number   `json:"tcpPort"`
	UDPPort      Number   `json:"udpPort"`
	MorePorts    []Number `json:"morePorts"`
	Flush        bool     `json:"flush"`
	MaxLines     Number   `json:"maxLines"`
	Targets      []Target `json:"targets"`
	IntervalMs   Number   `json:"intervalMs"`
	TimeoutMs    Number   `json:"timeoutMs"`
	ReadyAfterMs Number   `json:"readyAfterMs"`
}

// Parse reads a plan and refuses one that it would not carry out as meant.
func Parse(text string) (*Plan, error) {
	var p Plan
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return nil, fmt.Errorf("the plan cannot be read: %w", err)
	}
	if p.Schema != 1 {
		return nil, fmt.Errorf("the plan has schema %d, this probe knows 1", p.Schema)
	}
	if p.Nonce == "" || len(p.Nonce) > 64 || strings.Trim(p.Nonce, "0123456789abcdef") != "" {
		return nil, fmt.Errorf("the plan's nonce is not a short hexadecimal number")
	}
	return &p, nil
}

// ParseAttempt reads one attempt. With an error, the attempt still has its name and kind when those could be read.
func ParseAttempt(raw json.RawMessage) (Attempt, error) {
	var attempt Attempt
	err := json.Unmarshal(raw, &attempt)
	if err != nil {
		var named struct{ ID, Kind string }
		_ = json.Unmarshal(raw, &named)
		attempt = Attempt{ID: Text(named.ID), Kind: Text(named.Kind)}
	}
	return attempt, err
}
