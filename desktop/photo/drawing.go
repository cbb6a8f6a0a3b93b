package photo

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"banlang/shared/fault"
)

// Point is a place on a drawing, in its pixels from the upper left corner. It may lie outside.
type Point struct{ X, Y float32 }

// Stroke is a line that a hand drew without lifting; one point alone is a dot.
type Stroke []Point

// Pen is what strokes are drawn with.
type Pen struct {
	Ink  color.RGBA
	Wide float32 // for each thousand pixels of the longest side of the drawing
}

// PenFor is the pen with which a picture is drawn over: black on paper (nil, or in greys) and a red that is seen on a photograph.
func PenFor(under image.Image) Pen {
	if onPaper(under) {
		return Pen{color.RGBA{0x10, 0x10, 0x10, 0xFF}, 5}
	}
	return Pen{color.RGBA{0xE0, 0x10, 0x10, 0xFF}, 8}
}

func onPaper(under image.Image) bool {
	_, grey := under.(*image.Gray)
	return under == nil || grey
}

// Drawing is what is drawn by hand on white paper or over a picture.
type Drawing struct {
	Under   image.Image // nil: paper
	Size    image.Point // of the paper, in pixels; of a picture it is its own
	Strokes []Stroke
}

// Bounds is the size of the drawing in pixels.
func (d *Drawing) Bounds() image.Point {
	if d.Under != nil {
		return d.Under.Bounds().Size()
	}
	return d.Size
}

// Pen is the pen of the drawing.
func (d *Drawing) Pen() Pen { return PenFor(d.Under) }

// Paint is the drawing as it is looked at.
func (d *Drawing) Paint() *image.RGBA {
	size := d.Bounds()
	to := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(to, to.Rect, image.White, image.Point{}, draw.Src)
	if d.Under != nil {
		draw.Draw(to, to.Rect, d.Under, d.Under.Bounds().Min, draw.Over)
	}
	for _, s := range d.Strokes {
		s.Ink(to, d.Pen(), 1)
	}
	return to
}

// Encode makes a file of the drawing that is kept as photographs are, and says its media type: a PNG in greys of what is on
// paper, since a JPEG would blur its lines, and of what is over a photograph a JPEG within Side and Target. The error is
// that of ctx, or a fault.
func (d *Drawing) Encode(ctx context.Context) (file []byte, mediaType string, err error) {
	painted := d.Paint()
	if !onPaper(d.Under) {
		p := Photo{}
		err = p.encode(ctx, painted)
		return p.JPEG, "image/jpeg", err
	}
	grey := image.NewGray(painted.Rect)
	draw.Draw(grey, grey.Rect, painted, image.Point{}, draw.Src)
	var b bytes.Buffer
	if err = png.Encode(&b, grey); err == nil {
		err = ctx.Err()
	}
	return b.Bytes(), "image/png", err
}

// Decode reads a picture that Import or Encode made, to be drawn over. The error is a fault, BadPicture.
func Decode(file []byte) (image.Image, error) {
	kind, err := sniff(file)
	if err != nil {
		return nil, err
	}
	if _, err = usual.check(kind, file); err != nil {
		return nil, err
	}
	img, err := kind.decode(bytes.NewReader(file))
	if err != nil {
		return nil, failed(fault.BadPicture, err)
	}
	return img, nil
}

// Ink draws a stroke on a picture that shows its drawing at a scale: so many of its pixels for one of the drawing's.
func (s Stroke) Ink(to *image.RGBA, pen Pen, scale float32) {
	longest := float32(max(to.Rect.Dx(), to.Rect.Dy()))
	radius := max(pen.Wide*longest/1000, 2) / 2
	at := func(i int) Point { return Point{s[i].X * scale, s[i].Y * scale} }
	for i := range s {
		inkLine(to, pen.Ink, at(max(0, i-1)), at(i), radius)
	}
}

// inkLine draws a line with round ends: each pixel is covered by as much of it as lies within the radius.
func inkLine(to *image.RGBA, ink color.RGBA, a, b Point, radius float32) {
	area := image.Rect(int(min(a.X, b.X)-radius)-1, int(min(a.Y, b.Y)-radius)-1, int(max(a.X, b.X)+radius)+2, int(max(a.Y, b.Y)+radius)+2).Intersect(to.Rect)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			cover := radius + 0.5 - distance(Point{float32(x) + 0.5, float32(y) + 0.5}, a, b)
			if cover <= 0 {
				continue
			}
			cover = min(cover, 1)
			px := to.Pix[to.PixOffset(x, y):]
			for c, v := range []uint8{ink.R, ink.G, ink.B} {
				px[c] = uint8(float32(px[c])*(1-cover) + float32(v)*cover + 0.5)
			}
		}
	}
}

// distance is how far a point is from a line between two others.
func distance(p, a, b Point) float32 {
	dx, dy := b.X-a.X, b.Y-a.Y
	along := float32(0)
	if long := dx*dx + dy*dy; long > 0 {
		along = max(0, min(1, ((p.X-a.X)*dx+(p.Y-a.Y)*dy)/long))
	}
	return float32(math.Hypot(float64(p.X-a.X-along*dx), float64(p.Y-a.Y-along*dy)))
}
