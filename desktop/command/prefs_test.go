package command

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPreferencesOutliveTheProgramAndATornFile(t *testing.T) {
	dir := t.TempDir()
	open := func() *preferences {
		p, err := openPreferences(dir)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	p := open()
	if got := p.Get("language"); got != "" {
		t.Errorf("nobody has chosen %q", got)
	}
	if err := p.Put("language", "en"); err != nil {
		t.Fatal(err)
	}
	if err := p.Put("text size", "18"); err != nil {
		t.Fatal(err)
	}
	if p := open(); p.Get("language") != "en" || p.Get("text size") != "18" {
		t.Errorf("%+v", p.all)
	}
	path := filepath.Join(dir, preferencesName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(whole) {
		if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		p := open()
		if err := p.Put("language", "vi"); err != nil || open().Get("language") != "vi" {
			t.Fatalf("cut after %d bytes: %v", n, err)
		}
	}
	if err := os.WriteFile(path, []byte("null"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := open().Put("language", "vi"); err != nil {
		t.Error(err)
	}
}
