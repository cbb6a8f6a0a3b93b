package command

import (
	"context"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/photo"
	"banlang/shared/enrolment"
)

// newcomer makes the notebook behind a door that has none.
type newcomer struct {
	c *Command
	d *door
}

var _ app.Enroller = newcomer{}

// ByCode implements app.Enroller.
func (n newcomer) ByCode(ctx context.Context, code, address string) error {
	_, err := n.c.enrolByCode(ctx, code, address)
	return n.settled(ctx, err)
}

// ByFile implements app.Enroller.
func (n newcomer) ByFile(ctx context.Context, path string) error {
	_, err := n.c.enrolByFile(ctx, path)
	return n.settled(ctx, err)
}

// settled opens the door to what was made.
func (n newcomer) settled(ctx context.Context, err error) error {
	if err != nil {
		return err
	}
	return n.d.look(context.WithoutCancel(ctx))
}

// Bounds of a search for files: how many are offered, and how long a device that does not answer is waited for.
const (
	mostFiles = 5
	findTime  = 5 * time.Second
)

// Files implements app.Enroller: it looks into the folders into which programs and people put what came, and into what is
// plugged in.
func (n newcomer) Files(ctx context.Context) []app.EnrolFile {
	ctx, cancel := context.WithTimeout(ctx, findTime)
	defer cancel()
	files := make(chan app.EnrolFile)
	go func() {
		defer close(files)
		n.search(ctx, files)
	}()
	var found []app.EnrolFile
	for looking := true; looking; {
		select {
		case f, more := <-files:
			if looking = more; more {
				found = append(found, f)
			}
		case <-ctx.Done():
			looking = false
		}
	}
	slices.SortStableFunc(found, func(a, b app.EnrolFile) int { return b.Modified.Compare(a.Modified) })
	return found[:min(len(found), mostFiles)]
}

func (n newcomer) search(ctx context.Context, files chan<- app.EnrolFile) {
	for dir := range n.folders() {
		entries, _ := os.ReadDir(dir) // what could be read comes with the error
		for _, e := range entries {
			if f, ok := enrolFile(dir, e); ok {
				select {
				case files <- f:
				case <-ctx.Done():
				}
			}
			if ctx.Err() != nil {
				return
			}
		}
	}
}

// folders are where such files may lie, the user's own first. A stick is plugged in at a root, or below the folder of its user.
func (n newcomer) folders() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, name := range []string{"Downloads", "Tải xuống", "Tải về", "Desktop", "Màn hình", "Documents", "Tài liệu"} {
			if !yield(filepath.Join(n.c.home(), name)) {
				return
			}
		}
		for _, root := range photo.Roots() {
			level := []string{root}
			for range 3 {
				var below []string
				for _, dir := range level {
					if !yield(dir) {
						return
					}
					below = append(below, foldersIn(dir)...)
				}
				level = below
			}
		}
	}
}

func foldersIn(dir string) (all []string) {
	entries, _ := os.ReadDir(dir) // what could be read comes with the error
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			all = append(all, filepath.Join(dir, e.Name()))
		}
	}
	return all
}

// enrolFile reads a file that may be one of the centre; large ones, and those of another ending, are not opened.
func enrolFile(dir string, e fs.DirEntry) (f app.EnrolFile, ok bool) {
	path := filepath.Join(dir, e.Name())
	info, err := e.Info()
	if err != nil || !e.Type().IsRegular() || info.Size() > enrolment.MaxBytes || !strings.EqualFold(filepath.Ext(path), ".json") {
		return f, false
	}
	text, err := readBounded(path, enrolment.MaxBytes)
	if err != nil {
		return f, false
	}
	_, ok = enrolment.ParseCodeFile(text)
	if _, err := enrolment.Parse(text); !ok && err != nil {
		return f, false
	}
	return app.EnrolFile{Path: path, Modified: info.ModTime()}, true
}
