package photo

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Bounds of a search: a telephone behind a slow cable may hold a hundred thousand files.
const (
	FindTime    = 10 * time.Second
	findDepth   = 8      // folders below a root: user/CARD/DCIM/100CANON is four
	findEntries = 50_000 // files and folders looked at
)

// Found is a file that looks like a picture by its name. It may be of a format that Import refuses with a hint.
type Found struct {
	Path     string
	Bytes    int64
	Modified time.Time // of a camera's file, when it was taken
}

// Find lists the pictures under the roots, newest first. Folders that cannot be read, hidden ones and links are passed over.
// It comes back within FindTime, or when ctx ends, with what it has found by then; whole is false if it did not get through.
// A device that no longer answers holds up nothing but a goroutine, which ends with the answer.
func Find(ctx context.Context, roots []string) (found []Found, whole bool) {
	return finder{readDir: os.ReadDir, entries: findEntries}.find(ctx, roots)
}

type finder struct {
	readDir func(string) ([]fs.DirEntry, error)
	entries int
}

func (f finder) find(ctx context.Context, roots []string) (found []Found, whole bool) {
	ctx, cancel := context.WithTimeout(ctx, FindTime)
	defer cancel()
	pictures, through := make(chan Found), make(chan bool, 1)
	go func() { through <- f.walk(ctx, roots, pictures) }()
	for looking := true; looking; {
		select {
		case p := <-pictures:
			found = append(found, p)
		case whole = <-through:
			looking = false
		case <-ctx.Done():
			looking = false
		}
	}
	slices.SortFunc(found, func(a, b Found) int {
		if c := b.Modified.Compare(a.Modified); c != 0 {
			return c
		}
		return strings.Compare(b.Path, a.Path) // cameras count upwards
	})
	return found, whole
}

// walk goes through the folders breadth first: what a camera writes lies higher than the caches of programs.
func (f finder) walk(ctx context.Context, level []string, pictures chan<- Found) (whole bool) {
	left := f.entries
	for depth := 0; depth <= findDepth && len(level) > 0; depth++ {
		var below []string
		for _, dir := range level {
			entries, _ := f.readDir(dir) // what could be read comes with the error
			for _, e := range entries {
				if left--; left < 0 || ctx.Err() != nil {
					return false
				}
				at := filepath.Join(dir, e.Name())
				switch {
				case strings.HasPrefix(e.Name(), "."), strings.HasPrefix(e.Name(), "$"):
				case e.IsDir():
					below = append(below, at)
				case e.Type().IsRegular() && picture(e.Name()):
					info, err := e.Info()
					if err != nil {
						continue
					}
					select {
					case pictures <- Found{at, info.Size(), info.ModTime()}:
					case <-ctx.Done():
						return false
					}
				}
			}
		}
		level = below
	}
	return ctx.Err() == nil
}

// picture goes by the name: nothing is opened on a slow device. HEIC is listed, for people look for what they took.
func picture(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif":
		return true
	}
	return false
}
