package xlsform

import (
	"context"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
)

// An .xls of Excel 97 and later is a stream of records in a compound file: a number, a length, and so many bytes.

// The records that matter here.
const (
	recBOF       = 0x0809
	recEOF       = 0x000a
	recFilePass  = 0x002f
	recDateMode  = 0x0022
	recSheet     = 0x0085
	recStrings   = 0x00fc
	recContinue  = 0x003c
	recFormat    = 0x041e
	recXF        = 0x00e0
	recLabelSST  = 0x00fd
	recLabel     = 0x0204
	recRString   = 0x00d6
	recNumber    = 0x0203
	recRK        = 0x027e
	recMulRK     = 0x00bd
	recFormula   = 0x0006
	recString    = 0x0207
	recBoolError = 0x0205
)

const biff8 = 0x0600

// xlsBook is a workbook half read.
type xlsBook struct {
	ctx     context.Context
	stream  []byte
	strings []string
	formats map[int]string // number formats by number
	styles  []int          // number format of each cell style
	dates   dateSystem
	sheets  []xlsSheet
	budget  budget
}

type xlsSheet struct {
	name string
	at   int // of its records in the stream
}

// readXLS reads a compound file that may be an .xls, and reports whether it has macros.
func readXLS(ctx context.Context, file []byte) (sheets []Sheet, macros bool, err error) {
	if !strings.HasPrefix(string(file[:min(len(file), 8)]), compoundMagic) {
		return nil, false, OldExcel.at(Place{})
	}
	c, err := openCompound(file)
	if err != nil {
		return nil, false, err
	}
	switch {
	case c.has("EncryptedPackage"):
		return nil, false, PasswordProtected.at(Place{})
	case c.has("WordDocument"):
		return nil, false, wrongFile("Word")
	case c.has("PowerPoint Document"):
		return nil, false, wrongFile("PowerPoint")
	case c.has("Workbook"):
	case c.has("Book"):
		return nil, false, OldExcel.at(Place{})
	default:
		return nil, false, damaged("Workbook")
	}
	b := &xlsBook{ctx: ctx, stream: c.stream("Workbook"), formats: map[int]string{}}
	if err := b.readGlobals(); err != nil {
		return nil, false, err
	}
	sheets, err = b.readSheets()
	return sheets, c.has("_VBA_PROJECT"), err
}

// record is one record; pieces are its bytes and those of the continuations behind it.
type record struct {
	id     int
	data   []byte
	pieces [][]byte
	next   int // where the record behind it stands
}

// record reads the record at a place of the stream; ok is false at the end.
func (b *xlsBook) record(at int) (r record, ok bool) {
	if at < 0 || at+4 > len(b.stream) {
		return r, false
	}
	r.id = int(le.Uint16(b.stream[at:]))
	end := at + 4 + int(le.Uint16(b.stream[at+2:]))
	if end > len(b.stream) {
		return r, false
	}
	r.data, r.next = b.stream[at+4:end], end
	return r, true
}

// continued adds the continuations of a record.
func (b *xlsBook) continued(r *record) {
	r.pieces = [][]byte{r.data}
	for more, ok := b.record(r.next); ok && more.id == recContinue; more, ok = b.record(r.next) {
		r.pieces = append(r.pieces, more.data)
		r.next = more.next
	}
}

// readGlobals reads what all sheets share: their names, the texts, the formats.
func (b *xlsBook) readGlobals() error {
	first, ok := b.record(0)
	if !ok || first.id != recBOF || len(first.data) < 4 {
		return OldExcel.at(Place{})
	}
	if le.Uint16(first.data) != biff8 {
		return OldExcel.at(Place{})
	}
	for r, ok := b.record(first.next); ok && r.id != recEOF; r, ok = b.record(r.next) {
		switch {
		case r.id == recFilePass:
			return PasswordProtected.at(Place{})
		case r.id == recDateMode && len(r.data) >= 2:
			b.dates.from1904 = le.Uint16(r.data) == 1
		case r.id == recFormat && len(r.data) > 4:
			s := textReader{pieces: [][]byte{r.data[2:]}}
			b.formats[int(le.Uint16(r.data))] = s.text(true)
		case r.id == recXF && len(r.data) >= 4:
			b.styles = append(b.styles, int(le.Uint16(r.data[2:])))
		case r.id == recSheet && len(r.data) > 6:
			s := textReader{pieces: [][]byte{r.data[6:]}}
			if name := s.text(false); r.data[5] == 0 { // a worksheet, no chart or macro
				b.sheets = append(b.sheets, xlsSheet{name, int(le.Uint32(r.data))})
			}
		case r.id == recStrings:
			b.continued(&r)
			if err := b.readStrings(r); err != nil {
				return err
			}
		}
	}
	return b.ctx.Err()
}

