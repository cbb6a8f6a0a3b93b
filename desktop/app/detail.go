package app

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/record"
)

// Detail is one record as it is read: its fields, what waits for somebody, and who wrote what.
type Detail struct {
	Record   record.Dot
	Name     string // "24-1271"
	Title    string
	Sub      string
	Standing Standing
	Fields   []FieldLine
	History  []HistoryLine
	Notices  []Notice
	Drafted  bool // the officer has a draft of it
	Gone     bool // it left the list: deleted, or no longer in the scope
	Trouble  Trouble

	a       *App
	view    *record.View
	changes []*record.Change
	line    notebook.Line
}

// FieldLine is one answer.
type FieldLine struct {
	Label, Value string
	Other        string // other answers that stand beside it
}

// HistoryLine is one change in words.
type HistoryLine struct{ When, Who, What, Where string }

// Notice is something about the record that somebody must look at.
type Notice struct {
	Text, Action string
	Conflict     bool
	do           func()
}

// Do does what the notice offers.
func (n *Notice) Do() {
	if n.do != nil {
		n.do()
	}
}

// Detail is the record beside the list; nil when none is open.
func (a *App) Detail() *Detail { return a.detail }

// open reads a record and shows it beside the list.
func (a *App) open(rec record.Dot) {
	a.run(func(ctx context.Context) func() {
		d, err := a.readDetail(ctx, rec)
		return func() {
			if a.List.chosen != rec {
				return // another was chosen meanwhile
			}
			if err != nil {
				d = &Detail{a: a, Record: rec, Trouble: a.sayFault(err)}
			} else {
				d.build()
			}
			a.detail = d
			a.show(PartDetail | PartList)
		}
	})
}

func (a *App) readDetail(ctx context.Context, rec record.Dot) (*Detail, error) {
	d := &Detail{a: a, Record: rec}
	var err error
	if d.view, err = a.o.Notebook.View(ctx, rec); err != nil {
		return nil, err
	}
	if d.changes, err = a.o.Notebook.History(ctx, rec); err != nil {
		return nil, err
	}
	lines, err := a.o.Notebook.Lines(ctx, []record.Dot{rec})
	if err != nil {
		return nil, err
	}
	if len(lines) == 1 {
		d.line = lines[0]
	}
	return d, nil
}

// build says the record in the officer's language.
func (d *Detail) build() {
	if d.view == nil {
		return
	}
	a, f := d.a, d.form()
	d.Gone = !d.line.Visible
	d.Standing = a.standing(&d.line)
	d.Drafted = slices.ContainsFunc(a.desk.drafts, func(x notebook.Draft) bool { return x.Record == d.Record })
	d.Name = humanName(d.line.Replica, d.Record)
	d.Title, d.Sub = d.line.Title, ""
	if f != nil {
		parts := strings.Split(f.Title(a.shown(d.view.Text), a.lang), separator)
		d.Title, d.Sub = join(parts[0], a.List.place(f, d.view)), join(parts[1:]...)
	}
	d.Fields = d.fields(f)
	d.History = d.history(f)
	d.Notices = d.notices(f)
}

func (d *Detail) form() *form.Form {
	f, _ := form.Lookup(d.view.Form.ID, int(d.view.Form.Version))
	return f
}

func (d *Detail) fields(f *form.Form) (lines []FieldLine) {
	values := d.view.Values()
	done := map[string]bool{}
	add := func(path, label string, field *form.Field) {
		done[path] = true
		if line, ok := d.field(path, label, field); ok {
			lines = append(lines, line)
		}
	}
	if f != nil {
		for i := range f.Fields {
			field := &f.Fields[i]
			if field.Type != form.TypeRepeat {
				add(field.Key, field.Label.In(d.a.lang), field)
				continue
			}
			for n, row := range rowsOf(d.view, field.Key, values) {
				line := FieldLine{Label: field.Label.In(d.a.lang) + " " + strconv.Itoa(n+1), Value: d.row(field, row, values, done)}
				if d.view.Text(form.JoinPath(field.Key, row, record.PathLife)) == record.LifeDeleted {
					line.Other = d.a.T("detail.rowback")
				}
				lines = append(lines, line)
			}
		}
	}
	for i := range d.view.Fields {
		if p := d.view.Fields[i].Path; !done[p] && !record.IsSystem(p) && !d.view.RowHidden(p) && d.view.Text(p) != "" {
			add(p, d.a.labelOf(f, p, d.view), nil)
		}
	}
	return lines
}

