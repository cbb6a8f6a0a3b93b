package apptest

import (
	"context"
	"slices"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/dispatch"
	"banlang/shared/ledger"
	"banlang/shared/record"
)

// FromCentre is a record that staff at the centre wrote, or an edit of one (rec, not zero), as the machine gets it. Feeds and
// values are by path; the rows of values are named as the centre names them.
func (m *Machine) FromCentre(rec record.Dot, formID string, feeds map[string]record.Feed, values map[string]string) record.Dot {
	m.V.t.Helper()
	f, ok := m.Forms.Library.Current(formID)
	if !ok {
		m.V.t.Fatalf("there is no form %q", formID)
	}
	c := &record.Change{Kind: record.KindEdit, Record: rec, Form: f.Ref, Officer: "tra.vn"}
	next, err := m.V.pen.Next(m.V.books)
	if err != nil {
		m.V.t.Fatal(err)
	}
	for path, feed := range feeds {
		c.Edits = append(c.Edits, record.Edit{Path: path, Value: string(feed)})
	}
	for path, value := range values {
		c.Edits = append(c.Edits, record.Edit{Path: record.NameRows(path, next), Value: value})
	}
	slices.SortFunc(c.Edits, func(a, b record.Edit) int { return strings.Compare(a.Path, b.Path) })
	m.V.write(c)
	m.take(c)
	return c.RecordID()
}

// Directive is one of the province with two tasks, for the unit of the village and others: the first is measured, the second
// is not.
func (m *Machine) Directive(number, subject, due1, due2 string) record.Dot {
	m.V.t.Helper()
	return m.FromCentre(record.Dot{}, dispatch.FormDirective,
		map[string]record.Feed{record.PathFeed: "SL/ordinary", record.FeedPath(Unit): Unit + "/ordinary", record.FeedPath("SL018"): "SL018/ordinary"},
		map[string]string{"number": number, "subject": subject, "issuer": "SL", "kind": "ke_hoach", "issued_on": "2026-11-16", "urgency": "khan",
			"secrecy": "thuong", "targets": Unit + " SL018",
			"tasks/+1/task": "Tuyên truyền ở mọi thôn", "tasks/+1/due_on": due1, "tasks/+1/measure": "AW_PLACES", "tasks/+1/target_value": "1064",
			"tasks/+2/task": "Tiếp nhận, lập biên bản", "tasks/+2/due_on": due2})
}

// CarryCentre brings what the centre wrote of a record to another machine.
func (v *Village) CarryCentre(rec record.Dot, to *Machine) {
	v.t.Helper()
	about, err := ledger.About(v.books, rec)
	if err != nil {
		v.t.Fatal(err)
	}
	to.take(about...)
}

// Records are those of a form in the list of the machine.
func (m *Machine) Records(formID string) []record.Dot {
	m.V.t.Helper()
	recs, err := m.Book.Search(context.Background(), notebook.Query{Form: formID, Limit: 1000})
	if err != nil {
		m.V.t.Fatal(err)
	}
	return recs
}

// Urgent are the changes that overtake all others.
func (m *Machine) Urgent() (dots []record.Dot) {
	m.V.t.Helper()
	dots, err := m.Book.Session(context.Background()).Urgent()
	if err != nil {
		m.V.t.Fatal(err)
	}
	return dots
}
