package command

import (
	"bytes"
	"context"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/nmea"
	"banlang/desktop/notebook"
	"banlang/desktop/photo"
	"banlang/shared/blob"
	"banlang/shared/fault"
)

// camera takes pictures into a notebook: small, and without what they tell of where they were taken.
type camera struct {
	nb   *notebook.Notebook
	home string // of the user of the machine
}

var _ app.Photos = camera{}

// Import implements app.Photos.
func (c camera) Import(ctx context.Context, file string) (app.Imported, error) {
	f, err := os.Open(file)
	if err != nil {
		return app.Imported{}, fault.New(fault.NotFound, "import picture", err)
	}
	defer f.Close()
	p, err := photo.Import(ctx, f)
	if err != nil {
		return app.Imported{}, err
	}
	ref, err := c.nb.PutBlob(ctx, p.JPEG, "image/jpeg")
	return app.Imported{Name: ref.String(), Was: p.Original.Bytes, Now: int64(len(p.JPEG))}, err
}

// Thumb implements app.Photos.
func (c camera) Thumb(ctx context.Context, name string) (app.Thumb, error) {
	b, err := c.bytes(ctx, name)
	if err != nil {
		return app.Thumb{}, err
	}
	p, err := photo.Import(ctx, bytes.NewReader(b))
	if err != nil {
		return app.Thumb{}, err
	}
	return app.Thumb{JPEG: p.Thumbnail, Bytes: int64(len(b))}, nil
}

// Whole implements app.Photos.
func (c camera) Whole(ctx context.Context, name string) (image.Image, error) {
	b, err := c.bytes(ctx, name)
	if err != nil {
		return nil, err
	}
	return photo.Decode(b)
}

// Draw implements app.Photos.
func (c camera) Draw(ctx context.Context, d photo.Drawing) (app.Imported, error) {
	b, kind, err := d.Encode(ctx)
	if err != nil {
		return app.Imported{}, err
	}
	ref, err := c.nb.PutBlob(ctx, b, kind)
	return app.Imported{Name: ref.String(), Now: int64(len(b))}, err
}

// bytes are those of a picture that is kept.
func (c camera) bytes(ctx context.Context, name string) ([]byte, error) {
	ref, err := blob.Parse(name)
	if err != nil {
		return nil, fault.New(fault.NotFound, "picture", err)
	}
	return c.nb.Blob(ctx, ref)
}

// Find implements app.Photos.
func (c camera) Find(ctx context.Context) (found []app.Found, err error) {
	files, _ := photo.Find(ctx, append(photo.Roots(), c.folders()...))
	for _, f := range files {
		found = append(found, app.Found{File: f.Path, Taken: f.Modified, Bytes: f.Bytes})
	}
	return found, ctx.Err()
}

// folders are those in which the user of the machine keeps pictures.
func (c camera) folders() (all []string) {
	for _, name := range []string{"Pictures", "Hình ảnh", "Ảnh"} {
		if info, err := os.Stat(filepath.Join(c.home, name)); c.home != "" && err == nil && info.Mode()&fs.ModeDir != 0 {
			all = append(all, filepath.Join(c.home, name))
		}
	}
	return all
}

// mostSearch is how long a receiver may look for its position: twice what a cold one needs under the open sky. Indoors it
// would look for ever.
const mostSearch = 2 * time.Minute

// position asks a receiver that is plugged in where the machine stands. The height is not asked for.
func position(ctx context.Context) (nmea.Position, error) {
	ctx, cancel := context.WithTimeout(ctx, mostSearch)
	defer cancel()
	f, err := nmea.Locate(ctx, nil)
	return nmea.Position{Lat: f.Lat, Lon: f.Lon, Acc: f.Acc}, err
}
