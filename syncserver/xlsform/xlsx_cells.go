package xlsform

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// cellAt is the place and kind of a cell that is being read.
type cellAt struct {
	row, col int
	typ      string // s, str, inlineStr, b, e, d, or n
	style    int
}

// readCells reads the cells of a sheet. Rows and cells that do not say where they are stand behind the one before.
func (b *xlsxBook) readCells(part string, g *grid) error {
	row, col := -1, -1
	return b.each(part, func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			row++
			col = -1
			if r, err := strconv.Atoi(attribute(e, "r")); err == nil && r > row {
				row = r - 1
			}
			if row > len(g.rows)+blankRows+1 {
				return errEnough // nothing but blanks between here and there
			}
		case "c":
			col++
			if c := columnOf(attribute(e, "r")); c >= 0 {
				col = c
			}
			style, _ := strconv.Atoi(attribute(e, "s"))
			if err := b.readCell(d, part, g, cellAt{row, col, attribute(e, "t"), style}); err != nil {
				return err
			}
		}
		if g.ended {
			return errEnough
		}
		return nil
	})
}

// columnOf is the column of a cell name like AB12, -1 if it is none.
func columnOf(name string) int {
	n := 0
	for i := range len(name) {
		c := name[i]
		if c < 'A' || c > 'Z' {
			break
		}
		if n = 26*n + int(c-'A') + 1; n > 1<<14 {
			return -1
		}
	}
	return n - 1
}

// readCell reads what is in a cell, up to its end.
func (b *xlsxBook) readCell(d *xml.Decoder, part string, g *grid, at cellAt) error {
	var raw strings.Builder
	inValue := false
	for {
		t, err := b.token(d, part)
		if errors.Is(err, io.EOF) {
			return damaged(part)
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			inValue = t.Name.Local == "v"
			if t.Name.Local == "is" {
				text, err := b.plainText(d, part)
				if err != nil {
					return err
				}
				raw.WriteString(text)
			}
		case xml.EndElement:
			inValue = false
			if t.Name.Local == "c" {
				return g.put(at.row, at.col, b.cellText(raw.String(), at))
			}
		case xml.CharData:
			if inValue {
				raw.Write(t)
			}
			if raw.Len() > maxPiece {
				return reached("piece", maxPiece, Place{})
			}
		}
	}
}

// cellText is a cell as pyxform writes it.
func (b *xlsxBook) cellText(raw string, at cellAt) string {
	switch at.typ {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(raw))
		if err != nil || i < 0 || i >= len(b.strings) {
			return ""
		}
		return strings.ReplaceAll(b.strings[i], "x005F_", "")
	case "b":
		if raw == "" {
			return ""
		}
		return boolText(raw != "0")
	case "str", "inlineStr", "e":
		return raw
	case "d":
		return strings.Replace(raw, "T", " ", 1)
	}
	raw = strings.TrimSpace(raw)
	if at.style >= 0 && at.style < len(b.isDate) && b.isDate[at.style] {
		if days, err := strconv.ParseFloat(raw, 64); err == nil {
			if text, ok := b.dates.text(days); ok {
				return text
			}
		}
	}
	return numberText(raw)
}
