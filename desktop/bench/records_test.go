package main

import (
	"encoding/json"
	"testing"
	"time"

	"banlang/shared/form"
)

// What the yardstick makes: the most counts and choices that one of its records has, and few.
var sample = []string{
	`{"id":"a","form":"thiet_hai_lu","village":"Thôn Đông Hà, xã Cam Lộ","date":"2026-12-28","officer":"Lê Thị Lan","counts":{"nha_sap":0,"nha_ngap":23,"ha_lua_mat":399,` +
		`"gia_suc_chet":1,"ho_so_tan":0,"muc_nuoc_cm":0},"sel":{"muc_do":"nhe","duong_vao":"co","cuu_tro":"cho_xu_ly","dien":"on_dinh"},"note":"Nước lũ dâng cao."}`,
	`{"id":"b","form":"kham_suc_khoe","village":"Thôn Tây Sơn, xã Gio Linh","date":"2026-01-01","officer":"Hồ Văn An","counts":{"so_kham":3,"so_sot":0,"so_tieu_chay":12,` +
		`"chuyen_vien":0},"sel":{"trieu_chung":"khac","thuoc":"khong_ro","ket_luan":"tot"},"note":"Đã kiểm tra tại chỗ."}`,
}

// TestRecordsAreRight: what is measured is a record that the product would take, before and after each edit, with an
// answer for each that the yardstick's record has.
func TestRecordsAreRight(t *testing.T) {
	a, err := theActivity()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range sample {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatal(err)
		}
		values := a.entry(&l, feed).Values
		if got, want := len(values), len(l.Counts)+len(l.Sel)+2; got != want {
			t.Errorf("%s: %d values, want %d: %v", l.ID, got, want, values)
		}
		right(t, a, values)
		edits := map[string]string{"note": "Đã báo cáo trưởng thôn."}
		for k := range l.Counts {
			edits["counts."+k] = "0"
		}
		for k := range l.Sel {
			edits["sel."+k] = "song_suoi"
		}
		for field, text := range edits {
			path, value := a.answer(&l, field, text)
			if values[path] == "" {
				t.Errorf("%s: an edit of %s is no edit of an answer but of %s", l.ID, field, path)
			}
			values[path] = value
			right(t, a, values)
		}
	}
}

func right(t *testing.T, a *activity, values map[string]string) {
	t.Helper()
	for path, value := range values {
		if err := a.form.CheckValue(path, value); err != nil {
			t.Error(err)
		}
	}
	filled, err := a.form.Open(values, form.Env{Language: "vi", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if wrong := filled.Problems(); len(wrong) != 0 || len(filled.Written()) != len(values) {
		t.Errorf("%v in %v; written %v", wrong, values, filled.Written())
	}
}
