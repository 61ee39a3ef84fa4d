package kinds

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
)

func TestWhatIsAllowedIsToldForReadingAndWriting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if value, err := accessible(path); err != nil || value != (deviceValue{Access: "rw"}) {
		t.Errorf("got %+v, %v", value, err)
	}
	_, err := accessible(path + "y")
	var refusal *observe.Refusal
	if !errors.As(err, &refusal) || refusal.Errno != unix.ENOENT || refusal.Step != "access" {
		t.Errorf("got %v", err)
	}
	if os.Getuid() == 0 {
		t.Skip("root may read and write whatever the mode is")
	}
	for mode, want := range map[os.FileMode]string{0o400: "r", 0o200: "w"} {
		_ = os.Chmod(path, mode)
		if value, err := accessible(path); err != nil || value != (deviceValue{Access: want}) {
			t.Errorf("mode %o: got %+v, %v", mode, value, err)
		}
	}
}
