package console

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/shared/fault"
	"banlang/shared/units"
	"banlang/shared/viet"
	"banlang/syncserver/export"
	"banlang/syncserver/export/docx"
	"banlang/syncserver/export/pdf"
	"banlang/syncserver/report"
	"banlang/syncserver/report/frozen"
	"banlang/syncserver/report/pivot"
	"banlang/syncserver/staff"
)

// document is a report as an official document: a draft, or with a label what was frozen under its number. What somebody still has to
// write is left open in it. Official documents are Vietnamese.
func (q *Request) document(s *frozen.Snapshot, label *frozen.Label) export.Document {
	view := q.viewOf(s)
	issuer := unitName(view, s.Root)
	d := export.Document{Lang: q.lang, Issuer: "CÔNG AN " + strings.ToUpper(issuer), Symbol: "BC", Kind: "BÁO CÁO", Subject: s.Title, Basis: basis(s) + compared(s),
		Place: placeName(issuer), Signature: export.Signature{Position: "THỦ TRƯỞNG ĐƠN VỊ"}, Archive: "VT, TH", Made: q.now()}
	if above := view.Parent(s.Root); above != "" {
		d.Superior = "CÔNG AN " + strings.ToUpper(unitName(view, above))
		d.Recipients = append(d.Recipients, "Công an "+unitName(view, above)+" (để báo cáo)")
	}
	if label != nil {
		made := at(label.At)
		d.Issued, d.Made = &export.Issue{Number: label.Number, Date: made.Format(time.DateOnly)}, made
	} else {
		d.Month = q.now().Format("2006-01")
	}
	for _, code := range s.Missing {
		d.Missing = append(d.Missing, export.Missing{Unit: unitName(view, code)})
	}
	open := func(words string) {
		d.Body = append(d.Body, export.Paragraph{Text: export.Text{{Words: words, Open: true}}})
	}
	d.Body = append(d.Body, export.Heading{Level: 1, Words: "TÌNH HÌNH CHỈ ĐẠO, TRIỂN KHAI"})
	open("[Người viết nhập: kế hoạch, công văn đã ban hành; việc quán triệt, triển khai]")
	d.Body = append(d.Body, export.Heading{Level: 1, Words: "KẾT QUẢ"})
	if t, ok := report.TemplateOf(s.Kind); ok {
		for _, g := range t.Headings() {
			d.Body = append(d.Body, export.Heading{Level: 2, Words: g.Label.VI}, export.Paragraph{Text: export.Words(sentence(s, g))}, groupTable(s, g))
		}
	}
	d.Body = append(d.Body, export.Heading{Level: 1, Words: "TỒN TẠI, HẠN CHẾ"})
	open("[Người viết nhập]")
	d.Body = append(d.Body, export.Heading{Level: 1, Words: "PHƯƠNG HƯỚNG"})
	open("[Người viết nhập: nhiệm vụ trọng tâm kỳ tới]")
	return d
}

// viewOf is the tree of the day by which a report was made: its names are on all its papers, however units are called later.
func (q *Request) viewOf(s *frozen.Snapshot) *units.View {
	if s.Day != "" {
		return q.today().On(s.Day)
	}
	return q.today()
}

// placeName is a unit without the word for what it is: "Tỉnh Sơn Lĩnh" is Sơn Lĩnh.
func placeName(name string) string {
	for _, kind := range []string{"Tỉnh ", "Thành phố ", "Xã ", "Phường ", "Đặc khu ", "Thị trấn "} {
		if rest, ok := strings.CutPrefix(name, kind); ok {
			return rest
		}
	}
	return name
}

