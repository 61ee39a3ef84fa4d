package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// link is a node and a pod, which are network namespaces with one pair of interfaces between them. The test's thread is in
// one of them, and what it starts is, too; it ends with the test.
type link struct{ node, pod *os.File }

// enter takes the test's thread there.
func (l link) enter(t *testing.T, namespace *os.File) {
	t.Helper()
	if err := unix.Setns(int(namespace.Fd()), unix.CLONE_NEWNET); err != nil {
		t.Fatal(err)
	}
}

// newLink leaves the thread on the node, which has 10.99.0.1; the pod has 10.99.0.2, and the node as its router.
func newLink(t *testing.T) link {
	t.Helper()
	needsRoot(t, "makes namespaces")
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("needs iproute2")
	}
	runtime.LockOSThread()
	own := func() *os.File {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			t.Skipf("no namespaces can be made here: %v", err)
		}
		namespace, err := os.Open("/proc/thread-self/ns/net")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { namespace.Close() })
		if err := loopbackUp(); err != nil {
			t.Fatal(err)
		}
		return namespace
	}
	pod := own()
	l := link{pod: pod, node: own()}
	l.ip(t, "link add veth0 type veth peer name eth0 netns", fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), pod.Fd()))
	l.ip(t, "address add 10.99.0.1/24 dev veth0")
	l.ip(t, "link set veth0 up")
	l.enter(t, l.pod)
	l.ip(t, "address add 10.99.0.2/24 dev eth0")
	l.ip(t, "link set eth0 up")
	l.ip(t, "route add default via 10.99.0.1")
	l.enter(t, l.node)
	return l
}

func (l link) ip(t *testing.T, words ...string) {
	t.Helper()
	if output, err := exec.Command("ip", strings.Fields(strings.Join(words, " "))...).CombinedOutput(); err != nil {
		t.Fatalf("ip %v: %v: %s", words, err, output)
	}
}

// routeLocalnet lets this namespace take packets for 127.0.0.0/8 from outside ("1"), or not ("0").
func routeLocalnet(t *testing.T, interfaces, setting string) {
	t.Helper()
	if err := os.WriteFile("/proc/sys/net/ipv4/conf/"+interfaces+"/route_localnet", []byte(setting), 0); err != nil {
		t.Fatal(err)
	}
}

// teller answers on the loopback of this namespace, as the witness does on the node's.
func teller(t *testing.T) string {
	t.Helper()
	socket, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	go func() {
		buffer := make([]byte, 64)
		for {
			n, from, err := socket.ReadFrom(buffer)
			if err != nil {
				return
			}
			_, _ = fmt.Fprintf(to{socket, from}, "%s to %q", token, buffer[:n])
		}
	}()
	return socket.LocalAddr().String()
}

type to struct {
	net.PacketConn
	address net.Addr
}

func (t to) Write(data []byte) (int, error) { return t.WriteTo(data, t.address) }

func TestPacketForTheLoopback(t *testing.T) {
	l := newLink(t)
	address := teller(t)
	sent := func(via string) observation {
		l.enter(t, l.pod)
		defer l.enter(t, l.node)
		return kind(t, "packet", "--address", address, "--via", via, "--timeoutMs", "600")
	}
	refused(t, sent("10.99.0.1"), "ETIMEDOUT", "recvfrom")
	for _, interfaces := range []string{"all", "veth0"} {
		routeLocalnet(t, interfaces, "1")
		// The node itself, and what is behind it.
		for _, via := range []string{"10.99.0.1", "192.0.2.1"} {
			got := sent(via)
			if got.Value["class"] != "open" || got.Value["reply"] != token+` to "?"` || got.Value["from"] != address {
				t.Errorf("with %s by way of %s: got %v", interfaces, via, got)
			}
		}
		routeLocalnet(t, interfaces, "0")
		refused(t, sent("10.99.0.1"), "ETIMEDOUT", "recvfrom")
	}
	// Where nobody listens, nobody answers.
	routeLocalnet(t, "all", "1")
	l.enter(t, l.pod)
	refused(t, kind(t, "packet", "--address", "127.0.0.1:1", "--via", "10.99.0.1", "--timeoutMs", "200"), "ETIMEDOUT", "recvfrom")
}

// What fails before a packet is sent is no refusal of it.
func TestPacketWithoutAWay(t *testing.T) {
	l := newLink(t)
	l.enter(t, l.pod)
	for what, got := range map[string]observation{
		"a neighbour that is not there": kind(t, "packet", "--address", "127.0.0.1:1", "--via", "10.99.0.9", "--timeoutMs", "200"),
		"an address of the pod's own":   kind(t, "packet", "--address", "127.0.0.1:1", "--via", "10.99.0.2", "--timeoutMs", "200"),
		"IPv6":                          kind(t, "packet", "--address", "127.0.0.1:1", "--via", "::1"),
		"a destination of IPv6":         kind(t, "packet", "--address", "[::1]:1", "--via", "10.99.0.1"),
		"no port":                       kind(t, "packet", "--address", "127.0.0.1", "--via", "10.99.0.1"),
	} {
		if got.NotAttempted == "" {
			t.Errorf("%s: got %v", what, got)
		}
	}
	l.ip(t, "route delete default")
	if got := kind(t, "packet", "--address", "127.0.0.1:1", "--via", "192.0.2.1"); !strings.Contains(got.NotAttempted, "no route") {
		t.Errorf("got %v", got)
	}
	l.ip(t, "address flush dev eth0")
	// A pod of an IPv6 cluster has nothing of IPv4.
	refused(t, kind(t, "packet", "--address", "127.0.0.1:1", "--via", "::1"), "EAFNOSUPPORT", "route")
	l.ip(t, "address add 10.99.0.2/24 dev eth0")
	l.ip(t, "route add default dev eth0")
	if got := kind(t, "packet", "--address", "127.0.0.1:1", "--via", "192.0.2.1", "--timeoutMs", "200"); !strings.Contains(got.NotAttempted, "the hardware address of 192.0.2.1 at eth0 is not known") {
		t.Errorf("got %v", got)
	}
}

func TestPacketTakesAPrivilege(t *testing.T) {
	refused(t, unprivileged(t, "packet", "--address", "127.0.0.1:1", "--via", "127.0.0.1"), "EPERM", "socket")
}