// row says the answers of a row on one line.
func (d *Detail) row(repeat *form.Field, row string, values map[string]string, done map[string]bool) string {
	var parts []string
	for i := range repeat.Children {
		child := &repeat.Children[i]
		path := form.JoinPath(repeat.Key, row, child.Key)
		done[path] = true
		text := d.a.showValue(child, values[path])
		if child.CountedBy != "" {
			text += d.a.unitOf(repeat, child, values[form.JoinPath(repeat.Key, row, child.CountedBy)])
		}
		parts = append(parts, text)
	}
	return join(parts...)
}

// unitOf gives " viên" when the answer beside a quantity fixes what is counted.
func (a *App) unitOf(repeat, quantity *form.Field, answer string) string {
	if choice, ok := repeat.Child(quantity.CountedBy); ok {
		if o, ok := choice.Option(answer); ok && o.Unit != (form.Text{}) {
			return " " + o.Unit.In(a.lang)
		}
	}
	return ""
}

func (d *Detail) field(path, label string, f *form.Field) (FieldLine, bool) {
	live := d.view.Field(path)
	if len(live) == 0 {
		return FieldLine{}, false
	}
	line := FieldLine{Label: label, Value: d.sayValue(f, &live[0])}
	var others []string
	for i := range live[1:] {
		if other := d.sayValue(f, &live[i+1]); other != line.Value && !slices.Contains(others, other) {
			others = append(others, other)
		}
	}
	if len(others) > 0 {
		line.Other = d.a.T("detail.other", "value", strings.Join(others, "; "))
	}
	return line, line.Value != "" || line.Other != ""
}

func (d *Detail) sayValue(f *form.Field, v *record.Value) string {
	switch v.State {
	case record.BodyAbsent:
		return d.a.T("value.onway")
	case record.BodyErased:
		return d.a.T("value.erased")
	}
	return d.a.showValue(f, v.Text)
}

func (d *Detail) notices(f *form.Form) (ns []Notice) {
	a := d.a
	for _, p := range chooseable(d.view) {
		text := a.T("detail.conflict", "field", a.labelOf(f, p, d.view))
		if p == record.PathLife {
			text = a.T("conflict.deleted")
		}
		ns = append(ns, Notice{text, a.T("detail.compare"), true, func() { a.compare(d.Record) }})
	}
	for _, r := range d.view.Rejected {
		ns = append(ns, Notice{Text: a.sayReason(r.Reason)})
	}
	if d.Drafted {
		ns = append(ns, Notice{Text: a.T("detail.drafted"), Action: a.T("draft.resume"), do: a.Edit})
	}
	if d.Gone {
		ns = append(ns, Notice{Text: a.T("detail.gone")})
	}
	return ns
}

// sayReason says why the centre could not count a change; the code comes last, for the telephone.
func (a *App) sayReason(reason string) string {
	text := a.T("reject.why")
	if slices.Contains(fault.Codes(), fault.Code(reason)) {
		c := fault.Code(reason)
		text = c.Message(a.faultLang()) + " " + c.Hint(a.faultLang())
	}
	return text + " (" + reason + ")"
}

// mostEdits is how many fields of one change are named in the history.
const mostEdits = 4

func (d *Detail) history(f *form.Form) (lines []HistoryLine) {
	byDot := map[record.Dot]*record.Change{}
	for _, c := range d.changes {
		byDot[c.Dot] = c
	}
	for _, c := range d.changes {
		what := d.what(f, c, byDot)
		if what == "" {
			continue
		}
		line := HistoryLine{When: d.a.clockTime(d.a.at(c.Time)), Who: d.a.who(c), What: what,
			Where: d.a.T("machine", "n", strconv.Itoa(int(c.Replica)))}
		if c.Replica == record.Centre {
			line.Where = ""
		}
		lines = append(lines, line)
	}
	slices.Reverse(lines)
	return lines
}

