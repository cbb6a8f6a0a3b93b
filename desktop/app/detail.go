package app

import (
	"context"
	"slices"

	"banlang/desktop/notebook"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/record"
)

// Detail is one record as it is read: its fields, what waits for somebody, and who wrote what.
type Detail struct {
	Key
	Name     string // "24-1271"
	Title    string
	Sub      string
	Standing Standing
	Fields   []FieldLine
	History  []HistoryLine
	Notices  []Notice
	Drafted  bool // the officer has a draft of it
	Gone     bool // it left the list: deleted, or no longer in the scope
	Answered bool // it is addressed to units, which answer it with records of their own: App.Edit opens the page for that, and nobody here deletes it
	Trouble  Trouble

	*look
	pieces   []piece           // the record as its form lays it out, and
	kept     []FieldLine       // what the form does not ask for
	pictures map[string][]byte // those of its answers that were read, small; nil: not on this machine
}

// FieldLine is one answer, or the name of a part of the form.
type FieldLine struct {
	Label, Value string
	Other        string // other answers that stand beside it
	Heading      bool   // Label names what follows

	sealed bool     // Value says so
	photos []string // the names of the pictures that Value and Other speak of
}

// Notice is something about the record that somebody must look at.
type Notice struct {
	Text, Action string
	Standing     Standing // whose look it has; AnyStanding: something to go on with, or that is wrong
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

// openKey shows what a row of the list is about beside it.
func (a *App) openKey(k Key) {
	if k.Draft == 0 {
		a.open(k.Record)
		return
	}
	a.detail = nil
	for i := range a.desk.drafts {
		if d := &a.desk.drafts[i]; d.ID == k.Draft {
			t := a.at(d.Saved)
			a.detail = &Detail{Key: k, Title: a.draftTitle(d), Standing: HasDraft, look: &look{a: a},
				Sub: a.T("draft.at", "day", t.Format("02/01"), "time", t.Format("15:04:05"))}
		}
	}
	a.show(PartDetail | PartList)
}

// open reads a record and shows it beside the list.
func (a *App) open(rec record.Dot) {
	lang := a.lang
	a.run(func(ctx context.Context) func() {
		l, err := a.readLook(ctx, lang, rec)
		return func() {
			if a.List.chosen != (Key{Record: rec}) {
				return // another was chosen meanwhile
			}
			d := &Detail{Key: Key{Record: rec}, look: l}
			if err != nil {
				d.look, d.Trouble = &look{a: a}, a.sayFault(err)
			} else {
				d.build()
			}
			a.detail = d
			a.show(PartDetail | PartList)
			d.readPictures()
		}
	})
}

// mostPictures is how many pictures are shown beside the list; a form has a few.
const mostPictures = 24

// DetailPicture is a picture that an answer names.
type DetailPicture struct {
	JPEG []byte // small; nil while it is not read, or not here
	Away bool   // it is not on this machine
}

// Pictures are those that an answer names.
func (d *Detail) Pictures(l *FieldLine) (all []DetailPicture) {
	for _, name := range l.photos {
		jpeg, read := d.pictures[name]
		all = append(all, DetailPicture{jpeg, read && jpeg == nil})
	}
	return all
}

// readPictures reads the pictures that the answers name, and shows each when it is read, as long as the record is.
func (d *Detail) readPictures() {
	a, next := d.a, ""
	for i := range d.Fields {
		for _, name := range d.Fields[i].photos {
			if _, read := d.pictures[name]; !read && next == "" {
				next = name
			}
		}
	}
	if next == "" || a.o.Photos == nil || len(d.pictures) >= mostPictures {
		return
	}
	a.run(func(ctx context.Context) func() {
		thumb, _ := a.o.Photos.Thumb(ctx, next) // what cannot be read is not here
		return func() {
			if a.detail != d {
				return
			}
			if d.pictures == nil {
				d.pictures = map[string][]byte{}
			}
			d.pictures[next] = thumb.JPEG
			a.show(PartDetail)
			d.readPictures()
		}
	})
}

// build says the record in the officer's language.
func (d *Detail) build() {
	a := d.a
	if d.view == nil {
		if d.Draft != 0 {
			a.openKey(d.Key)
		}
		return
	}
	d.look.open()
	d.Gone = !d.line.Visible
	d.Answered = addressed(d.changes, d.Record)
	d.Standing = a.standing(&d.line)
	d.Drafted = slices.ContainsFunc(a.desk.drafts, func(x notebook.Draft) bool { return x.Of() == d.Record })
	d.Name = humanName(d.line.Replica, d.Record)
	kind, rest := d.names()
	d.Title, d.Sub = join(kind, d.place()), join(rest...)
	d.pieces, d.kept = d.layOut()
	d.Fields = d.fields()
	d.History = d.history(a.inShort())
	d.Notices = d.notices()
}

// fields are the answers as the form asks for them; last what is kept and not asked.
func (d *Detail) fields() []FieldLine {
	lines := d.a.linesOf(d.pieces)
	if len(d.kept) == 0 || d.form == nil {
		return append(lines, d.kept...)
	}
	return append(append(lines, FieldLine{Label: d.a.T("detail.kept"), Heading: true}), d.kept...)
}

func (d *Detail) notices() (ns []Notice) {
	a := d.a
	if d.Standing == Voided { // what else there is to do waits until it is back
		return []Notice{d.voided()}
	}
	for _, p := range chooseable(d.view) {
		text := a.T("detail.conflict", "field", d.label(p))
		if p == record.PathLife {
			text = a.T("conflict.deleted")
		}
		ns = append(ns, Notice{text, a.T("detail.compare"), InConflict, func() { a.compare(d.Record) }})
	}
	for _, text := range d.Notes() {
		ns = append(ns, Notice{Text: text, Standing: AtCentre})
	}
	for _, r := range d.view.Rejected {
		ns = append(ns, Notice{Text: a.sayReason(r.Reason), Standing: NeedsAttention})
	}
	if n, ok := d.reviewNotice(); ok {
		ns = append(ns, n)
	}
	if d.Drafted {
		ns = append(ns, Notice{Text: a.T("detail.drafted"), Action: a.T("draft.resume"), do: a.Edit})
	}
	switch by := d.view.Anew(); {
	case d.view.Replaced():
		ns = append(ns, Notice{a.T("detail.anew", "name", humanName(d.line.Replica, by)), a.T("anew.open"), AnyStanding, func() { a.showRecord(by) }})
	case d.Gone:
		ns = append(ns, Notice{Text: a.T("detail.gone")})
	}
	return ns
}

// sayReason says why the centre could not count a change; the code comes last, for the telephone.
func (a *App) sayReason(reason string) string { return a.reasonText(reason) + " (" + reason + ")" }

// reasonText is sayReason without the code.
func (a *App) reasonText(reason string) string {
	if slices.Contains(fault.Codes(), fault.Code(reason)) {
		c := fault.Code(reason)
		return c.Message(a.faultLang()) + " " + c.Hint(a.faultLang())
	}
	if key, ok := reasons[reason]; ok {
		return a.T(key)
	}
	return a.T("reject.why")
}

// reasons are the rules of a form by which the centre judges a change by itself (decision 4).
var reasons = map[string]string{
	form.RulePath: "reject.path", form.RuleType: "reject.type", form.RuleChoice: "reject.choice",
	form.RuleLength: "reject.length", form.RuleSealed: "reject.sealed",
}

// dropDraft gives a draft up that no form shows.
func (a *App) dropDraft(id notebook.DraftID) {
	i := slices.IndexFunc(a.desk.drafts, func(d notebook.Draft) bool { return d.ID == id })
	if i < 0 {
		return
	}
	d := a.desk.drafts[i]
	a.run(func(ctx context.Context) func() {
		err := a.o.Notebook.DropDraft(ctx, id)
		return func() {
			if err != nil {
				a.toastTrouble(err)
				return
			}
			a.forgetDraft(id)
			a.toast(a.T("draft.dropped"), a.T("undo"), func() { a.unDrop(d) })
			a.leaveRow()
		}
	})
}

// leaveRow goes on to the row that takes the place of the chosen one, which is about to go.
func (a *App) leaveRow() {
	l := a.List
	a.detail, l.next = nil, l.at
	l.chosen, l.at = Key{}, -1
	l.search()
	a.show(PartDetail | PartToast)
}

// ShowRecord leaves what is open and shows a record in the list.
func (a *App) ShowRecord(rec record.Dot) {
	a.leaveForm()
	a.showRecord(rec)
}

// showRecord opens the list with a record beside it.
func (a *App) showRecord(rec record.Dot) {
	a.choice, a.page = nil, PageRecords
	a.List.chosen, a.List.at = Key{Record: rec}, -1
	a.List.search()
	a.open(rec)
	a.show(PartPage)
}
