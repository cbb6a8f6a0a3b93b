// Package xlsx owns tables as Excel files: numbers are numbers and days are days, shown as the machine that opens them shows
// them, in Vietnamese 1.234,5 and everywhere dd/mm/yyyy. Nothing in them is a formula. What the table is of stands on a sheet of its own.
package xlsx

import (
	"archive/zip"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"banlang/shared/fault"
	"banlang/syncserver/export"
)

// The limits of a sheet of Excel.
const (
	maxRows    = 1 << 20
	maxLetters = 32767 // of a cell, in UTF-16
)

// Write writes the sheet. The rows wait in a file in the folder scratch, readable by nobody else and gone when Write returns; a
// program that is killed leaves it there, as "excelize-*". Memory does not grow with the rows.
//
// The errors are those of w, of the rows, and of Check; and the fault LimitExceeded for more rows than a sheet of Excel has.
func Write(w io.Writer, s export.Sheet, scratch string) (err error) {
	if err := s.Check(); err != nil {
		return err
	}
	f := excelize.NewFile(excelize.Options{TmpDir: scratch})
	defer func() {
		if closed := f.Close(); err == nil && closed != nil {
			err = fault.New(fault.DiskIO, "xlsx.Write", closed)
		}
	}()
	b := &book{file: f, sheet: s}
	if err := b.write(); err != nil {
		return err
	}
	// Straight into w: the library would hold the whole file in memory.
	f.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) })
	return f.Write(io.Discard)
}

// book is a file being written.
type book struct {
	file   *excelize.File
	sheet  export.Sheet
	head   int   // the style of the first row
	styles []int // of each column
	whole  int   // the style of a number without decimals
	out    *excelize.StreamWriter
	next   int // the row that is written next
}

func (b *book) write() error {
	data, basis := "Dữ liệu", "Căn cứ"
	if b.sheet.Lang == "en" {
		data, basis = "Data", "Basis"
	}
	for _, step := range []func() error{
		func() error { return b.file.SetSheetName("Sheet1", data) },
		b.properties,
		b.makeStyles,
		func() error { return b.basis(basis) },
		func() error { return b.page(data) },
		func() error { return b.page(basis) },
		func() error { return b.repeatHead(data) },
		func() error { return b.begin(data) },
	} {
		if err := step(); err != nil {
			return fault.New(fault.Internal, "xlsx.Write", err)
		}
	}
	if err := b.rows(); err != nil {
		return err
	}
	if err := b.out.Flush(); err != nil {
		return fault.New(fault.DiskIO, "xlsx.Write", err)
	}
	return nil
}

func (b *book) properties() error {
	made := b.sheet.Made
	if made.IsZero() {
		made = time.Unix(0, 0) // or it would be a time of the library's
	}
	at := made.UTC().Format(time.RFC3339)
	return b.file.SetDocProps(&excelize.DocProperties{Title: cut(export.Clean(b.sheet.Title)), Creator: "Bản Làng", Created: at, Modified: at, Language: "vi-VN"})
}

// format is how Excel is told to show the numbers of a column; "" for text.
func format(c export.Column) string {
	switch c.Kind {
	case export.Integer:
		return "#,##0"
	case export.Decimal:
		if c.Places == 0 {
			return "#,##0"
		}
		return fmt.Sprintf("#,##0.%0*d", c.Places, 0)
	case export.Percent:
		return "0.00%"
	case export.Date:
		return "dd/mm/yyyy"
	}
	return "@"
}

// letters are those that offices write with.
func letters(bold bool) *excelize.Font {
	return &excelize.Font{Family: "Times New Roman", Size: 12, Bold: bold}
}

func (b *book) makeStyles() (err error) {
	border := []excelize.Border{{Type: "bottom", Color: "808080", Style: 1}}
	b.head, err = b.file.NewStyle(&excelize.Style{
		Font: letters(true), Border: border, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E3E9E5"}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "center", Horizontal: "center"},
	})
	if err == nil {
		b.whole, err = b.styled(export.Column{Kind: export.Integer})
	}
	for _, c := range b.sheet.Columns {
		if err != nil {
			return err
		}
		id := 0
		id, err = b.styled(c)
		b.styles = append(b.styles, id)
	}
	return err
}

// styled is the style of the cells of a column.
func (b *book) styled(c export.Column) (int, error) {
	how := format(c)
	style := &excelize.Style{Font: letters(false), CustomNumFmt: &how, Alignment: &excelize.Alignment{Vertical: "top"}}
	if c.Kind == export.TextColumn {
		style.Alignment.WrapText = true
	}
	return b.file.NewStyle(style)
}