// basis says what the figures are of.
func basis(s *frozen.Snapshot) string {
	b := fmt.Sprintf("Số liệu tính từ ngày %s đến hết ngày %s, theo ngày diễn ra; ", viet.Date(s.Period.From), viet.Date(s.Period.To))
	if s.Only {
		b += "tính các bản ghi đã duyệt"
	} else {
		b += "gồm cả bản ghi chờ duyệt"
	}
	if until := s.Until(); until != 0 {
		b += ", nhận đến " + at(until).Format("15:04 ngày 02/01/2006")
	}
	if (s.Only || s.Cutoff != 0) && slices.ContainsFunc(s.Tables, sensitive) {
		b += "; riêng tin báo, đơn thư tính mọi bản ghi đã nhận khi lập báo cáo"
	}
	if s.Expected > 0 {
		b += fmt.Sprintf("; tổng hợp từ %s/%s đơn vị", viet.Int(int64(s.Expected-len(s.Missing))), viet.Int(int64(s.Expected)))
	}
	return b + "."
}

// compared says which period the figures are compared with; "" for none.
func compared(s *frozen.Snapshot) string {
	i := slices.IndexFunc(s.Tables, func(t frozen.Table) bool { return t.Period.To != "" })
	if i < 0 {
		return ""
	}
	return " Kỳ trước: " + s.Tables[i].Period.InWords(vietnamese) + "."
}

// sensitive reports whether small numbers of a table are hidden, and so all that was received counts in it (package pivot).
func sensitive(t frozen.Table) bool {
	d, ok := report.Lookup(t.Indicator)
	return ok && d.Sensitive()
}

// tableOf finds the table of an indicator in a snapshot: that of its period, or of the one before it.
func tableOf(s *frozen.Snapshot, id string, before bool) (*frozen.Table, bool) {
	i := slices.IndexFunc(s.Tables, func(t frozen.Table) bool { return t.Indicator == id && (t.Period.To != "") == before })
	if i < 0 {
		return nil, false
	}
	return &s.Tables[i], true
}

// total is the figure of a whole table.
func total(t *frozen.Table) pivot.Cell { return t.Cells[len(t.RowHeads)][len(t.Heads)] }

// sentence is what a report says of a heading, with its figures.
func sentence(s *frozen.Snapshot, g report.Group) string {
	return report.Named.ReplaceAllStringFunc(g.Text, func(name string) string {
		if t, ok := tableOf(s, strings.Trim(name, "{}"), false); ok {
			c := total(t)
			return c.Text()
		}
		return viet.None
	})
}

// groupTable is the table of a heading: each figure, that of the period before, and how they compare.
func groupTable(s *frozen.Snapshot, g report.Group) export.Table {
	t := export.Table{Columns: []export.TableColumn{{Title: "Chỉ tiêu"}, {Title: "Đơn vị"}, {Title: "Kỳ này", Number: true}, {Title: "Kỳ trước", Number: true}, {Title: "So sánh", Number: true}}}
	hidden := false
	vietnam := &Request{lang: vietnamese}
	for _, id := range g.Indicators {
		d, ok := report.Define(id, s.Period.To)
		now, has := tableOf(s, id, false)
		if !ok || !has {
			continue
		}
		a := total(now)
		row := []export.Text{export.Words(d.Label.VI), export.Words(d.Unit.VI), export.Words(a.Text()), export.Words(viet.None), export.Words(viet.None)}
		hidden = hidden || a.Hidden
		if before, ok := tableOf(s, id, true); ok {
			b := total(before)
			hidden = hidden || b.Hidden
			row[3], row[4] = export.Words(b.Text()), export.Words(vietnam.change(&a, &b))
		}
		t.Rows = append(t.Rows, export.Row{Cells: row})
	}
	if hidden {
		t.Notes = append(t.Notes, say(vietnamese, "indicator.hidden"))
		if !s.Period.WholeMonths() {
			t.Notes = append(t.Notes, say(vietnamese, "report.months"))
		}
	}
	return t
}

// PaperBlock is a block of a document on the screen. One of its fields is set.
type PaperBlock struct {
	Level   int
	Heading string // with its number
	Text    export.Text
	Table   *PaperTable
}

