package proc

import (
	"math/bits"
	"net/netip"
	"strconv"
	"strings"
)

// Route is one of IPv4.
type Route struct {
	Interface   string
	Destination netip.Prefix
	// Gateway is not valid where the route has none: what is sent goes to its destination at once.
	Gateway netip.Addr
	Metric  int
}

// Flags of a route (linux/route.h): it is in use, and it refuses what is sent.
const (
	routeUp     = 0x1
	routeReject = 0x200
)

// Routes reads a /proc/PID/net/route file (proc_pid_net(5)).
func Routes(table string) (routes []Route) {
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		if len(fields) < 8 {
			continue
		}
		destination, destinationOk := parseAddress(fields[1])
		gateway, gatewayOk := parseAddress(fields[2])
		flags, err := strconv.ParseUint(fields[3], 16, 16)
		metric, metricErr := strconv.Atoi(fields[6])
		mask, maskErr := strconv.ParseUint(fields[7], 16, 32)
		if !destinationOk || !gatewayOk || err != nil || metricErr != nil || maskErr != nil || flags&(routeUp|routeReject) != routeUp {
			continue
		}
		if gateway.IsUnspecified() {
			gateway = netip.Addr{}
		}
		prefix := netip.PrefixFrom(destination, bits.OnesCount64(mask))
		routes = append(routes, Route{fields[0], prefix, gateway, metric})
	}
	return routes
}

// RouteTo gives the route that is taken: the most specific one, and of those the one that costs least.
func RouteTo(routes []Route, address netip.Addr) (taken Route, found bool) {
	for _, route := range routes {
		if !route.Destination.Contains(address) {
			continue
		}
		more := route.Destination.Bits() - taken.Destination.Bits()
		if !found || more > 0 || more == 0 && route.Metric < taken.Metric {
			taken, found = route, true
		}
	}
	return taken, found
}
