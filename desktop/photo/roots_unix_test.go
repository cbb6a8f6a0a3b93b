//go:build !windows

package photo

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestRoots(t *testing.T) {
	top := t.TempDir()
	session := filepath.Join(top, "phien")
	for _, dir := range []string{"media/ksor/CARD", "run/media", "phien/gvfs"} {
		if err := os.MkdirAll(filepath.Join(top, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(top, "Volumes"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	want := []string{filepath.Join(top, "media"), filepath.Join(top, "run/media"), filepath.Join(session, "gvfs")}
	if got := rootsUnder(top, session); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := rootsUnder(filepath.Join(top, "none"), filepath.Join(top, "none")); got != nil {
		t.Errorf("%q of nothing", got)
	}
}
