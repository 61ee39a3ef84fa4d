package kinds

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"cofferdam/probes/internal/plan"
)

// maxAnswer bounds what is read of an answer, maxBody what is reported of its body.
const (
	maxAnswer = 64 << 10
	maxBody   = 512
)

// AnswerPatience is how long a server that took the connection may think, where the plan does not say: an emulated node that
// is busy takes seconds for the cryptography alone.
func AnswerPatience(attempt plan.Attempt) time.Duration {
	return time.Duration(attempt.AnswerMs.Or(20_000)) * time.Millisecond
}

type httpValue struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
}

// alertValue is an answer, too: the server says in TLS's own words that it serves nobody without a certificate.
type alertValue struct {
	Alert string `json:"alert"`
}

// httpGet makes one GET without credentials, or with the token of a service account.
func httpGet(request Request) (any, error) {
	target, err := url.Parse(string(request.URL))
	if err != nil || (target.Scheme != "http" && target.Scheme != "https") || target.Host == "" {
		return nil, fmt.Errorf("url %q is not an http or https one", request.URL)
	}
	authorization := ""
	if request.Token != "" {
		token, err := os.ReadFile(string(request.Token))
		if err != nil {
			return nil, fmt.Errorf("the token cannot be read: %w", err)
		}
		authorization = "\r\nAuthorization: Bearer " + strings.TrimSpace(string(token))
	}
	port := target.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[target.Scheme]
	}
	return serverAt(request, net.JoinHostPort(target.Hostname(), port), target.Scheme == "https").get(target.RequestURI(), authorization)
}
