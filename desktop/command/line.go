package command

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/envelope"
	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// line is one line of a file to import, and of one that was exported.
type line struct {
	Key       string              `json:"key,omitempty"`
	Edit      string              `json:"edit,omitempty"` // a key, or a record's full name
	ID        string              `json:"id,omitempty"`   // exports only: the record's full name
	Form      string              `json:"form,omitempty"` // an id, "tip", or a version of it, "tip@0123456789abcdef"
	Unit      string              `json:"unit,omitempty"`
	Values    map[string]string   `json:"values"`
	Computed  map[string]string   `json:"computed,omitempty"`  // exports only: what the form makes of the values
	Conflicts map[string][]string `json:"conflicts,omitempty"` // exports only: by path, all that stand side by side
}

// maxKey bounds the name of a line, in bytes.
const maxKey = 128

// badLine says, to the person who wrote the line, why it is not taken.
type badLine struct{ text form.Text }

func (e *badLine) Error() string { return e.text.EN }

func bad(vi, en string, args ...any) error {
	return &badLine{form.Text{VI: fmt.Sprintf(vi, args...), EN: fmt.Sprintf(en, args...)}}
}

func parseLine(text []byte) (l line, err error) {
	if text == nil {
		return l, bad("dài hơn %s byte.", "longer than %s bytes.", viet.Int(maxLine))
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return l, bad("không đọc được JSON (%v).", "not readable JSON (%v).", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return l, bad("có chữ thừa sau mục.", "there is more after the entry.")
	}
	switch {
	case l.Edit == "" && l.Key == "":
		return l, bad("thiếu \"key\" hoặc \"edit\".", "neither \"key\" nor \"edit\".")
	case len(l.Key) > maxKey || len(l.Edit) > maxKey:
		return l, bad("\"key\" dài quá %d byte.", "a key above %d bytes.", maxKey)
	case strings.HasPrefix(l.Key, editMark):
		return l, bad("\"key\" không bắt đầu bằng %q.", "a key does not begin with %q.", editMark)
	case l.Edit != "" && l.Form+l.Unit != "":
		return l, bad("một lần sửa không đổi được \"form\", \"unit\".", "an edit has neither \"form\" nor \"unit\".")
	case len(l.Values) == 0:
		return l, bad("không có giá trị nào.", "no values.")
	}
	for path, value := range l.Values {
		l.Values[path] = viet.NFC(value)
	}
	return l, nil
}

// understand puts what a line asks for into the batch.
func (m *importer) understand(ctx context.Context, l line) error {
	name := l.name()
	if m.fresh[name] {
		return bad("%q đã có ở một dòng trước trong tệp này.", "%q stands on an earlier line of this file.", name)
	}
	if held, err := m.held(ctx, name); held || err != nil {
		m.known++
		m.fresh[name] = true
		return err
	}
	if l.Edit != "" {
		return m.edit(ctx, name, l)
	}
	return m.create(ctx, name, l)
}

// editMark begins what edits are remembered by, apart from the keys of records.
const editMark = "#"

// name is what a line is remembered by: its key; for an edit without one, the sum of what it says.
func (l *line) name() string {
	switch {
	case l.Edit == "":
		return l.Key
	case l.Key != "":
		return editMark + l.Key
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q", l.Edit)
	for _, path := range slices.Sorted(maps.Keys(l.Values)) {
		fmt.Fprintf(h, " %q %q", path, l.Values[path])
	}
	return editMark + hex.EncodeToString(h.Sum(nil)[:16])
}

// held reports whether the notebook holds what the name stands for: it was imported before, or it is a record's full
// name, as in an export of this notebook or a colleague's.
func (m *importer) held(ctx context.Context, name string) (bool, error) {
	if _, ok := m.keys.find(name); ok {
		return true, nil
	}
	rec, err := record.ParseDot(name)
	if err != nil {
		return false, nil //nolint:nilerr // no full name: a key like any other
	}
	v, err := m.b.View(ctx, rec)
	return err == nil && v.Created, err
}

// create adds a new record, with what the form itself fills in.
func (m *importer) create(ctx context.Context, name string, l line) error {
	f, err := m.form(l.Form)
	if err != nil {
		return err
	}
	feed := record.NewFeed(l.Unit, f.Compartment)
	if !slices.Contains(m.feeds, feed) {
		return bad("máy này chưa được giao đơn vị %q cho biểu mẫu %q.", "this machine has not unit %q for form %q.", l.Unit, f.ID())
	}
	if err := m.values(ctx, f, l.Values); err != nil {
		return err
	}
	begun, err := f.New(m.env)
	if err != nil {
		return bad("không mở được biểu mẫu %s: %v.", "form %s cannot be opened: %v.", f.ID(), err)
	}
	for path, value := range begun.Answers() { // defaults, and what is noted at the start
		if _, said := l.Values[path]; !said && len(f.Around(path)) == 0 {
			l.Values[path] = value
		}
	}
	filled, wrong, err := m.fill(f, l.Values)
	if err != nil {
		return err
	}
	wrong = slices.DeleteFunc(wrong, func(p form.Problem) bool { return p.Rule == ruleNotAsked && begun.Value(p.Path) == l.Values[p.Path] })
	if err := m.refuse(wrong); err != nil {
		return err
	}
	m.add(name, notebook.Entry{Form: f.Ref, Feed: feed, Values: filled.Written()})
	return nil
}

// form finds the form that a line names: by its id the version in which new records are written, or one version.
func (m *importer) form(name string) (*form.Form, error) {
	if ref, err := record.ParseFormRef(name); err == nil {
		if f, ok := m.b.forms.Library.Lookup(ref); ok {
			return f, nil
		}
	}
	if f, ok := m.b.forms.Library.Current(name); ok {
		return f, nil
	}
	return nil, bad("không có biểu mẫu %q.", "there is no form %q.", name)
}

// values resolves references and checks every value by itself, as the centre will. What an export says of a sealed value
// is no value, and what is sealed was sealed for another place.
func (m *importer) values(ctx context.Context, f *form.Form, values map[string]string) error {
	for _, path := range slices.Sorted(maps.Keys(values)) {
		value := values[path]
		field, ok := f.Field(path)
		switch {
		case envelope.IsMarker(value) || envelope.IsSealed(value) || envelope.IsLocked(value):
			return bad("%s: nội dung niêm phong không nhập được; bỏ ô này khỏi dòng.", "%s: sealed content cannot be imported; leave this field out of the line.", path)
		case ok && field.Computed():
			return bad("%s: biểu mẫu tự tính mục này; bỏ khỏi dòng.", "%s: the form computes this; leave it out.", path)
		case ok && mayName(f, field):
			var err error
			if value, err = m.references(ctx, field, value); err != nil {
				return err
			}
			values[path] = value
		}
		var p form.Problem
		if err := f.CheckValue(path, value); errors.As(err, &p) {
			return m.refuse([]form.Problem{p})
		}
	}
	return nil
}

// mayName reports whether answers of a field may name records: those of the lists that records make beside a form.
func mayName(f *form.Form, field *form.Field) bool {
	return field.Declared.Holds != declared.HoldsUnit && f.ListOf(field) != ""
}

// references puts records in place of their keys ("@v1"); several stand with a space between.
func (m *importer) references(ctx context.Context, field *form.Field, value string) (string, error) {
	names := []string{value}
	if field.Type == form.TypeMultichoice {
		names = strings.Split(value, " ")
	}
	for i, name := range names {
		if key, is := strings.CutPrefix(name, "@"); is {
			rec, err := m.resolve(ctx, key)
			if err != nil {
				return "", err
			}
			names[i] = rec.String()
		}
	}
	return strings.Join(names, " "), nil
}

// fill puts values into a form and returns what is wrong with them: what would keep a person from finishing the record,
// and answers to what is not asked, which the form would drop. What the form cannot compute is nobody's fault.
func (m *importer) fill(f *form.Form, values map[string]string) (l *form.Filling, wrong []form.Problem, err error) {
	l, err = f.Open(values, m.env)
	if err != nil {
		return nil, nil, bad("không mở được biểu mẫu %s: %v.", "form %s cannot be opened: %v.", f.ID(), err)
	}
	wrong = slices.DeleteFunc(l.Problems(), func(p form.Problem) bool { return p.Rule == form.RuleExpression })
	written := l.Written()
	for _, a := range l.InOrder(values) {
		if field, ok := f.Field(a.Path); ok && field.Stored && a.Value != "" && written[a.Path] == "" {
			wrong = append(wrong, form.Problem{Path: a.Path, Rule: ruleNotAsked, Text: notAsked})
		}
	}
	return l, wrong, nil
}

// ruleNotAsked: there is an answer to what is not asked beside the other answers.
const ruleNotAsked = "not asked"

var notAsked = form.Text{VI: "Với các câu trả lời khác, mục này không được hỏi; để trống (\"\").",
	EN: "This is not asked beside the other answers; leave it empty (\"\")."}

// refuse is the error of a line with which something is wrong; nil when nothing is.
func (m *importer) refuse(wrong []form.Problem) error {
	if len(wrong) == 0 {
		return nil
	}
	said := make([]string, len(wrong))
	for i, p := range wrong {
		said[i] = p.Path + ": " + p.Text.In(m.c.lang)
	}
	all := strings.Join(said, " ")
	return bad("%s", "%s", all)
}

// resolve finds the record of a key; one that is still in the batch is saved first.
func (m *importer) resolve(ctx context.Context, key string) (record.Dot, error) {
	if slices.Contains(m.names, key) {
		if err := m.flush(ctx); err != nil {
			return record.Dot{}, err
		}
	}
	if rec, ok := m.keys.find(key); ok {
		return rec, nil
	}
	if rec, err := record.ParseDot(key); err == nil {
		return rec, nil
	}
	return record.Dot{}, bad("chưa có bản ghi %q.", "there is no record %q yet.", key)
}

// edit adds an edit that replaces what is shown now. What is shown so already is left out.
func (m *importer) edit(ctx context.Context, name string, l line) error {
	rec, err := m.resolve(ctx, l.Edit)
	if err != nil {
		return err
	}
	if m.edited[rec] {
		if err := m.flush(ctx); err != nil {
			return err
		}
	}
	v, err := m.b.View(ctx, rec)
	if err != nil {
		return err
	}
	shown := v.Values()
	f, _, ok := m.b.forms.Library.For(v.Form, shown)
	if !ok || !v.Created || v.Hidden {
		return bad("chưa có bản ghi %q để sửa.", "there is no record %q to edit.", l.Edit)
	}
	if err := m.values(ctx, f, l.Values); err != nil {
		return err
	}
	e := notebook.Entry{Record: rec, Form: f.Ref, Values: map[string]string{}, Saw: map[string][]record.Dot{}}
	for path, value := range l.Values {
		if err := rowShown(f, v, path); err != nil {
			return err
		}
		if live := v.Field(path); len(live) == 1 && live[0].Text == value {
			continue
		}
		e.Values[path], e.Saw[path] = value, v.Dots(path)
	}
	if err := m.worse(f, shown, e.Values); err != nil {
		return err
	}
	if len(e.Values) == 0 {
		m.known++
		return nil
	}
	m.edited[rec] = true
	m.add(name, e)
	return nil
}

// worse refuses an edit for what it writes and for what it makes wrong beside that, never for what was wrong before it.
func (m *importer) worse(f *form.Form, shown, edit map[string]string) error {
	_, before, err := m.fill(f, shown)
	if err != nil {
		return err
	}
	values := maps.Clone(shown)
	maps.Copy(values, edit)
	_, wrong, err := m.fill(f, values)
	if err != nil {
		return err
	}
	return m.refuse(slices.DeleteFunc(wrong, func(p form.Problem) bool {
		_, written := edit[p.Path]
		return !written && slices.ContainsFunc(before, func(was form.Problem) bool { return was.Path == p.Path && was.Rule == p.Rule })
	}))
}

// rowShown refuses to write into rows that are not there: two machines would name their new rows alike. A new row is
// written as "+1".
func rowShown(f *form.Form, v *record.View, path string) error {
	for _, row := range f.Around(path) {
		name := row[strings.LastIndexByte(row[:len(row)-1], '/')+1 : len(row)-1]
		if strings.HasPrefix(name, form.NewRow) {
			return nil
		}
		if len(v.Live(row)) == 0 {
			return bad("%s: không có dòng %q; dòng mới viết là %q.", "%s: there is no row %q; a new one is written %q.", path, name, form.NewRow+"1")
		}
	}
	return nil
}
