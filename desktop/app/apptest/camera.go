package apptest

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/crypto/blake2b"

	"banlang/desktop/app"
	"banlang/desktop/photo"
	"banlang/shared/blob"
	"banlang/shared/fault"
)

// Camera is a folder of pictures, and what was taken in of them. It keeps them as they are.
type Camera struct {
	Folder string
	Full   atomic.Bool // no drawing can be kept

	mu   sync.Mutex
	kept map[string][]byte
}

// NewCamera makes a folder with made-up pictures of these names.
func NewCamera(t testing.TB, names ...string) *Camera {
	t.Helper()
	c := &Camera{Folder: t.TempDir(), kept: map[string][]byte{}}
	for i, name := range names {
		img := image.NewRGBA(image.Rect(0, 0, 320, 200))
		for y := range 200 {
			for x := range 320 {
				img.Set(x, y, color.RGBA{uint8(90 + 30*i), uint8(120 + y/3), uint8(200 - y/2), 255})
			}
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, nil); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(c.File(name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// File is where a picture lies.
func (c *Camera) File(name string) string { return filepath.Join(c.Folder, name) }

// Import implements app.Photos.
func (c *Camera) Import(_ context.Context, file string) (app.Imported, error) {
	b, err := os.ReadFile(file)
	if err == nil {
		_, _, err = image.Decode(bytes.NewReader(b))
	}
	if err != nil {
		return app.Imported{}, fault.New(fault.BadInput, "import", err)
	}
	sum := blake2b.Sum256(b)
	name := "b2:" + hex.EncodeToString(sum[:]) + ".jpg"
	c.Keep(name, b)
	return app.Imported{Name: name, Was: 4_100_000, Now: 212_000}, nil
}

// Keep has a picture on this machine.
func (c *Camera) Keep(name string, jpeg []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept[name] = jpeg
}

// Thumb implements app.Photos.
func (c *Camera) Thumb(_ context.Context, name string) (app.Thumb, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b, ok := c.kept[name]
	if !ok {
		return app.Thumb{}, fault.New(fault.NotFound, "thumb", errors.New(name))
	}
	if blob.Is(name) { // drawn
		return app.Thumb{JPEG: b, Bytes: int64(len(b))}, nil
	}
	return app.Thumb{JPEG: b, Bytes: 212_000}, nil
}

// Whole implements app.Photos.
func (c *Camera) Whole(_ context.Context, name string) (image.Image, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b, ok := c.kept[name]
	if !ok {
		return nil, fault.New(fault.NotFound, "whole", errors.New(name))
	}
	return photo.Decode(b)
}

// Draw implements app.Photos. While Full is set the disk is full.
func (c *Camera) Draw(ctx context.Context, d photo.Drawing) (app.Imported, error) {
	if c.Full.Load() {
		return app.Imported{}, fault.New(fault.DiskFull, "draw", nil)
	}
	b, kind, err := d.Encode(ctx)
	if err != nil {
		return app.Imported{}, err
	}
	ref, err := blob.Of(b, kind)
	c.Keep(ref.String(), b)
	return app.Imported{Name: ref.String(), Now: int64(len(b))}, err
}

// Find implements app.Photos.
func (c *Camera) Find(context.Context) (found []app.Found, err error) {
	err = filepath.WalkDir(c.Folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		i, err := d.Info()
		found = append(found, app.Found{File: path, Taken: i.ModTime(), Bytes: 4_100_000})
		return err
	})
	slices.SortFunc(found, func(a, b app.Found) int { return bytes.Compare([]byte(a.File), []byte(b.File)) })
	return found, err
}
