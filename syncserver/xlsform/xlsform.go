// Package xlsform owns the reading of forms that staff write as spreadsheets (XLSForm): an .xlsx, .xlsm, .xls, .csv or
// .md file becomes an ODK XForm, the XML that clients fill in and that is stored as the form's version.
//
// The behaviour is that of pyxform 4.5, the reference converter: what it makes of a form, this package makes, and
// what it refuses, this package refuses, with the sheet, row and column of the reason, in Vietnamese and English.
//
// The work goes in four steps, each in files of its own: a file is read into sheets of texts (file.go); the rows
// become a tree of groups and questions (definition.go, survey.go); references like ${name} become paths
// (resolve.go); the tree is written as XML (model.go, body.go).
//
// Input is hostile until proved otherwise: sizes, counts and nesting are bounded (limits.go), nothing panics, and a
// conversion stops when its context ends. The package keeps no state, reads no clock and gives the same bytes for the
// same input.
package xlsform

import (
	"bytes"
	"context"
	"path"
	"strings"
)

// Options say what the file does not. The zero Options are good for most.
type Options struct {
	// FormName names the root element of the records if the settings give no name; "" is "data".
	FormName string
	// FallbackID identifies the form if the settings do not. Convert takes the name of the file, and "data" failing that.
	FallbackID string
	// DefaultLanguage is the language of texts in columns that name none, if the settings do not say; "" is "default".
	DefaultLanguage string
	// Own are columns that the caller adds to XLSForm.
	Own Vocabulary
}

// Vocabulary is a namespace and the columns that say something in it. A cell of the survey becomes an attribute of the
// bind of its question, one of the settings an attribute of the root of every record, by the name of its column.
type Vocabulary struct {
	Prefix, Namespace string
	Survey, Settings  []string // in lower case
}

// Form is a converted form.
type Form struct {
	Name    string // of the root element of a record
	ID      string
	Title   string
	Version string
	XML     []byte // the XForm: UTF-8, indented, the same for the same sheets

	// Itemsets is the file itemsets.csv for clients, where the form has external choices; nil where not.
	Itemsets []byte
	// Fields are the questions in the order of the form.
	Fields []Field
	// Warnings do not keep the form from working, in the order in which they were found.
	Warnings []*Problem

	tables tables
}

// Field is a question of a form.
type Field struct {
	Path string // in the record: /data/household/name
	Type string // as XLSForm names it, old names made new
	Row  int    // of the survey sheet that it comes from; 0 for what every form gets
}

// Convert reads a file and converts the form in it. The name tells the formats of text files apart and gives a form
// without an identifier one; other files are known by their first bytes. The error is a *Problem, or that of ctx.
func Convert(ctx context.Context, name string, file []byte, opts Options) (*Form, error) {
	sheets, macros, err := readFile(ctx, name, file)
	if err != nil {
		return nil, err
	}
	if opts.FallbackID == "" {
		base := path.Base(strings.ReplaceAll(name, `\`, "/"))
		opts.FallbackID, _ = splitExtension(base)
	}
	form, err := ConvertSheets(ctx, sheets, opts)
	if form != nil && macros {
		form.Warnings = append(form.Warnings, MacrosIgnored.at(Place{}))
	}
	return form, err
}

// ConvertSheets converts a form whose sheets were read already. The error is a *Problem, or that of ctx.
func ConvertSheets(ctx context.Context, sheets []Sheet, opts Options) (*Form, error) {
	if err := checkSheets(sheets); err != nil {
		return nil, err
	}
	d, err := define(ctx, sheets, opts)
	if err != nil {
		return nil, err
	}
	doc, err := d.document()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := doc.write(&out, MaxXFormBytes); err != nil {
		return nil, err
	}
	return &Form{
		Name: d.settings.form, ID: d.settings.text("id_string"), Title: d.settings.text("title"),
		Version: d.settings.text("version"), XML: out.Bytes(), Itemsets: d.itemsets(), Fields: d.fields(),
		Warnings: d.warnings, tables: d.tables,
	}, nil
}
