package app

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/form"
	"banlang/shared/form/declared"
)

// What an officer writes in session after session is copied from his last record of the same form, section by section.
// Nothing is copied over an answer that is there.

// Words that a form may say of a question in its appearance.
const (
	appearsCopied = "copy-last" // is copied, whatever it is
	appearsFresh  = "no-copy"   // is never copied
)

// mayCopy reports whether the answer to a question may ever be copied from one record to another: people gave it, nothing seals
// it, and the form does not forbid it.
func mayCopy(it *form.Item) bool {
	f := it.Field
	return f.Asked() && f.Stored && !f.Sealed() && f.Declared.Generated == "" && !slices.Contains(strings.Fields(it.Appearance), appearsFresh)
}

// copies reports whether an answer is likely to be the same again: choices are. Days, numbers, words, files, places, and
// references to other records are what the new record is about.
func copies(it *form.Item) bool {
	f := it.Field
	said := strings.Fields(it.Appearance)
	switch {
	case f.Repeat != "" || !mayCopy(it):
		return false
	case slices.Contains(said, appearsCopied):
		return true
	case f.Declared.Holds != "" && f.Declared.Holds != declared.HoldsUnit:
		return false
	}
	return f.Type == form.TypeChoice || f.Type == form.TypeMultichoice || f.Type == form.TypeBool
}

// mostLooked bounds how many records are looked at for one of the officer's own.
const mostLooked = 20

// CopyLast copies the section of the form in which path stands from the officer's last record of the form.
func (e *Editor) CopyLast(path string) {
	at := e.SectionOf(path)
	if at < 0 || e.pen.ended {
		return
	}
	e.a.run(func(ctx context.Context) func() {
		values, err := e.lastValues(ctx)
		return func() {
			switch {
			case err != nil:
				e.a.toastTrouble(err)
			case e.a.editor == e:
				e.copySection(e.plan[at], values)
			}
		}
	})
}

// lastValues reads the officer's last record of the form; nil when there is none.
func (e *Editor) lastValues(ctx context.Context) (map[string]string, error) {
	n := e.a.o.Notebook
	recs, err := n.Search(ctx, notebook.Query{Form: e.Form().ID(), Limit: mostLooked})
	if err != nil {
		return nil, err
	}
	for _, rec := range recs {
		changes, err := n.History(ctx, rec)
		if err != nil {
			return nil, err
		}
		if rec == e.draft.Record || len(changes) == 0 || changes[0].Officer != e.draft.Officer {
			continue
		}
		v, err := n.View(ctx, rec)
		if err != nil {
			return nil, err
		}
		return v.Values(), nil
	}
	return nil, nil
}

// copySection puts the answers that are likely to be the same into the empty places of a section.
func (e *Editor) copySection(p planned, last map[string]string) {
	var copied []string
	steps := len(e.steps)
	walk(e.filling, p.items, "", func(it *form.Item, path string) {
		value := last[path]
		if value == "" || !copies(it) || e.held(path) != "" || !e.filling.Relevant(path) || e.filling.ReadOnly(path) ||
			e.Form().CheckValue(path, value) != nil || !e.offers(it, path, value) {
			return
		}
		e.Set(path, value)
		copied = append(copied, path)
	})
	if len(copied) == 0 {
		e.a.toast(e.T("copy.none"), "", nil)
		e.nag = e.a.toasted
		return
	}
	for _, path := range copied {
		e.copied[path] = true
	}
	e.steps = e.steps[:steps]
	e.did(&step{path: copied[0], back: func() {
		for _, path := range slices.Backward(copied) {
			e.put(path, "")
		}
	}})
	e.offerUndo(e.T("copy.done", "n", strconv.Itoa(len(copied))))
	e.a.show(PartForm)
}

// offers reports whether all of an answer can be chosen now, where it is chosen at all.
func (e *Editor) offers(it *form.Item, path, value string) bool {
	if it.Field.Type != form.TypeChoice && it.Field.Type != form.TypeMultichoice {
		return true
	}
	choices := e.filling.Choices(path)
	return !slices.ContainsFunc(strings.Fields(value), func(v string) bool {
		return !slices.ContainsFunc(choices, func(c form.Choice) bool { return c.Value == v })
	})
}

// IsCopied reports whether an answer was copied from the last record and not touched since.
func (e *Editor) IsCopied(path string) bool { return e.copied[path] }

// SectionOf is the section in which a path stands; the first for "", -1 where there is none.
func (e *Editor) SectionOf(path string) int {
	if path == "" && len(e.plan) > 0 {
		return 0
	}
	return slices.IndexFunc(e.plan, func(p planned) bool { return asks(p.items, e.Form(), path) })
}

// asks reports whether a path is that of an item, or below one.
func asks(items []*form.Item, f *form.Form, path string) bool {
	field, known := f.Field(path)
	return slices.ContainsFunc(items, func(it *form.Item) bool {
		switch {
		case it.Type == form.Question:
			return known && it.Field == field
		case it.Type == form.Repeat && (path == it.Template || strings.HasPrefix(path, it.Template+"/")):
			return true
		}
		return asks(it.Items, f, path)
	})
}
