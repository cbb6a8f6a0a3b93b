package xlsform

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"banlang/shared/viet"
)

// The limits of one conversion. Each is far above any form known to us and far below what would hurt the centre; a
// conversion near any of them ends within seconds and in some hundred megabytes.
const (
	MaxFileBytes  = 16 << 20 // the file as uploaded; the largest real form of the corpus has 0.1 MB
	MaxPartBytes  = 64 << 20 // one unpacked part of an .xlsx: what a zip bomb may cost before it is refused
	MaxSheets     = 64       // sheets of a workbook
	MaxColumns    = 1024     // columns of a sheet that have a header
	MaxRows       = 100_000  // rows of a sheet: an external list of all villages fits
	MaxCells      = 500_000  // of all sheets
	MaxTextBytes  = 32 << 20 // all cells together
	MaxCellBytes  = 128 << 10
	MaxNesting    = 64       // groups and repeats within each other
	MaxElements   = 100_000  // questions and groups after loops are laid out
	MaxXFormBytes = 64 << 20 // the XML that comes out
)

// Beyond these many empty headers or rows in turn a sheet of a workbook is taken to have ended, as pyxform does: what
// stands further out is notes, or a million formatted blanks.
const (
	blankHeaders = 20
	blankRows    = 60
)

// checkEvery is how many rows or elements are handled between two looks at the context.
const checkEvery = 256

// reached is the problem of a limit that would be broken. what is a key of limitNames.
func reached(what string, limit int, p Place) *Problem {
	n := limitNames[what]
	if n.bytes {
		return LimitReached.at(p, "vi", n.vi+": tối đa "+sizeText(limit), "en", n.en+": at most "+sizeText(limit))
	}
	vi := viet.Int(int64(limit))
	return LimitReached.at(p, "vi", n.vi+": tối đa "+vi, "en", n.en+": at most "+strings.ReplaceAll(vi, ".", ","))
}

// sizeText writes a number of bytes that is a power of two.
func sizeText(n int) string {
	if n >= 1<<20 {
		return strconv.Itoa(n>>20) + " MB"
	}
	return strconv.Itoa(n>>10) + " kB"
}

// checkSheets holds sheets against the limits of counts and sizes.
func checkSheets(sheets []Sheet) error {
	if len(sheets) > MaxSheets {
		return reached("sheets", MaxSheets, Place{})
	}
	var b budget
	for _, s := range sheets {
		for i, r := range s.Rows {
			if i > MaxRows {
				return reached("rows", MaxRows, Place{Sheet: s.Name})
			}
			for _, c := range r.Cells {
				if err := b.take(c, Place{Sheet: s.Name, Row: r.Line}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// budget counts what the cells of a file cost. The zero budget is whole.
type budget struct{ cells, text int }

// take takes in one cell. Characters that XML has no room for are refused.
func (b *budget) take(cell string, p Place) error {
	b.cells++
	b.text += len(cell)
	switch {
	case len(cell) > MaxCellBytes:
		return reached("cell", MaxCellBytes, p)
	case b.cells > MaxCells:
		return reached("cells", MaxCells, p)
	case b.text > MaxTextBytes:
		return reached("text", MaxTextBytes, p)
	}
	if !utf8.ValidString(cell) {
		return BadCharacter.at(p, "character", "?")
	}
	for _, r := range cell {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return BadCharacter.at(p, "character", fmt.Sprintf("U+%04X", r))
		}
	}
	return nil
}

// limitNames are what limits are about, in Vietnamese and English.
var limitNames = map[string]struct {
	vi, en string
	bytes  bool
}{
	"file":     {"cỡ tệp", "the size of the file", true},
	"part":     {"cỡ tệp sau khi giải nén", "the size of the file when unpacked", true},
	"piece":    {"cỡ một ô hoặc một thẻ XML trong tệp", "the size of a cell or XML tag in the file", true},
	"depth":    {"số thẻ XML lồng nhau trong tệp", "XML tags within each other in the file", false},
	"sheets":   {"số trang", "the number of sheets", false},
	"columns":  {"số cột của trang", "the number of columns of the sheet", false},
	"rows":     {"số dòng của trang", "the number of rows of the sheet", false},
	"cells":    {"số ô", "the number of cells", false},
	"cell":     {"độ dài của ô này", "the length of this cell", true},
	"text":     {"lượng chữ trong tệp", "the text in the file", true},
	"nesting":  {"số nhóm lồng nhau", "groups within each other", false},
	"elements": {"số câu hỏi sau khi lặp", "the number of questions after loops are laid out", false},
	"xform":    {"cỡ biểu mẫu tạo ra", "the size of the form that comes out", true},
}
