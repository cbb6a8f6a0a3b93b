package photo

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"banlang/shared/fault"
)

// TestNothingOfTheFileIsLeft is the promise: a picture tells no more than what it shows.
func TestNothingOfTheFileIsLeft(t *testing.T) {
	tiff := exif(binary.LittleEndian, 6)
	for name, file := range map[string][]byte{
		"JPEG": tagged(jpegOf(t, upright(), 90), tiff),
		"PNG":  taggedPNG(pngOf(t, upright()), tiff),
		"WebP": taggedWebP(webpCorners, 64, 48, tiff),
	} {
		for _, word := range []string{"GPS", "SECRET"} {
			if !bytes.Contains(file, []byte(word)) {
				t.Fatalf("%s: the file of the test does not hold %s", name, word)
			}
		}
		p := imported(t, file)
		if p.Original.Format != name || p.Original.Bytes != int64(len(file)) || p.Original.Width != 48 || p.Original.Height != 64 {
			t.Errorf("%s: the original was %+v", name, p.Original)
		}
		bare(t, p.JPEG)
		bare(t, p.Thumbnail)
	}
}

// bare fails unless the JPEG consists only of what a decoder needs.
func bare(t *testing.T, file []byte) {
	t.Helper()
	for marker := range segments(file) {
		switch marker {
		case 0xDB, 0xC4, 0xC0: // tables and frame
		default:
			t.Errorf("segment %X is left", marker)
		}
	}
	for _, word := range []string{"GPS", "Exif", "JFIF", "adobe", "Photoshop", "SECRET", "II*\x00", "MM\x00*"} {
		if bytes.Contains(file, []byte(word)) {
			t.Errorf("%q is left", word)
		}
	}
}

func imported(t *testing.T, file []byte) *Photo {
	t.Helper()
	p, err := Import(t.Context(), bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestEveryOrientation stores the picture of corners as EXIF describes each of the eight: on which side of what is seen
// the first row lies, and on which the first column.
func TestEveryOrientation(t *testing.T) {
	sides := []string{"", "top left", "top right", "bottom right", "bottom left", "left top", "right top", "right bottom", "left bottom"}
	for turn := 1; turn <= 8; turn++ {
		row, column, _ := strings.Cut(sides[turn], " ")
		seen := upright()
		at := func(side string, i int) (x, y int) { // the line that is i lines away from that side
			switch side {
			case "top":
				return 0, i
			case "bottom":
				return 0, seen.Rect.Dy() - 1 - i
			case "left":
				return i, 0
			}
			return seen.Rect.Dx() - 1 - i, 0
		}
		w, h := 64, 48
		if turn >= 5 {
			w, h = h, w
		}
		stored := image.NewNRGBA(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				rx, ry := at(row, y)
				cx, cy := at(column, x)
				stored.SetNRGBA(x, y, seen.NRGBAAt(rx+cx, ry+cy))
			}
		}
		order := binary.ByteOrder(binary.LittleEndian)
		if turn%2 == 0 {
			order = binary.BigEndian
		}
		tiff := exif(order, uint16(turn))
		files := map[string][]byte{"JPEG": tagged(jpegOf(t, stored, 95), tiff), "PNG": taggedPNG(pngOf(t, stored), tiff)}
		for name, file := range files {
			isUpright(t, fmt.Sprintf("%s held %d", name, turn), imported(t, file))
		}
	}
	for _, nonsense := range []uint16{0, 9, 0xFFFF} {
		isUpright(t, "nonsense", imported(t, tagged(jpegOf(t, upright(), 95), exif(binary.BigEndian, nonsense))))
	}
	isUpright(t, "WebP", imported(t, taggedWebP(webpCorners, 64, 48, exif(binary.LittleEndian, 1))))
}

func isUpright(t *testing.T, name string, p *Photo) {
	t.Helper()
	for _, file := range [][]byte{p.JPEG, p.Thumbnail} {
		got, err := jpeg.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if got.Bounds() != image.Rect(0, 0, 64, 48) || p.Width != 64 || p.Height != 48 {
			t.Fatalf("%s: %v", name, got.Bounds())
		}
		for i, want := range corners {
			if c := got.At(16+i%2*32, 12+i/2*24); !near(c, want) {
				t.Errorf("%s: corner %d is %v, want %v", name, i, c, want)
			}
		}
	}
}

func near(a, b color.Color) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	far := func(x, y uint32) bool { return max(x, y)-min(x, y) > 0x1800 }
	return !far(ar, br) && !far(ag, bg) && !far(ab, bb)
}

