package store_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"banlang/desktop/keyfile"
	"banlang/desktop/notebook"
	"banlang/desktop/store"
	"banlang/shared/sqlite/faultvfs"
)

// leftOpen writes in a plain notebook, and returns a copy as a program leaves it that was killed then.
func leftOpen(t *testing.T, path string) (killed, says string) {
	t.Helper()
	s, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w := newWorld(t, s, rand.New(rand.NewPCG(9, 9)))
	if _, err := w.nb.Save(ctx, notebook.Entry{Form: form, Feed: feeds[0], Officer: "an", Values: map[string]string{"note": plantedText}}); err != nil {
		t.Fatal(err)
	}
	return copied(t, path), text(t, s)
}

// otherName gives the log of a notebook another name, behind which its bytes stay when the log is removed.
func otherName(t *testing.T, path string) (other string) {
	t.Helper()
	other = filepath.Join(filepath.Dir(path), "other name")
	if err := os.Link(path+"-wal", other); err != nil {
		t.Skip("a file has one name here: ", err)
	}
	if b, err := os.ReadFile(other); err != nil || !bytes.Contains(b, []byte(plantedText)) {
		t.Fatalf("the log does not say it (%v); the test would prove nothing", err)
	}
	return other
}

// TestThePlainLogIsWiped: where a plain notebook was closed or enciphered, the blocks of its log, which are the disk's again,
// do not say what was written last. Enciphering is also tried with a disk that from some time on shortens nothing.
func TestThePlainLogIsWiped(t *testing.T) {
	path := inMemory(t)
	filled(t, path, store.Options{})
	killed, says := leftOpen(t, path)
	path = copied(t, killed)
	s, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	other := otherName(t, path)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(other); err != nil || bytes.Contains(b, []byte(plantedText)) {
		t.Errorf("closed: the log still says it (%v)", err)
	}

	disk, vfs := badDisk(t)
	looked := false
	for n, met := 1, true; met; n++ {
		path := copied(t, killed)
		other := otherName(t, path)
		disk.Fail(n, faultvfs.IOErrTruncate, faultvfs.Truncate, true)
		err := store.Encipher(ctx, path, store.Options{VFS: vfs, Keys: []*keyfile.Key{newKey}}, nil)
		met = disk.Failed()
		disk.Heal()
		if err != nil {
			if err := store.Encipher(ctx, path, store.Options{Keys: []*keyfile.Key{newKey}}, nil); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := saysUnder(t, path, newKey); err != nil || got != says {
			t.Errorf("n=%d: %v", n, err)
		}
		b, err := os.ReadFile(other)
		if err != nil {
			t.Fatal(err)
		}
		if len(b) > 0 {
			looked = true
		}
		nothingLegible(t, path)
	}
	if !looked {
		t.Error("the log was shortened every time: there was nothing to look at")
	}
}
