package dial

import (
	"net"
	"sync"
	"time"

	"cofferdam/probes/internal/kinds"
)

// maxRedials bounds how often another port is asked for: a kernel chooses among tens of thousands, unless it is told otherwise.
const maxRedials = 50

// sources are the ports from which datagrams were sent, with where to. A packet filter that follows connections takes what is
// sent from the same port to the same one, for up to two minutes after an answer, as part of what was allowed before
// (nf_conntrack_udp_timeout_stream): it would pass under a policy that is enforced.
type sources struct {
	used sync.Map
}

// dial is kinds.Dial from a port that was not used before. Nothing is sent meanwhile: to connect a datagram socket is local.
func (s *sources) dial(network, address string, limit time.Duration) (net.Conn, error) {
	for redials := 0; ; redials++ {
		connection, err := kinds.Dial(network, address, limit)
		if err != nil || network != "udp" || s.fresh(connection.LocalAddr().String(), address) || redials == maxRedials {
			return connection, err
		}
		connection.Close()
	}
}

// fresh tells whether this is the first time, and takes note of it.
func (s *sources) fresh(from, to string) bool {
	_, used := s.used.LoadOrStore([2]string{from, to}, nil)
	return !used
}
