package serve

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
)

// Messages of nftables over netlink (linux/netfilter/nf_tables.h, nfnetlink.h).
const (
	nfnetlinkVersion = 0
	batchBegin       = unix.NFNL_MSG_BATCH_BEGIN
	batchEnd         = unix.NFNL_MSG_BATCH_END
	tablesSubsystem  = unix.NFNL_SUBSYS_NFTABLES << 8
	deleteTable      = tablesSubsystem | unix.NFT_MSG_DELTABLE
	getRule          = tablesSubsystem | unix.NFT_MSG_GETRULE
	newRule          = tablesSubsystem | unix.NFT_MSG_NEWRULE
)

// message is one netlink message: header, nfgenmsg, attributes.
func message(kind, flags uint16, sequence uint32, family byte, resource uint16, attributes []byte) []byte {
	length := 16 + 4 + len(attributes)
	m := make([]byte, 0, length)
	m = binary.NativeEndian.AppendUint32(m, uint32(length))
	m = binary.NativeEndian.AppendUint16(m, kind)
	m = binary.NativeEndian.AppendUint16(m, flags)
	m = binary.NativeEndian.AppendUint32(m, sequence)
	m = binary.NativeEndian.AppendUint32(m, 0)
	m = append(m, family, nfnetlinkVersion)
	m = binary.BigEndian.AppendUint16(m, resource)
	return append(m, attributes...)
}

// batch wraps changes as nftables wants them: all or none.
func batch(changes ...[]byte) []byte {
	whole := message(batchBegin, unix.NLM_F_REQUEST, 1, unix.AF_UNSPEC, unix.NFNL_SUBSYS_NFTABLES, nil)
	for _, change := range changes {
		whole = append(whole, change...)
	}
	return append(whole, message(batchEnd, unix.NLM_F_REQUEST, 1000, unix.AF_UNSPEC, unix.NFNL_SUBSYS_NFTABLES, nil)...)
}

// connection is a socket to this network namespace's packet filter.
type connection int

func dialFilter() (connection, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_NETFILTER)
	if err != nil {
		return -1, observe.Refused("socket", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		unix.Close(fd)
		return -1, observe.Refused("bind", err)
	}
	// The kernel answers at once; an application kernel that takes the message and says nothing must not hang this.
	timeout := unix.Timeval{Sec: 3}
	_ = unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &timeout)
	return connection(fd), nil
}

func (c connection) close() { unix.Close(int(c)) }

func (c connection) send(data []byte) error {
	if err := unix.Sendto(int(c), data, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return observe.Refused("sendto", err)
	}
	return nil
}

// receive gives each message until the end of a dump, or the answer to a change.
func (c connection) receive(each func(kind uint16)) error {
	buffer := make([]byte, 64<<10)
	for {
		n, _, err := unix.Recvfrom(int(c), buffer, 0)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return observe.Refused("recvfrom", err)
		}
		for data := buffer[:n]; len(data) >= 16; {
			length := int(binary.NativeEndian.Uint32(data))
			if length < 16 || length > len(data) {
				break
			}
			switch kind := binary.NativeEndian.Uint16(data[4:]); kind {
			case unix.NLMSG_DONE:
				return nil
			case unix.NLMSG_ERROR:
				if length < 20 {
					return observe.Refused("netlink", unix.EBADMSG)
				}
				if code := int32(binary.NativeEndian.Uint32(data[16:])); code != 0 {
					return observe.Refused("netlink", unix.Errno(-code))
				}
				return nil
			default:
				each(kind)
			}
			data = data[min((length+3)&^3, len(data)):]
		}
	}
}

// countRules counts the rules of all families.
func (c connection) countRules() (int, error) {
	rules := 0
	if err := c.send(message(getRule, unix.NLM_F_REQUEST|unix.NLM_F_DUMP, 1, unix.AF_UNSPEC, 0, nil)); err != nil {
		return 0, err
	}
	err := c.receive(func(kind uint16) {
		if kind == newRule {
			rules++
		}
	})
	return rules, err
}

// flush deletes all tables of all families, with their chains and rules: a table without a name and a family stands for all
// (net/netfilter/nf_tables_api.c, nf_tables_deltable).
func (c connection) flush() error {
	if err := c.send(batch(message(deleteTable, unix.NLM_F_REQUEST|unix.NLM_F_ACK, 2, unix.AF_UNSPEC, 0, nil))); err != nil {
		return err
	}
	return c.receive(func(uint16) {})
}
