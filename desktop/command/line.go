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
	"slices"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/envelope"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// line is one line of a file to import, and of one that was exported.
type line struct {
	Key       string              `json:"key,omitempty"`
	Edit      string              `json:"edit,omitempty"` // a key, or a record's full name
	ID        string              `json:"id,omitempty"`   // exports only: the record's full name
	Form      string              `json:"form,omitempty"`
	Version   uint32              `json:"version,omitempty"` // 0: the newest
	Unit      string              `json:"unit,omitempty"`
	Values    map[string]string   `json:"values"`
	Conflicts map[string][]string `json:"conflicts,omitempty"` // exports only: by path, all that stand side by side
}

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
	case len(l.Key) > form.MaxRef || len(l.Edit) > form.MaxRef:
		return l, bad("\"key\" dài quá %d byte.", "a key above %d bytes.", form.MaxRef)
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
	for _, path := range slices.Sorted(mapKeys(l.Values)) {
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

// create adds a new record.
func (m *importer) create(ctx context.Context, name string, l line) error {
	f := newest(l.Form, l.Version)
	if f == nil {
		return bad("không có biểu mẫu %q.", "there is no form %q.", l.Form)
	}
	feed := record.NewFeed(l.Unit, string(f.Compartment))
	if !slices.Contains(m.feeds, feed) {
		return bad("máy này chưa được giao đơn vị %q cho biểu mẫu %q.", "this machine has not unit %q for form %q.", l.Unit, f.ID)
	}
	if err := m.values(ctx, f, l.Values); err != nil {
		return err
	}
	m.add(name, notebook.Entry{Form: record.FormRef{ID: f.ID, Version: uint32(f.Version)}, Feed: feed, Values: l.Values})
	return nil
}

// newest gives a form in a version; version 0 is the newest.
func newest(id string, version uint32) (found *form.Form) {
	for _, f := range form.All() {
		if f.ID == id && (version == 0 || f.Version == int(version)) && (found == nil || found.Version < f.Version) {
			found = f
		}
	}
	return found
}

// values resolves references and checks every value against the form. What lies between the values is for the author
// and the reviewer to see, and refuses nothing. What an export says of a sealed value is no value, and what is sealed was
// sealed for another place.
func (m *importer) values(ctx context.Context, f *form.Form, values map[string]string) error {
	for _, path := range slices.Sorted(mapKeys(values)) {
		value := values[path]
		if envelope.IsMarker(value) || envelope.IsSealed(value) || envelope.IsLocked(value) {
			return bad("%s: nội dung niêm phong không nhập được; bỏ ô này khỏi dòng.", "%s: sealed content cannot be imported; leave this field out of the line.", path)
		}
		field, ok := f.Field(path)
		if key, is := strings.CutPrefix(value, "@"); ok && is && field.Type == form.TypeVenue {
			rec, err := m.resolve(ctx, key)
			if err != nil {
				return err
			}
			value = rec.String()
			values[path] = value
		}
		var p form.Problem
		if err := f.CheckValue(path, value); errors.As(err, &p) {
			return bad("%s: %s", "%s: %s", path, p.Text.In(m.c.lang))
		}
	}
	return nil
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
	f := newest(v.Form.ID, v.Form.Version)
	if f == nil || !v.Created || v.Hidden {
		return bad("chưa có bản ghi %q để sửa.", "there is no record %q to edit.", l.Edit)
	}
	if err := m.values(ctx, f, l.Values); err != nil {
		return err
	}
	e := notebook.Entry{Record: rec, Form: v.Form, Values: map[string]string{}, Saw: map[string][]record.Dot{}}
	for path, value := range l.Values {
		if err := rowShown(v, path); err != nil {
			return err
		}
		if live := v.Field(path); len(live) == 1 && live[0].Text == value {
			continue
		}
		e.Values[path], e.Saw[path] = value, v.Dots(path)
	}
	if len(e.Values) == 0 {
		m.known++
		return nil
	}
	m.edited[rec] = true
	m.add(name, e)
	return nil
}

// rowShown refuses to write into a row that is not there: two machines would name their new rows alike. A new row is
// written as "+1".
func rowShown(v *record.View, path string) error {
	repeat, row, _, _ := form.SplitPath(path)
	if row == "" || strings.HasPrefix(row, notebook.NewRow) || len(v.Live(form.JoinPath(repeat, row, ""))) > 0 {
		return nil
	}
	return bad("%s: không có dòng %q; dòng mới viết là %q.", "%s: there is no row %q; a new one is written %q.", path, row, notebook.NewRow+"1")
}
