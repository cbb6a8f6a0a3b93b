package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"banlang/desktop/notebook"
	"banlang/shared/form"
	"banlang/shared/ledger"
	"banlang/shared/record"
)

// line is one record of FILE. Its id is the yardstick's; in a notebook a record is named by the change that creates it.
type line struct {
	ID      string                     `json:"id"`
	Village string                     `json:"village"`
	Date    string                     `json:"date"`
	Officer string                     `json:"officer"`
	Counts  map[string]json.RawMessage `json:"counts"`
	Sel     map[string]string          `json:"sel"`
	Note    string                     `json:"note"`
}

// The yardstick's records are of no form of the product. Each becomes a record of one that is, answer by answer and of the
// same size: so the judge, the list and the search have their real work.
const formID = "welfare_activity"

// The fields that the answers of a record go into, in the order of their names.
var (
	counted = []string{"households", "persons", "staff_turnout", "labour_days", "value_vnd", "quantity"}
	chosen  = []string{"kind", "output", "funding", "partners"}
)

// activity is that form.
type activity struct {
	library *form.Library
	form    *form.Form
	codes   map[string][]string // what can be chosen, by field
}

var theActivity = sync.OnceValues(func() (*activity, error) {
	a := &activity{library: form.Builtin(), codes: map[string][]string{}}
	var ok bool
	if a.form, ok = a.library.Current(formID); !ok {
		return nil, errors.New("there is no form " + formID)
	}
	blank, err := a.form.Open(nil, form.Env{})
	if err != nil {
		return nil, err
	}
	for _, path := range chosen {
		for _, c := range blank.Choices(path) {
			a.codes[path] = append(a.codes[path], c.Value)
		}
	}
	return a, nil
})

// answer says where an answer of a line goes, and as what: "counts.x", "sel.x" or "note".
func (a *activity) answer(l *line, field, text string) (path, value string) {
	if name, ok := strings.CutPrefix(field, "counts."); ok {
		path = counted[slices.Index(slices.Sorted(maps.Keys(l.Counts)), name)]
		if path == "quantity" && text == "0" { // there is no quantity of nothing
			text = "1"
		}
		return path, text
	}
	if name, ok := strings.CutPrefix(field, "sel."); ok {
		path = chosen[slices.Index(slices.Sorted(maps.Keys(l.Sel)), name)]
		codes := a.codes[path]
		return path, codes[crc32.ChecksumIEEE([]byte(text))%uint32(len(codes))]
	}
	return field, text
}

// entry is the record as an officer enters it. The days are of ten years before, so that none is to come.
func (a *activity) entry(l *line, feed record.Feed) notebook.Entry {
	values := map[string]string{"occurred_on": "2016" + l.Date[len("2016"):], "note": l.Village + ". " + l.Note}
	for k, v := range l.Counts {
		path, text := a.answer(l, "counts."+k, string(v))
		values[path] = text
	}
	for k, v := range l.Sel {
		path, text := a.answer(l, "sel."+k, v)
		values[path] = text
	}
	return notebook.Entry{Form: a.form.Ref, Feed: feed, Officer: l.Officer, Values: values}
}

// edit is one line of EDITS.
type edit struct {
	ID    string          `json:"id"`
	Field string          `json:"field"`
	Value json.RawMessage `json:"value"`
}

func (e *edit) text() string {
	var s string
	if json.Unmarshal(e.Value, &s) == nil {
		return s
	}
	return string(e.Value)
}

// read reads the first n lines of a file (0: all), each into a T.
func read[T any](path string, n int) ([]T, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var all []T
	for l := range bytes.Lines(b) {
		if n > 0 && len(all) == n {
			break
		}
		var x T
		if err := json.Unmarshal(l, &x); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", path, len(all)+1, err)
		}
		all = append(all, x)
	}
	if len(all) == 0 || n > len(all) {
		return nil, fmt.Errorf("%s has %d lines", path, len(all))
	}
	return all, nil
}

// lines reads the records that are meant.
func lines() ([]line, error) { return read[line](os.Getenv("FILE"), records()) }

// importAtOnce is how many records one transaction of an import takes.
const importAtOnce = 500

func importLines(ctx context.Context, nb *notebook.Notebook, ls []line, feed record.Feed) error {
	a, err := theActivity()
	if err != nil {
		return err
	}
	var entries []notebook.Entry
	for i := range ls {
		entries = append(entries, a.entry(&ls[i], feed))
		if len(entries) == importAtOnce || i == len(ls)-1 {
			if _, err := nb.Save(ctx, entries...); err != nil {
				return err
			}
			entries = entries[:0]
		}
	}
	return nil
}

// said is what a record said when it was created; ids of the yardstick are not stored.
type said struct{ day, note string }

func (d *device) bySaid(ctx context.Context) (map[said]record.Dot, error) {
	found := map[said]record.Dot{}
	err := d.store.View(ctx, func(tx notebook.Tx) error {
		end, err := tx.End()
		if err != nil {
			return err
		}
		return tx.Each(1, end, func(_ ledger.Pos, raw []byte) (bool, error) {
			c, err := record.DecodeStored(raw)
			if err == nil && c.Creates() && c.Edit("note") != nil {
				found[said{c.Edit("occurred_on").Value, c.Edit("note").Value}] = c.Dot
			}
			return true, err
		})
	})
	return found, err
}

// target is an edit of a record that is here.
type target struct {
	rec         record.Dot
	path, value string
}

// targets finds the records that EDITS speak of, in the order of EDITS.
func (d *device) targets(ctx context.Context, es []edit) ([]target, error) {
	a, err := theActivity()
	if err != nil {
		return nil, err
	}
	ls, err := read[line](os.Getenv("FILE"), 0)
	if err != nil {
		return nil, err
	}
	found, err := d.bySaid(ctx)
	if err != nil {
		return nil, err
	}
	by := map[string]*line{}
	for i := range ls {
		by[ls[i].ID] = &ls[i]
	}
	ts := make([]target, len(es))
	for i, e := range es {
		l := by[e.ID]
		if l == nil {
			return nil, errors.New("FILE lacks a record that is to be edited")
		}
		values := a.entry(l, feed).Values
		t := &ts[i]
		if t.rec = found[said{values["occurred_on"], values["note"]}]; t.rec.IsZero() {
			return nil, errors.New("the centre lacks a record that is to be edited: push FILE first")
		}
		t.path, t.value = a.answer(l, e.Field, e.text())
	}
	return ts, nil
}
