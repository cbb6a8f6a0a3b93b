// Package photo owns how a picture gets into a record: finding the new ones on a telephone or card, and making of a file
// something small that says nothing but what it shows.
//
// An imported picture is encoded anew. Nothing of the file is copied, so the place where it was taken, the owner, the
// serial number of the camera, embedded previews and comments are gone. The one thing of its metadata that is used is which
// side is up. Colours are taken as sRGB.
//
// Files come from strangers. What a decoder would need of memory is known before it runs, and is bounded; so is its time.
package photo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"math"
	"time"

	"golang.org/x/image/webp"

	"banlang/shared/fault"
)

// What comes out of Import.
const (
	Side      = 1600    // pixels of the longest side, at most
	ThumbSide = 256     // the same, of the thumbnail
	Target    = 250_000 // bytes of the JPEG, at most
)

// Limits of what goes in. The memory is that of the decoded picture, and the process needs a little more than it.
const (
	MaxBytes  = 48 << 20
	MaxPixels = 65_000_000 // the largest sensors of telephones
	MaxSide   = 1<<16 - 1  // as many pixels as a side of a JPEG can have
	MaxMemory = 320 << 20
	MaxTime   = 30 * time.Second
)

var usual = limits{bytes: MaxBytes, pixels: MaxPixels, memory: MaxMemory}

type limits struct{ bytes, pixels, memory int64 }

// Photo is an imported picture. It belongs to whoever imported it.
type Photo struct {
	JPEG          []byte // no side above Side, at most Target bytes, no metadata
	Width, Height int    // of the JPEG, in pixels, as it is looked at

	Thumbnail []byte // a JPEG, no side above ThumbSide

	Original Original
}

// Original says what the file was.
type Original struct {
	Format        string // "JPEG", "PNG" or "WebP"
	Bytes         int64
	Width, Height int // in pixels, as it is looked at
}

// Import makes a Photo of a JPEG, PNG or WebP file. It keeps nothing of r, and is safe to call from several goroutines, each
// of which may need up to MaxBytes + MaxMemory; a photograph of twelve megapixels needs about 30 MB.
//
// Errors are faults: PictureFormat for any other kind of file (HEIC above all), PictureTooLarge for what breaks a limit,
// BadPicture for what is damaged or does not read to its end; or that of ctx.
func Import(ctx context.Context, r io.Reader) (*Photo, error) { return usual.load(ctx, r) }

func (l limits) load(ctx context.Context, r io.Reader) (*Photo, error) {
	timed, cancel := context.WithTimeout(ctx, MaxTime)
	defer cancel()
	p, err := l.convert(timed, r)
	switch {
	case err == nil:
		return p, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case timed.Err() != nil:
		return nil, failed(fault.PictureTooLarge, timed.Err())
	}
	return nil, err
}

func (l limits) convert(ctx context.Context, r io.Reader) (*Photo, error) {
	file, err := l.read(ctx, r)
	if err != nil {
		return nil, err
	}
	kind, err := sniff(file)
	if err != nil {
		return nil, err
	}
	about, err := l.check(kind, file)
	if err != nil {
		return nil, err
	}
	full, err := kind.decode(stoppable{ctx, bytes.NewReader(file)})
	if err != nil {
		return nil, failed(fault.BadPicture, err)
	}
	w, h := within(Side, about.Width, about.Height)
	shown, err := shrink(ctx, full, w, h)
	if err != nil {
		return nil, err
	}
	turn := orientation(kind.name, file)
	shown = oriented(shown, turn)
	p := &Photo{Original: Original{Format: kind.name, Bytes: int64(len(file)), Width: about.Width, Height: about.Height}}
	if turn >= 5 {
		p.Original.Width, p.Original.Height = about.Height, about.Width
	}
	return p, p.encode(ctx, shown)
}

// read takes the whole file into memory: at most one byte more than the limit.
func (l limits) read(ctx context.Context, r io.Reader) ([]byte, error) {
	room := int64(64 << 10)
	if f, ok := r.(interface{ Stat() (fs.FileInfo, error) }); ok {
		if info, err := f.Stat(); err == nil {
			room = max(room, info.Size()+1) // and one to see that it ends
		}
	}
	file := make([]byte, 0, min(room, l.bytes+1))
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if len(file) == cap(file) {
			larger := make([]byte, len(file), min(2*int64(cap(file)), l.bytes+1))
			copy(larger, file)
			file = larger
		}
		n, err := r.Read(file[len(file):cap(file)])
		file = file[:len(file)+n]
		switch {
		case int64(len(file)) > l.bytes:
			return nil, failed(fault.PictureTooLarge, fmt.Errorf("more than %d bytes", l.bytes))
		case errors.Is(err, io.EOF):
			return file, nil
		case err != nil:
			return nil, failed(fault.BadPicture, err)
		}
	}
}

