package kinds

import (
	"testing"

	"cofferdam/probes/internal/plan"
)

// null is a device that every machine has, in a directory of devices.
const null = "/dev/null"

func nullIn(t *testing.T) deviceFile {
	t.Helper()
	value, err := devices(Request{Attempt: plan.Attempt{Path: "/dev"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, device := range value.(devicesValue).Devices {
		if device.Path == null {
			return device
		}
	}
	t.Fatalf("%s is not among the devices", null)
	return deviceFile{}
}

func TestDevicesAreLookedAt(t *testing.T) {
	if found := nullIn(t); found.Type != "char" || found.Major == nil || *found.Major != 1 || *found.Minor != 3 {
		t.Errorf("got %+v", found)
	}
}

func TestDevicesThatWouldBeOpenedAreNot(t *testing.T) {
	defer func(before []string) { openers = before }(openers)
	// What /dev is on: a tmpfs, or a devtmpfs, which has its number.
	openers = []string{"tmpfs"}
	if found := nullIn(t); found.Type != "char" || found.Major != nil || found.Minor != nil {
		t.Errorf("it was looked at: %+v", found)
	}
	listed, err := list(Request{Attempt: plan.Attempt{Path: "/dev"}})
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]entry{}
	for _, one := range listed.(listValue).Entries {
		kinds[one.Name] = one
	}
	if one := kinds["null"]; one.Type != "char" || one.Major != nil {
		t.Errorf("it was looked at: %+v", one)
	}
	// Directories and links are no devices.
	if one := kinds["pts"]; one.Type != "dir" {
		t.Errorf("got %+v", one)
	}
}

func TestWhatOpens(t *testing.T) {
	if opensWhatIsLookedUp("/proc") {
		t.Error("/proc opens nothing")
	}
	if !opensWhatIsLookedUp("/cofferdam-none") {
		t.Error("what is unknown is taken to be opened")
	}
}
