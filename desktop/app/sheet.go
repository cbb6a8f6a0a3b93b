package app

import (
	"context"
	"errors"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/viet"
)

// Sheet is a record as it is printed: words in the officer's language, and small pictures. Nothing that is sealed is in it.
type Sheet struct {
	Language  string
	Title     string
	Subtitles []string // the first names the record
	Sections  []SheetSection
	History   []HistoryLine
	Words     SheetWords
	File      string // a name for the file, without an ending: "24-1271-buoi-tuyen-truyen"

	pictures []*SheetPicture // that stand anywhere in it
}

// SheetSection is a part of a record under a heading.
type SheetSection struct {
	Heading string // "" for none
	Blocks  []SheetBlock
}

// SheetBlock is a *SheetRow, a *SheetGroup, a *SheetTable or a *SheetPictures.
type SheetBlock interface{ sheetBlock() }

// SheetValue is an answer; Other are answers that stand beside it.
type SheetValue struct {
	Value, Other string
	Sealed       bool // Value says so
}

// SheetRow is a question and its answer.
type SheetRow struct {
	Label string
	SheetValue
}

// SheetGroup is what stands under a heading within a section.
type SheetGroup struct {
	Heading string
	Blocks  []SheetBlock
}

// SheetTable is the rows of a repeat, each as long as Columns.
type SheetTable struct {
	Label   string
	Columns []string
	Rows    [][]SheetValue
}

// SheetPictures are photographs that stand beside each other.
type SheetPictures struct {
	Label    string
	Pictures []*SheetPicture
}

// SheetPicture is a photograph. A Sheet comes without their bytes: Print reads them beside the screen.
type SheetPicture struct {
	Name    string // of the kept picture, as Photos knows it
	Caption string
	JPEG    []byte // small; nil where the picture is not on this machine
}

func (*SheetRow) sheetBlock()      {}
func (*SheetGroup) sheetBlock()    {}
func (*SheetTable) sheetBlock()    {}
func (*SheetPictures) sheetBlock() {}

// SheetWords are what the page says by itself.
type SheetWords struct {
	Program   string
	Printed   string // when, by whom, where
	Page      func(n, m int) string
	Sealed    string
	Continued string
	NoPicture string
	Number    string // above the numbers of the rows of a table
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
	s, photos := d.Sheet(), a.o.Photos
	a.run(func(ctx context.Context) func() {
		path, err := "", s.readPictures(ctx, photos)
		if err == nil {
			path, err = a.o.Print(ctx, s)
		}
		return func() {
			if err != nil {
				a.toastTrouble(err)
				return
			}
			a.toast(a.T("print.done", "file", path), "", nil)
		}
	})
}

// readPictures reads the pictures of the sheet, small. Those that are not on this machine stay without their bytes.
func (s *Sheet) readPictures(ctx context.Context, photos Photos) error {
	for _, p := range s.pictures {
		if photos == nil {
			return nil
		}
		thumb, err := photos.Thumb(ctx, p.Name)
		if err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
		p.JPEG = thumb.JPEG
	}
	return nil
}

// Sheet is the record as it is printed.
func (d *Detail) Sheet() Sheet {
	a := d.a
	now := a.now()
	s := Sheet{Language: a.lang, Title: d.Title, History: d.history(a.inFull()), File: fileName(d.Name, d.Title),
		Subtitles: []string{a.T("record.name", "name", d.Name)},
		Words: SheetWords{Program: a.T("app.name"), Sealed: a.T("value.sealed"), Continued: a.T("print.continued"),
			NoPicture: a.T("print.nopicture"), Number: a.T("print.row"), History: a.T("detail.history"),
			Printed: a.T("print.by", "time", now.Format("15:04 02/01/2006"), "who", a.me.Name, "where", a.Machine()),
			Page:    func(n, m int) string { return a.T("print.page", "n", a.number(uint64(n)), "all", a.number(uint64(m))) }},
	}
	for _, sub := range []string{d.Sub, join(a.Unit(), a.T(helps[d.Standing].word))} {
		if sub != "" {
			s.Subtitles = append(s.Subtitles, sub)
		}
	}
	c := composer{core: a.core}
	s.Sections = c.sections(d.pieces)
	if len(d.kept) > 0 {
		kept := SheetSection{Blocks: c.answers(d.kept)}
		if d.form != nil {
			kept.Heading = a.T("detail.kept")
		}
		s.Sections = append(s.Sections, kept)
	}
	s.pictures = c.pictures
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
	Voided:         {"status.voided", "status.voided.help"},
}

// Word is what a state is called.
func (a *App) Word(s Standing) string { return a.T(helps[s].word) }

// Help says what a state means.
func (a *App) Help(s Standing) string { return a.T(helps[s].meaning) }
