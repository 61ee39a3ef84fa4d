package kinds

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"cofferdam/probes/internal/plan"
)

// A search says when it did not look everywhere: nothing may be held because of where it did not get to.
func TestSearchOfMoreFilesThanItsBound(t *testing.T) {
	directory := t.TempDir()
	look := func() searchValue {
		h := &hunt{digest: "none of them"}
		searchFiles(h, []plan.Text{plan.Text(filepath.Join(directory, "*"))})
		return h.value
	}
	for i := range maxSearchedFiles {
		if err := os.WriteFile(filepath.Join(directory, fmt.Sprint(i)), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := look(); got.Looked != maxSearchedFiles || got.Truncated {
		t.Errorf("%d files: %+v", maxSearchedFiles, got)
	}
	if err := os.WriteFile(filepath.Join(directory, "more"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := look(); got.Looked != maxSearchedFiles || !got.Truncated {
		t.Errorf("one file more: %+v", got)
	}
}
