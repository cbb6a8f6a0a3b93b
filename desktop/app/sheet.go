package app

import (
	"context"
	"strings"

	"banlang/shared/viet"
)

// Sheet is a record as it is printed: words only, in the officer's language. Nothing that is sealed is in it.
type Sheet struct {
	Language  string
	Title     string
	Subtitles []string // the first names the record
	Sections  []SheetSection
	History   []HistoryLine
	Words     SheetWords
	File      string // a name for the file, without an ending: "24-1271-buoi-tuyen-truyen"
}

// SheetSection is a part of a record under a heading.
type SheetSection struct {
	Heading string // "" for none
	Rows    []SheetRow
}

// SheetRow is a question and its answer; Other are answers that stand beside it.
type SheetRow struct {
	Label, Value, Other string
	Sealed              bool // Value says so
}

// SheetWords are what the page says by itself.
type SheetWords struct {
	Program   string
	Printed   string // when, by whom, where
	Page      func(n, m int) string
	Sealed    string
	Continued string
	NoPicture string
	History   string
}

// Printer makes a file of a sheet and returns its path.
type Printer func(ctx context.Context, s Sheet) (path string, err error)

// MayPrint reports whether records can be saved as PDF here.
func (a *App) MayPrint() bool { return a.o.Print != nil }

// Print saves the record beside the list as PDF, and says where it is.
func (a *App) Print() {
	d := a.detail
	if a.o.Print == nil || d == nil || d.view == nil {
		return
	}
	s := d.Sheet()
	a.run(func(ctx context.Context) func() {
		path, err := a.o.Print(ctx, s)
		return func() {
			if err != nil {
				a.toastTrouble(err)
				return
			}
			a.toast(a.T("print.done", "file", path), "", nil)
		}
	})
}

// Sheet is the record as it is printed.
func (d *Detail) Sheet() Sheet {
	a := d.a
	now := a.now()
	s := Sheet{Language: a.lang, Title: d.Title, History: d.History, File: fileName(d.Name, d.Title),
		Subtitles: []string{a.T("record.name", "name", d.Name)},
		Words: SheetWords{Program: a.T("app.name"), Sealed: a.T("value.sealed"), Continued: a.T("print.continued"),
			NoPicture: a.T("print.nopicture"), History: a.T("detail.history"),
			Printed: a.T("print.by", "time", now.Format("15:04 02/01/2006"), "who", a.me.Name, "where", a.Machine()),
			Page:    func(n, m int) string { return a.T("print.page", "n", a.number(uint64(n)), "all", a.number(uint64(m))) }},
	}
	for _, sub := range []string{d.Sub, join(a.Unit(), a.T(helps[d.Standing].word))} {
		if sub != "" {
			s.Subtitles = append(s.Subtitles, sub)
		}
	}
	section := SheetSection{}
	for _, f := range d.Fields {
		if f.Heading {
			if len(section.Rows) > 0 {
				s.Sections = append(s.Sections, section)
			}
			section = SheetSection{Heading: f.Label}
			continue
		}
		section.Rows = append(section.Rows, SheetRow{f.Label, f.Value, f.Other, f.Value == s.Words.Sealed})
	}
	if len(section.Rows) > 0 {
		s.Sections = append(s.Sections, section)
	}
	return s
}

// fileName makes a name that every file system takes.
func fileName(parts ...string) string {
	folded := viet.Fold(strings.Join(parts, " "))
	words := strings.FieldsFunc(folded, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	name := strings.Join(words, "-")
	return strings.TrimRight(name[:min(len(name), mostFileName)], "-")
}

// mostFileName is how many letters a file is named by.
const mostFileName = 60

// help is what a state is called, and what it means.
type help struct{ word, meaning string }

var helps = map[Standing]help{
	AtCentre:       {"status.centre", "status.centre.help"},
	Approved:       {"status.approved", "status.approved.help"},
	Queued:         {"status.queued", "status.queued.help"},
	Leaving:        {"status.sending", "status.sending.help"},
	HasDraft:       {"status.draft", "status.draft.help"},
	Returned:       {"status.returned", "status.returned.help"},
	NeedsAttention: {"status.attention", "status.attention.help"},
	InConflict:     {"status.conflict", "status.conflict.help"},
}

// Word is what a state is called.
func (a *App) Word(s Standing) string { return a.T(helps[s].word) }

// Help says what a state means.
func (a *App) Help(s Standing) string { return a.T(helps[s].meaning) }
