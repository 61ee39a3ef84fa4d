package proc

import (
	"strconv"
	"strings"

	"cofferdam/probes/internal/frame"
)

// Credentials are what /proc/PID/status tells of a process's rights (proc_pid_status(5)).
type Credentials struct {
	// UID and GID are the effective ones.
	UID    int    `json:"uid"`
	GID    int    `json:"gid"`
	Groups []int  `json:"groups"`
	CapInh string `json:"capInh"`
	CapPrm string `json:"capPrm"`
	CapEff string `json:"capEff"`
	CapBnd string `json:"capBnd"`
	CapAmb string `json:"capAmb"`
	// NoNewPrivs and Seccomp are null where the kernel has no such line: gVisor has no NoNewPrivs.
	NoNewPrivs *int `json:"noNewPrivs"`
	Seccomp    *int `json:"seccomp"`
}

// maxGroups bounds the supplementary groups.
const maxGroups = 256

// Status reads a process's credentials.
func Status(pid int) (*Credentials, error) {
	data, err := Read(pid, "status")
	if err != nil {
		return nil, err
	}
	return ParseStatus(string(data)), nil
}

// ParseStatus takes the credentials out of a status file.
func ParseStatus(text string) *Credentials {
	status := &Credentials{UID: -1, GID: -1, Groups: []int{}}
	hexFields := map[string]*string{
		"CapInh": &status.CapInh, "CapPrm": &status.CapPrm, "CapEff": &status.CapEff, "CapBnd": &status.CapBnd, "CapAmb": &status.CapAmb,
	}
	for line := range strings.Lines(text) {
		name, rest, _ := strings.Cut(line, ":")
		rest = strings.TrimSpace(rest)
		switch name {
		case "Uid":
			status.UID = effective(rest)
		case "Gid":
			status.GID = effective(rest)
		case "Groups":
			for _, word := range strings.Fields(rest) {
				if group, err := strconv.Atoi(word); err == nil && len(status.Groups) < maxGroups {
					status.Groups = append(status.Groups, group)
				}
			}
		case "NoNewPrivs":
			status.NoNewPrivs = whole(rest)
		case "Seccomp":
			status.Seccomp = whole(rest)
		default:
			if field := hexFields[name]; field != nil {
				*field = frame.Clean(rest)
			}
		}
	}
	return status
}

// effective is the second of real, effective, saved and file system id.
func effective(ids string) int {
	words := strings.Fields(ids)
	if len(words) < 2 {
		return -1
	}
	id, err := strconv.Atoi(words[1])
	if err != nil {
		return -1
	}
	return id
}

func whole(text string) *int {
	value, err := strconv.Atoi(text)
	if err != nil {
		return nil
	}
	return &value
}
