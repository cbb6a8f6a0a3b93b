package blob

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// ErrTells: a picture carries more than the picture: where and when it was taken, by which camera, for whom.
var ErrTells = errors.New("blob: the picture carries notes about where it was taken")

// Clean reports, as ErrTells, that a picture carries notes beside what is seen: Exif, XMP, IPTC, comments, or bytes behind
// its end. Cameras write the place into them. It is the check behind whatever strips pictures, and does not strip. What
// is not a whole picture of the media type is ErrMedia.
func Clean(b []byte, mediaType string) error {
	switch mediaType {
	case "image/jpeg":
		return cleanJPEG(b)
	case "image/png":
		return cleanPNG(b)
	case "image/webp":
		return cleanWebP(b)
	}
	return fmt.Errorf("%w: %q", ErrMedia, mediaType)
}

var (
	errCutOff = fmt.Errorf("%w: the picture is cut off", ErrMedia)
	errOther  = fmt.Errorf("%w: another kind of file", ErrMedia)
)

// Markers of a JPEG.
const (
	jpegRST0 = 0xd0
	jpegEOI  = 0xd9
	jpegSOS  = 0xda
	jpegAPP0 = 0xe0 // JFIF: says how dense the dots are
	jpegAPP2 = 0xe2 // colour profile
	jpegAPPe = 0xee // Adobe: how the colours are coded
	jpegAPPf = 0xef
	jpegCOM  = 0xfe
)

// cleanJPEG goes from segment to segment up to the end of the picture.
func cleanJPEG(b []byte) error {
	if !bytes.HasPrefix(b, []byte{0xff, 0xd8}) {
		return errOther
	}
	for b = b[2:]; ; {
		if len(b) < 2 {
			return errCutOff
		}
		if b[0] != 0xff {
			return errOther
		}
		m := b[1]
		if m == jpegEOI {
			return behind(b[2:])
		}
		if m == 0xff { // filling
			b = b[1:]
			continue
		}
		if len(b) < 4 {
			return errCutOff
		}
		n := int(binary.BigEndian.Uint16(b[2:]))
		if n < 2 || len(b) < 2+n {
			return errCutOff
		}
		segment := b[4 : 2+n]
		b = b[2+n:]
		switch {
		case m == jpegAPP0, m == jpegAPPe, m == jpegAPP2 && bytes.HasPrefix(segment, []byte("ICC_PROFILE\x00")):
		case m >= jpegAPP0 && m <= jpegAPPf, m == jpegCOM:
			return fmt.Errorf("%w (segment %x)", ErrTells, m)
		case m == jpegSOS:
			b = b[scan(b):]
		}
	}
}

// scan is the length of what is coded between two segments.
func scan(b []byte) int {
	for i := 0; i+1 < len(b); i++ {
		if b[i] == 0xff && b[i+1] != 0 && (b[i+1] < jpegRST0 || b[i+1] > jpegRST0+7) {
			return i
		}
	}
	return len(b)
}

func behind(b []byte) error {
	if len(b) > 0 {
		return fmt.Errorf("%w (%d bytes behind its end)", ErrTells, len(b))
	}
	return nil
}

// pngPicture are the chunks that say only how a PNG looks.
var pngPicture = []string{"IHDR", "PLTE", "IDAT", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "bKGD", "pHYs", "sBIT", "cICP"}

func cleanPNG(b []byte) error {
	b, ok := bytes.CutPrefix(b, []byte("\x89PNG\r\n\x1a\n"))
	if !ok {
		return errOther
	}
	for {
		if len(b) < 12 {
			return errCutOff
		}
		n, name := int(binary.BigEndian.Uint32(b)), string(b[4:8])
		if n > len(b)-12 {
			return errCutOff
		}
		b = b[12+n:]
		switch {
		case name == "IEND":
			return behind(b)
		case !slices.Contains(pngPicture, name):
			return fmt.Errorf("%w (chunk %q)", ErrTells, name)
		}
	}
}

// webpPicture are the chunks that say only how a WebP looks.
var webpPicture = []string{"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"}

func cleanWebP(b []byte) error {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WEBP" {
		return errOther
	}
	size := int(binary.LittleEndian.Uint32(b[4:])) + 8
	if size > len(b) {
		return errCutOff
	}
	if err := behind(b[size:]); err != nil {
		return err
	}
	for b = b[12:]; len(b) > 0; {
		if len(b) < 8 {
			return errCutOff
		}
		n, name := int(binary.LittleEndian.Uint32(b[4:])), string(b[:4])
		n += n & 1
		if n > len(b)-8 {
			return errCutOff
		}
		if !slices.Contains(webpPicture, name) {
			return fmt.Errorf("%w (chunk %q)", ErrTells, name)
		}
		b = b[8+n:]
	}
	return nil
}
