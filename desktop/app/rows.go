package app

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"

	"banlang/shared/form"
)

// The rows of a repeat in the form being filled in.

// layRows puts the rows that hold something on the screen.
func (e *Editor) layRows() {
	values := e.values()
	for i := range e.form.Fields {
		if f := &e.form.Fields[i]; f.Type == form.TypeRepeat {
			e.rows[f.Key] = form.Rows(f.Key, values)
		}
	}
}

// Rows names the rows of a repeat that are on the screen.
func (e *Editor) Rows(repeat string) []string { return slices.Clone(e.rows[repeat]) }

// AddRow puts an empty row on the screen and returns its name. Names begin with the time, so that rows stand in the order
// in which they were added, and end at random, so that two machines never make the same.
func (e *Editor) AddRow(repeat string) string {
	var random [4]byte
	if _, err := rand.Read(random[:]); err != nil {
		panic(err) // the system's source does not fail
	}
	row := fmt.Sprintf("r%011x%s", e.a.now().UnixMilli(), hex.EncodeToString(random[:]))
	e.rows[repeat] = append(e.rows[repeat], row)
	e.a.show(PartForm)
	return row
}

// RemoveRow clears every answer of a row and takes it off the screen; the toast brings it back.
func (e *Editor) RemoveRow(repeat, row string) {
	i := slices.Index(e.rows[repeat], row)
	f, ok := e.form.Field(repeat)
	if i < 0 || !ok {
		return
	}
	before := map[string]string{}
	for j := range f.Children {
		path := form.JoinPath(repeat, row, f.Children[j].Key)
		if v := e.value(path); v != "" {
			before[path] = v
			e.Set(path, "")
		}
	}
	e.rows[repeat] = slices.Delete(e.rows[repeat], i, i+1)
	e.a.show(PartForm)
	if len(before) == 0 {
		return
	}
	e.a.toast(e.a.T("row.removed", "n", strconv.Itoa(i+1)), e.a.T("undo"), func() {
		for path, v := range before {
			e.Set(path, v)
		}
		e.rows[repeat] = slices.Insert(e.rows[repeat], min(i, len(e.rows[repeat])), row)
		e.a.show(PartForm)
	})
}
