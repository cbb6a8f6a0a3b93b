package app

import (
	"context"
	"slices"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/record"
)

// copyable reports whether the answer to a question may begin another record. What says when it happened, what is the name
// or number of this very record, and what is attached, may not; nor what mayCopy excludes.
func copyable(f *form.Form, it *form.Item) bool {
	if !mayCopy(it) || it.Field.Declared.Holds == holdsPeriod || isIdentity(f, it.Field.Path) {
		return false
	}
	switch it.Field.Type {
	case form.TypeDate, form.TypeTime, form.TypeDateTime, form.TypeFile:
		return false
	}
	return true
}

// holdsPeriod is what a question holds that asks for a quarter or a month.
const holdsPeriod = "period"

// isIdentity reports whether a question asks for what tells a record from all others: the number of a paper, or the name
// by which other records name it.
func isIdentity(f *form.Form, path string) bool {
	if path == "number" || strings.HasSuffix(path, "_no") {
		return true
	}
	for _, l := range recordLists {
		if l.label == path && slices.Contains(l.forms, f.ID()) {
			return true
		}
	}
	return false
}

// Duplicate begins a new record with the answers of the one beside the list, those that may begin another.
func (a *App) Duplicate() {
	if d := a.detail; d != nil && d.view != nil {
		a.again(d, copyable)
	}
}

// again begins a new record with the answers of another, as far as taken says so.
func (a *App) again(d *Detail, taken func(f *form.Form, it *form.Item) bool) {
	f, ok := a.o.Forms.Library.Current(d.view.Form.ID)
	if !ok {
		a.toast(a.T("copy.retired"), "", nil)
		return
	}
	feeds := a.feedsFor(f.Compartment)
	if len(feeds) == 0 {
		a.toastTrouble(fault.WrongUnit)
		return
	}
	feed := feeds[0]
	if i := slices.IndexFunc(d.view.Feeds, func(x record.Feed) bool { return slices.Contains(feeds, x) }); i >= 0 {
		feed = d.view.Feeds[i]
	}
	e := &Editor{a: a, draft: notebook.Draft{Form: f.Ref, Feed: feed, Officer: a.me.ID}, by: a.o.Notebook.Replica(), from: d.Name}
	lang, values := a.lang, d.view.Values()
	a.run(func(ctx context.Context) func() {
		f, err := e.read(ctx, lang)
		return func() {
			if err == nil {
				err = e.open(f)
			}
			if err != nil {
				a.toastTrouble(err)
				return
			}
			a.edit(e)
			e.begin(f.Items, "", "", values, taken)
			e.steps = nil // there is nothing to go back to
			a.toast(a.T("copy.from", "name", e.from), "", nil)
			e.nag = a.toasted
		}
	})
}

// CopiedFrom names the record with whose answers a new one was begun; "" for none.
func (e *Editor) CopiedFrom() string { return e.from }

// begin puts the answers of another record into the form, those that are taken and fit. From and to are the rows in which the
// items stand there and here.
func (e *Editor) begin(items []*form.Item, from, to string, values map[string]string, taken func(*form.Form, *form.Item) bool) {
	for _, it := range items {
		switch it.Type {
		case form.Group:
			e.begin(it.Items, from, to, values, taken)
		case form.Question:
			if value := values[it.Path(from)]; value != "" && taken(e.Form(), it) && !envelope.IsSealed(value) && e.Form().CheckValue(it.Path(to), value) == nil {
				e.Set(it.Path(to), value)
			}
		case form.Repeat:
			e.beginRows(it, it.Path(from), it.Path(to), values, taken)
		}
	}
}

// beginRows puts the rows of another record into the form, under names of their own.
func (e *Editor) beginRows(it *form.Item, from, to string, values map[string]string, taken func(*form.Form, *form.Item) bool) {
	for n, row := range form.Rows(from, values) {
		var here string
		switch rows := e.Rows(to); {
		case n < len(rows):
			here = rows[n]
		case it.MayAdd():
			here = e.AddRow(to)
		}
		if here != "" {
			e.begin(it.Items, from+"/"+row+"/", to+"/"+here+"/", values, taken)
		}
	}
}
