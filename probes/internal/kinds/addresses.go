package kinds

import (
	"net"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
)

type interfaceAddress struct {
	Interface string `json:"interface"`
	// Address is without the length of its prefix.
	Address string `json:"address"`
}

type addressesValue struct {
	Addresses []interfaceAddress `json:"addresses"`
	Truncated bool               `json:"truncated,omitempty"`
}

// addresses tells the addresses of all network interfaces of this network namespace (rtnetlink(7)).
func addresses(Request) (any, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, observe.Refused("netlink", err)
	}
	found := []interfaceAddress{}
	for _, one := range interfaces {
		assigned, err := one.Addrs()
		if err != nil {
			return nil, observe.Refused("netlink", err)
		}
		for _, address := range assigned {
			if network, ok := address.(*net.IPNet); ok {
				found = append(found, interfaceAddress{frame.Clean(one.Name), network.IP.String()})
			}
		}
	}
	found, cut := frame.Fill(found)
	return addressesValue{Addresses: found, Truncated: cut}, nil
}
