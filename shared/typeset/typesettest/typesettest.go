// Package typesettest owns the reading of what typeset has drawn: which words stand where on the pages of a PDF.
package typesettest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"regexp"
	"strconv"
	"testing"
	"unicode/utf16"

	"banlang/shared/typeset"
)

// Piece is some text on a page, where its first letter stands, in millimetres from the upper left corner.
type Piece struct {
	Page int     // from 1, of those with text
	Size float64 // of its letters, in points
	X, Y float64
	Text string
}

const pageHeight = 297.0

var (
	streams = regexp.MustCompile(`(?s)/Filter /FlateDecode[^>]*>>\nstream\n(.*?)\nendstream`)
	texts   = regexp.MustCompile(`(?s)BT /F\w+ ([0-9.]+) Tf ET|BT ([0-9.]+) ([0-9.]+) Td \(((?:[^\\)]|\\.)*)\) Tj ET`)
	escapes = regexp.MustCompile(`(?s)\\.`)
)

// Read takes the text out of a PDF that was drawn by typeset on A4, in the order in which it was drawn.
func Read(t testing.TB, file []byte) (all []Piece) {
	t.Helper()
	page, size := 0, 0.0
	for _, stream := range streams.FindAllSubmatch(file, -1) {
		z, err := zlib.NewReader(bytes.NewReader(stream[1]))
		if err != nil {
			continue // a font or picture that happens to hold the words
		}
		content, err := io.ReadAll(z)
		if err != nil || !bytes.Contains(content, []byte(" Td (")) {
			continue
		}
		page++
		for _, m := range texts.FindAllSubmatch(content, -1) {
			if m[4] == nil {
				size = number(t, m[1])
				continue
			}
			raw := escapes.ReplaceAllFunc(m[4], func(e []byte) []byte {
				if e[1] == 'r' {
					return []byte("\r")
				}
				return e[1:]
			})
			units := make([]uint16, len(raw)/2)
			for i := range units {
				units[i] = binary.BigEndian.Uint16(raw[2*i:])
			}
			x, y := number(t, m[2])*typeset.PerPoint, pageHeight-number(t, m[3])*typeset.PerPoint
			all = append(all, Piece{page, size, x, y, string(utf16.Decode(units))})
		}
	}
	return all
}

func number(t testing.TB, b []byte) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}