// page says how a sheet is printed: across, and no wider than the paper.
func (b *book) page(name string) error {
	across, paper, wide, high, fit := "landscape", 9, 1, 0, true // 9 is A4
	if err := b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &across, Size: &paper, FitToWidth: &wide, FitToHeight: &high}); err != nil {
		return err
	}
	return b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit})
}

// repeatHead prints the first row on each page.
func (b *book) repeatHead(name string) error {
	return b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + name + "'!$1:$1", Scope: name})
}

// basis writes the sheet that says what the table is of.
func (b *book) basis(name string) error {
	if _, err := b.file.NewSheet(name); err != nil {
		return err
	}
	label, err := b.file.NewStyle(&excelize.Style{Font: letters(true), Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return err
	}
	value, err := b.file.NewStyle(&excelize.Style{Font: letters(false), Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return err
	}
	if err := b.file.SetColWidth(name, "A", "A", 28); err != nil {
		return err
	}
	if err := b.file.SetColWidth(name, "B", "B", 80); err != nil {
		return err
	}
	facts := append([]export.Fact{{Label: b.sheet.Title}}, b.sheet.Basis...)
	for i, fact := range facts {
		for _, cell := range []struct {
			column, text string
			style        int
		}{{"A", fact.Label, label}, {"B", fact.Value, value}} {
			at := cell.column + strconv.Itoa(i+1)
			if err := b.file.SetCellStyle(name, at, at, cell.style); err != nil {
				return err
			}
			if err := b.file.SetCellStr(name, at, cut(export.Clean(cell.text))); err != nil {
				return err
			}
		}
	}
	return nil
}

// begin writes the first row, which stays in sight.
func (b *book) begin(name string) (err error) {
	if b.out, err = b.file.NewStreamWriter(name); err != nil {
		return err
	}
	titles := make([]any, len(b.sheet.Columns))
	for i, c := range b.sheet.Columns {
		titles[i] = excelize.Cell{StyleID: b.head, Value: cut(export.Clean(c.Title))}
		if err := b.out.SetColWidth(i+1, i+1, width(c)); err != nil {
			return err
		}
	}
	if err := b.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	b.next = 2
	return b.out.SetRow("A1", titles, excelize.RowOpts{Height: 32})
}

func width(c export.Column) float64 {
	switch {
	case c.Width > 0:
		return float64(min(c.Width, 255))
	case c.Kind == export.TextColumn:
		return 28
	}
	return 14
}

func (b *book) rows() error {
	cells := make([]any, len(b.sheet.Columns))
	return b.sheet.Each(func(row []export.Cell) error {
		if b.next > maxRows {
			return fault.New(fault.LimitExceeded, "xlsx.Write", fmt.Errorf("more than %d rows", maxRows-1))
		}
		for i := range row {
			cells[i] = b.cell(row, i)
		}
		if err := b.out.SetRow("A"+strconv.Itoa(b.next), cells); err != nil {
			return fault.New(fault.DiskIO, "xlsx.Write", err)
		}
		b.next++
		return nil
	})
}

// cell is what is written of a cell; nil for an empty one. A number that Excel would round is text.
func (b *book) cell(row []export.Cell, i int) any {
	style := b.styles[i]
	if n, ok := b.sheet.Figure(row, i); ok {
		text := n.String()
		exact, err := strconv.ParseFloat(text, 64)
		if err != nil || n.Unscaled >= 1e15 || n.Unscaled <= -1e15 {
			return excelize.Cell{StyleID: style, Value: text}
		}
		if b.sheet.Columns[i].Mixed && exact == math.Trunc(exact) {
			style = b.whole
		}
		return excelize.Cell{StyleID: style, Value: exact}
	}
	if b.sheet.Columns[i].Kind == export.Percent {
		return nil
	}
	if iso, ok := row[i].Day(); ok {
		day, err := time.Parse(time.DateOnly, iso)
		if err != nil || day.Year() < 1901 { // Excel counts days from 1900, and that year wrong
			return excelize.Cell{StyleID: style, Value: iso}
		}
		return excelize.Cell{StyleID: style, Value: day}
	}
	if text, ok := row[i].Text(); ok {
		return excelize.Cell{StyleID: style, Value: cut(text)}
	}
	return nil
}

// cut shortens words to what a cell holds, and says so at their end.
func cut(words string) string {
	letters := 0
	for i, r := range words {
		if letters += utf16.RuneLen(r); letters > maxLetters {
			return cutAt(words[:i])
		}
	}
	return words
}

// cutAt makes room for the sign of what is left out.
func cutAt(words string) string {
	runes := []rune(words)
	return string(runes[:len(runes)-1]) + "…"
}
