package app

import (
	"context"
	"slices"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// Forms is what a notebook must know of the record types, to show a record in the list.
type Forms struct {
	Library *form.Library
	Keys    *Keys
	Units   *Units
	Staff   *Staff
}

// NewForms knows the forms of a library, and learns of others, of the keys to seal to, of the units and of the
// staff from what is published.
func NewForms(l *form.Library) Forms { return Forms{l, &Keys{}, &Units{}, &Staff{}} }

// Learn implements notebook.Forms. A form that cannot be read stays unknown: its records are kept and listed by its name.
func (f Forms) Learn(publications []*record.Change) {
	_ = f.Library.Learn(publications)
	f.Keys.learn(publications)
	f.Units.learn(publications)
	f.Staff.learn(publications)
}

var _ notebook.Forms = Forms{}

// Line implements notebook.Forms. A record is listed under the version it was created in, so that the list is the same
// whatever was published since; one of a form that this program does not know is listed under the form's name.
func (f Forms) Line(ref record.FormRef, values map[string]string) notebook.Listing {
	unknown := notebook.Listing{Title: ref.ID, Words: viet.Fold(ref.ID)}
	version, ok := f.Library.Lookup(ref)
	if !ok {
		return unknown
	}
	l, err := version.Open(values, form.Env{Language: Vietnamese})
	if err != nil {
		return unknown
	}
	line := notebook.Listing{Title: l.Name(), Date: l.EventDay(), Words: l.Words()}
	_, place := placeOf(version, func(path string) string { return values[path] })
	line.Place, _ = record.ParseDot(place)
	if places := recordLists[venueList]; slices.Contains(places.forms, ref.ID) {
		line.Calls = viet.Fold(values[places.label])
	}
	return line
}

// Known implements notebook.Forms.
func (f Forms) Known() []record.FormRef { return f.Library.Known() }

// FormChoice is a kind of record that this machine may write.
type FormChoice struct{ ID, Label string }

// Forms lists what may be written here: the forms whose compartment the centre has granted.
func (a *App) Forms() (fs []FormChoice) {
	for _, p := range a.o.Forms.Library.Menu() {
		if len(a.feedsFor(p.Compartment)) > 0 {
			fs = append(fs, FormChoice{p.ID, p.Title.In(a.lang)})
		}
	}
	return fs
}

// FlashForm is the form of the report that goes before everything else.
const FlashForm = "flash_report"

// MayWrite reports whether a form may be written on this machine.
func (a *App) MayWrite(formID string) bool {
	return slices.ContainsFunc(a.Forms(), func(f FormChoice) bool { return f.ID == formID })
}

// FindForms lists those of Forms whose names hold all the words typed, with accents or without.
func (a *App) FindForms(typed string) []FormChoice {
	return slices.DeleteFunc(a.Forms(), func(f FormChoice) bool { return !Finds(typed, f.Label) })
}

// FormsListed lists every kind of record, for the filter of the list.
func (a *App) FormsListed() (fs []FormChoice) {
	for _, p := range a.o.Forms.Library.All() {
		fs = append(fs, FormChoice{p.ID, p.Title.In(a.lang)})
	}
	return fs
}

// learn takes what the centre has published since so many publications were held, and returns how many are held now.
func (a *App) learn(ctx context.Context, published int) (int, error) {
	held, err := a.o.Notebook.Publications(ctx)
	if err != nil || len(held) == published {
		return published, err
	}
	a.o.Forms.Learn(held)
	a.o.Forms.Units.at(a.now()) // made here, and not when the screen first names a unit
	return len(held), nil
}

func (a *App) feedsFor(compartment string) (fs []record.Feed) {
	for _, feed := range a.desk.feeds {
		if feed.Compartment() == compartment {
			fs = append(fs, feed)
		}
	}
	return fs
}

const separator = " · "

// parts takes the name of a record apart: what kind of record it is, and what tells it from its neighbours. Where the
// name begins with the kind ("Tổ tự quản · Tổ 3"), that is the short title of the form. What the form computed of an answer
// that is no number ("NaN hộ") tells nothing.
func parts(lang string, title form.Text, name string) (kind string, rest []string) {
	first, more, _ := strings.Cut(name, separator)
	kind, rest = title.In(lang), []string{first}
	for part := range strings.SplitSeq(more, separator) {
		if part != "" && !strings.Contains(part, "NaN") {
			rest = append(rest, part)
		}
	}
	if lang != Vietnamese {
		for i, part := range rest {
			rest[i] = figure(lang, part)
		}
	}
	if !Finds(rest[0], title.VI) {
		return kind, rest
	}
	if lang == Vietnamese {
		kind = rest[0]
	}
	return kind, rest[1:]
}

// Finds reports whether every word typed stands in a text; accents and capitals do not count.
func Finds(typed, text string) bool {
	return FindsFolded(strings.Fields(viet.Fold(typed)), viet.Fold(text))
}

// FindsFolded is Finds for words and a text that are folded already (viet.Fold).
func FindsFolded(words []string, text string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}

func humanName(r record.ReplicaID, rec record.Dot) string {
	if r == 0 {
		return rec.String()
	}
	return record.HumanName(r, rec.N)
}

// englishInt groups thousands with commas.
func englishInt(n int) string { return strings.ReplaceAll(viet.Int(int64(n)), ".", ",") }
