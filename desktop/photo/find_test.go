package photo

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// card lays files on a card, each a day older than the one before it, and gives where it is mounted.
func card(t *testing.T, files ...string) string {
	t.Helper()
	root := t.TempDir()
	day := time.Date(2026, 11, 16, 12, 0, 0, 0, time.UTC)
	for i, name := range files {
		at := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(at, day, day.AddDate(0, 0, -i)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// names gives what was found, with slashes and without where it lies.
func names(root string, found []Found) (all []string) {
	for _, f := range found {
		all = append(all, filepath.ToSlash(strings.TrimPrefix(f.Path, root+string(filepath.Separator))))
	}
	return all
}

func TestFindNewestFirst(t *testing.T) {
	deep := strings.Repeat("a/", findDepth) + "in.jpg"
	root := card(t, "DCIM/100CANON/IMG_3.JPG", "Pictures/Screenshots/b.png", "DCIM/Camera/c.heic", deep, "d.WebP",
		"a/"+deep, "DCIM/.thumbnails/t.jpg", "$RECYCLE.BIN/r.jpg", "notes.txt", ".hidden.jpg")
	if err := os.Symlink(root, filepath.Join(root, "loop")); err != nil {
		t.Log("no links here:", err)
	}
	found, whole := Find(t.Context(), []string{root, filepath.Join(root, "missing")})
	want := []string{"DCIM/100CANON/IMG_3.JPG", "Pictures/Screenshots/b.png", "DCIM/Camera/c.heic", deep, "d.WebP"}
	if got := names(root, found); !whole || !slices.Equal(got, want) {
		t.Errorf("found %q (whole: %v), want %q", got, whole, want)
	}
	if f := found[0]; f.Bytes != int64(len("DCIM/100CANON/IMG_3.JPG")) || f.Modified.UTC().Format(time.DateOnly) != "2026-11-16" {
		t.Errorf("%+v", f)
	}
}

// TestFindIsBounded: by the number of files, by its context, and by a device that does not answer.
func TestFindIsBounded(t *testing.T) {
	root := card(t, "DCIM/1.jpg", "DCIM/2.jpg", "DCIM/3.jpg", "DCIM/4/5.jpg")
	found, whole := finder{os.ReadDir, 4}.find(t.Context(), []string{root}) // DCIM, and three of what is in it
	if got := names(root, found); whole || len(got) != 3 {
		t.Errorf("of four entries: %q (whole: %v)", got, whole)
	}

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, whole := Find(ended, []string{root}); whole {
		t.Error("an ended search is not whole")
	}

	stuck, answer := make(chan struct{}), make(chan struct{})
	defer close(answer)
	blocked := func(dir string) ([]fs.DirEntry, error) {
		if filepath.Base(dir) != "4" {
			return os.ReadDir(dir)
		}
		close(stuck)
		<-answer
		return nil, errors.New("gone")
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-stuck; cancel() }()
	found, whole = finder{blocked, findEntries}.find(ctx, []string{root})
	if got := names(root, found); whole || !slices.Equal(got, []string{"DCIM/1.jpg", "DCIM/2.jpg", "DCIM/3.jpg"}) {
		t.Errorf("of a stuck device: %q (whole: %v)", got, whole)
	}
}
