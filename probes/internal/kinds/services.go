package kinds

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
)

// maxShown bounds what is reported of the body of each answer, maxAsked how many services are asked at a time.
const (
	maxShown = 160
	maxAsked = 32
)

type serviceAnswer struct {
	At string `json:"at"`
	// Over is http, https, or grpc, without TLS or with it.
	Over  string `json:"over"`
	Asked string `json:"asked"`
	// Status is that of HTTP; of a call there is none, since only one that has a reply is told.
	Status int    `json:"status,omitempty"`
	Body   string `json:"body,omitempty"`
}

type servicesValue struct {
	// Asked is how many services there were to be asked.
	Asked   int             `json:"asked"`
	Answers []serviceAnswer `json:"answers"`
	// Silent are those that took the connection and said nothing in time, Unreached those that did not take it, by their
	// errors.
	Silent    []string            `json:"silent,omitempty"`
	Unreached map[string][]string `json:"unreached,omitempty"`
	Truncated bool                `json:"truncated,omitempty"`
}

// services asks all services that it is told of, each in the protocol that it speaks, for the same few things, without
// credentials. `at` has their addresses, separated by commas; `asks` are `GET /path` and `CALL /service/method` (of gRPC).
func services(request Request) (any, error) {
	addresses := strings.FieldsFunc(string(request.At), func(r rune) bool { return r == ',' })
	for _, ask := range request.Asks {
		if how, what, _ := strings.Cut(string(ask), " "); (how != "GET" && how != "CALL") || !strings.HasPrefix(what, "/") {
			return nil, fmt.Errorf("%q is neither GET nor CALL of a path", ask)
		}
	}
	all := servicesValue{Asked: len(addresses), Answers: []serviceAnswer{}, Unreached: map[string][]string{}}
	var asking sync.WaitGroup
	var telling sync.Mutex
	free := make(chan struct{}, maxAsked)
	for _, address := range addresses {
		free <- struct{}{}
		asking.Go(func() {
			answers, err := questioning{serverAt(request, address, false), request.Asks}.all()
			telling.Lock()
			defer telling.Unlock()
			all.add(address, answers, err)
			<-free
		})
	}
	asking.Wait()
	slices.SortFunc(all.Answers, func(a, b serviceAnswer) int {
		return strings.Compare(a.At+" "+a.Asked, b.At+" "+b.Asked)
	})
	slices.Sort(all.Silent)
	for _, unreached := range all.Unreached {
		slices.Sort(unreached)
	}
	all.Answers, all.Truncated = frame.Fill(all.Answers)
	return all, nil
}

func (v *servicesValue) add(address string, answers []serviceAnswer, err error) {
	v.Answers = append(v.Answers, answers...)
	var refusal *observe.Refusal
	switch {
	case !errors.As(err, &refusal):
	case refusal.Step == "connect":
		name := observe.Name(refusal.Errno)
		v.Unreached[name] = append(v.Unreached[name], address)
	case refusal.Errno == unix.ETIMEDOUT:
		v.Silent = append(v.Silent, address)
	}
}

// questioning is what one service is asked.
type questioning struct {
	server
	asked []plan.Text
}

// all asks a service everything, without TLS if it may be: whoever wants TLS says so at once, and who speaks something
// else, too. The error is that of the last question, if none was answered.
func (q questioning) all() ([]serviceAnswer, error) {
	answers, err := q.gets()
	if wantsTLS(answers, err) {
		secured := q
		secured.secure = true
		if inTLS, tlsErr := secured.gets(); !speaksNoTLS(tlsErr) {
			answers, err, q = inTLS, tlsErr, secured
		}
	}
	// Who answers in HTTP/1.1 takes no calls (grpc-go, internal/transport), and who said nothing in time, or could not be
	// reached, is asked no more.
	if len(answers) > 0 || isLost(err) {
		return answers, err
	}
	return q.calls(), err
}

// gets asks all that is asked by GET, at once where the service allows that, else one by one.
func (q questioning) gets() (answers []serviceAnswer, err error) {
	left := q.asks("GET ")
	for together := left; len(left) > 0; together = left[:min(len(left), 1)] {
		answered, err := q.server.gets(together)
		for i, one := range answered {
			answers = append(answers, serviceAnswer{
				At: q.address, Over: q.over("http", "https"), Asked: "GET " + left[i],
				Status: one.Status, Body: one.Body[:min(len(one.Body), maxShown)],
			})
		}
		if len(answered) == 0 || wantsTLS(answers, nil) {
			return answers, err
		}
		left = left[len(answered):]
	}
	return answers, nil
}

// calls tells the calls that have a reply.
func (q questioning) calls() (answers []serviceAnswer) {
	for _, method := range q.asks("CALL ") {
		reply, err := q.rpc(method)
		if err == nil {
			answers = append(answers, serviceAnswer{
				At: q.address, Over: q.over("grpc", "grpc in TLS"), Asked: "CALL " + method, Body: frame.Text(reply[:min(len(reply), maxShown)]),
			})
		}
	}
	return answers
}

func (q questioning) asks(how string) (what []string) {
	for _, ask := range q.asked {
		if after, isSo := strings.CutPrefix(string(ask), how); isSo {
			what = append(what, after)
		}
	}
	return what
}

func (q questioning) over(plain, secure string) string {
	if q.secure {
		return secure
	}
	return plain
}

// wantsTLS: it may. Servers answer with status 400 to whom speaks no TLS where they expect it, or end the connection
// without an answer, as etcd does.
func wantsTLS(answers []serviceAnswer, err error) bool {
	if len(answers) > 0 {
		last := answers[len(answers)-1]
		return last.Over == "http" && last.Status == 400
	}
	var refusal *observe.Refusal
	return errors.As(err, &refusal) && refusal.Step != "connect" && (refusal.Errno == unix.ECONNRESET || refusal.Errno == unix.EPIPE)
}

// speaksNoTLS: it answered with something else, or ended the connection over what a client of TLS says first.
func speaksNoTLS(err error) bool {
	var refusal *observe.Refusal
	return errors.As(err, &refusal) && (refusal.Step == "tls record" || refusal.Step == inHandshake && refusal.Errno != unix.ETIMEDOUT)
}

func isLost(err error) bool {
	var refusal *observe.Refusal
	return errors.As(err, &refusal) && (refusal.Step == "connect" || refusal.Errno == unix.ETIMEDOUT)
}
