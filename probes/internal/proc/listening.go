package proc

import (
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
)

// Listening gives the addresses of the sockets in a /proc/PID/net/tcp or tcp6 file (proc_pid_net(5)) in state 0A, LISTEN.
func Listening(table string) []netip.AddrPort {
	var sockets []netip.AddrPort
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		if len(fields) < 4 || fields[3] != "0A" {
			continue
		}
		if socket, ok := parseSocket(fields[1]); ok {
			sockets = append(sockets, socket)
		}
	}
	return sockets
}

// parseSocket reads an address and a port.
func parseSocket(text string) (netip.AddrPort, bool) {
	words, hexPort, found := strings.Cut(text, ":")
	port, err := strconv.ParseUint(hexPort, 16, 16)
	address, ok := parseAddress(words)
	return netip.AddrPortFrom(address, uint16(port)), found && err == nil && ok
}

// parseAddress reads hexadecimal words of 32 bits in the order of the machine's bytes.
func parseAddress(words string) (netip.Addr, bool) {
	numbers, err := hex.DecodeString(words)
	if err != nil || len(numbers)%4 != 0 {
		return netip.Addr{}, false
	}
	address := make([]byte, len(numbers))
	for i := 0; i < len(numbers); i += 4 {
		binary.NativeEndian.PutUint32(address[i:], binary.BigEndian.Uint32(numbers[i:]))
	}
	return netip.AddrFromSlice(address)
}
