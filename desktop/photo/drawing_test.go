package photo_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"testing"

	"banlang/desktop/photo"
	"banlang/shared/fault"
)

func across(y float32) photo.Stroke {
	return photo.Stroke{{X: 20, Y: y}, {X: 100, Y: y + 2}, {X: 180, Y: y}}
}

// What is drawn on paper is a small PNG whose lines are where the hand was, and nowhere else; it is drawn on as it was kept.
func TestADrawingOnPaper(t *testing.T) {
	d := photo.Drawing{Size: image.Pt(200, 120), Strokes: []photo.Stroke{across(60), {{X: 10, Y: 10}}, {{X: -40, Y: -40}, {X: 400, Y: -40}}}}
	file, kind, err := d.Encode(t.Context())
	if err != nil || kind != "image/png" || len(file) > 2000 {
		t.Fatalf("%s of %d bytes, %v", kind, len(file), err)
	}
	img, err := photo.Decode(file)
	if err != nil || img.Bounds().Size() != d.Size {
		t.Fatalf("%v, %v", img.Bounds(), err)
	}
	for at, dark := range map[image.Point]bool{image.Pt(100, 61): true, image.Pt(25, 60): true, image.Pt(180, 60): true, image.Pt(10, 10): true, image.Pt(100, 80): false, image.Pt(10, 60): false, image.Pt(100, 1): false} {
		y := color.GrayModel.Convert(img.At(at.X, at.Y)).(color.Gray).Y
		if (y < 128) != dark {
			t.Errorf("at %v it is %d", at, y)
		}
	}
	more := photo.Drawing{Under: img, Strokes: []photo.Stroke{across(90)}}
	again, kind, err := more.Encode(t.Context())
	if err != nil || kind != "image/png" {
		t.Fatal(kind, err)
	}
	if img, err = photo.Decode(again); err != nil {
		t.Fatal(err)
	}
	for _, y := range []int{61, 91} {
		if color.GrayModel.Convert(img.At(100, y)).(color.Gray).Y > 128 {
			t.Errorf("the stroke at %d is gone", y)
		}
	}
}

// What is drawn over a photograph is one, no larger than any other, with strokes that are seen on it.
func TestADrawingOverAPhotograph(t *testing.T) {
	under := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	draw.Draw(under, under.Rect, image.NewUniform(color.RGBA{60, 90, 60, 255}), image.Point{}, draw.Src)
	for i := 0; i < len(under.Pix); i += 7 {
		under.Pix[i] ^= uint8(i * i >> 3)
	}
	d := photo.Drawing{Under: under, Strokes: []photo.Stroke{{{X: 200, Y: 600}, {X: 1400, Y: 600}}}}
	file, kind, err := d.Encode(t.Context())
	if err != nil || kind != "image/jpeg" || len(file) > photo.Target {
		t.Fatalf("%s of %d bytes, %v", kind, len(file), err)
	}
	img, err := photo.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	size := img.Bounds().Size()
	r, g, b, _ := img.At(size.X/2, size.Y/2).RGBA()
	if r>>8 < 170 || g>>8 > 90 || b>>8 > 90 {
		t.Errorf("the stroke is %d %d %d", r>>8, g>>8, b>>8)
	}
	if under.RGBAAt(800, 600).R == 0xE0 {
		t.Error("the picture below was drawn on itself")
	}
}

func TestADrawingThatCannotBe(t *testing.T) {
	if _, err := photo.Decode([]byte("%PDF-1.7 …")); fault.CodeOf(err) != fault.PictureFormat {
		t.Error(err)
	}
	if _, err := photo.Decode([]byte("\x89PNG\r\n\x1A\n cut")); fault.CodeOf(err) != fault.BadPicture {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := (&photo.Drawing{Size: image.Pt(20, 20)}).Encode(ctx); err == nil {
		t.Error("it goes on for nobody")
	}
	a, _, _ := (&photo.Drawing{Size: image.Pt(20, 20), Strokes: []photo.Stroke{{{X: 1, Y: 1}}}}).Encode(t.Context())
	b, _, _ := (&photo.Drawing{Size: image.Pt(20, 20), Strokes: []photo.Stroke{{{X: 1, Y: 1}}}}).Encode(t.Context())
	if !bytes.Equal(a, b) {
		t.Error("the same drawing has two names")
	}
}
