package kinds

import (
	"slices"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/proc"
)

type listeningValue struct {
	// Sockets are addresses and ports.
	Sockets   []string `json:"sockets"`
	Truncated bool     `json:"truncated,omitempty"`
}

// listening tells at which addresses something listens for TCP in the network namespace of the first process that it can see.
func listening(Request) (any, error) {
	value := listeningValue{Sockets: []string{}}
	for _, file := range []string{"net/tcp", "net/tcp6"} {
		table, err := proc.Read(1, file)
		if err != nil {
			// A kernel without IPv6 has no such file.
			if file == "net/tcp6" {
				break
			}
			return nil, observe.Refused("open", err)
		}
		for _, socket := range proc.Listening(string(table)) {
			value.Sockets = append(value.Sockets, socket.String())
		}
	}
	slices.Sort(value.Sockets)
	value.Sockets, value.Truncated = frame.Fill(slices.Compact(value.Sockets))
	return value, nil
}
