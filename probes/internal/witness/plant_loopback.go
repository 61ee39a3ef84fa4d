package witness

import (
	"net"
	"net/netip"
	"os"

	"cofferdam/probes/internal/observe"
	"cofferdam/probes/internal/plan"
	"cofferdam/probes/internal/proc"
)

type plantedLoopback struct {
	Port    int `json:"port"`
	UDPPort int `json:"udpPort"`
	// Gateway is the address that pods of this node have as their router's, where it is one of the node's own.
	Gateway string `json:"gateway,omitempty"`
}

// plantLoopback listens on the node's 127.0.0.1, on free ports, and tells the token to whoever connects or sends a datagram. A
// socket stays in the namespace in which it was made.
func plantLoopback(_ *plan.Plan, wanted plan.Plant) (any, undo, error) {
	gateway := defaultGateway()
	var listener net.Listener
	var datagrams net.PacketConn
	err := inNodeNamespace("net", func() (err error) {
		if !ownAddress(gateway) {
			gateway = netip.Addr{}
		}
		if listener, err = net.Listen("tcp4", "127.0.0.1:0"); err != nil {
			return err
		}
		if datagrams, err = net.ListenPacket("udp4", "127.0.0.1:0"); err != nil {
			listener.Close()
		}
		return err
	})
	if err != nil {
		return nil, nil, observe.Refused("listen", err)
	}
	go tell(listener, string(wanted.Token))
	go tellSenders(datagrams, string(wanted.Token))
	value := plantedLoopback{Port: listener.Addr().(*net.TCPAddr).Port, UDPPort: datagrams.LocalAddr().(*net.UDPAddr).Port}
	if gateway.IsValid() {
		value.Gateway = gateway.String()
	}
	return value, func() error {
		_ = datagrams.Close()
		return listener.Close()
	}, nil
}

// tellSenders answers each datagram with one.
func tellSenders(datagrams net.PacketConn, token string) {
	buffer := make([]byte, 64)
	for {
		_, from, err := datagrams.ReadFrom(buffer)
		if err != nil {
			return
		}
		_, _ = datagrams.WriteTo([]byte(token+"\n"), from)
	}
}

// defaultGateway is the one of IPv4 of this pod, which has it from the same network plugin as the others of its node.
func defaultGateway() netip.Addr {
	table, err := os.ReadFile("/proc/net/route")
	if err != nil {
		return netip.Addr{}
	}
	return gatewayIn(string(table))
}

// gatewayIn gives the gateway of the default route in a /proc/net/route file.
func gatewayIn(table string) netip.Addr {
	for _, route := range proc.Routes(table) {
		if route.Destination.Bits() == 0 && route.Gateway.IsValid() {
			return route.Gateway
		}
	}
	return netip.Addr{}
}

// ownAddress: an interface of this namespace has it. What is sent to another router leaves the node, and Calico's
// 169.254.1.1 is no interface's.
func ownAddress(address netip.Addr) bool {
	known, err := net.InterfaceAddrs()
	if err != nil || !address.IsValid() {
		return false
	}
	for _, one := range known {
		if prefix, err := netip.ParsePrefix(one.String()); err == nil && prefix.Addr() == address {
			return true
		}
	}
	return false
}
