package command_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"banlang/desktop/app"
	"banlang/desktop/photo"
)

// A picture is taken into the notebook through the program: small, found again after a start, and legible nowhere on the
// disk.
func TestAPictureIsKeptInTheNotebook(t *testing.T) {
	o := enrolled(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "nhà văn hóa.jpg")
	img := image.NewRGBA(image.Rect(0, 0, 2400, 1800))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * i / 7)
	}
	img.Set(0, 0, color.White)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	var name string
	o.sits(func(s *sitting) {
		if said := s.begins("Phan Quốc Điềm", good); said != "" {
			t.Fatal(said)
		}
		s.until(func() bool { return s.MayWrite("awareness_session") })
		s.New("awareness_session")
		s.until(func() bool { return s.Editor() != nil })
		e := s.Editor()
		e.AddPicture("photo", file)
		s.until(func() bool { p := e.Picture("photo"); return p.Some && p.JPEG != nil || p.Trouble.Some() })
		p := e.Picture("photo")
		if p.Trouble.Some() {
			t.Fatal(p.Trouble)
		}
		name = e.Value("photo")
		e.Keep()
		s.until(e.Written)
	})
	if found := o.legible(name, "JFIF"); len(found) > 0 {
		t.Errorf("on the disk can be read: %v", found)
	}
	o.sits(func(s *sitting) {
		if said := s.tries(good); said != "" {
			t.Fatal(said)
		}
		s.until(func() bool { return len(s.Drafts()) == 1 })
		s.ResumeLatest()
		s.until(func() bool { return s.Editor() != nil })
		e := s.Editor()
		s.until(func() bool { return e.Picture("photo").JPEG != nil })
		if e.Value("photo") != name {
			t.Errorf("the draft names %q", e.Value("photo"))
		}
	})
}

// A signature goes the same road as a picture: kept in the notebook, found again after a start, drawn on, and legible nowhere on the disk.
func TestADrawingIsKeptInTheNotebook(t *testing.T) {
	o := enrolled(t)
	var name string
	o.sits(func(s *sitting) {
		if said := s.begins("Phan Quốc Điềm", good); said != "" {
			t.Fatal(said)
		}
		s.until(func() bool { return s.MayWrite("awareness_session") })
		s.New("awareness_session")
		s.until(func() bool { return s.Editor() != nil })
		e := s.Editor()
		e.OpenDrawing("photo", app.Signs)
		e.Stroke("photo", photo.Stroke{{X: 100, Y: 100}, {X: 400, Y: 100}})
		s.until(func() bool { return e.Value("photo") != "" })
		name = e.Value("photo")
		e.Keep()
		s.until(e.Written)
	})
	if found := o.legible(name, "IHDR"); len(found) > 0 {
		t.Errorf("on the disk can be read: %v", found)
	}
	o.sits(func(s *sitting) {
		if said := s.tries(good); said != "" {
			t.Fatal(said)
		}
		s.until(func() bool { return len(s.Drafts()) == 1 })
		s.ResumeLatest()
		s.until(func() bool { return s.Editor() != nil })
		e := s.Editor()
		s.until(func() bool { return e.Picture("photo").JPEG != nil })
		e.OpenDrawing("photo", app.Signs)
		s.until(func() bool { d, _ := e.Drawing("photo"); return d.Ready || d.Trouble.Some() })
		d, _ := e.Drawing("photo")
		if d.Under == nil {
			t.Fatalf("%+v", d.Trouble)
		}
		e.Stroke("photo", photo.Stroke{{X: 100, Y: 200}, {X: 400, Y: 200}})
		s.until(func() bool { return e.Value("photo") != name })
		e.Keep()
		s.until(e.Written)
	})
}