// readStrings reads the texts that cells name by their number.
func (b *xlsBook) readStrings(r record) error {
	if len(r.data) < 8 {
		return damaged("strings")
	}
	n := le.Uint32(r.data[4:])
	r.pieces[0] = r.data[8:]
	s := textReader{pieces: r.pieces}
	size := 0
	for i := uint32(0); i < n && s.more(); i++ {
		if i%checkEvery == 0 && b.ctx.Err() != nil {
			return b.ctx.Err()
		}
		t := s.text(true)
		if size += len(t); size > MaxTextBytes {
			return reached("text", MaxTextBytes, Place{})
		}
		b.strings = append(b.strings, t)
	}
	return nil
}

// readSheets reads the sheets of a form; of others only the names count.
func (b *xlsBook) readSheets() ([]Sheet, error) {
	if len(b.sheets) > MaxSheets {
		return nil, reached("sheets", MaxSheets, Place{})
	}
	var out []Sheet
	for _, s := range b.sheets {
		sheet := Sheet{Name: s.name}
		if sheetNames[strings.ToLower(s.name)] || len(b.sheets) == 1 {
			g := grid{budget: &b.budget, name: s.name}
			if err := b.readCells(s, &g); err != nil {
				return nil, err
			}
			sheet.Rows = g.rows
		}
		out = append(out, sheet)
	}
	return out, nil
}

// readCells reads the cells of one sheet, up to its end or that of the form in it. Embedded charts are skipped.
func (b *xlsBook) readCells(s xlsSheet, g *grid) error {
	depth, pending := 0, [2]int{-1, -1} // the cell of a formula whose text follows
	n := 0
	for r, ok := b.record(s.at); ok; r, ok = b.record(r.next) {
		if n++; n%checkEvery == 0 && b.ctx.Err() != nil {
			return b.ctx.Err()
		}
		switch r.id {
		case recBOF:
			depth++
			continue
		case recEOF:
			if depth--; depth <= 0 {
				return nil
			}
			continue
		}
		if depth != 1 {
			continue
		}
		if r.id == recString && pending[0] >= 0 {
			b.continued(&r)
			t := textReader{pieces: r.pieces}
			if err := g.put(pending[0], pending[1], t.text(true)); err != nil {
				return err
			}
			continue
		}
		row, col, isText, err := b.readCell(r, g)
		if err != nil {
			return err
		}
		if pending = [2]int{-1, -1}; isText {
			pending = [2]int{row, col}
		}
		if g.ended {
			return nil
		}
	}
	return nil
}

// readCell reads a record with a cell, or several; isText says that its text is in a record of its own.
func (b *xlsBook) readCell(r record, g *grid) (row, col int, isText bool, err error) {
	d := r.data
	if len(d) < 6 {
		return 0, 0, false, nil
	}
	row, col = int(le.Uint16(d)), int(le.Uint16(d[2:]))
	style := int(le.Uint16(d[4:]))
	switch {
	case r.id == recLabelSST && len(d) >= 10:
		if i := le.Uint32(d[6:]); int64(i) < int64(len(b.strings)) {
			err = g.put(row, col, b.strings[i])
		}
	case r.id == recLabel || r.id == recRString:
		b.continued(&r)
		r.pieces[0] = d[6:]
		t := textReader{pieces: r.pieces}
		err = g.put(row, col, t.text(true))
	case r.id == recNumber && len(d) >= 14:
		err = b.putNumber(g, row, col, style, math.Float64frombits(le.Uint64(d[6:])))
	case r.id == recRK && len(d) >= 10:
		err = b.putNumber(g, row, col, style, rkNumber(le.Uint32(d[6:])))
	case r.id == recMulRK:
		for i := 4; i+6 <= len(d)-2 && err == nil; i += 6 {
			err = b.putNumber(g, row, col+(i-4)/6, int(le.Uint16(d[i:])), rkNumber(le.Uint32(d[i+2:])))
		}
	case r.id == recBoolError && len(d) >= 8:
		err = g.put(row, col, boolOrError(d[6], d[7] != 0))
	case r.id == recFormula && len(d) >= 14:
		return b.readFormula(d, g)
	}
	return row, col, false, err
}