// check says what the picture is without decoding it, if it may be decoded.
func (l limits) check(k kind, file []byte) (image.Config, error) {
	about, err := k.config(bytes.NewReader(file))
	if err != nil {
		return about, failed(fault.BadPicture, err)
	}
	pixels := int64(about.Width) * int64(about.Height)
	if pixels <= 0 {
		return about, failed(fault.BadPicture, fmt.Errorf("%d x %d pixels", about.Width, about.Height))
	}
	if max(about.Width, about.Height) > MaxSide || pixels > l.pixels || pixels*k.cost(about.ColorModel, file) > l.memory {
		return about, failed(fault.PictureTooLarge, fmt.Errorf("%s of %d x %d pixels", k.name, about.Width, about.Height))
	}
	return about, nil
}

// A kind is a format that is read. They are named here instead of being left to package image, where anybody registers more.
type kind struct {
	name   string
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
	// cost is the bytes of memory that the decoder needs for a pixel, at worst.
	cost func(m color.Model, file []byte) int64
}

var (
	kindJPEG = kind{"JPEG", jpeg.DecodeConfig, jpeg.Decode, costJPEG}
	kindPNG  = kind{"PNG", png.DecodeConfig, png.Decode, costPNG}
	kindWebP = kind{"WebP", webp.DecodeConfig, webp.Decode, func(color.Model, []byte) int64 { return 10 }} // alpha, as a picture of its own
)

func costJPEG(m color.Model, file []byte) int64 {
	planes, copied := int64(3), int64(0) // a byte for each colour
	switch m {
	case color.GrayModel:
		planes = 1
	case color.RGBAModel:
		copied = 4
	case color.CMYKModel:
		planes, copied = 4, 4
	}
	if progressive(file) {
		return planes*(1+4) + copied // and all coefficients, until the last pass
	}
	return planes + copied
}

func costPNG(m color.Model, _ []byte) int64 {
	switch m {
	case color.RGBA64Model, color.NRGBA64Model:
		return 8 * 2 // the passes of an interlaced one are pictures of their own, together as large as the whole
	case color.RGBAModel, color.NRGBAModel:
		return 4 * 2
	}
	return 2 * 2
}

// sniff tells the kind of a file by how it begins.
func sniff(file []byte) (kind, error) {
	switch {
	case bytes.HasPrefix(file, []byte("\xFF\xD8\xFF")):
		return kindJPEG, nil
	case bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1A\n")):
		return kindPNG, nil
	case len(file) >= 12 && string(file[:4]) == "RIFF" && string(file[8:12]) == "WEBP":
		return kindWebP, nil
	case len(file) == 0:
		return kind{}, failed(fault.BadPicture, io.ErrUnexpectedEOF)
	}
	return kind{}, failed(fault.PictureFormat, fmt.Errorf("begins with %q", file[:min(len(file), 12)]))
}

// encode fills in what is kept of the picture. Most fit at once; what does not is made coarser, and then smaller.
func (p *Photo) encode(ctx context.Context, img *image.RGBA) (err error) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	small := img
	for p.JPEG, err = coarser(small); err == nil && len(p.JPEG) > Target; p.JPEG, err = coarser(small) {
		scale := min(max(math.Sqrt(Target/float64(len(p.JPEG))), 0.5), 0.9)
		sw, sh := within(int(scale*float64(max(small.Rect.Dx(), small.Rect.Dy()))), w, h)
		if small, err = shrink(ctx, img, sw, sh); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	p.Width, p.Height = small.Rect.Dx(), small.Rect.Dy()
	tw, th := within(ThumbSide, w, h)
	if small, err = shrink(ctx, img, tw, th); err != nil {
		return err
	}
	p.Thumbnail, err = encoded(small, 75)
	return err
}

// coarser encodes in the best quality that fits, or in the lowest that is bearable.
func coarser(img image.Image) (file []byte, err error) {
	for _, quality := range []int{82, 72, 62} {
		if file, err = encoded(img, quality); err != nil || len(file) <= Target {
			break
		}
	}
	return file, err
}

func encoded(img image.Image, quality int) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}

// stoppable is a reader that ends with its context. Between two reads a decoder works on what it was given, which is not much.
type stoppable struct {
	ctx context.Context
	io.Reader
}

func (s stoppable) Read(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.Reader.Read(b)
}

func failed(code fault.Code, cause error) error {
	if errors.Is(cause, io.EOF) {
		cause = io.ErrUnexpectedEOF
	}
	return fault.New(code, "photo.Import", cause)
}