// TestSmallEnough holds for photographs at the first try, and for anything at all in the end.
func TestSmallEnough(t *testing.T) {
	noise := image.NewGray(image.Rect(0, 0, 900, 700))
	r := rand.New(rand.NewPCG(3, 4))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(r.Uint32())
	}
	for name, c := range map[string]struct {
		file   []byte
		w, h   int // of the result; 0: whatever fits
		tw, th int
	}{
		"a photograph":        {jpegOf(t, scene(1800, 1350), 92), 1600, 1200, 256, 192},
		"upright":             {jpegOf(t, scene(800, 1700), 92), 753, 1600, 120, 256},
		"a small one":         {jpegOf(t, scene(300, 200), 90), 300, 200, 256, 171},
		"one pixel":           {pngOf(t, image.NewGray(image.Rect(0, 0, 1, 1))), 1, 1, 1, 1},
		"very long":           {pngOf(t, image.NewGray(image.Rect(0, 0, 65535, 2))), 1600, 1, 256, 1},
		"a page of text":      {pngOf(t, image.NewPaletted(image.Rect(0, 0, 1080, 2340), color.Palette{color.White, color.Black})), 738, 1600, 118, 256},
		"nothing but noise":   {pngOf(t, noise), 0, 0, 256, 199},
		"sixteen bits a dot":  {pngOf(t, image.NewNRGBA64(image.Rect(0, 0, 1620, 30))), 1600, 30, 256, 5},
		"four colours of ink": {cmyk, 8, 8, 8, 8},
	} {
		t.Run(name, func(t *testing.T) {
			p := imported(t, c.file)
			if len(p.JPEG) > Target || len(p.Thumbnail) > 20_000 {
				t.Errorf("%d bytes, and %d of the thumbnail", len(p.JPEG), len(p.Thumbnail))
			}
			whole, err := jpeg.DecodeConfig(bytes.NewReader(p.JPEG))
			if err != nil || whole.Width != p.Width || whole.Height != p.Height {
				t.Errorf("%d x %d (%v), said %d x %d", whole.Width, whole.Height, err, p.Width, p.Height)
			}
			if c.w != 0 && (p.Width != c.w || p.Height != c.h) || max(p.Width, p.Height) > Side {
				t.Errorf("%d x %d, want %d x %d", p.Width, p.Height, c.w, c.h)
			}
			small, err := jpeg.DecodeConfig(bytes.NewReader(p.Thumbnail))
			if err != nil || small.Width != c.tw || small.Height != c.th {
				t.Errorf("the thumbnail has %d x %d (%v), want %d x %d", small.Width, small.Height, err, c.tw, c.th)
			}
		})
	}
}

