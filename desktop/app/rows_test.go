package app_test

import (
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/shared/form"
	"banlang/shared/record"
)

// handover is a bag of weapons handed in, with no row yet.
func handover() map[string]string {
	return map[string]string{"occurred_on": "2026-11-16", "receipt_no": "12/BB", "how": "van_dong", "danger": "false",
		"custody_place": "kho_don_vi"}
}

// twoMachines are two officers' machines that both know a handover of one row.
func twoMachines(t *testing.T) (v *apptest.Village, mine, hers *apptest.Machine, rec record.Dot) {
	t.Helper()
	v, mine = openNotebook(t)
	hers = v.NewMachine(25).Start().SignIn("Lê Thị Mỹ Hà")
	values := handover()
	values["items/+1/kind"], values["items/+1/quantity"] = "shell", "12"
	rec = mine.Write("diem.pq.24", "weapon_handover", values)
	v.Carry(mine, hers)
	return v, mine, hers, rec
}

func addItem(e *app.Editor, kind, quantity string) (row string) {
	row = e.AddRow("items")
	e.Set(form.JoinPath("items", row, "kind"), kind)
	e.Type(form.JoinPath("items", row, "quantity"), quantity)
	return row
}

func finish(t *testing.T, m *apptest.Machine) {
	t.Helper()
	if !m.App.Editor().Finish(false) {
		t.Fatalf("not finished: %s (%s)", m.App.Toast().Text, m.App.Editor().First())
	}
	m.Settle()
}

// items says the rows of a handover as both the record and the page beside the list have them.
func items(m *apptest.Machine, rec record.Dot) (rows []string) {
	v := m.View(rec)
	for _, row := range form.Rows("items", v.Values()) {
		rows = append(rows, v.Text(form.JoinPath("items", row, "kind"))+" "+v.Text(form.JoinPath("items", row, "quantity")))
	}
	return rows
}

func TestTwoMachinesAddARowEach(t *testing.T) {
	v, mine, hers, rec := twoMachines(t)
	for m, quantity := range map[*apptest.Machine]string{mine: "3", hers: "4"} {
		edit(m, rec)
		if row := addItem(m.App.Editor(), "grenade", quantity); row != "+1" {
			t.Errorf("the new row is %q in the draft", row)
		}
		finish(t, m)
	}
	v.Carry(mine, hers)
	v.Carry(hers, mine)
	for _, m := range []*apptest.Machine{mine, hers} {
		got := strings.Join(items(m, rec), ", ")
		if len(items(m, rec)) != 3 || !strings.Contains(got, "shell 12") || !strings.Contains(got, "grenade 3") || !strings.Contains(got, "grenade 4") {
			t.Errorf("the rows are %s", got)
		}
		if n := m.View(rec).Conflicts(); len(n) > 0 {
			t.Errorf("in conflict: %v", n)
		}
		choose(m, rec)
		if !said(m.App.Detail(), "Danh mục giao nộp 1", "Đạn pháo, cối · Số lượng (quả): 12") {
			t.Errorf("a row that was added later stands first: %+v", m.App.Detail().Fields)
		}
	}
}

func TestARowTakenOutBesideAnEditComesBack(t *testing.T) {
	v, mine, hers, rec := twoMachines(t)
	row := form.Rows("items", mine.View(rec).Values())[0]
	edit(mine, rec)
	e := mine.App.Editor()
	addItem(e, "grenade", "3")
	e.RemoveRow("items", row)
	finish(t, mine)
	if got := items(mine, rec); len(got) != 1 || got[0] != "grenade 3" {
		t.Fatalf("after the row was taken out: %v", got)
	}
	choose(mine, rec)
	if h := mine.App.Detail().History[0].What; !strings.Contains(h, "bỏ một dòng của ") {
		t.Errorf("the history says %q", h)
	}
	edit(mine, rec)
	if e = mine.App.Editor(); len(e.Rows("items")) != 1 || e.Value(form.JoinPath("items", row, "kind")) != "" {
		t.Errorf("the form still has the row: %v", e.Rows("items"))
	}

	edit(hers, rec)
	hers.App.Editor().Type(form.JoinPath("items", row, "quantity"), "13")
	finish(t, hers)
	v.Carry(hers, mine)
	v.Carry(mine, hers)
	mine.Wait(time.Second)
	if !e.Newer() {
		t.Error("the open form does not tell that the record has changed")
	}
	e.TakeNewer()
	if len(e.Rows("items")) != 2 {
		t.Errorf("the form has %v", e.Rows("items"))
	}
	mine.App.Go(app.PageRecords)
	for _, m := range []*apptest.Machine{mine, hers} {
		if got := strings.Join(items(m, rec), ", "); !strings.Contains(got, "shell 13") || !strings.Contains(got, "grenade 3") {
			t.Errorf("the rows are %s", got)
		}
		choose(m, rec)
		said := false
		for _, f := range m.App.Detail().Fields {
			said = said || strings.HasPrefix(f.Other, "(có người đã bỏ dòng này")
		}
		if !said {
			t.Errorf("the record does not say why the row is still there: %+v", m.App.Detail().Fields)
		}
	}
}

