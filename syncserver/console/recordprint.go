package console

import (
	"io"
	"net/http"
	"strings"

	"banlang/shared/paper"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// printPage is where somebody says why he takes a record out on paper.
type printPage struct {
	*centre.Sheet
	Short bool // the reason is too short
}

// getPrint asks why. It shows nothing that the record says.
func getPrint(q *Request) error {
	s, err := q.sheetOf(q.PathValue("name"), staff.PrintRecord)
	if err != nil {
		return err
	}
	return q.show("print", "paper.title", printPage{Sheet: s})
}

// postPrint hands out one record as PDF. Who, what, why and from where are noted before the first byte leaves. What is sealed is
// never on it; of tips, petitions and what is against officers the rules decide (staff.PrintRecord).
func postPrint(q *Request) error {
	s, err := q.sheetOf(q.PathValue("name"), staff.PrintRecord)
	if err != nil {
		return err
	}
	reason := reasonOf(q.PostFormValue("reason"))
	if reason == "" {
		return q.showAs(http.StatusBadRequest, "print", "paper.title", printPage{s, true})
	}
	file, err := paper.PDF(q.onePaper(s))
	if err != nil {
		return err
	}
	if err := q.note(staff.PrintRecord, s.Unit, s.Form.ID, s.Record.String(), reason, "", 1); err != nil {
		return err
	}
	return q.download("ban-ghi-"+s.Name, "pdf", func(w io.Writer) error {
		_, err := w.Write(file)
		return err
	})
}

// onePaper lays a record out for the printer.
func (q *Request) onePaper(s *centre.Sheet) paper.Document {
	d := paper.Document{Title: s.Title, Made: q.now(), Words: q.paperWords()}
	d.Subtitle = []string{s.Name + " · " + q.UnitName(s.Unit), s.Kind + " · " + q.T("status."+stateOf(s))}
	written := q.T("record.written") + " " + q.Stamp(s.Written) + " · " + q.T("machine", "n", s.Replica)
	if s.Arrived != 0 {
		written += " · " + q.T("arrived.at", "time", q.Stamp(s.Arrived))
	}
	d.Subtitle = append(d.Subtitle, written)
	if s.Hidden {
		d.Subtitle = append(d.Subtitle, q.T("record.hidden"))
	}
	around := "" // the row that the last heading was of
	for i, a := range s.Answers {
		row := a.Path[:strings.LastIndexByte(a.Path, '/')+1]
		if i == 0 || a.Heading != "" || !strings.HasPrefix(row, around) {
			around = ""
			if a.Heading != "" {
				around = row
			}
			d.Sections = append(d.Sections, paper.Section{Heading: a.Heading})
		}
		part := &d.Sections[len(d.Sections)-1]
		part.Blocks = append(part.Blocks, paper.Field{Label: a.Label, Value: paper.Value{Text: q.onPaper(a.Live), Sealed: a.Sealed}})
	}
	notes := paper.Section{Heading: q.T("record.notes")}
	for _, n := range s.Notes {
		notes.Blocks = append(notes.Blocks, paper.Field{Label: n.Officer + " · " + q.Stamp(n.At), Value: paper.Value{Text: q.onPaper([]centre.SheetValue{n})}})
	}
	if len(notes.Blocks) > 0 {
		d.Sections = append(d.Sections, notes)
	}
	for _, h := range s.History { // without what it was before: that is on no paper
		d.History = append(d.History, q.paperEvent(h))
	}
	return d
}

// onPaper is what stands at a place; several values are a conflict that nobody has resolved yet.
func (q *Request) onPaper(live []centre.SheetValue) string {
	var texts []string
	for _, v := range live {
		switch {
		case recordPage{}.Erased(v):
			texts = append(texts, q.T("value.erased"))
		case v.Shown != "":
			texts = append(texts, v.Shown)
		default:
			texts = append(texts, v.Text)
		}
	}
	return strings.Join(texts, " "+q.T("or")+" ")
}

func (q *Request) paperEvent(h centre.SheetChange) paper.Event {
	e := paper.Event{When: q.Stamp(h.At), Who: h.Officer, What: q.T(recordPage{}.HistoryKey(h))}
	if e.Who == "" {
		e.Who = q.T("audit.system")
	}
	if h.Creates {
		return e
	}
	var labels []string
	for _, x := range h.Edits {
		labels = append(labels, x.Label)
	}
	if len(labels) > 0 {
		e.What += ": " + strings.Join(labels, "; ")
	}
	return e
}

// PrintedAt is the time that stands on what is printed.
func (q *Request) PrintedAt() string { return q.now().Format("15:04 02/01/2006") }

// paperWords are what the page says by itself.
func (q *Request) paperWords() paper.Words {
	return paper.Words{Language: q.lang, Program: q.T("app.name"), Sealed: q.T("paper.sealed"), Continued: q.T("paper.continued"), History: q.T("record.history"),
		Printed: q.T("paper.by", "time", q.PrintedAt(), "who", q.Viewer.Name, "account", q.Viewer.Account, "unit", q.UnitName(q.Viewer.Unit)),
		Page:    func(n, m int) string { return q.T("paper.page", "n", n, "all", m) }}
}
