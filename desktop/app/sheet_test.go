package app_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/record"
)

// printed is the sheet of the record that is chosen.
func printed(t *testing.T, m *apptest.Machine, rec record.Dot) app.Sheet {
	t.Helper()
	choose(m, rec)
	m.App.Print()
	m.Settle()
	if len(m.Printed) == 0 {
		t.Fatalf("nothing was printed: %+v", m.App.Toast())
	}
	return m.Printed[len(m.Printed)-1]
}

// on finds the blocks of a kind on a sheet, in groups too.
func on[B app.SheetBlock](s app.Sheet) (found []B) {
	var search func(blocks []app.SheetBlock)
	search = func(blocks []app.SheetBlock) {
		for _, b := range blocks {
			if x, ok := b.(B); ok {
				found = append(found, x)
			}
			if g, ok := b.(*app.SheetGroup); ok {
				search(g.Blocks)
			}
		}
	}
	for _, section := range s.Sections {
		search(section.Blocks)
	}
	return found
}

// Two answers to one question of a row stand in one cell, and a row that somebody had taken out says so.
func TestATableSaysWhatIsNotAgreed(t *testing.T) {
	v, mine, hers, rec := twoMachines(t)
	row := form.Rows("items", mine.View(rec).Values())[0]
	quantity := form.JoinPath("items", row, "quantity")
	edit(mine, rec)
	addItem(mine.App.Editor(), "grenade", "3")
	mine.App.Editor().RemoveRow("items", row)
	finish(t, mine)
	hers.Change("ha.ltm.25", rec, quantity, "13")
	v.Carry(hers, mine)
	mine.Change("diem.pq.24", rec, "note", "đếm lại")
	tables := on[*app.SheetTable](printed(t, mine, rec))
	if len(tables) != 1 || tables[0].Label != "Danh mục giao nộp" || len(tables[0].Rows) != 2 {
		t.Fatalf("%d tables, %+v", len(tables), tables)
	}
	said := tables[0]
	at := slices.IndexFunc(said.Columns, func(name string) bool { return strings.HasPrefix(name, "Số lượng") })
	back := slices.IndexFunc(said.Rows, func(row []app.SheetValue) bool {
		return strings.HasPrefix(row[0].Other, "(có người đã bỏ dòng này")
	})
	if at < 0 || back < 0 || !strings.HasPrefix(said.Rows[back][at].Value, "13") || said.Rows[1-back][0].Other != "" {
		t.Errorf("%q: %+v", said.Columns, said.Rows)
	}
}

func TestAConflictInARowIsPrinted(t *testing.T) {
	v, mine, hers, rec := twoMachines(t)
	quantity := form.JoinPath("items", form.Rows("items", mine.View(rec).Values())[0], "quantity")
	mine.Change("diem.pq.24", rec, quantity, "13")
	hers.Change("ha.ltm.25", rec, quantity, "14")
	v.Carry(hers, mine)
	tables := on[*app.SheetTable](printed(t, mine, rec))
	if len(tables) != 1 {
		t.Fatalf("%d tables, %+v", len(tables), tables)
	}
	if row := tables[0].Rows[0]; !slices.ContainsFunc(row, func(v app.SheetValue) bool {
		return strings.HasPrefix(v.Value, "1") && strings.HasPrefix(v.Other, "(ý kiến khác: 1")
	}) {
		t.Errorf("one of two answers is missing: %+v", row)
	}
}

// broken are photos of a disk that fails.
type broken struct{ app.Photos }

func (broken) Thumb(context.Context, string) (app.Thumb, error) {
	return app.Thumb{}, fault.New(fault.DiskIO, "thumb", errors.New("bad sector"))
}

// drawer are photos that can be exchanged.
type drawer struct{ app.Photos }

// A picture that is not here has a frame; a disk that fails is told of, and no paper says that the picture is not here.
func TestAPictureThatCannotBeReadIsNotSaidToBeElsewhere(t *testing.T) {
	v, c := apptest.NewVillage(t), apptest.NewCamera(t, "a.jpg")
	photos := &drawer{c}
	v.Photos = photos
	m := v.NewMachine(24).Start().SignIn("Phan Quốc Điềm")
	in, err := c.Import(t.Context(), c.File("a.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	session := func(photo string) record.Dot {
		return m.Write("diem.pq.24", "awareness_session", map[string]string{"occurred_on": "2026-11-16", "photo": photo})
	}
	here, away := session(in.Name), session("b2-"+strings.Repeat("ab", 32)+"-1000.jpg")
	for rec, there := range map[record.Dot]bool{here: true, away: false} {
		s := printed(t, m, rec)
		albums := on[*app.SheetPictures](s)
		if len(albums) != 1 || albums[0].Label != "Ảnh minh chứng" || len(albums[0].Pictures) != 1 || (albums[0].Pictures[0].JPEG != nil) != there {
			t.Errorf("%v: %+v", there, albums)
		}
		for _, row := range on[*app.SheetRow](s) {
			if strings.Contains(row.Value, ".jpg") {
				t.Errorf("the paper names a file: %+v", row)
			}
		}
		choose(m, rec)
		m.Settle()
		seen := 0
		for i := range m.App.Detail().Fields {
			l := &m.App.Detail().Fields[i]
			for _, p := range m.App.Detail().Pictures(l) {
				seen++
				if (p.JPEG != nil) != there || p.Away == there || l.Value != "" || l.Label != "Ảnh minh chứng" {
					t.Errorf("beside the list, %v: %+v, and %d bytes, away %v", there, l, len(p.JPEG), p.Away)
				}
			}
		}
		if seen != 1 {
			t.Errorf("%d pictures stand beside the list", seen)
		}
	}
	photos.Photos = broken{c}
	choose(m, here)
	m.App.Print()
	m.Settle()
	if len(m.Printed) != 2 || m.App.Toast() == nil || strings.HasPrefix(m.App.Toast().Text, "Đã lưu PDF") {
		t.Errorf("%d were printed; told %+v", len(m.Printed), m.App.Toast())
	}
}