// PaperTable is a table on the screen: the figures lead to what makes them.
type PaperTable struct {
	Columns []export.TableColumn
	Rows    []PaperRow
	Notes   []string
}

// PaperRow is a row of it. Href leads to the figure of the period; "" where there is nothing behind it.
type PaperRow struct {
	Cells []export.Text
	Href  string
}

// Words are those of some text, without its looks.
func (PaperRow) Words(t export.Text) string {
	var b strings.Builder
	for _, run := range t {
		b.WriteString(run.Words)
	}
	return b.String()
}

// paper lays a document out for the screen, with the same words, and with the ways to the records.
func (q *Request) paper(s *frozen.Snapshot, d export.Document) (blocks []PaperBlock) {
	var numbers export.Numbering
	for _, b := range d.Body {
		switch b := b.(type) {
		case export.Heading:
			blocks = append(blocks, PaperBlock{Level: b.Level, Heading: numbers.Next(b.Level) + " " + b.Words})
		case export.Paragraph:
			blocks = append(blocks, PaperBlock{Text: b.Text})
		case export.Table:
			t := &PaperTable{Columns: b.Columns, Notes: b.Notes}
			for _, row := range b.Rows {
				t.Rows = append(t.Rows, PaperRow{Cells: row.Cells, Href: q.behindReport(s, row.Cells[0][0].Words)})
			}
			blocks = append(blocks, PaperBlock{Table: t})
		}
	}
	return blocks
}

// behindReport is the address of the records behind a figure of a report, by its label: how many there were when it was frozen
// goes along, so that the page can say what is no more.
func (q *Request) behindReport(s *frozen.Snapshot, label string) string {
	for i := range s.Tables {
		t := &s.Tables[i]
		d, ok := report.Define(t.Indicator, s.Period.To)
		c := total(t)
		if !ok || t.Period.To != "" || d.Label.VI != label || c.Hidden || c.Records == 0 || !q.May(string(staff.CountRecords)) {
			continue
		}
		counted := ruleAddress(s.Rule())
		if s.Number != 0 {
			counted = []any{"report", s.Number}
		}
		return q.Link("/indicators/"+t.Indicator, append(counted, "unit", s.Root, "from", s.Period.From, "to", s.Period.To, "by", "none", "row", "-", "col", "-", "was", c.Records)...) + "#panel"
	}
	return ""
}

// getDraftFile sends a draft as a file; it says on every page that it is one.
func getDraftFile(q *Request) error {
	_, s, err := q.computed(staff.CompileReport)
	if err != nil {
		return err
	}
	return q.sendReport(s, nil)
}

// getReportFile sends a frozen report as a file.
func getReportFile(q *Request) error {
	s, label, err := q.frozenReport(q.PathValue("number"), staff.CompileReport)
	if err != nil {
		return err
	}
	return q.sendReport(s, label)
}

// sendReport sends a report as the file that the address names, and notes it.
func (q *Request) sendReport(s *frozen.Snapshot, label *frozen.Label) error {
	part, kind, ok := strings.Cut(q.PathValue("file"), ".")
	name, number := fileName(part, s, label), ""
	if label != nil {
		number = strconv.Itoa(label.Number)
	}
	var write func(w io.Writer, d export.Document) error
	switch {
	case ok && part == "bao-cao" && kind == "docx":
		write = docx.Write
	case ok && part == "bao-cao" && kind == "pdf":
		write = pdf.Write
	case ok && part == "phu-luc" && (kind == "xlsx" || kind == "csv" || kind == "geojson"):
	default:
		return errNoPage
	}
	if err := q.note(staff.CompileReport, s.Root, "", number, s.Title+" · "+q.PathValue("file"), "", len(s.Tables)); err != nil {
		return err
	}
	switch {
	case kind == "geojson":
		x := q.reportFeatures(s, label)
		places, err := x.places()
		if err != nil {
			return err
		}
		return q.sendSheet(name, kind, x.sheet(), places)
	case write == nil:
		return q.sendSheet(name, kind, q.annex(s, label), nil)
	}
	d := q.document(s, label)
	if err := d.Check(); err != nil {
		return fault.New(fault.Internal, "console.reports", err)
	}
	return q.download(name, kind, func(w io.Writer) error { return write(w, d) })
}