// readFormula reads the result of a formula; the formula itself is nobody's business.
func (b *xlsBook) readFormula(d []byte, g *grid) (row, col int, isText bool, err error) {
	row, col = int(le.Uint16(d)), int(le.Uint16(d[2:]))
	if le.Uint16(d[12:]) != 0xffff {
		style := int(le.Uint16(d[4:]))
		return row, col, false, b.putNumber(g, row, col, style, math.Float64frombits(le.Uint64(d[6:])))
	}
	switch d[6] {
	case 0:
		return row, col, true, nil
	case 1, 2:
		err = g.put(row, col, boolOrError(d[8], d[6] == 2))
	}
	return row, col, false, err
}

// putNumber writes a number, or a date if the style of the cell shows one.
func (b *xlsBook) putNumber(g *grid, row, col, style int, f float64) error {
	if style >= len(b.styles) || !b.isDate(b.styles[style]) {
		return g.put(row, col, floatText(f))
	}
	text, ok := b.dates.text(math.Round(f*86400) / 86400)
	if !ok || b.dates.isAmbiguous(f) {
		return BadDate.at(Place{Sheet: g.name, Row: row + 1, Cell: letters(col) + strconv.Itoa(row+1)})
	}
	return g.put(row, col, text)
}

func (b *xlsBook) isDate(format int) bool {
	if code, ok := b.formats[format]; ok {
		return isDateFormat(code)
	}
	return isDateFormatID(format)
}

// rkNumber unpacks a number of 30 bits: whole or not, in hundredths or not.
func rkNumber(rk uint32) float64 {
	var f float64
	if rk&2 != 0 {
		f = float64(int32(rk) >> 2)
	} else {
		f = math.Float64frombits(uint64(rk&^3) << 32)
	}
	if rk&1 != 0 {
		f /= 100
	}
	return f
}

var errorNames = map[byte]string{
	0x00: "#NULL!", 0x07: "#DIV/0!", 0x0f: "#VALUE!", 0x17: "#REF!", 0x1d: "#NAME?", 0x24: "#NUM!", 0x2a: "#N/A",
}

func boolOrError(v byte, isError bool) string {
	if isError {
		return errorNames[v]
	}
	return boolText(v != 0)
}

// textReader reads texts from the pieces of a record. At the start of a piece a text that goes on says anew whether
// its characters have one byte or two.
type textReader struct{ pieces [][]byte }

// more steps over pieces that are read, and reports whether there is another.
func (t *textReader) more() bool {
	for len(t.pieces) > 0 && len(t.pieces[0]) == 0 {
		t.pieces = t.pieces[1:]
	}
	return len(t.pieces) > 0
}

func (t *textReader) take(n int) []byte {
	var out []byte
	for n > 0 && t.more() {
		k := min(n, len(t.pieces[0]))
		out = append(out, t.pieces[0][:k]...)
		t.pieces[0] = t.pieces[0][k:]
		n -= k
	}
	return out
}

func (t *textReader) number(size int) int {
	b := append(t.take(size), 0, 0, 0, 0)
	return int(le.Uint32(b) & (1<<(8*size) - 1))
}

// text reads a text whose length has two bytes, or one; marks of its look and sound are skipped.
func (t *textReader) text(long bool) string {
	length := t.number(1 + btoi(long))
	flags := t.number(1)
	runs, sound := 0, 0
	if flags&8 != 0 {
		runs = t.number(2)
	}
	if flags&4 != 0 {
		sound = int(int32(t.take4()))
	}
	units := t.units(length, flags&1 != 0)
	t.take(4 * runs)
	t.take(max(sound, 0))
	return string(utf16.Decode(units))
}

func (t *textReader) take4() uint32 { return le.Uint32(append(t.take(4), 0, 0, 0, 0)) }

// units reads the characters of a text.
func (t *textReader) units(n int, wide bool) []uint16 {
	var units []uint16
	for n > 0 && len(t.pieces) > 0 {
		if len(t.pieces[0]) == 0 {
			if t.pieces = t.pieces[1:]; len(t.pieces) > 0 && len(t.pieces[0]) > 0 {
				wide = t.pieces[0][0]&1 != 0
				t.pieces[0] = t.pieces[0][1:]
			}
			continue
		}
		size := 1 + btoi(wide)
		if len(t.pieces[0]) < size {
			t.pieces[0] = nil
			continue
		}
		unit := uint16(t.pieces[0][0])
		if wide {
			unit = le.Uint16(t.pieces[0])
		}
		units = append(units, unit)
		t.pieces[0] = t.pieces[0][size:]
		n--
	}
	return units
}
