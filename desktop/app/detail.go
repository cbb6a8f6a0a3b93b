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

	*look
}

// FieldLine is one answer, or the name of a part of the form.
type FieldLine struct {
	Label, Value string
	Other        string // other answers that stand beside it
	Heading      bool   // Label names what follows
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
	lang := a.lang
	a.run(func(ctx context.Context) func() {
		l, err := a.readLook(ctx, lang, rec)
		return func() {
			if a.List.chosen != rec {
				return // another was chosen meanwhile
			}
			d := &Detail{Record: rec, look: l}
			if err != nil {
				d.look, d.Trouble = &look{a: a}, a.sayFault(err)
			} else {
				d.build()
			}
			a.detail = d
			a.show(PartDetail | PartList)
		}
	})
}

// build says the record in the officer's language.
func (d *Detail) build() {
	if d.view == nil {
		return
	}
	a := d.a
	d.look.open()
	d.Gone = !d.line.Visible
	d.Standing = a.standing(&d.line)
	d.Drafted = slices.ContainsFunc(a.desk.drafts, func(x notebook.Draft) bool { return x.Record == d.Record })
	d.Name = humanName(d.line.Replica, d.Record)
	kind, rest := d.names()
	d.Title, d.Sub = join(kind, d.place()), join(rest...)
	d.Fields = d.fields()
	d.History = d.history()
	d.Notices = d.notices()
}

// fields are the answers as the form asks for them; last what is kept and not asked, so that nothing is hidden.
func (d *Detail) fields() (lines []FieldLine) {
	t := table{look: d.look, done: map[string]bool{}}
	if d.form != nil {
		lines = t.items(d.form.Items, "")
	}
	for i := range d.view.Fields {
		p := d.view.Fields[i].Path
		if t.done[p] || record.IsSystem(p) || d.view.RowHidden(p) || d.form != nil && !d.isAsked(p) {
			continue
		}
		if line, ok := d.answer(p, d.label(p)); ok {
			t.kept = append(t.kept, line)
		}
	}
	if len(t.kept) == 0 || d.form == nil {
		return append(lines, t.kept...)
	}
	return append(append(lines, FieldLine{Label: d.a.T("detail.kept"), Heading: true}), t.kept...)
}

// table lays a record out as its form asks.
type table struct {
	*look
	done map[string]bool // paths that stand in it, or are kept
	kept []FieldLine     // answers to what is not asked any more
}

func (t *table) items(items []*form.Item, row string) (lines []FieldLine) {
	for _, it := range items {
		path := it.Path(row)
		switch it.Type {
		case form.Question:
			if line, ok := t.question(it, path); ok {
				lines = append(lines, line)
			}
		case form.Group:
			inside := t.items(it.Items, row)
			if label := t.filling.Label(it, path); label != "" && len(inside) > 0 {
				lines = append(lines, FieldLine{Label: label, Heading: true})
			}
			lines = append(lines, inside...)
		case form.Repeat:
			lines = append(lines, t.rows(it, path, "")...)
		}
	}
	return lines
}

// question is the line of a question; false when there is nothing to read, or the answer is kept only.
func (t *table) question(it *form.Item, path string) (FieldLine, bool) {
	if !it.Field.Stored {
		value := t.say(path, t.filling.Value(path))
		return FieldLine{Label: t.filling.Label(it, path), Value: value}, value != "" && t.filling.Relevant(path)
	}
	t.done[path] = true
	line, ok := t.answer(path, t.filling.Label(it, path))
	if ok && !t.filling.Relevant(path) && !it.Field.Sealed() {
		t.kept = append(t.kept, FieldLine{Label: t.label(path), Value: line.Value, Other: line.Other})
		return line, false
	}
	return line, ok
}

