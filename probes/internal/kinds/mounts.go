package kinds

import (
	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/proc"
)

type mountValue struct {
	Point        string `json:"point"`
	Root         string `json:"root"`
	FSType       string `json:"fstype"`
	Source       string `json:"source"`
	Options      string `json:"options"`
	SuperOptions string `json:"superOptions"`
}

type mountsValue struct {
	Mounts    []mountValue `json:"mounts"`
	Truncated bool         `json:"truncated,omitempty"`
}

// maxOptions bounds one mount's text: an overlay names all its layers there.
const maxOptions = 1024

// mounts reads its own mount table.
func mounts(Request) (any, error) {
	mounted, err := proc.Mounts()
	if err != nil {
		return nil, err
	}
	short := func(text string) string {
		cut, _ := frame.Bounded([]byte(text), maxOptions)
		return cut
	}
	values := make([]mountValue, 0, len(mounted))
	for _, m := range mounted {
		values = append(values, mountValue{short(m.Point), short(m.Root), short(m.FSType), short(m.Source), short(m.Options), short(m.SuperOptions)})
	}
	values, cut := frame.Fill(values)
	return mountsValue{Mounts: values, Truncated: cut}, nil
}
