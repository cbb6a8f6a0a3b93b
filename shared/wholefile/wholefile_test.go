package wholefile_test

import (
	"os"
	"path/filepath"
	"testing"

	"banlang/shared/wholefile"
)

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sổ.json")
	// What a power cut left half written, with rights of its own, is no part of what is written next.
	if err := os.WriteFile(path+wholefile.Suffix, []byte("a much longer half of something"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{"first", "", "third"} {
		if err := wholefile.Write(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got := read(t, path); got != content {
			t.Errorf("the file holds %q, want %q", got, content)
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("rights %v", info.Mode())
	}
	if names, _ := filepath.Glob(path + "*"); len(names) != 1 {
		t.Errorf("left over: %v", names)
	}
}

// TestWriteFails: what cannot be put in place leaves the former file, and nothing beside it.
func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	taken := filepath.Join(dir, "taken")
	if err := os.MkdirAll(filepath.Join(taken, "within"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := wholefile.Write(taken, []byte("x")); err == nil {
		t.Error("a file took the place of a directory")
	}
	if err := wholefile.Write(filepath.Join(dir, "none", "file"), []byte("x")); err == nil {
		t.Error("a file was written into no directory")
	}
	if names, _ := filepath.Glob(filepath.Join(dir, "*"+wholefile.Suffix)); len(names) != 0 {
		t.Errorf("left over: %v", names)
	}
}