func (a *App) who(c *record.Change) string {
	switch {
	case c.Replica == record.Centre:
		return a.T("who.centre")
	case c.Officer == a.me.ID:
		return a.T("who.you")
	}
	return a.nameOf(c.Officer)
}

func (d *Detail) what(f *form.Form, c *record.Change, byDot map[record.Dot]*record.Change) string {
	switch {
	case c.Kind == record.KindVerdict && c.Rejected:
		return d.a.T("did.rejected")
	case c.Kind == record.KindVerdict:
		return d.a.T("did.accepted")
	case c.Kind == record.KindErase:
		return d.a.T("did.erased")
	case c.Kind != record.KindEdit:
		return ""
	case c.Creates():
		return d.a.T("did.created")
	}
	var parts []string
	for i := range c.Edits {
		parts = append(parts, d.edit(f, c, &c.Edits[i], byDot))
	}
	if n := len(parts) - mostEdits; n > 0 {
		parts = append(parts[:mostEdits], d.a.T("did.more", "n", strconv.Itoa(n)))
	}
	return strings.Join(parts, "; ")
}

func (d *Detail) edit(f *form.Form, c *record.Change, e *record.Edit, byDot map[record.Dot]*record.Change) string {
	a := d.a
	if e.Path == record.PathLife {
		return a.T(map[bool]string{true: "did.deleted", false: "did.restored"}[e.Value == record.LifeDeleted])
	}
	if key, _, child, _ := form.SplitPath(e.Path); child == record.PathLife {
		return a.T("did.rowdropped", "list", a.labelOf(f, key, d.view))
	}
	var field *form.Field
	if f != nil {
		field, _ = f.Field(e.Path)
	}
	label, before := a.labelOf(f, e.Path, d.view), ""
	for _, dot := range e.Replaces {
		if old := byDot[dot]; old != nil && old.Edit(e.Path) != nil {
			before = a.showValue(field, old.Edit(e.Path).Value)
		}
	}
	after := a.showValue(field, e.Value)
	switch {
	case c.Body == record.BodyErased && !record.IsSystem(e.Path):
		return a.T("did.wrote", "field", label, "value", a.T("value.erased"))
	case c.Body == record.BodyAbsent && !record.IsSystem(e.Path):
		return a.T("did.wrote", "field", label, "value", a.T("value.onway"))
	case after == "":
		return a.T("did.cleared", "field", label, "before", before)
	case before == "":
		return a.T("did.wrote", "field", label, "value", after)
	}
	return a.T("did.changed", "field", label, "before", before, "value", after)
}

// Delete takes the open record off the list, and offers to bring it back.
func (a *App) Delete() {
	d := a.detail
	if d == nil || d.view == nil || d.Gone {
		return
	}
	me := a.me.ID
	a.run(func(ctx context.Context) func() {
		err := a.o.Notebook.Delete(ctx, me, d.view)
		return func() {
			if err != nil {
				a.toastTrouble(err)
				return
			}
			a.detail, a.List.chosen, a.List.at = nil, record.Dot{}, -1
			a.toast(a.T("deleted", "name", d.Name), a.T("undo"), func() { a.restore(d.Record) })
			a.List.search()
			a.show(PartDetail)
		}
	})
}

func (a *App) restore(rec record.Dot) {
	me := a.me.ID
	a.run(func(ctx context.Context) func() {
		v, err := a.o.Notebook.View(ctx, rec)
		if err == nil {
			err = a.o.Notebook.Restore(ctx, me, v)
		}
		return func() {
			if err != nil {
				a.toastTrouble(err)
				return
			}
			a.showRecord(rec)
		}
	})
}

// showRecord opens the list with a record beside it.
func (a *App) showRecord(rec record.Dot) {
	a.choice, a.page = nil, PageRecords
	a.List.chosen, a.List.at = rec, -1
	a.List.search()
	a.open(rec)
	a.show(PartPage)
}
