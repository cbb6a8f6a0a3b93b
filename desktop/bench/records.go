package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// line is one record of FILE. Its id is the yardstick's; in a notebook a record is named by the change that creates it.
type line struct {
	ID      string                     `json:"id"`
	Form    string                     `json:"form"`
	Village string                     `json:"village"`
	Date    string                     `json:"date"`
	Officer string                     `json:"officer"`
	Counts  map[string]json.RawMessage `json:"counts"`
	Sel     map[string]string          `json:"sel"`
	Note    string                     `json:"note"`
}

// entry is the record as an officer enters it.
func (l *line) entry(feed record.Feed) notebook.Entry {
	values := map[string]string{"village": l.Village, "date": l.Date, "note": l.Note}
	for k, v := range l.Counts {
		values["counts."+k] = string(v)
	}
	for k, v := range l.Sel {
		values["sel."+k] = v
	}
	return notebook.Entry{Form: record.FormRef{ID: l.Form, Version: 1}, Feed: feed, Officer: l.Officer, Values: values}
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

// forms draws the line of a record in the list, as the product's forms do.
type forms struct{}

func (forms) Line(form record.FormRef, values map[string]string) (title, date, words string) {
	text := []string{form.ID}
	for _, k := range []string{"village", "note"} {
		text = append(text, values[k])
	}
	return values["village"], values["date"], viet.Fold(strings.Join(text, " "))
}

func (forms) Known() []record.FormRef { return nil }

// importAtOnce is how many records one transaction of an import takes.
const importAtOnce = 500

func importLines(ctx context.Context, nb *notebook.Notebook, ls []line, feed record.Feed) error {
	var entries []notebook.Entry
	for i := range ls {
		entries = append(entries, ls[i].entry(feed))
		if len(entries) == importAtOnce || i == len(ls)-1 {
			if _, err := nb.Save(ctx, entries...); err != nil {
				return err
			}
			entries = entries[:0]
		}
	}
	return nil
}

// byText finds the records of a notebook by what they said when they were created; ids of the yardstick are not stored.
func (d *device) byText(ctx context.Context) (map[string]record.Dot, error) {
	found := map[string]record.Dot{}
	err := d.store.View(ctx, func(tx notebook.Tx) error {
		end, err := tx.End()
		if err != nil {
			return err
		}
		return tx.Each(1, end, func(_ ledger.Pos, raw []byte) (bool, error) {
			c, err := record.DecodeStored(raw)
			if err == nil && c.Creates() && c.Edit("note") != nil {
				found[c.Edit("date").Value+c.Edit("village").Value+c.Edit("note").Value] = c.Dot
			}
			return true, err
		})
	})
	return found, err
}

// targets names the records that EDITS speak of, in the order of EDITS.
func (d *device) targets(ctx context.Context, es []edit) ([]record.Dot, error) {
	ls, err := read[line](os.Getenv("FILE"), 0)
	if err != nil {
		return nil, err
	}
	found, err := d.byText(ctx)
	if err != nil {
		return nil, err
	}
	by := map[string]record.Dot{}
	for i := range ls {
		l := &ls[i]
		by[l.ID] = found[l.Date+l.Village+l.Note]
	}
	recs := make([]record.Dot, len(es))
	for i, e := range es {
		if recs[i] = by[e.ID]; recs[i].IsZero() {
			return nil, errors.New("the centre lacks a record that is to be edited: push FILE first")
		}
	}
	return recs, nil
}
