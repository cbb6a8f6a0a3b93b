package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"banlang/desktop/keyfile"
	"banlang/desktop/notebook"
	"banlang/desktop/store"
	"banlang/shared/fault"
	"banlang/shared/sqlite"
	"banlang/shared/sqlite/faultvfs"
)

var (
	oldKey = &keyfile.Key{1, 9}
	newKey = &keyfile.Key{2, 9}
)

const (
	plantedText = "Khuổi Slao tối qua có người lạ"
	plantedID   = "ID-083-771204"
)

// filled makes a notebook with a life behind it, the text above in a record, a draft and a setting, and a copy from before a
// migration. It returns what it says.
func filled(t testing.TB, path string, o store.Options) (says string) {
	t.Helper()
	s, err := store.Open(ctx, path, o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w := newWorld(t, s, rand.New(rand.NewPCG(7, 7)))
	for range 60 {
		if _, err := w.step(); err != nil {
			t.Fatal(err)
		}
	}
	values := map[string]string{"note": plantedText + " " + plantedID}
	if _, err := w.nb.Save(ctx, notebook.Entry{Form: form, Feed: feeds[0], Officer: "an", Values: values}); err != nil {
		t.Fatal(err)
	}
	d := notebook.Draft{Form: form, Feed: feeds[0], Officer: "an"}
	d.Set("note", plantedText, nil)
	if _, err := w.nb.SaveDraft(ctx, d); err != nil {
		t.Fatal(err)
	}
	if err := s.Copy(ctx, path+".before-v9"); err != nil {
		t.Fatal(err)
	}
	return text(t, s)
}

func inMemory(t testing.TB) (path string) {
	t.Helper()
	dir, remove := memoryDir(t)
	t.Cleanup(remove)
	return filepath.Join(dir, "so.db")
}

// saysUnder opens the notebook with keys, checks all of it and returns what it says.
func saysUnder(t testing.TB, path string, keys ...*keyfile.Key) (says string, err error) {
	t.Helper()
	s, err := store.Open(ctx, path, store.Options{Keys: keys})
	if err != nil {
		return "", err
	}
	defer s.Close()
	if err := s.Check(ctx, false); err != nil {
		t.Error(err)
	}
	return text(t, s), nil
}

// nothingLegible looks for planted words in all files beside the notebook, and returns their names.
func nothingLegible(t testing.TB, path string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(filepath.Dir(path), e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, planted := range []string{plantedText, "Khuổi", "khuoi", plantedID, "tuần tra", "SQLite format", "CREATE TABLE"} {
			if bytes.Contains(content, []byte(planted)) {
				t.Errorf("%s holds %q", e.Name(), planted)
			}
		}
		names = append(names, e.Name())
	}
	return names
}

// TestEncipher brings a plain notebook under a key, and that one under another: nothing is lost, nothing legible is left,
// and no other key opens it.
func TestEncipher(t *testing.T) {
	path := inMemory(t)
	says := filled(t, path, store.Options{})
	if state, err := store.Look(path); err != nil || state != store.Plain {
		t.Fatal(state, err)
	}
	if _, err := saysUnder(t, path, oldKey); !errors.Is(err, fault.NotEnciphered) {
		t.Fatalf("a plain notebook with a key: %v", err)
	}
	var stages []store.Stage
	told := func(p store.Progress) {
		if n := len(stages); n == 0 || stages[n-1] != p.Stage {
			stages = append(stages, p.Stage)
		}
		if p.Done > p.Total {
			t.Errorf("%+v", p)
		}
	}
	if err := store.Encipher(ctx, path, store.Options{Keys: []*keyfile.Key{oldKey}}, told); err != nil {
		t.Fatal(err)
	}
	if want := []store.Stage{store.Checking, store.Copying, store.Comparing, store.Switching, store.Wiping}; !slices.Equal(stages, want) {
		t.Errorf("told %v", stages)
	}
	if state, err := store.Look(path); err != nil || state != store.Enciphered {
		t.Error(state, err)
	}
	names := nothingLegible(t, path)
	if want := []string{"so.db", "so.db.lock"}; !slices.Equal(names, want) {
		t.Errorf("%v are left, want %v", names, want)
	}
	for _, c := range []struct {
		keys []*keyfile.Key
		want fault.Code
	}{
		{[]*keyfile.Key{newKey}, fault.WrongDataKey},
		{[]*keyfile.Key{oldKey}, ""},
		{[]*keyfile.Key{newKey, oldKey}, ""},
	} {
		if got, err := saysUnder(t, path, c.keys...); fault.CodeOf(err) != c.want || err == nil && got != says {
			t.Errorf("under %v: %v", c.keys, err)
		}
	}

	if err := store.Encipher(ctx, path, store.Options{Keys: []*keyfile.Key{newKey}}, nil); !errors.Is(err, fault.WrongDataKey) {
		t.Errorf("without the present key: %v", err)
	}
	for range 2 { // the second finds nothing to do
		if err := store.Encipher(ctx, path, store.Options{Keys: []*keyfile.Key{oldKey, newKey}}, nil); err != nil {
			t.Fatal(err)
		}
		if got, err := saysUnder(t, path, newKey); err != nil || got != says {
			t.Errorf("under the next key: %v", err)
		}
	}
	if _, err := saysUnder(t, path, oldKey); !errors.Is(err, fault.WrongDataKey) {
		t.Errorf("the former key: %v", err)
	}
	if err := store.Encipher(ctx, path+".none", store.Options{Keys: []*keyfile.Key{oldKey}}, nil); !errors.Is(err, fault.NotFound) {
		t.Errorf("where there is none: %v", err)
	}
	s, err := store.Open(ctx, path, store.Options{Keys: []*keyfile.Key{newKey}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := store.Encipher(ctx, path, store.Options{Keys: []*keyfile.Key{newKey, oldKey}}, nil); !errors.Is(err, fault.SecondInstance) {
		t.Errorf("while it is open: %v", err)
	}
}

// TestNothingLegibleWhileOpen looks at all files while an officer works, the WAL full, beside a real key file.
func TestNothingLegibleWhileOpen(t *testing.T) {
	path := inMemory(t)
	u, err := keyfile.Create(keyfile.Path(path), keyfile.Officer{ID: "083-114", Name: "An"}, "cây sồi tím ngựa đá", nil, keyfile.Options{Secrets: noStore{}})
	if err != nil {
		t.Fatal(err)
	}
	filled(t, path, store.Options{Keys: u.Keys()})
	s, err := store.Open(ctx, path, store.Options{Keys: u.Keys()})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, s, rand.New(rand.NewPCG(8, 8)))
	if _, err := w.nb.Save(ctx, notebook.Entry{Form: form, Feed: feeds[0], Officer: "an", Values: map[string]string{"note": plantedText}}); err != nil {
		t.Fatal(err)
	}
	if names := nothingLegible(t, path); !slices.Contains(names, "so.db-wal") || !slices.Contains(names, "so.db.key") {
		t.Errorf("only %v were looked at", names)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(ctx, path, store.Options{}); !errors.Is(err, fault.LockedNotebook) {
		t.Errorf("without a key: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(ctx, path, store.Options{}); !errors.Is(err, fault.LockedNotebook) {
		t.Errorf("a plain notebook is made beside a key file: %v", err)
	}
}

// noStore is a machine without a key store.
type noStore struct{}

func (noStore) Get(string) ([]byte, error) { return nil, errors.New("none") }
func (noStore) Set(string, []byte) error   { return errors.New("none") }
func (noStore) Delete(string) error        { return errors.New("none") }

// TestDigest sees every kind of difference: a value, its type, a row, a table, the version.
func TestDigest(t *testing.T) {
	s, _ := opened(t)
	sum := func() [32]byte {
		t.Helper()
		d, err := s.Digest(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	seen := map[[32]byte]string{sum(): "nothing"}
	for _, change := range []string{
		"CREATE TABLE x (a, b) STRICT",
		"CREATE TABLE y (a ANY, b ANY) STRICT",
		"INSERT INTO y VALUES (1, NULL)",
		"UPDATE y SET a = '1'",
		"UPDATE y SET a = x'31'",
		"UPDATE y SET a = 1.5",
		"UPDATE y SET a = 1.5000000000000002",
		"UPDATE y SET a = NULL, b = 1.5",
		"INSERT INTO y VALUES (NULL, 1.5)",
		"INSERT INTO y VALUES ('a', 'b c')",
		"UPDATE y SET a = 'a b', b = 'c' WHERE a = 'a'",
		"INSERT INTO urgent VALUES (1, 2)",
		"INSERT INTO row_search(rowid, words) VALUES (1, 'một')",
		"CREATE INDEX y_a ON y (a)",
		"PRAGMA user_version = 9",
	} {
		err := s.DB().Update(ctx, func(tx *sqlite.Tx) error { return tx.Script(change) })
		if strings.HasSuffix(change, "x (a, b) STRICT") {
			if err == nil {
				t.Fatal("columns without types are STRICT")
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", change, err)
		}
		d := sum()
		if before, ok := seen[d]; ok {
			t.Errorf("after %q it sums up as after %q", change, before)
		}
		seen[d] = change
	}
}

// The other process of TestEncipherIsKilled: it moves a notebook and ends at a step.
const (
	moveEnv = "BANLANG_TEST_MOVE" // path of the notebook
	stepEnv = "BANLANG_TEST_STEP"
)

func TestMain(m *testing.M) {
	path := os.Getenv(moveEnv)
	if path == "" {
		os.Exit(m.Run())
	}
	store.Reached(func(step string) {
		fmt.Println(step)
		if step == os.Getenv(stepEnv) {
			os.Exit(9)
		}
	})
	if err := store.Encipher(context.Background(), path, store.Options{Keys: []*keyfile.Key{oldKey, newKey}}, nil); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

// moveApart runs Encipher in another process that ends at a step; "" is not at all. It returns the steps that it took.
func moveApart(t *testing.T, path, step string) (steps []string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), moveEnv+"="+path, stepEnv+"="+step)
	out, err := c.CombinedOutput()
	var exit *exec.ExitError
	if killed := errors.As(err, &exit) && exit.ExitCode() == 9; killed != (step != "") {
		t.Fatalf("%q: %v\n%s", step, err, out)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// TestEncipherIsKilled ends the process at each step, for a plain notebook, for one whose program
// was killed with the last in the log, and for one under a former key. Whatever is there
// then opens, says what it said, and can be moved again; at the end nothing of what was before is left.
func TestEncipherIsKilled(t *testing.T) {
	for name, from := range map[string]store.Options{"plain": {}, "plain, with a log": {}, "under a key": {Keys: []*keyfile.Key{oldKey}}} {
		t.Run(name, func(t *testing.T) {
			model := inMemory(t)
			says := filled(t, model, from)
			if strings.HasSuffix(name, "log") {
				model, says = leftOpen(t, model)
			}
			steps := moveApart(t, copied(t, model), "")
			if len(steps) < 7 {
				t.Fatalf("only %q", steps)
			}
			for _, step := range steps {
				path := copied(t, model)
				moveApart(t, path, step)
				look(t, copied(t, path), says, from)
				if err := store.Encipher(ctx, path, store.Options{Keys: []*keyfile.Key{oldKey, newKey}}, nil); err != nil {
					t.Fatalf("%s: %v", step, err)
				}
				if got, err := saysUnder(t, path, newKey); err != nil || got != says {
					t.Errorf("%s: after another try: %v", step, err)
				}
				if names := nothingLegible(t, path); !slices.Equal(names, []string{"so.db", "so.db.lock"}) {
					t.Errorf("%s: %v are left", step, names)
				}
			}
		})
	}
}

// copied copies all files beside a notebook to another directory.
func copied(t *testing.T, path string) string {
	t.Helper()
	to := inMemory(t)
	if err := os.CopyFS(filepath.Join(filepath.Dir(to), "x"), os.DirFS(filepath.Dir(path))); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(filepath.Dir(to), "x", "so.db")
}

// look opens what a kill left, as the program would that knows both keys: plainly if it looks plain.
func look(t *testing.T, path, says string, from store.Options) {
	t.Helper()
	keys := []*keyfile.Key{oldKey, newKey}
	state, err := store.Look(path)
	if err == nil && state == store.Plain && len(from.Keys) == 0 {
		keys = nil
	}
	if err != nil || state == store.Missing {
		t.Fatalf("there is nothing: %v", err)
	}
	if got, err := saysUnder(t, path, keys...); err != nil || got != says {
		t.Errorf("with %d keys: %v", len(keys), err)
	}
}

// TestEncipherOnABadDisk lets the n-th operation fail: the notebook stays what it was or is under its new key, and the next
// try goes through.
func TestEncipherOnABadDisk(t *testing.T) {
	model := inMemory(t)
	says := filled(t, model, store.Options{})
	for _, k := range faultKinds {
		t.Run(k.name, func(t *testing.T) {
			disk, vfs := badDisk(t)
			failed := 0
			for n, met := 1, true; met; n += 1 + n {
				path := copied(t, model)
				disk.Fail(n, k.code, k.kind, k.sticky)
				err := store.Encipher(ctx, path, store.Options{VFS: vfs, Keys: []*keyfile.Key{newKey}}, nil)
				met = disk.Failed()
				disk.Heal()
				if err != nil {
					failed++
					// A page that cannot be read is a finding of the check of the whole notebook.
					if !errors.Is(err, k.want) && !errors.Is(err, fault.TornDatabase) {
						t.Errorf("n=%d: %v, want %s", n, err, k.want)
					}
				}
				look(t, path, says, store.Options{})
				if err := store.Encipher(ctx, path, store.Options{Keys: []*keyfile.Key{newKey}}, nil); err != nil {
					t.Fatal(err)
				}
				if got, err := saysUnder(t, path, newKey); err != nil || got != says {
					t.Errorf("n=%d: %v", n, err)
				}
				nothingLegible(t, path)
			}
			if failed == 0 && k.kind != faultvfs.Sync { // SQLite syncs little here, and we ourselves the rest
				t.Error("nothing failed")
			}
		})
	}
}
