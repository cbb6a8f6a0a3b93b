package keyfile_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"banlang/desktop/keyfile"
	"banlang/shared/envelope"
	"banlang/shared/fault"
)

// left are the files beside a key file that say more than that it was destroyed.
func left(t *testing.T, path string) (names []string) {
	t.Helper()
	for name, text := range filesOf(t, path) {
		if strings.TrimLeft(text, "\x00") != "" && !strings.HasSuffix(name, ".wiped") {
			names = append(names, filepath.Base(name))
		}
	}
	return names
}

// TestDestroyed: no passphrase opens it any more, nothing is left of it on the machine, and the centre opens it again.
func TestDestroyed(t *testing.T) {
	m := newMachine()
	path, centre, key := created(t, m)
	u := unlocks(t, path, m, an.ID, passAn, key)
	box := u.File().Escrow()[0]
	if err := u.File().Destroy(); err != nil {
		t.Fatal(err)
	}
	if names := left(t, path); len(names) > 0 || len(m.secrets) > 0 {
		t.Errorf("left: %v, %d secrets", names, len(m.secrets))
	}
	if _, err := keyfile.Open(path, m.options()); !errors.Is(err, fault.Wiped) {
		t.Errorf("opened: %v", err)
	}
	if _, err := keyfile.Create(path, an, passAn, nil, m.options()); !errors.Is(err, os.ErrExist) {
		t.Errorf("made anew: %v", err)
	}
	if _, err := keyfile.Restore(path, fromEscrow(t, box, centre), binh, passOther, []envelope.Recipient{centre.Recipient()}, m.options()); err != nil {
		t.Fatal(err)
	}
	unlocks(t, path, m, binh.ID, passOther, key)
	refused(t, path, m, an.ID, passAn, fault.NotFound)
}

// TestPowerCutsWhileItIsDestroyed: wherever it stops, no passphrase opens it again, no sound copy heals a torn one, and the
// next start leaves nothing.
func TestPowerCutsWhileItIsDestroyed(t *testing.T) {
	defer keyfile.CutAt(func(string) {})
	type cut struct{ at string }
	steps := 0
	for n := 0; ; n++ {
		m := newMachine()
		path := keyfile.Path(filepath.Join(memoryDir(t), "so.db"))
		if _, err := keyfile.Create(path, an, passAn, nil, m.options()); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path+".new", bytes.Repeat([]byte("x"), 100), 0o600); err != nil { // of a change that was cut
			t.Fatal(err)
		}
		step, where := 0, ""
		keyfile.CutAt(func(name string) {
			if step++; step == n+1 {
				panic(cut{name})
			}
		})
		func() {
			defer func() {
				if c, ok := recover().(cut); ok {
					where = c.at
				}
			}()
			if err := opened(t, path, m).Destroy(); err != nil {
				t.Error(err)
			}
		}()
		keyfile.CutAt(func(string) {})
		for range 2 {
			if _, err := keyfile.Open(path, m.options()); !errors.Is(err, fault.Wiped) {
				t.Fatalf("cut at %q: %v", where, err)
			}
		}
		if names := left(t, path); len(names) > 0 || len(m.secrets) > 0 {
			t.Errorf("cut at %q, left: %v, %d secrets", where, names, len(m.secrets))
		}
		if where == "" {
			break
		}
		steps++
	}
	if steps < 10 {
		t.Errorf("only %d steps were cut", steps)
	}
}

// TestAKeyStoreThatIsGone stops no destruction.
func TestAKeyStoreThatIsGone(t *testing.T) {
	m := newMachine()
	path, _, key := created(t, m)
	u := unlocks(t, path, m, an.ID, passAn, key)
	m.none = true
	if err := u.File().Destroy(); err != nil {
		t.Fatal(err)
	}
	if _, err := keyfile.Open(path, m.options()); !errors.Is(err, fault.Wiped) || len(left(t, path)) > 0 {
		t.Errorf("%v, left: %v", err, left(t, path))
	}
}

// TestKeysAreOverwritten: what a program has of a key is zero after it has said that it needs it no more.
func TestKeysAreOverwritten(t *testing.T) {
	m := newMachine()
	path, _, key := created(t, m)
	u := unlocks(t, path, m, an.ID, passAn, key)
	first, second := u.Keys(), u.Keys()
	if first[0] == second[0] {
		t.Fatal("two callers share a key: one would wipe the other's")
	}
	first[0].Wipe()
	if *second[0] != key || *first[0] != (keyfile.Key{}) {
		t.Error("wiping one")
	}
	u.Lock()
	if *u.Keys()[0] != (keyfile.Key{}) {
		t.Error("locked, and the key is there")
	}
}
