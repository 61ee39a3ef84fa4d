package kinds

import (
	"net"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/observe"
)

type interfaceAddress struct {
	Interface string `json:"interface"`
	// Address is without the length of its prefix; empty for an interface that has none, which has one entry.
	Address string `json:"address,omitempty"`
	Up      bool   `json:"up,omitempty"`
}

type addressesValue struct {
	Addresses []interfaceAddress `json:"addresses"`
	Truncated bool               `json:"truncated,omitempty"`
}

// addresses tells the network interfaces of this network namespace with their addresses (rtnetlink(7)).
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
		entry := interfaceAddress{Interface: frame.Clean(one.Name), Up: one.Flags&net.FlagUp != 0}
		if len(assigned) == 0 {
			found = append(found, entry)
		}
		for _, address := range assigned {
			if network, ok := address.(*net.IPNet); ok {
				entry.Address = network.IP.String()
				found = append(found, entry)
			}
		}
	}
	found, cut := frame.Fill(found)
	return addressesValue{Addresses: found, Truncated: cut}, nil
}
