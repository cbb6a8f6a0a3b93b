package projection

import (
	"context"

	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/sqlite"
)

// Finding asks for the records of a form: all, or those whose answer to a question outside of repeats is one of some.
type Finding struct {
	Form     string
	Question string // its path; empty: all records
	Values   []string
}

// Find names the records that are asked for and not deleted, in the order in which they arrived, whoever may see them. Of what
// the log has up to upTo that is all; of what it has behind it, none or some.
func (p *Projection) Find(ctx context.Context, f Finding) (dots []record.Dot, upTo ledger.Pos, err error) {
	p.mu.Lock()
	upTo = p.now.Pos // what is asked afterwards is no older
	p.mu.Unlock()
	err = p.View(ctx, func(tx *sqlite.Tx) error {
		text, args, err := f.query(tx)
		if text == "" || err != nil {
			return err
		}
		rows := tx.Query(text, args...)
		defer rows.Close()
		for rows.Next() {
			d, err := record.ParseDot(rows.Text(0))
			if err != nil {
				return err
			}
			dots = append(dots, d)
		}
		return rows.Err()
	})
	return dots, upTo, err
}

// query is how the tables are asked; "" when there is no column for the question, so that no record has an answer.
func (f *Finding) query(tx *sqlite.Tx) (text string, args []any, err error) {
	if f.Question == "" {
		return "SELECT r.dot FROM records r WHERE r.rec IN (SELECT rowid FROM search WHERE search MATCH ?) AND r.form = ? AND r.hidden = 0 ORDER BY r.rec",
			[]any{quoted(marked(markForm, f.Form)), f.Form}, nil
	}
	columns, err := Columns(tx, f.Form)
	if err != nil {
		return "", nil, err
	}
	for _, c := range columns {
		if c.Repeat == "" && c.Question == f.Question && c.Name != "" {
			return "SELECT r.dot FROM " + Quote(c.Table) + " f JOIN records r ON r.rec = f.rec WHERE f." + Quote(c.Name) +
				" IN (SELECT value FROM json_each(?)) AND r.hidden = 0 ORDER BY r.rec", []any{sqlite.List(f.Values)}, nil
		}
	}
	return "", nil, nil
}
