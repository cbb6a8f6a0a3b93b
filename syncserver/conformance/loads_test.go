package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"banlang/shared/form/builtin"
	"banlang/shared/xform"
	"banlang/syncserver/xlsform"
)

// oddForms are converted as pyxform converts them, and do not come through the test: each with the reason.
var oddForms = map[string]string{
	"pyx-0271": "a relevance that reads its own node: refused as a cycle, as by JavaRosa",
	"pyx-1154": "a calculation that is no expression, on purpose",
	"XLSForm__pyxform__xl_date_ambiguous.xlsx": "a choice_filter that names a column of the sheet, label::English, and is no expression",

	"pyx-0062": newEachTime,
	"pyx-0063": newEachTime,
}

const newEachTime = "a calculation with uuid(): another value each time it is opened, as in JavaRosa"

// TestEveryFormLoads: each form that comes out of a conversion, and each built-in one, is well-formed, can be parsed and
// opened; and a record with answers, saved, opens again with all of them, as does what is sent of it.
func TestEveryFormLoads(t *testing.T) {
	forms := map[string][]byte{}
	all, err := builtin.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		forms[b.ID] = b.XML
	}
	if _, err := os.Stat(corpusDir); err == nil {
		addConverted(t, forms)
	} else {
		t.Log("without the corpus, which is not beside the project: ", corpusDir)
	}
	for id, form := range forms {
		why := loads(form)
		if reason, odd := oddForms[id]; why == nil && odd {
			t.Errorf("%s loads, and is still listed: %s", id, reason)
		} else if why != nil && !odd {
			t.Errorf("%s: %v", id, why)
		}
	}
	t.Logf("%d forms", len(forms))
}

// addConverted converts the forms of the corpus.
func addConverted(t *testing.T, forms map[string][]byte) {
	ctx := context.Background()
	err := each(corpusDir, "xlsform_convert", func(c convertCase) error {
		if form, err := xlsform.ConvertSheets(ctx, c.sheets(), xlsform.Options{FormName: c.FormName}); err == nil {
			forms[c.ID] = form.XML
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(corpusDir, "files", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if form, err := xlsform.Convert(ctx, originalName(filepath.ToSlash(file)), b, xlsform.Options{}); err == nil {
			forms[filepath.Base(file)] = form.XML
		}
	}
}

// loads says what keeps a form from being filled in, kept and sent.
func loads(form []byte) error {
	if err := wellFormed(form); err != nil {
		return fmt.Errorf("the form: %w", err)
	}
	f, err := xform.Parse(form)
	if err != nil {
		return err
	}
	env := (&scenarioRun{dir: corpusDir}).env()
	s, err := f.New(env)
	if err != nil {
		return err
	}
	for e := s.Next(); e.Kind != xform.EndOfForm; e = s.Next() {
		state, _ := s.State(e.Ref)
		if b := e.Item.Field.Bind(); !state.ReadOnly && (b == nil || b.Calculate == "") {
			s.Answer(e.Ref, xform.Text("1")) // what does not take it stays as it is
		}
	}
	saved := s.Save()
	again, err := f.Load(saved, env)
	if err != nil {
		return fmt.Errorf("what is saved: %w\n%s", err, saved)
	}
	if back := again.Save(); !bytes.Equal(back, saved) {
		return fmt.Errorf("saved, opened and saved:\n%s\nwant\n%s", back, saved)
	}
	sent := s.Submission()
	if _, err := f.Load(sent, env); err != nil {
		return fmt.Errorf("what is sent: %w\n%s", err, sent)
	}
	return errors.Join(wellFormed(saved), wellFormed(sent))
}

// wellFormed reads a document to its end, with another reader than ours.
func wellFormed(doc []byte) error {
	d := xml.NewDecoder(bytes.NewReader(doc))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
