package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

func TestInterfacesAreThoseOfTheNetworkNamespace(t *testing.T) {
	needsRoot(t, "a network namespace of its own")
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("no ip(8)")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// An interface of a new namespace is down, and has no address.
	const script = `ip link set lo up && ip address add 192.0.2.7/32 dev lo && ip link add pair0 type veth peer name pair1 && exec "$0" addresses`
	command := exec.Command("sh", "-c", script, program)
	command.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	output, err := command.Output()
	if err != nil {
		t.Skipf("no network namespace can be made here: %v", err)
	}
	for _, want := range []string{
		`"interface":"lo","address":"127.0.0.1","up":true`, `"interface":"lo","address":"192.0.2.7","up":true`,
		`{"interface":"pair0"}`, `{"interface":"pair1"}`,
	} {
		if !strings.Contains(string(output), want) {
			t.Errorf("%s is not in %s", want, output)
		}
	}
	if own := fmt.Sprint(kind(t, "addresses").Value["addresses"]); strings.Contains(own, "192.0.2.7") {
		t.Errorf("the namespace of the test has it, too: %s", own)
	}
}
