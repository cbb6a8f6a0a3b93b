package export

import (
	"encoding/csv"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CSV writes a sheet as RFC 4180 has it: UTF-8 with a byte order mark, by which Excel knows it, commas, CRLF. A program is to read
// it: numbers have a point and no dots between thousands, days are yyyy-mm-dd, a share is a part of 1. What a spreadsheet might
// take for a formula is disarmed by an apostrophe (Disarm). The errors are those of w, of the rows, and of Check.
func CSV(w io.Writer, s Sheet) error {
	if err := s.Check(); err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	line := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		line[i] = Disarm(Clean(c.Title))
	}
	if err := out.Write(line); err != nil {
		return err
	}
	err := s.Each(func(row []Cell) error {
		for i := range row {
			line[i] = s.csvCell(row, i)
		}
		return out.Write(line)
	})
	out.Flush()
	if err != nil {
		return err
	}
	return out.Error()
}

func (s Sheet) csvCell(row []Cell, i int) string {
	if n, ok := s.Figure(row, i); ok {
		return n.String()
	}
	if s.Columns[i].Kind == Percent {
		return ""
	}
	if day, ok := row[i].Day(); ok {
		return day
	}
	text, _ := row[i].Text()
	return Disarm(text)
}

// Disarm puts an apostrophe before what a spreadsheet would take for the beginning of a formula: = + - @ and their wide forms, at
// the beginning of a cell, and of what becomes a cell in a program that parts lines by semicolons, as Vietnamese Excel does.
// Spaces before it are looked through. A plain number is left alone.
func Disarm(text string) string {
	if plainNumber(text) || !strings.ContainsAny(text, "=+-@＝＋－＠\t\r") {
		return text
	}
	var b strings.Builder
	begins := true
	for _, r := range text {
		switch {
		case strings.ContainsRune(";\t\r\n|", r):
			if begins && (r == '\t' || r == '\r') {
				b.WriteByte('\'')
			}
			begins = true
		case begins && strings.ContainsRune("=+-@＝＋－＠", r):
			b.WriteByte('\'')
			begins = false
		case r != '"' && !unicode.IsSpace(r) && !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r):
			begins = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Arm undoes Disarm in a text that comes back. An apostrophe that somebody wrote himself where Disarm would have is taken too.
func Arm(text string) string {
	if !strings.Contains(text, "'") {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		if r == '\'' {
			if next, _ := utf8.DecodeRuneInString(text[i+1:]); strings.ContainsRune("=+-@＝＋－＠\t\r", next) {
				continue
			}
		}
		b.WriteRune(r)
	}
	if armed := b.String(); Disarm(armed) == text {
		return armed
	}
	return text
}

// plainNumber: digits, with a minus before and a point or comma among them.
func plainNumber(text string) bool {
	digits, points := strings.TrimPrefix(text, "-"), 0
	for i, r := range digits {
		switch {
		case r >= '0' && r <= '9':
		case (r == '.' || r == ',') && i > 0 && i < len(digits)-1 && points == 0:
			points++
		default:
			return false
		}
	}
	return digits != ""
}