// TestShrinkIsTheMean: no pixel is passed over, and none counts twice.
func TestShrinkIsTheMean(t *testing.T) {
	src := image.NewGray(image.Rect(5, 7, 5+10, 7+7)) // not at the origin
	for i := range src.Pix {
		src.Pix[i] = uint8(i * 3)
	}
	for _, size := range [][2]int{{10, 7}, {5, 7}, {4, 3}, {3, 5}, {1, 1}} {
		w, h := size[0], size[1]
		got, err := shrink(t.Context(), src, w, h)
		if err != nil {
			t.Fatal(err)
		}
		for y := range h {
			for x := range w {
				// 70 x 70 dots in each pixel of the source make the borders whole.
				sum, n := 0, 0
				for dy := y * 10 * 7; dy < (y+1)*10*7; dy++ {
					for dx := x * 10 * 7; dx < (x+1)*10*7; dx++ {
						sum += int(src.GrayAt(5+dx*10/(w*70), 7+dy*7/(h*70)).Y)
						n++
					}
				}
				if want := float64(sum) / float64(n); abs(float64(got.RGBAAt(x, y).G)-want) > 0.51 {
					t.Errorf("%d x %d: (%d, %d) is %v, want %.2f", w, h, x, y, got.RGBAAt(x, y), want)
				}
			}
		}
	}
	glass := image.NewNRGBA(image.Rect(0, 0, 4, 4))
	if got, _ := shrink(t.Context(), glass, 2, 2); got.RGBAAt(1, 1) != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("what is transparent lies on white, not on %v", got.RGBAAt(1, 1))
	}
}

func abs(x float64) float64 { return max(x, -x) }

// TestRefused: what is not taken is refused with its reason, and before memory is taken for it.
func TestRefused(t *testing.T) {
	whole := jpegOf(t, upright(), 90)
	hidden := append([]byte{0xFF, 0xD8, 0xFF, 0x00}, vastJPEG(0xC2, 8000, 8000)[2:]...) // a walk by the book does not see the frame
	wrapped := taggedWebP(vastWebP(16384, 16384), 10, 10, nil)
	for name, c := range map[string]struct {
		file []byte
		want fault.Code
	}{
		"HEIC":                        {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), fault.PictureFormat},
		"a film":                      {[]byte("\x00\x00\x00\x20ftypisom\x00\x00\x02\x00"), fault.PictureFormat},
		"GIF":                         {[]byte("GIF89a\x01\x00\x01\x00"), fault.PictureFormat},
		"text":                        {[]byte("hello"), fault.PictureFormat},
		"nothing":                     {nil, fault.BadPicture},
		"100 Mpx JPEG":                {vastJPEG(0xC0, 10000, 10000), fault.PictureTooLarge},
		"100 Mpx PNG":                 {vastPNG(10000, 10000), fault.PictureTooLarge},
		"the largest JPEG":            {vastJPEG(0xC2, 65535, 65535), fault.PictureTooLarge},
		"the largest PNG":             {vastPNG(1<<31-1, 1<<31-1), fault.BadPicture},
		"a long line":                 {vastPNG(60_000_000, 1), fault.PictureTooLarge},
		"the largest WebP":            {vastWebP(16384, 16384), fault.PictureTooLarge},
		"more memory than pixels":     {vastJPEG(0xC2, 8000, 5000), fault.PictureTooLarge},
		"more memory, hidden":         {hidden, fault.PictureTooLarge},
		"small outside, large inside": {wrapped, fault.BadPicture},
		"no pixels":                   {vastJPEG(0xC0, 0, 0), fault.BadPicture},
		"only a header":               {vastJPEG(0xC0, 800, 600), fault.BadPicture},
		"cut":                         {whole[:len(whole)/2], fault.BadPicture},
		"a wrong length":              {bytes.Replace(whole, []byte{0xFF, 0xDB, 0, 132}, []byte{0xFF, 0xDB, 0, 1}, 1), fault.BadPicture},
	} {
		t.Run(name, func(t *testing.T) {
			taken := allocated(func() {
				if p, err := Import(t.Context(), bytes.NewReader(c.file)); fault.CodeOf(err) != c.want || p != nil {
					t.Errorf("%v, want %s", err, c.want)
				}
			})
			if taken > 4<<20 {
				t.Errorf("took %d bytes of memory", taken)
			}
		})
	}
}

