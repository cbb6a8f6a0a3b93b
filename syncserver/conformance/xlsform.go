package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"banlang/syncserver/xlsform"
)

// convertCase is a form as texts, and what pyxform makes of it.
type convertCase struct {
	ID       string                `json:"id"`
	FormName string                `json:"form_name"`
	Sheets   map[string][][]string `json:"sheets"`
	// Instead of sheets, some have rows by header. The order of a row's columns is that of the file.
	Rows   map[string][]orderedRow `json:"ss_structure"`
	Expect expectation             `json:"expect"`
}

// expectation is what came out of pyxform.
type expectation struct {
	OK        bool     `json:"ok"`
	XForm     string   `json:"xform"`
	XFormFile string   `json:"xform_file"`
	Warnings  []string `json:"warnings"`
	Error     string   `json:"error"`
}

// runConvert converts the forms of xlsform_convert.jsonl: those that are valid must come out as the same XML, the
// others must be refused.
func runConvert(ctx context.Context, dir string) (*tally, error) {
	return convertWhere(ctx, dir, func(expectation) bool { return true })
}

// convertWhere is runConvert for some of the cases.
func convertWhere(ctx context.Context, dir string, wanted func(expectation) bool) (*tally, error) {
	t := &tally{}
	err := each(dir, "xlsform_convert", func(c convertCase) error {
		if !wanted(c.Expect) {
			return nil
		}
		form, err := xlsform.ConvertSheets(ctx, c.sheets(), xlsform.Options{FormName: c.FormName})
		t.note(c.ID, c.Expect.judge(form, err, c.Expect.XForm))
		return ctx.Err()
	})
	return t, err
}

// sheets are those of the case, by name: their order says nothing.
func (c convertCase) sheets() []xlsform.Sheet {
	grids := c.Sheets
	if grids == nil {
		grids = map[string][][]string{}
		for name, rows := range c.Rows {
			grids[name] = grid(rows)
		}
	}
	var names []string
	for name := range grids {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []xlsform.Sheet
	for _, name := range names {
		out = append(out, xlsform.NewSheet(name, grids[name]))
	}
	return out
}

// grid writes rows by header as rows under a header.
func grid(rows []orderedRow) [][]string {
	var headers []string
	for _, r := range rows {
		for _, cell := range r {
			if !slices.Contains(headers, cell.header) {
				headers = append(headers, cell.header)
			}
		}
	}
	out := [][]string{headers}
	for _, r := range rows {
		cells := make([]string, len(headers))
		for _, cell := range r {
			cells[slices.Index(headers, cell.header)] = cell.text
		}
		out = append(out, cells)
	}
	return out
}

// judge says what is wrong with what came out, "" if nothing is.
func (e expectation) judge(form *xlsform.Form, err error, want string) string {
	var problem *xlsform.Problem
	switch {
	case err != nil && !errors.As(err, &problem):
		return "no problem of the form: " + err.Error()
	case err != nil && e.OK:
		return "refused: " + err.Error()
	case err != nil:
		return ""
	case !e.OK:
		return "accepted, should be: " + e.Error
	}
	return differAsXML(string(form.XML), want)
}

// fileCase is a spreadsheet, and what pyxform makes of it.
type fileCase struct {
	File   string      `json:"file"`
	Expect expectation `json:"expect"`
}

// runFiles converts the spreadsheets of xlsform_files.jsonl.
func runFiles(ctx context.Context, dir string) (*tally, error) {
	t := &tally{}
	err := each(dir, "xlsform_files", func(c fileCase) error {
		why, err := c.run(ctx, dir)
		t.note(filepath.Base(c.File), why)
		return err
	})
	return t, err
}

// run converts one spreadsheet. The corpus prefixes the name of a file with where it is from.
func (c fileCase) run(ctx context.Context, dir string) (string, error) {
	file, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(c.File)))
	if err != nil {
		return "", err
	}
	want := ""
	if c.Expect.XFormFile != "" {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(c.Expect.XFormFile)))
		if err != nil {
			return "", err
		}
		want = string(text)
	}
	form, err := xlsform.Convert(ctx, originalName(c.File), file, xlsform.Options{})
	return c.Expect.judge(form, err, want), ctx.Err()
}
