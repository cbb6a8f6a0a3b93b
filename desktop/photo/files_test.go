package photo

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// The files of the tests are made here, byte by byte where no encoder would write what a camera or a stranger does.

// corners has a colour in each quarter, from the upper left on in reading order.
var corners = [4]color.NRGBA{{220, 30, 30, 255}, {30, 200, 30, 255}, {30, 30, 220, 255}, {230, 230, 40, 255}}

// upright is what is seen in all pictures of corners.
func upright() *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, 64, 48))
	for y := range 48 {
		for x := range 64 {
			m.SetNRGBA(x, y, corners[y/24*2+x/32])
		}
	}
	return m
}

// webpCorners is upright as lossless WebP; Go has no encoder.
var webpCorners = unbase64("UklGRkQAAABXRUJQVlA4TDgAAAAvP8ALAB8gECBkaRamSUhA2Ob/DhNkIQFxxw7DzZLnP44+TAhEAiSe9KQnTXRiRP8noHj0bRj0DQ==")

// webpLossy is the same, lossy.
var webpLossy = unbase64("UklGRoAAAABXRUJQVlA4IHQAAACQBQCdASpAADAAPq1EnEmmI6KhMqgAwBWJQBffQ4/APyA2VbjH5AcMed+grV+4AiutnRuSAAD+6tLzIL7YbH0Ypjx7" +
	"Z8vE7Y27xt9z3srHO0fUp/5tLQ6LW0hFRMKx6fmqf/+27XITrsE/uGGZFtuse3uAAA==")

// cmyk is a JPEG of 8 x 8 pixels in the colours of a printing press.
var cmyk = unbase64("/9j/7gAOQWRvYmUAZAAAAAAC/9sAQwANCQoLCggNCwoLDg4NDxMgFRMSEhMnHB4XIC4pMTAuKS0sMzpKPjM2RjcsLUBXQUZMTlJTUjI+WmFaUGBKUVJP" +
	"/9sAQwEODg4TERMmFRUmTzUtNU9PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09P/8AAFAgACAAIBAEiAAIRAQMR" +
	"AQQiAP/EABYAAQEBAAAAAAAAAAAAAAAAAAAFB//EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAVAQEBAAAAAAAAAAAAAAAAAAAFB//EABQRAQAAAAAAAAAA" +
	"AAAAAAAAAAD/2gAOBAEAAhEDEQQAAD8AvgGU2acA/9k=")

func unbase64(s string) []byte {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

func jpegOf(t testing.TB, m image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// scene is a picture with what photographs have: soft light, edges, and some noise.
func scene(w, h int) *image.YCbCr {
	m := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	noise := uint32(1)
	for y := range h {
		line := m.Y[y*m.YStride : y*m.YStride+w]
		for x := range line {
			noise = noise*1664525 + 1013904223
			line[x] = uint8(60 + 120*y/h + 40*((x>>8+y>>8)&1) + int(noise>>24)/21)
		}
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = uint8(110+i%m.CStride*30/m.CStride), uint8(120+i/m.CStride*20/h)
	}
	return m
}

// exif is what a telephone writes: how it was held, the maker, its serial number, where it was, and a preview.
func exif(order binary.ByteOrder, orientation uint16) []byte {
	type entry struct {
		tag, kind uint16
		count     uint32
		value     any // 4 bytes, or an offset
	}
	var b bytes.Buffer
	put := func(values ...any) {
		for _, v := range values {
			if err := binary.Write(&b, order, v); err != nil {
				panic(err)
			}
		}
	}
	directory := func(next uint32, entries ...entry) {
		put(uint16(len(entries)))
		for _, e := range entries {
			put(e.tag, e.kind, e.count, e.value)
		}
		put(next)
	}
	if order == binary.ByteOrder(binary.LittleEndian) {
		b.WriteString("II*\x00")
	} else {
		b.WriteString("MM\x00*")
	}
	put(uint32(8))
	const main, gps = 8 + 2 + 5*12 + 4, 2 + 4*12 + 4
	place := uint32(main + gps)
	directory(0,
		entry{0x010F, 2, 12, place + 48},               // maker
		entry{0x0112, 3, 1, [2]uint16{orientation, 0}}, // orientation
		entry{0x8825, 4, 1, uint32(main)},              // GPS
		entry{0xA431, 2, 12, place + 60},               // serial number
		entry{0x0201, 4, 1, place + 72})                // preview
	directory(0,
		entry{1, 2, 2, [4]byte{'N'}}, entry{2, 5, 3, place}, // 14° 3' 29.88" N
		entry{3, 2, 2, [4]byte{'E'}}, entry{4, 5, 3, place + 24}) // 108° 16' 37.92" E
	put([]uint32{14, 1, 3, 1, 2988, 100, 108, 1, 16, 1, 3792, 100})
	b.WriteString("GPSMakerName")
	b.WriteString("SN-SECRET-42")
	b.WriteString("\xFF\xD8\xFF\xDBpreview\xFF\xD9")
	return b.Bytes()
}

func segment(marker byte, content []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(content)+2)), content...)
}

// tagged puts all that a telephone adds into a JPEG.
func tagged(file, tiff []byte) []byte {
	return bytes.Join([][]byte{file[:2],
		segment(0xE0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")),
		segment(0xE1, append([]byte("Exif\x00\x00"), tiff...)),
		segment(0xE1, []byte("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>GPSLatitude 14,3.498N</x:xmpmeta>")),
		segment(0xED, []byte("Photoshop 3.0\x00 Ksor H'Lan")),
		segment(0xFE, []byte("comment: at the house of the headman")),
		file[2:]}, nil)
}

func pngChunk(name string, content []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	b = append(append(b, name...), content...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// taggedPNG puts text and EXIF behind the header of a PNG.
func taggedPNG(file, tiff []byte) []byte {
	const header = 8 + 25
	return bytes.Join([][]byte{file[:header],
		pngChunk("tEXt", []byte("Comment\x00GPSLatitude 14")), pngChunk("eXIf", tiff), file[header:]}, nil)
}

// taggedWebP wraps a simple WebP of w x h pixels with EXIF.
func taggedWebP(file []byte, w, h int, tiff []byte) []byte {
	if len(tiff)%2 == 1 {
		tiff = append(tiff, 0)
	}
	extended := []byte{1 << 3, 0, 0, 0, byte(w - 1), byte((w - 1) >> 8), byte((w - 1) >> 16), byte(h - 1), byte((h - 1) >> 8), byte((h - 1) >> 16)}
	body := bytes.Join([][]byte{[]byte("WEBP"), riffChunk("VP8X", extended), file[12:], riffChunk("EXIF", tiff)}, nil)
	return riffChunk("RIFF", body)
}

func riffChunk(name string, content []byte) []byte {
	return append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(content))), content...)
}

// vast is the beginning of a file that says it has w x h pixels, and ends there.
func vastPNG(w, h uint32) []byte {
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	return append([]byte("\x89PNG\r\n\x1A\n"), pngChunk("IHDR", append(header, 8, 2, 0, 0, 0))...)
}

func vastJPEG(frame byte, w, h uint16) []byte {
	content := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16([]byte{8}, h), w)
	content = append(content, 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0)
	return bytes.Join([][]byte{{0xFF, 0xD8}, segment(frame, content), segment(0xDA, []byte{3, 1, 0, 2, 0, 3, 0, 0, 63, 0})}, nil)
}

func vastWebP(w, h uint32) []byte {
	return riffChunk("RIFF", append([]byte("WEBP"), riffChunk("VP8L", binary.LittleEndian.AppendUint32([]byte{0x2F}, w-1|(h-1)<<14))...))
}
