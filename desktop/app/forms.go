package app

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/envelope"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// Forms is what a notebook must know of the record types of this program, to show a record in the list.
type Forms struct{}

var _ notebook.Forms = Forms{}

// Line implements notebook.Forms. A record of a form that this program does not know is listed under the form's name.
func (Forms) Line(ref record.FormRef, values map[string]string) (title, date, words string) {
	f, ok := form.Lookup(ref.ID, int(ref.Version))
	if !ok {
		return ref.ID, "", viet.Fold(ref.ID)
	}
	return f.Title(func(path string) string { return values[path] }, Vietnamese), values[f.EventDate], f.SearchText(values)
}

// Known implements notebook.Forms.
func (Forms) Known() (refs []record.FormRef) {
	for _, f := range form.All() {
		refs = append(refs, refOf(f))
	}
	return refs
}

func refOf(f *form.Form) record.FormRef {
	return record.FormRef{ID: f.ID, Version: uint32(f.Version)}
}

// FormChoice is a kind of record that this machine may write.
type FormChoice struct{ ID, Label string }

// Forms lists what may be written here: the forms whose compartment the centre has granted.
func (a *App) Forms() (fs []FormChoice) {
	for _, f := range form.All() {
		if len(a.feedsFor(f)) > 0 {
			fs = append(fs, FormChoice{f.ID, f.Label.In(a.lang)})
		}
	}
	return fs
}

// FormsListed lists every kind of record, for the filter of the list.
func (a *App) FormsListed() (fs []FormChoice) {
	for _, f := range form.All() {
		fs = append(fs, FormChoice{f.ID, f.Label.In(a.lang)})
	}
	return fs
}

func (a *App) feedsFor(f *form.Form) (fs []record.Feed) {
	for _, feed := range a.desk.feeds {
		if feed.Compartment() == string(f.Compartment) {
			fs = append(fs, feed)
		}
	}
	return fs
}

// newest gives the form of an id in the version that new records are written in.
func newest(id string) (f *form.Form) {
	for _, x := range form.All() {
		if x.ID == id && (f == nil || f.Version < x.Version) {
			f = x
		}
	}
	return f
}

const mostVenues = 8 // offered at once; one more letter narrows them

// VenueChoice is a place to pick from the register.
type VenueChoice struct{ Ref, Label string }

// FindVenues looks for places of the register by words and hands them over on the screen's goroutine.
func (a *App) FindVenues(text string, then func([]VenueChoice)) {
	a.run(func(ctx context.Context) func() {
		recs, err := a.o.Notebook.Search(ctx, notebook.Query{Text: text, Form: "venue_register", Limit: mostVenues})
		var found []VenueChoice
		for _, rec := range recs {
			if name := a.venueName(ctx, rec.String()); err == nil && name != "" {
				found = append(found, VenueChoice{rec.String(), name})
			}
		}
		return func() { then(found) }
	})
}

// VenueName is the name of a place of the register, or its reference while the place has not come down yet.
func (a *App) VenueName(ref string) string {
	if ref == "" {
		return ""
	}
	return a.venueName(a.ctx, ref)
}

func (a *App) venueName(ctx context.Context, ref string) string {
	rec, err := record.ParseDot(ref)
	if err != nil {
		return ref
	}
	v, err := a.o.Notebook.View(ctx, rec)
	if err != nil || v.Text("name") == "" {
		return a.T("venue.unknown")
	}
	return v.Text("name")
}

// shown gives the values of a record as they may be shown, for its title.
func (a *App) shown(value func(path string) string) func(path string) string {
	return func(path string) string { return envelope.Shown(value(path), a.faultLang()) }
}

// showValue says a value as people read it; of a sealed one, that it is sealed.
func (a *App) showValue(f *form.Field, value string) string {
	switch {
	case envelope.IsSealed(value):
		return envelope.Shown(value, a.faultLang())
	case value == "":
		return ""
	case f == nil:
		return value
	case f.Type == form.TypeVenue:
		return a.VenueName(value)
	}
	if shown := f.Show(value, a.lang); a.lang == Vietnamese || f.Type != form.TypeInt && f.Type != form.TypeDecimal {
		return shown
	}
	return value
}

// labelOf names a path for people: "Danh mục, dòng 2: Số lượng".
func (a *App) labelOf(f *form.Form, path string, v *record.View) string {
	switch path {
	case record.PathLife:
		return a.T("path.life")
	case record.PathFeed:
		return a.T("path.unit")
	}
	if f == nil {
		return path
	}
	field, ok := f.Field(path)
	key, row, _, _ := form.SplitPath(path)
	if !ok {
		return path
	}
	if row == "" {
		return field.Label.In(a.lang)
	}
	repeat, _ := f.Field(key)
	if n := slices.Index(rowsOf(v, key, v.Values()), row); n >= 0 {
		return a.T("path.row", "list", repeat.Label.In(a.lang), "n", strconv.Itoa(n+1), "field", field.Label.In(a.lang))
	}
	return a.T("path.norow", "list", repeat.Label.In(a.lang), "field", field.Label.In(a.lang))
}

func humanName(r record.ReplicaID, rec record.Dot) string {
	if r == 0 {
		return rec.String()
	}
	return record.HumanName(r, rec.N)
}

// englishInt groups thousands with commas.
func englishInt(n int) string { return strings.ReplaceAll(viet.Int(int64(n)), ".", ",") }

// ReadDate reads what a hand types for a day: 17/11/2026, 17/11/26, 17/11, 1711, 17112026 or 17, taking what is missing
// from today. The day is shown in full as soon as the field is left, so that a wrong guess is seen.
func ReadDate(typed string, today time.Time) (iso string, ok bool) {
	typed = strings.NewReplacer("-", "/", ".", "/", " ", "/").Replace(strings.TrimSpace(typed))
	parts := strings.Split(typed, "/")
	if len(parts) == 1 {
		switch s := parts[0]; len(s) {
		case 4:
			parts = []string{s[:2], s[2:]}
		case 8:
			parts = []string{s[:2], s[2:4], s[4:]}
		}
	}
	switch len(parts) {
	case 1:
		parts = append(parts, today.Format("01"), today.Format("2006"))
	case 2:
		parts = append(parts, today.Format("2006"))
	case 3:
		if len(parts[2]) == 2 {
			parts[2] = today.Format("2006")[:2] + parts[2]
		}
	}
	return viet.ParseDate(strings.Join(parts, "/"))
}