// annex is all of a report as one table: a row for each figure and unit.
func (q *Request) annex(s *frozen.Snapshot, label *frozen.Label) export.Sheet {
	t := q.T
	sheet := export.Sheet{Lang: q.lang, Title: s.Title, Made: q.now(), Columns: []export.Column{
		{Key: "indicator", Title: t("annex.code"), Width: 26}, {Key: "label", Title: t("indicator.name"), Width: 44}, {Key: "unit_of", Title: t("indicator.unit"), Width: 14},
		{Key: "unit", Title: t("unit.code"), Width: 12}, {Key: "unit_name", Title: t("account.unit"), Width: 32}, {Key: "value", Title: t("annex.value"), Kind: export.Decimal, Scale: 3, Places: 1, Mixed: true},
		{Key: "of", Title: t("annex.of"), Kind: export.Decimal, Scale: 3, Mixed: true}, {Key: "share", Title: "%", Kind: export.Percent, Part: 5, Whole: 6}, {Key: "records", Title: t("annex.records"), Kind: export.Integer},
	}}
	sheet.Basis = []export.Fact{{Label: t("indicator.base"), Value: basis(s)}, {Label: t("indicator.definitions"), Value: s.Definitions}, {Label: t("annex.missing"), Value: q.unitNames(s.Missing)}}
	if label != nil {
		sheet.Made = at(label.At)
		sheet.Basis = append(sheet.Basis, export.Fact{Label: t("report.digest"), Value: label.Digest})
	} else {
		sheet.Basis = append(sheet.Basis, export.Fact{Label: t("report.state"), Value: t("report.draft")})
	}
	sheet.Rows = func(yield func([]export.Cell, error) bool) {
		for i := range s.Tables {
			f := &s.Tables[i]
			if f.Period.To != "" {
				continue
			}
			for row := range f.Cells {
				if !yield(q.annexRow(s, f, row), nil) {
					return
				}
			}
		}
	}
	return sheet
}

func (q *Request) annexRow(s *frozen.Snapshot, f *frozen.Table, row int) []export.Cell {
	d, _ := report.Define(f.Indicator, s.Period.To)
	unit := s.Root
	name := unitName(q.viewOf(s), unit)
	if row < len(f.RowHeads) {
		unit = f.RowHeads[row].Unit
		name = unitName(q.viewOf(s), unit)
		if f.RowHeads[row].Own {
			name = q.T("indicator.own", "unit", name)
		}
	}
	c := f.Cells[row][len(f.Heads)]
	cells := []export.Cell{export.Word(d.ID), export.Word(d.Label.In(q.lang)), export.Word(d.Unit.In(q.lang)), export.Word(unit), export.Word(name), {}, {}, {}, export.Number(c.Records)}
	switch {
	case c.Hidden:
		cells[5], cells[8] = export.Word(pivot.HiddenText), export.Cell{}
	case c.Value.Kind == report.Nothing:
	case c.Value.Kind == report.Share || c.Value.Kind == report.Checked:
		cells[5], cells[6] = thousandths(c.Value.Num, 0), thousandths(c.Value.Den, 0)
	default:
		cells[5] = thousandths(c.Value.Num, c.Value.Places)
	}
	return cells
}

// thousandths is a figure in the units of the annex; one that is too large for them is written out.
func thousandths(n int64, places int) export.Cell {
	for range 3 - places {
		if n > 1<<62/10 {
			return export.Word(viet.Int(n))
		}
		n *= 10
	}
	return export.Number(n)
}
