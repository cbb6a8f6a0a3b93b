package centre

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"banlang/shared/passphrase"
	"banlang/shared/record"
)

// TestForget: what was erased is in no file of the centre when the order is done, whether staff look at the views or nobody does.
func TestForget(t *testing.T) {
	for _, views := range []bool{true, false} {
		dir := t.TempDir()
		o := Options{Views: true, Cost: passphrase.Least}
		r := opened(t, dir, o)
		p := newPen(r.enrolled("U1"))
		made := p.write(t, record.Dot{}, record.Edit{Path: record.PathFeed, Value: "U1/ordinary"}, record.Edit{Path: "note", Value: "Ksor H'Bia"})
		kept := p.write(t, record.Dot{}, record.Edit{Path: record.PathFeed, Value: "U1/ordinary"}, record.Edit{Path: "note", Value: "Rơ Châm"})
		r.push(made, kept)
		end, err := r.End(t.Context())
		if err == nil {
			err = r.Views().Wait(t.Context(), end)
		}
		if err != nil {
			t.Fatal(err)
		}
		if !anyHas(t, dir, "Ksor H'Bia") {
			t.Fatal("the value is nowhere before: the test looks in the wrong place")
		}
		if !views {
			r.end()
			o.Views = false
			r = opened(t, dir, o)
		}
		r.do(Request{Erase: &Erase{Record: made.Dot.String()}})
		if anyHas(t, dir, "Ksor H'Bia") {
			t.Errorf("views %v: a file still has it", views)
		}
		r.end()
	}
}

func anyHas(t *testing.T, dir, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil && bytes.Contains(b, []byte(text)) {
			t.Log(f)
			return true
		}
	}
	return false
}
