package app

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/shared/record"
)

// HistoryLine is one change in words.
type HistoryLine struct {
	When, Who, What string
	Where           string // which machine, by which road it came, and whether the centre has vouched for it
	Again           string // what can be done about it: a choice can be made again; "" for nothing
	again           func()
}

// ChooseAgain does what Again says.
func (h *HistoryLine) ChooseAgain() {
	if h.again != nil {
		h.again()
	}
}

// mostEdits is how many fields of one change are named in the history.
const mostEdits = 4

// telling is how a history names moments and writers: short on the screen, where it is read now and by whom it is about; in full
// on paper.
type telling struct {
	moment func(time.Time) string
	who    func(*record.Change) string
}

func (a *App) inShort() telling { return telling{a.clockTime, a.who} }

func (a *App) inFull() telling {
	return telling{func(t time.Time) string { return t.Format("02/01/2006 15:04") }, a.writer}
}

func (d *Detail) history(in telling) (lines []HistoryLine) {
	byDot := map[record.Dot]*record.Change{}
	for _, c := range d.changes {
		byDot[c.Dot] = c
	}
	for _, c := range d.changes {
		what := d.what(c, byDot)
		if what == "" {
			continue
		}
		line := HistoryLine{When: in.moment(d.a.at(c.Time)), Who: in.who(c), What: what, Where: d.road(c, in)}
		if path := d.chosenIn(c, byDot); path != "" {
			line.Again, line.again = d.a.T("conflict.again"), func() { d.a.chooseFrom(d.Record, c.Dot, path) }
		}
		if other := otherOf(c); !other.IsZero() && c.Replica == d.a.o.Notebook.Replica() { // nobody else has both
			line.Again, line.again = d.a.T("anew.open"), func() { d.a.showRecord(other) }
		}
		lines = append(lines, line)
	}
	slices.Reverse(lines)
	return lines
}

// otherOf is the record in whose place a change creates one, or which one was written in the place of this; zero: neither.
func otherOf(c *record.Change) record.Dot {
	for _, path := range []string{record.PathInstead, record.PathAnew} {
		if e := c.Edit(path); e != nil {
			d, _ := record.ParseDot(e.Value) // what is no name names none
			return d
		}
	}
	return record.Dot{}
}

// road says on which machine a change was written and how far it has come, as far as it is known here: what others wrote
// came from the centre, and for what was written here there may be a receipt.
func (l *look) road(c *record.Change, in telling) string {
	if c.Replica == record.Centre {
		return ""
	}
	machine := l.a.T("machine", "n", strconv.Itoa(int(c.Replica)))
	signed, ok := l.signed[c.Dot]
	switch {
	case c.Replica != l.a.o.Notebook.Replica():
		return join(machine, l.a.T("road.centre"))
	case ok:
		return join(machine, l.a.T("road.receipt", "time", in.moment(l.a.at(signed))))
	}
	return join(machine, l.a.T("road.none"))
}

// chosenIn is the field in which a change chose among several answers, so that one can choose again; "" for none.
func (l *look) chosenIn(c *record.Change, byDot map[record.Dot]*record.Change) string {
	for i := range c.Edits {
		e := &c.Edits[i]
		if record.IsSystem(e.Path) || l.isSealed(e.Path) {
			continue
		}
		texts := map[string]bool{}
		for _, d := range e.Replaces {
			if x := byDot[d]; x != nil && x.Edit(e.Path) != nil && x.Body == record.BodyHere {
				texts[x.Edit(e.Path).Value] = true
			}
		}
		if len(texts) > 1 {
			return e.Path
		}
	}
	return ""
}

func (l *look) isSealed(path string) bool {
	if l.form == nil {
		return false
	}
	field, ok := l.form.Field(path)
	return ok && field.Sealed()
}

// who is the writer of a change as the officer before the screen thinks of him.
func (a *App) who(c *record.Change) string {
	if c.Replica != record.Centre && c.Officer == a.me.ID {
		return a.T("who.you")
	}
	return a.writer(c)
}

// writer is the writer of a change by name.
func (a *App) writer(c *record.Change) string {
	switch {
	case c.Replica == record.Centre && c.Officer == "":
		return a.T("who.centre")
	case c.Replica == record.Centre:
		if who, ok := a.official(c.Officer, "", c.Time); ok {
			return who
		}
		return join(a.T("who.centre"), c.Officer)
	}
	return a.nameOf(c.Officer, c.Replica, c.Time)
}

// whoWrote says who wrote a value.
func (a *App) whoWrote(v *record.Value) string {
	if v.Officer == a.me.ID && v.Replica != record.Centre {
		return a.T("who.you")
	}
	return a.nameOf(v.Officer, v.Replica, v.Time)
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
	case c.Edit(record.PathInstead) != nil:
		return d.a.T("did.anew", "name", humanName(c.Replica, otherOf(c)))
	case c.Edit(record.PathAnew) != nil:
		return d.a.T("did.replaced", "name", humanName(c.Replica, otherOf(c)))
	case c.Creates():
		return d.a.T("did.created")
	}
	if said := d.reviewed(c); said != "" {
		return said
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
