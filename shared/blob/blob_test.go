package blob

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/blake2b"
)

func named(t testing.TB, b []byte) Ref {
	t.Helper()
	r, err := Of(b, "image/jpeg")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The name says what the bytes are, as b2sum -l 256 does, and reads back.
func TestName(t *testing.T) {
	r := named(t, []byte("ảnh"))
	const want = "b2-32bd044636c91b7110cb3062a58b8411e1104c0237aed6cc71ad55fb6d37754d-5.jpg"
	if got := r.String(); got != want {
		t.Errorf("%s", got)
	}
	if again, err := Parse(r.String()); err != nil || again != r || again.MediaType() != "image/jpeg" {
		t.Errorf("%v, %v", again, err)
	}
	if sum := blake2b.Sum256([]byte("ảnh")); r.Digest != sum || !r.Holds([]byte("ảnh")) || r.Holds([]byte("anh")) {
		t.Error("another digest")
	}
	if k := r.Key(); r != back(t, k[:]) {
		t.Error("the key reads back as another")
	}
}

func back(t testing.TB, k []byte) Ref {
	t.Helper()
	r, err := FromKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestBounds(t *testing.T) {
	for name, b := range map[string][]byte{"nothing": nil, "too much": make([]byte, MaxBytes+1)} {
		if _, err := Of(b, "image/png"); !errors.Is(err, ErrSize) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Of([]byte{1}, "text/html"); !errors.Is(err, ErrMedia) {
		t.Errorf("another kind: %v", err)
	}
	if r, err := Of(make([]byte, MaxBytes), "image/webp"); err != nil || !Is(r.String()) {
		t.Errorf("the largest: %v", err)
	}
}

// Nothing but what String wrote is a name: an officer's words never are.
func TestNotNames(t *testing.T) {
	good := named(t, []byte("x")).String()
	for _, s := range []string{"", "b2-", "ảnh.jpg", good[:len(good)-4], good + "g4", strings.ToUpper(good), " " + good, good + " ", strings.Replace(good, "-1.", "-01.", 1),
		strings.Replace(good, "-1.", "-0.", 1), strings.Replace(good, "-1.", "-4194305.", 1), strings.Replace(good, ".jpg", ".", 1),
		strings.Replace(good, ".jpg", ".JPG", 1), strings.Replace(good, ".jpg", ".x/y", 1), strings.Replace(good, ".jpg", ".jpg\x00", 1),
		strings.Replace(good, "-1.", "1.", 1), "b2-" + strings.Repeat("g", 64) + "-1.jpg"} {
		if Is(s) {
			t.Errorf("%q is taken for a name", s)
		}
		if _, err := Parse(s); !errors.Is(err, ErrName) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// A kind of file of a later version is a name all the same.
func TestLaterKind(t *testing.T) {
	r, err := Parse(strings.Replace(named(t, []byte("x")).String(), ".jpg", ".heic", 1))
	if err != nil || r.MediaType() != "application/octet-stream" || r.Ext.String() != "heic" {
		t.Errorf("%v, %v", r, err)
	}
}

func TestCheck(t *testing.T) {
	b := bytes.Repeat([]byte("ảnh chụp "), 20000)
	r := named(t, b)
	read := func(b []byte, piece int) func(from, most int) ([]byte, error) {
		return func(from, most int) ([]byte, error) {
			return b[min(from, len(b)):min(len(b), from+min(most, piece))], nil
		}
	}
	if err := r.Check(read(b, 7001)); err != nil {
		t.Error(err)
	}
	spoiled := slices.Clone(b)
	spoiled[len(b)/2] ^= 1
	for what, x := range map[string][]byte{"a bit": spoiled, "cut off": b[:len(b)-1], "nothing": nil} {
		if err := r.Check(read(x, 1<<20)); !errors.Is(err, ErrBytes) {
			t.Errorf("%s: %v", what, err)
		}
	}
	disk := errors.New("the disk")
	if err := r.Check(func(int, int) ([]byte, error) { return nil, disk }); !errors.Is(err, disk) {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("b2-" + strings.Repeat("0a", 32) + "-118034.jpg")
	f.Add("b2-" + strings.Repeat("0a", 32) + "-1.")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := Parse(s)
		if (err == nil) != Is(s) {
			t.Fatal("Parse and Is disagree")
		}
		if err != nil {
			return
		}
		if r.String() != s {
			t.Fatalf("%q reads as %q", s, r)
		}
		if k := r.Key(); back(t, k[:]) != r {
			t.Fatal("the key reads as another")
		}
	})
}

func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for x := range 40 {
		for y := range 30 {
			m.Set(x, y, color.RGBA{uint8(x * 6), uint8(y * 8), 90, 255})
		}
	}
	return m
}

func jpegBytes(t testing.TB) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngBytes(t testing.TB) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, picture()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func webpBytes(chunks ...string) []byte {
	body := "WEBP"
	for _, c := range chunks {
		body += c + "\x04\x00\x00\x00abcd"
	}
	return []byte("RIFF" + string([]byte{byte(len(body)), 0, 0, 0}) + body)
}

// after inserts bytes behind the first n.
func after(b []byte, n int, what string) []byte {
	return slices.Insert(slices.Clone(b), n, []byte(what)...)
}

// What cameras write into a picture is found, wherever it stands.
func TestClean(t *testing.T) {
	j, p := jpegBytes(t), pngBytes(t)
	const exif = "\xff\xe1\x00\x0aExif\x00\x00ab"
	for name, x := range map[string]struct {
		b    []byte
		kind string
		want error
	}{
		"a JPEG":                    {j, "image/jpeg", nil},
		"with its colours":          {after(j, 2, "\xff\xe2\x00\x0fICC_PROFILE\x00p"), "image/jpeg", nil},
		"with Exif":                 {after(j, 2, exif), "image/jpeg", ErrTells},
		"with a comment":            {after(j, 2, "\xff\xfe\x00\x06Làng"[:8]), "image/jpeg", ErrTells},
		"with IPTC":                 {after(j, 2, "\xff\xed\x00\x04ab"), "image/jpeg", ErrTells},
		"with more behind the end":  {append(slices.Clone(j), j...), "image/jpeg", ErrTells},
		"Exif behind the scan":      {after(j, len(j)-2, exif), "image/jpeg", ErrTells},
		"many pictures":             {after(j, 2, "\xff\xe2\x00\x06MPF\x00"), "image/jpeg", ErrTells},
		"a JPEG cut off":            {j[:len(j)-2], "image/jpeg", ErrMedia},
		"cut off in a segment":      {j[:30], "image/jpeg", ErrMedia},
		"a PNG":                     {p, "image/png", nil},
		"a PNG with Exif":           {after(p, 33, "\x00\x00\x00\x02eXIfab\x00\x00\x00\x00"), "image/png", ErrTells},
		"a PNG with text":           {after(p, 33, "\x00\x00\x00\x02tEXtab\x00\x00\x00\x00"), "image/png", ErrTells},
		"a PNG with more behind it": {append(slices.Clone(p), 1), "image/png", ErrTells},
		"a PNG cut off":             {p[:len(p)-1], "image/png", ErrMedia},
		"a PNG said to be a JPEG":   {p, "image/jpeg", ErrMedia},
		"a WebP":                    {webpBytes("VP8 "), "image/webp", nil},
		"a WebP with Exif":          {webpBytes("VP8X", "VP8 ", "EXIF"), "image/webp", ErrTells},
		"a WebP with XMP":           {webpBytes("VP8X", "XMP "), "image/webp", ErrTells},
		"a WebP cut off":            {webpBytes("VP8 ")[:20], "image/webp", ErrMedia},
		"a page":                    {[]byte("<html>"), "text/html", ErrMedia},
		"nothing":                   {nil, "image/jpeg", ErrMedia},
	} {
		if err := Clean(x.b, x.kind); !errors.Is(err, x.want) || (err == nil) != (x.want == nil) {
			t.Errorf("%s: %v, want %v", name, err, x.want)
		}
	}
}

// FuzzClean: no bytes make it panic, and what it lets pass has no Exif under its own name.
func FuzzClean(f *testing.F) {
	f.Add(jpegBytes(f))
	f.Add(pngBytes(f))
	f.Add(webpBytes("VP8 "))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, m := range media {
			err := Clean(b, m.kind)
			if err != nil && !errors.Is(err, ErrTells) && !errors.Is(err, ErrMedia) {
				t.Fatal(err)
			}
		}
	})
}
