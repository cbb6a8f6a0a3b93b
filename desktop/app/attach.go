package app

import (
	"context"
	"image"
	"path/filepath"
	"strings"
	"time"

	"banlang/desktop/photo"
	"banlang/shared/form"
	"banlang/shared/viet"
)

// Pictures of a form, and where the machine stands.

// Photos takes pictures into the notebook. What it returns may be called from any goroutine.
type Photos interface {
	// Import reads a picture, makes it small, leaves out where it was taken, and keeps it durably. The name in what it
	// returns is the value of the answer. An error is a fault with words for the officer: BadInput for what is no picture.
	Import(ctx context.Context, file string) (Imported, error)
	// Thumb gives a picture that is kept, small, as JPEG. The error is a fault, NotFound where it is not on this machine.
	Thumb(ctx context.Context, name string) (Thumb, error)
	// Whole gives a picture that is kept, to be drawn over. The error is a fault, NotFound where it is not on this machine.
	Whole(ctx context.Context, name string) (image.Image, error)
	// Draw keeps a drawing as Import keeps a picture.
	Draw(ctx context.Context, d photo.Drawing) (Imported, error)
	// Find lists pictures on a telephone or card that is plugged in, and in the officer's folder of pictures; latest first.
	Find(ctx context.Context) ([]Found, error)
}

// Imported is a picture that was taken in.
type Imported struct {
	Name     string // of the kept picture, the value of the answer: "b2:<hex>.jpg"
	Was, Now int64  // bytes, before and after
}

// Thumb is a picture made small.
type Thumb struct {
	JPEG  []byte
	Bytes int64 // of the whole picture
}

// Found is a picture that could be taken in.
type Found struct {
	File  string // its path
	Taken time.Time
	Bytes int64
}

// Picture is an answer that is a picture, as the screen shows it.
type Picture struct {
	Name, Line string // what it is called, and what became of it
	JPEG       []byte // small; nil while it is not read, or not here
	Busy       bool   // is being taken in
	Some       bool   // the question is answered
	Trouble    Trouble
}

// picture is what is known of the picture at a path, beyond the answer.
type picture struct {
	of      string // the answer that it is about
	file    string // what it was called before
	sizes   Imported
	thumb   Thumb
	reading bool
	trouble Trouble
}

// TakesPictures reports whether a question can be answered with a picture on this machine.
func (e *Editor) TakesPictures(it *form.Item) bool {
	return e.a.o.Photos != nil && it.Field.Type == form.TypeFile && strings.HasPrefix(it.Media(), "image/")
}

// Picture is what the screen shows of a picture. What is not read yet is read, and shown when it is.
func (e *Editor) Picture(path string) Picture {
	value := e.Value(path)
	p := e.pictures[path]
	switch {
	case value == "" && p == nil:
		return Picture{}
	case value == "":
		return Picture{Busy: p.reading, Name: p.file, Trouble: p.trouble}
	case p == nil || p.of != value:
		p = e.readPicture(path, value)
	}
	line := e.T("photo.kept")
	switch {
	case p.sizes.Was > p.sizes.Now:
		line = e.T("photo.shrunk", "was", e.sayBytes(p.sizes.Was), "now", e.sayBytes(p.sizes.Now))
	case p.thumb.Bytes > 0:
		line = e.T("photo.size", "now", e.sayBytes(p.thumb.Bytes))
	case p.trouble.Some():
		line = e.T("photo.nothere")
	}
	name := p.file
	if name == "" {
		name = e.T("photo.name")
	}
	return Picture{Name: name, Line: line, JPEG: p.thumb.JPEG, Busy: p.reading, Some: true}
}

// readPicture reads the small picture of an answer.
func (e *Editor) readPicture(path, value string) *picture {
	p := &picture{of: value}
	e.pictures[path] = p
	if e.a.o.Photos != nil {
		e.thumb(p)
	}
	return p
}

func (e *Editor) thumb(p *picture) {
	e.a.run(func(ctx context.Context) func() {
		t, err := e.a.o.Photos.Thumb(ctx, p.of)
		return func() {
			if p.thumb = t; err != nil {
				p.trouble = e.a.sayFault(err)
			}
			e.a.show(PartForm)
		}
	})
}

// AddPicture takes a picture in and answers the question at path with it. It is no answer before it is kept durably; the form is not finished
// before. When it cannot be taken in that is said, and a form that waited for it stays open.
func (e *Editor) AddPicture(path, file string) {
	if e.a.o.Photos == nil || e.pen.ended {
		return
	}
	p := &picture{file: filepath.Base(file), reading: true}
	e.pictures[path] = p
	e.taking++
	e.a.show(PartForm)
	e.beside(func(ctx context.Context) func() {
		in, err := e.a.o.Photos.Import(ctx, file)
		return func() {
			defer e.arrived()
			e.taking--
			p.reading = false
			if e.pen.ended {
				return
			}
			if err != nil {
				p.trouble = e.a.sayFault(err)
				if e.atLast != nil || e.pictures[path] != p || !e.onScreen() { // who looks elsewhere
					e.a.toastTrouble(err)
				}
				e.atLast = nil
				e.a.show(PartForm)
				return
			}
			p.of, p.sizes = in.Name, in
			e.Set(path, in.Name)
			e.thumb(p)
		}
	})
}

// RemovePicture takes the answer back; the toast brings it again.
func (e *Editor) RemovePicture(path string) {
	if e.Value(path) == "" {
		delete(e.pictures, path)
		e.a.show(PartForm)
		return
	}
	e.Set(path, "")
	delete(e.pictures, path)
	e.offerUndo(e.T("photo.removed"))
}

// FindPictures looks for pictures beside the screen and calls then with them, latest first.
func (e *Editor) FindPictures(then func(found []Found)) {
	e.a.run(func(ctx context.Context) func() {
		found, err := e.a.o.Photos.Find(ctx)
		return func() {
			if err != nil {
				e.a.toastTrouble(err)
			}
			then(found)
		}
	})
}

// SayFound names a picture that could be taken in: "IMG_2041.JPG · 09:38 · 4,1 MB".
func (e *Editor) SayFound(f Found) string {
	return join(filepath.Base(f.File), e.a.clockTime(f.Taken.In(e.a.o.Zone)), e.sayBytes(f.Bytes))
}

// sayBytes says a size in the unit that suits it.
func (e *Editor) sayBytes(n int64) string {
	if n < 1_000_000 {
		return viet.Int((n+999)/1000) + " KB"
	}
	tenths := viet.Int(n/1_000_000) + "," + viet.Int(n/100_000%10) + " MB"
	if e.a.lang == English {
		return strings.Replace(tenths, ",", ".", 1)
	}
	return tenths
}

// Locates reports whether the machine can say where it stands.
func (e *Editor) Locates() bool { return e.a.o.Position != nil }

// Locate answers a question for a place with where the machine stands. Done is called when that is over, well or ill. A form that is
// finished before says that it went without.
func (e *Editor) Locate(path string, done func()) {
	if e.locating == nil {
		e.locating = map[string]bool{}
	}
	e.locating[path] = true
	e.beside(func(ctx context.Context) func() {
		at, err := e.a.o.Position(ctx)
		return func() {
			defer done()
			if e.pen.ended {
				return
			}
			delete(e.locating, path)
			if err != nil {
				e.a.toastTrouble(err)
				return
			}
			e.Set(path, at.Geopoint())
		}
	})
}