// allocated gives the bytes that f takes from memory, given back or not: its peak is at most that.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestCutAnywhere(t *testing.T) {
	tiff := exif(binary.BigEndian, 3)
	for _, file := range [][]byte{
		tagged(jpegOf(t, upright(), 90), tiff), taggedPNG(pngOf(t, upright()), tiff), webpCorners,
	} {
		for n := range file[:len(file)-1] {
			switch _, err := Import(t.Context(), bytes.NewReader(file[:n])); fault.CodeOf(err) {
			case fault.BadPicture, fault.PictureFormat:
			default:
				t.Fatalf("%d of %d bytes: %v", n, len(file), err)
			}
		}
	}
}

// endless gives the beginning of a JPEG and then zeros for ever.
type endless struct{ begun bool }

func (e *endless) Read(b []byte) (int, error) {
	clear(b)
	if !e.begun {
		e.begun = true
		return copy(b, "\xFF\xD8\xFF\xFE\xFF\xFF"), nil
	}
	return len(b), nil
}

func TestReading(t *testing.T) {
	taken := allocated(func() {
		if _, err := Import(t.Context(), &endless{}); !errors.Is(err, fault.PictureTooLarge) {
			t.Errorf("a file without an end: %v", err)
		}
	})
	if taken > 3*MaxBytes {
		t.Errorf("a file without an end took %d bytes", taken)
	}
	if _, err := Import(t.Context(), io.MultiReader(strings.NewReader("\xFF\xD8\xFF"), broken{})); !errors.Is(err, fault.BadPicture) || !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a card that was pulled out: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Import(ended, bytes.NewReader(jpegOf(t, upright(), 90))); !errors.Is(err, context.Canceled) {
		t.Errorf("ended: %v", err)
	}
	at := filepath.Join(t.TempDir(), "a.jpg")
	if err := os.WriteFile(at, jpegOf(t, upright(), 90), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(at)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := Import(t.Context(), f); err != nil {
		t.Errorf("a file: %v", err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestMemoryOfAPhotograph: all that twelve megapixels ever take, given back in between or not, is far below what is promised.
func TestMemoryOfAPhotograph(t *testing.T) {
	file := jpegOf(t, scene(4000, 3000), 85)
	taken := allocated(func() { imported(t, file) })
	t.Logf("a JPEG of 12 Mpx and %d kB took %d MB", len(file)>>10, taken>>20)
	if taken > 64<<20 {
		t.Errorf("took %d MB", taken>>20)
	}
}

func BenchmarkImport12Mpx(b *testing.B) {
	file := jpegOf(b, scene(4000, 3000), 92)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		p, err := Import(b.Context(), bytes.NewReader(file))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(p.JPEG))/1000, "kB")
	}
}

// FuzzImport: whatever comes in, what comes out is a small bare JPEG, or a fault with a reason.
func FuzzImport(f *testing.F) {
	tiff := exif(binary.LittleEndian, 5)
	f.Add(tagged(jpegOf(f, upright(), 80), tiff))
	f.Add(taggedPNG(pngOf(f, upright()), tiff))
	f.Add(taggedWebP(webpCorners, 64, 48, tiff))
	f.Add(webpLossy)
	f.Add(cmyk)
	f.Add(vastJPEG(0xC2, 500, 500))
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := limits{bytes: 1 << 20, pixels: 1 << 18, memory: 8 << 20}.load(t.Context(), bytes.NewReader(file))
		if err != nil {
			if fault.CodeOf(err) == fault.Internal {
				t.Fatal(err)
			}
			return
		}
		about, err := jpeg.DecodeConfig(bytes.NewReader(p.JPEG))
		if err != nil || about.Width != p.Width || about.Height != p.Height || max(p.Width, p.Height) > Side || len(p.JPEG) > Target {
			t.Fatalf("%d bytes, %d x %d, %v", len(p.JPEG), p.Width, p.Height, err)
		}
		header, _, _ := bytes.Cut(p.JPEG, []byte{0xFF, 0xDA})
		bare(t, header)
	})
}