// row says the answers of a row on one line, the first without its name. Rows within it follow on lines of their own.
func (t *table) row(items []*form.Item, row, label string) []FieldLine {
	line := FieldLine{Label: label}
	var inner []FieldLine
	for _, it := range items {
		path := it.Path(row)
		if it.Type == form.Repeat {
			inner = append(inner, t.rows(it, path, label+", ")...)
			continue
		}
		for _, x := range t.items([]*form.Item{it}, row) {
			switch {
			case x.Heading:
				continue
			case line.Value == "":
				line.Value = x.Value
			default:
				line.Value = join(line.Value, x.Label+": "+x.Value)
			}
			if x.Other != "" {
				line.Other = join(line.Other, x.Label+": "+x.Other)
			}
		}
	}
	if t.view.Text(row+record.PathLife) == record.LifeDeleted {
		line.Other = join(t.a.T("detail.rowback"), line.Other)
	}
	return append([]FieldLine{line}, inner...)
}

// rows are the lines of a repeat; before stands before their names.
func (t *table) rows(it *form.Item, repeat, before string) (lines []FieldLine) {
	for n, name := range t.filling.Rows(repeat) {
		lines = append(lines, t.row(it.Items, repeat+"/"+name+"/", before+t.filling.LabelOf(repeat)+" "+strconv.Itoa(n+1))...)
	}
	return lines
}

// answer is the line of what stands at a path.
func (l *look) answer(path, label string) (FieldLine, bool) {
	live := l.view.Field(path)
	if len(live) == 0 {
		return FieldLine{}, false
	}
	line := FieldLine{Label: label, Value: l.sayLive(path, &live[0])}
	var others []string
	for i := range live[1:] {
		if other := l.sayLive(path, &live[i+1]); other != line.Value && !slices.Contains(others, other) {
			others = append(others, other)
		}
	}
	if len(others) > 0 {
		line.Other = l.a.T("detail.other", "value", strings.Join(others, "; "))
	}
	return line, line.Value != "" || line.Other != ""
}

func (d *Detail) notices() (ns []Notice) {
	a := d.a
	for _, p := range chooseable(d.view) {
		text := a.T("detail.conflict", "field", d.label(p))
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

func (d *Detail) history() (lines []HistoryLine) {
	byDot := map[record.Dot]*record.Change{}
	for _, c := range d.changes {
		byDot[c.Dot] = c
	}
	for _, c := range d.changes {
		what := d.what(c, byDot)
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

func (d *Detail) what(c *record.Change, byDot map[record.Dot]*record.Change) string {
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
		if e := &c.Edits[i]; record.IsSystem(e.Path) || d.isAsked(e.Path) {
			parts = append(parts, d.edit(c, e, byDot))
		}
	}
	if n := len(parts) - mostEdits; n > 0 {
		parts = append(parts[:mostEdits], d.a.T("did.more", "n", strconv.Itoa(n)))
	}
	return strings.Join(parts, "; ")
}

func (d *Detail) edit(c *record.Change, e *record.Edit, byDot map[record.Dot]*record.Change) string {
	a := d.a
	if e.Path == record.PathLife {
		return a.T(map[bool]string{true: "did.deleted", false: "did.restored"}[e.Value == record.LifeDeleted])
	}
	if row, ok := strings.CutSuffix(e.Path, "/"+record.PathLife); ok {
		repeat, _ := splitRow(row)
		return a.T("did.rowdropped", "list", d.label(repeat))
	}
	label, before, after := d.label(e.Path), "", d.say(e.Path, e.Value)
	for _, dot := range e.Replaces {
		if old := byDot[dot]; old != nil && old.Edit(e.Path) != nil {
			before = d.say(e.Path, old.Edit(e.Path).Value)
		}
	}
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

// ShowRecord leaves what is open and shows a record in the list.
func (a *App) ShowRecord(rec record.Dot) {
	a.leaveForm()
	a.showRecord(rec)
}

// showRecord opens the list with a record beside it.
func (a *App) showRecord(rec record.Dot) {
	a.choice, a.page = nil, PageRecords
	a.List.chosen, a.List.at = rec, -1
	a.List.search()
	a.open(rec)
	a.show(PartPage)
}