func TestARowTakenOutIsRememberedByTheDraft(t *testing.T) {
	_, mine, _, rec := twoMachines(t)
	row := form.Rows("items", mine.View(rec).Values())[0]
	edit(mine, rec)
	e := mine.App.Editor()
	addItem(e, "grenade", "3")
	e.RemoveRow("items", row)
	mine.Wait(time.Second)

	after := mine.PowerCut().Start()
	after.App.Gate.Try(apptest.Passphrase)
	after.Settle()
	if cards := after.App.Drafts(); len(cards) != 1 || !strings.HasPrefix(cards[0].Title, "Sửa: Bản ghi 24-1 · ") {
		t.Errorf("the drafts are %+v", cards)
	}
	after.App.ResumeLatest()
	after.Settle()
	e = after.App.Editor()
	if e.Name() != "24-1" {
		t.Errorf("the form says that it edits %q", e.Name())
	}
	if rows := e.Rows("items"); len(rows) != 1 || rows[0] != "+1" {
		t.Fatalf("the rows came back as %v", rows)
	}
	next := e.AddRow("items")
	if next != "+2" {
		t.Errorf("the next row is %q", next)
	}
	e.Set("items/+2/kind", "mine")
	if filled, required := e.Counts(); filled != 8 || required != 9 {
		t.Errorf("without a quantity in the row, %d of %d are filled in", filled, required)
	}
	e.RemoveRow("items", next)
	finish(t, after)
	if got := items(after, rec); len(got) != 1 || got[0] != "grenade 3" {
		t.Errorf("the rows are %v", got)
	}
	if ds := after.Drafts(); len(ds) > 0 {
		t.Errorf("left over: %+v", ds)
	}
}

func TestUndoBringsARowBackAsItWas(t *testing.T) {
	_, mine, _, rec := twoMachines(t)
	row := form.Rows("items", mine.View(rec).Values())[0]
	quantity := form.JoinPath("items", row, "quantity")
	edit(mine, rec)
	e := mine.App.Editor()
	e.Type(quantity, "13")
	second := addItem(e, "grenade", "3")
	for _, r := range []string{row, second} {
		e.RemoveRow("items", r)
		if len(e.Rows("items")) != 1 || e.Value(form.JoinPath("items", r, "quantity")) != "" {
			t.Fatalf("row %s is still there: %v", r, e.Rows("items"))
		}
		mine.App.DoToast()
	}
	if got := e.Rows("items"); len(got) != 2 || got[0] != row || e.Value(quantity) != "13" {
		t.Fatalf("after Hoàn tác: %v, %q", got, e.Value(quantity))
	}
	mine.Wait(time.Second)
	if d := mine.Drafts()[0]; len(d.Dropped) != 0 || len(d.Saw[quantity]) != 1 {
		t.Errorf("the draft says %+v", d)
	}
	finish(t, mine)
	if got := items(mine, rec); strings.Join(got, ", ") != "shell 13, grenade 3" && strings.Join(got, ", ") != "grenade 3, shell 13" {
		t.Errorf("the rows are %v", got)
	}
}

func TestTheUndoOfARowGoesWithItsForm(t *testing.T) {
	_, mine, _, rec := twoMachines(t)
	row := form.Rows("items", mine.View(rec).Values())[0]
	edit(mine, rec)
	mine.App.Editor().RemoveRow("items", row)
	mine.App.Go(app.PageRecords)
	mine.Settle()
	if mine.App.Toast() != nil {
		t.Error("the undo is still offered, for a form that is closed")
	}
	if d := mine.Drafts(); len(d) != 1 || len(d[0].Dropped) != 1 {
		t.Errorf("on the disk: %+v", d)
	}
}
