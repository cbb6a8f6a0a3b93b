package app

import (
	"context"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/form"
)

// Titles of records. The list has them in Vietnamese, as the form computes them; in another language the form computes them
// anew, with its own words for the answers, and the words around figures come from the catalogue.

// titleIn is the title that the form of a record computes in a language. It may be called beside the screen.
func (c *core) titleIn(ctx context.Context, lang string, line *notebook.Line) string {
	f, known := c.o.Forms.Library.Lookup(line.Form)
	if lang == Vietnamese || !known || line.Record.IsZero() {
		return line.Title
	}
	v, err := c.o.Notebook.View(ctx, line.Record)
	if err != nil {
		return line.Title
	}
	env := form.Env{Language: lang, Now: func() time.Time { return c.o.Wall().Time() }, Zone: c.o.Zone, Random: random, RowOrder: rowOrder(v)}
	filling, err := f.Open(v.Values(), env)
	if err != nil {
		return line.Title
	}
	return filling.Name()
}

// called is what a record is called in a language: its kind, and what tells it from its neighbours.
func (c *core) called(ctx context.Context, lang string, line *notebook.Line) (kind string, rest []string) {
	return parts(lang, c.o.Forms.Library.Title(line.Form), c.titleIn(ctx, lang, line))
}
