// Package serve is the tenant that must not be reached: it prints every payload that arrives, and answers it.
package serve

import (
	"bufio"
	"context"
	"io"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"cofferdam/probes/internal/attempt"
	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/kinds"
	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
	"cofferdam/probes/internal/ready"
	"cofferdam/probes/internal/stop"
)

const (
	maxPayload = 200
	// maxConnections at once: a client that opens many must not exhaust the container's memory.
	maxConnections = 128
	// defaultMaxLines is some three megabytes; a log of four is cut. Ten handlers, at two ports, bring that in ten minutes.
	defaultMaxLines  = 12_000
	listenerPatience = 100 * time.Millisecond
)

type received struct {
	Network string `json:"network"`
	Payload string `json:"payload"`
	From    string `json:"from"`
}

type server struct {
	out   *frame.Writer
	lines atomic.Int64
	max   int64
	// patience is for the payload of a connection: where a guest is emulated, it took more than 5 s.
	patience time.Duration
}

// Run makes the plan's attempts and then serves until it is told to end.
func Run(p *plan.Plan, inherited []kinds.Descriptor) bool {
	stopped := stop.Requested()
	s := &server{
		out:      frame.NewWriter(1, p.Nonce),
		max:      int64(p.MaxLines.Or(defaultMaxLines)),
		patience: time.Duration(p.TimeoutMs.Or(5000)) * time.Millisecond,
	}
	runner := attempt.Runner(p, inherited, s.out)
	defer runner.Close()
	attempt.Make(stopped, runner, p.Attempts, s.out)
	ok := s.listen(stopped, "tcp", p.TCPPort, s.tcp)
	ok = s.listen(stopped, "udp", p.UDPPort, s.udp) && ok
	for _, port := range p.MorePorts {
		ok = s.listen(stopped, "tcp", port, s.tcp) && ok
		ok = s.listen(stopped, "udp", port, s.udp) && ok
	}
	if p.Flush {
		go flushing(stopped, s.out)
	}
	// A server that does not listen must not look as if it did: its silence would read as "closed".
	if ok {
		if err := ready.Open(int(p.ReadyPort)); err != nil {
			s.out.Emit(observe.From("ready", "ready", 0, nil, observe.Refused("listen", err)))
		}
	}
	<-stopped.Done()
	return s.out.Close()
}

func (s *server) listen(stopped context.Context, network string, port plan.Number, start func(context.Context, string) error) bool {
	if port == 0 {
		return true
	}
	if err := start(stopped, ":"+strconv.Itoa(int(port))); err != nil {
		s.out.Emit(observe.From("listen."+network, "listen", 0, nil, observe.Refused("listen", err)))
		return false
	}
	s.out.Emit(observe.From("listen."+network, "listen", 0, map[string]any{"port": port}, nil))
	return true
}

func (s *server) tcp(stopped context.Context, address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	places := make(chan struct{}, maxConnections)
	go func() {
		for stopped.Err() == nil {
			connection, err := listener.Accept()
			if err != nil {
				time.Sleep(listenerPatience)
				continue
			}
			places <- struct{}{}
			go func() {
				defer func() { <-places }()
				s.answer(connection)
			}()
		}
	}()
	return nil
}

func (s *server) answer(connection net.Conn) {
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(s.patience))
	line, err := bufio.NewReader(io.LimitReader(connection, maxPayload+1)).ReadString('\n')
	if err != nil && line == "" {
		return
	}
	payload := strings.TrimRight(line, "\r\n")
	s.saw("tcp", payload, connection.RemoteAddr())
	_, _ = io.WriteString(connection, "seen "+payload+"\n")
}

func (s *server) udp(stopped context.Context, address string) error {
	socket, err := net.ListenPacket("udp", address)
	if err != nil {
		return err
	}
	go func() {
		buffer := make([]byte, maxPayload)
		for stopped.Err() == nil {
			n, from, err := socket.ReadFrom(buffer)
			if err != nil {
				time.Sleep(listenerPatience)
				continue
			}
			payload := strings.TrimRight(string(buffer[:n]), "\r\n")
			s.saw("udp", payload, from)
			_, _ = socket.WriteTo([]byte("seen "+payload+"\n"), from)
		}
	}()
	return nil
}

// saw prints what arrived, up to a number of lines: a kubelet keeps only the last megabytes of a log.
func (s *server) saw(network, payload string, from net.Addr) {
	switch n := s.lines.Add(1); {
	case n <= s.max:
		s.out.Emit(observe.From("received", "received", 0, received{network, frame.Clean(payload), frame.Clean(from.String())}, nil))
	case n == s.max+1:
		s.out.Emit(observe.From("truncated", "truncated", 0, map[string]any{"maxLines": s.max}, nil))
	}
}
