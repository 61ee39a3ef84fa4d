package serve

import (
	"encoding/binary"
	"errors"
	"net"
	"os"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func attribute(kind uint16, value []byte) []byte {
	a := binary.NativeEndian.AppendUint16(nil, uint16(4+len(value)))
	a = append(binary.NativeEndian.AppendUint16(a, kind), value...)
	for len(a)%4 != 0 {
		a = append(a, 0)
	}
	return a
}

func name(kind uint16, text string) []byte { return attribute(kind, append([]byte(text), 0)) }

func number(kind uint16, value uint32) []byte {
	return attribute(kind, binary.BigEndian.AppendUint32(nil, value))
}

func join(parts ...[]byte) (all []byte) {
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}

// dropEverything plants a table whose input chain drops all, and that has one rule.
func dropEverything(c connection) error {
	const nested, create = 0x8000, unix.NLM_F_REQUEST | unix.NLM_F_CREATE
	hook := attribute(unix.NFTA_CHAIN_HOOK|nested, join(number(unix.NFTA_HOOK_HOOKNUM, unix.NF_INET_LOCAL_IN), number(unix.NFTA_HOOK_PRIORITY, 0)))
	chain := join(name(unix.NFTA_CHAIN_TABLE, "cofferdam"), name(unix.NFTA_CHAIN_NAME, "in"), hook,
		number(unix.NFTA_CHAIN_POLICY, 0), name(unix.NFTA_CHAIN_TYPE, "filter"))
	rule := join(name(unix.NFTA_RULE_TABLE, "cofferdam"), name(unix.NFTA_RULE_CHAIN, "in"), attribute(unix.NFTA_RULE_EXPRESSIONS|nested, nil))
	family := byte(unix.AF_INET)
	err := c.send(batch(
		message(tablesSubsystem|unix.NFT_MSG_NEWTABLE, create, 2, family, 0, name(unix.NFTA_TABLE_NAME, "cofferdam")),
		message(tablesSubsystem|unix.NFT_MSG_NEWCHAIN, create, 3, family, 0, chain),
		message(newRule, create|unix.NLM_F_APPEND|unix.NLM_F_ACK, 4, family, 0, rule),
	))
	if err != nil {
		return err
	}
	return c.receive(func(uint16) {})
}

// inNewNetwork runs a test on a thread with a network namespace of its own, and its loopback up.
func inNewNetwork(t *testing.T, run func()) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root: makes a network namespace")
	}
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			done <- err
			return
		}
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			done <- err
			return
		}
		defer unix.Close(fd)
		loopback, _ := unix.NewIfreq("lo")
		loopback.SetUint16(unix.IFF_UP)
		if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, loopback); err != nil {
			done <- err
			return
		}
		run()
		done <- nil
	}()
	if err := <-done; err != nil {
		t.Skipf("no network namespace can be made here: %v", err)
	}
}

func TestFlushTakesAwayWhatDropped(t *testing.T) {
	inNewNetwork(t, func() {
		filter, err := dialFilter()
		if err != nil {
			t.Errorf("no netlink: %v", err)
			return
		}
		defer filter.close()
		if err := dropEverything(filter); errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.EINVAL) {
			t.Logf("skipped: this kernel has no nftables: %v", err)
			return
		} else if err != nil {
			t.Errorf("the rule could not be planted: %v", err)
			return
		}
		listener, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Error(err)
			return
		}
		defer listener.Close()
		dial := func() error {
			connection, err := net.DialTimeout("tcp4", listener.Addr().String(), 500*time.Millisecond)
			if err == nil {
				connection.Close()
			}
			return err
		}
		if err := dial(); err == nil {
			t.Error("the planted chain drops nothing: this would prove nothing")
		}
		value, err := flushOnce()
		if err != nil {
			t.Errorf("flush: %v", err)
			return
		}
		if seen, ok := value.(flushed); !ok || !seen.OK || seen.RulesBefore != 1 {
			t.Errorf("got %+v", value)
		}
		if err := dial(); err != nil {
			t.Errorf("after the flush: %v", err)
		}
		if rules, err := filter.countRules(); err != nil || rules != 0 {
			t.Errorf("%d rules are left, %v", rules, err)
		}
	})
}
