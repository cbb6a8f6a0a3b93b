package command_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"banlang/desktop/app"
	"banlang/desktop/command"
	"banlang/desktop/notebook"
	"banlang/desktop/store"
	"banlang/shared/clock"
	"banlang/shared/form"
	"banlang/shared/record"
)

// open opens the notebook beside the commands.
func open(t *testing.T, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), filepath.Join(dir, "so.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// beside opens the notebook beside the commands, as the window does.
func (o *officer) beside(do func(ctx context.Context, nb *notebook.Notebook) error) {
	o.t.Helper()
	s := open(o.t, o.dir)
	defer s.Close()
	nb := notebook.Open(s, notebook.Options{Replica: 24, Forms: app.NewForms(form.Builtin()), Wall: clock.System})
	if err := do(context.Background(), nb); err != nil {
		o.t.Fatal(err)
	}
}

// writes saves what no form was asked about.
func (o *officer) writes(e notebook.Entry) (rec record.Dot) {
	o.t.Helper()
	o.beside(func(ctx context.Context, nb *notebook.Notebook) error {
		recs, err := nb.Save(ctx, e)
		if err == nil {
			rec = recs[0]
		}
		return err
	})
	return rec
}

// current is the version of a form in which new records are written.
func current(id string) *form.Form {
	f, _ := form.Builtin().Current(id)
	return f
}

type shown struct {
	Key, ID, Form, Unit string
	Values, Computed    map[string]string
	Conflicts           map[string][]string
}

// sees is what the officer sees, by key.
func (o *officer) sees() map[string]shown {
	o.t.Helper()
	all := map[string]shown{}
	for line := range strings.Lines(o.does(command.ExitDone, "export")) {
		var x shown
		if err := json.Unmarshal([]byte(line), &x); err != nil {
			o.t.Fatal(err)
		}
		all[x.Key] = x
	}
	return all
}

// TestImportTwice: a file that is imported again adds nothing, and what comes before the first contact shows at once.
func TestImportTwice(t *testing.T) {
	o := enrolled(t)
	file := o.file("tuần 46.jsonl", venue, "", session, weapons)
	o.does(command.ExitDone, "import", file)
	o.says("Đã lưu: 3 bản ghi mới, 0 lần sửa. Đã có từ trước: 0.")
	o.does(command.ExitDone, "import", file)
	o.says("Đã lưu: 0 bản ghi mới, 0 lần sửa. Đã có từ trước: 3.")
	all := o.sees()
	if len(all) != 3 || all["s1"].Values["venue"] != "@v1" || all["w1"].Values["items/1/quantity"] != "12" {
		t.Errorf("%+v", all)
	}
	o.does(command.ExitDone, "check")
	o.says("3 bản ghi từ 4 lần ghi")
}

// TestImportRefersToAnyRecord: an answer names a record of whatever list the records make, and not of the places alone.
func TestImportRefersToAnyRecord(t *testing.T) {
	o := enrolled(t)
	o.does(command.ExitDone, "import", o.file("mo-hinh.jsonl", venue,
		`{"key":"m1","form":"model","unit":"XA01","values":{"name":"Camera an ninh","field":"khac","movement":"khac","started_on":"2018-03-01","lead_body":"cong_an","places":"@v1","status":"active"}}`,
		`{"key":"e1","form":"evaluation","unit":"XA01","values":{"occurred_on":"2019-06-20","subject":"@m1","period":"2019-H1","meetings":"6","activities":"4","scores/1/criterion":"sinh_hoat","scores/1/score":"9"}}`))
	o.says("Đã lưu: 3 bản ghi mới")
	if all := o.sees(); all["e1"].Values["subject"] != "@m1" || all["m1"].Values["places"] != "@v1" {
		t.Errorf("%+v", all)
	}
}

// TestManyLines: more lines than one transaction takes, each referring to the one before it.
func TestManyLines(t *testing.T) {
	o := enrolled(t)
	var lines []string
	for i := range 1500 {
		lines = append(lines, strings.Replace(venue, `"v1"`, fmt.Sprintf(`"v%d"`, i), 1))
		if i%500 == 499 {
			s := strings.Replace(session, `"s1"`, fmt.Sprintf(`"s%d"`, i), 1)
			lines = append(lines, strings.Replace(s, "@v1", fmt.Sprintf("@v%d", i), 1))
		}
	}
	o.does(command.ExitDone, "import", o.file("nhiều.jsonl", lines...))
	o.says("1.503 bản ghi mới")
	o.does(command.ExitDone, "import", o.file("nhiều.jsonl", lines...))
	o.says("Đã có từ trước: 1.503.")
	if all := o.sees(); all["s999"].Values["venue"] != "@v999" {
		t.Errorf("%+v", all["s999"])
	}
}

// TestBadLines: each bad line is named, nothing of it is saved, and everything else is.
func TestBadLines(t *testing.T) {
	o := enrolled(t)
	bad := []struct{ line, says string }{
		{`{"key":`, "JSON"},
		{`{"key":"x","form":"venue_register","unit":"XA01","values":{"name":"a"}} x`, "chữ thừa"},
		{`{"key":"x","colour":"red"}`, "colour"},
		{`{"form":"tip"}`, "key"},
		{`{"key":"#x","form":"tip","values":{"note":"a"}}`, "bắt đầu"},
		{`{"key":"x","form":"venue_register","unit":"XA01","values":{}}`, "không có giá trị"},
		{`{"key":"x","form":"no_such","unit":"XA01","values":{"a":"b"}}`, "no_such"},
		{`{"key":"x","form":"venue_register","unit":"XA02","values":{"name":"a"}}`, "XA02"},
		{`{"key":"x","form":"petition","unit":"XA01","values":{"received_on":"2025-11-16"}}`, "petition"},
		{`{"key":"x","form":"venue_register","unit":"XA01","values":{"name":"a","colour":"red"}}`, "Biểu mẫu không có trường này"},
		{`{"key":"x","form":"awareness_session","unit":"XA01","values":{"occurred_on":"2025-02-30"}}`, "occurred_on: Không phải một ngày có thật."},
		{`{"key":"x","form":"awareness_session","unit":"XA01","values":{"venue":"@nowhere"}}`, "nowhere"},
		{`{"key":"x","form":"tip@0123456789abcdef","unit":"XA01","values":{"occurred_on":"2025-11-16"}}`, "tip@0123456789abcdef"},
		{changed(weapons, `"receipt_no":"15/BB",`, ``), "receipt_no: Cần điền: Số biên bản."},
		{changed(weapons, `"items/1/kind":"round","items/1/quantity":"12"`, `"note":""`), "items_missing: Cần ít nhất một dòng"},
		{changed(weapons, `"12"`, `"12.5"`), "Chỉ thuốc nổ (gam) và dây cháy chậm (mét) mới ghi số lẻ."},
		{changed(weapons, `"values":{`, `"values":{"guns":"0",`), "guns: biểu mẫu tự tính"},
		{changed(weapons, `"values":{`, `"values":{"person_consent":"true","person":"Nguyễn Văn A",`), "person: Nội dung này phải được niêm phong"},
		{changed(session, `"truc_tiep"`, `"xe_loa"`), "questions_raised: Với các câu trả lời khác, mục này không được hỏi"},
		{changed(session, `"questions_answered":"2"`, `"questions_answered":"4"`), "Số đã trả lời không nhiều hơn số câu hỏi."},
		{changed(session, `"2025-11-16"`, `"3025-11-16"`), "occurred_on: Không sau ngày hôm nay."},
		{changed(session, `"ma_tuy pccc"`, `"ma_tuy pháo"`), "topics: Câu trả lời không có trong danh sách."},
		{`{"edit":"nowhere","values":{"note":"a"}}`, "nowhere"},
		{`{"edit":"v1","unit":"XA02","values":{"note":"a"}}`, "unit"},
		{`{"edit":"w1","values":{"items/2/kind":"round"}}`, "+1"},
		{venue, "đã có ở một dòng trước"},
		{`{"key":"` + strings.Repeat("x", 1<<20) + `"}`, "dài hơn"},
	}
	lines := []string{venue, weapons}
	for _, b := range bad {
		lines = append(lines, b.line)
	}
	o.does(command.ExitSomeLines, "import", o.file("a", append(lines, session)...))
	for i, b := range bad {
		o.says(fmt.Sprintf("Dòng %d: ", i+3))
		if got := o.complaint(i); !strings.Contains(got, b.says) {
			t.Errorf("line %d: %q does not say %q", i+3, got, b.says)
		}
	}
	o.says(fmt.Sprintf("Đã lưu: 3 bản ghi mới, 0 lần sửa. Đã có từ trước: 0. Dòng chưa nhập: %d.", len(bad)))
	if n := len(o.sees()); n != 3 {
		t.Errorf("%d records", n)
	}
}

// changed is a line with other words, under a key of its own.
func changed(line, old, now string) string {
	return strings.Replace(strings.Replace(line, `"key":"`, `"key":"changed `, 1), old, now, 1)
}

// complaint is the i-th line of what went wrong.
func (o *officer) complaint(i int) string {
	lines := strings.Split(o.err.String(), "\n")
	if i >= len(lines) {
		return ""
	}
	return lines[i]
}

// TestEdits: an edit replaces what is shown, the same edit twice is written once, and a later file may name what an
// earlier one brought.
func TestEdits(t *testing.T) {
	o := enrolled(t)
	o.does(command.ExitDone, "import", o.file("a", venue, session, weapons, `{"edit":"s1","values":{"participants_total":"40"}}`,
		`{"edit":"s1","values":{"participants_total":"41"}}`))
	o.says("3 bản ghi mới, 2 lần sửa")
	edits := o.file("b", `{"edit":"s1","values":{"participants_total":"42","note":""}}`, `{"edit":"w1","values":{"items/1/quantity":"13"}}`,
		`{"edit":"w1","values":{"items/+1/kind":"grenade","items/+1/quantity":"1"}}`)
	o.does(command.ExitDone, "import", edits)
	o.says("0 bản ghi mới, 3 lần sửa")
	o.does(command.ExitDone, "import", o.file("c", `{"edit":"s1","values":{"participants_total":"43"}}`))
	o.does(command.ExitDone, "import", edits)
	o.says("0 bản ghi mới, 0 lần sửa. Đã có từ trước: 3.")
	all := o.sees()
	if s := all["s1"]; s.Values["participants_total"] != "43" || s.Values["note"] != "" || len(s.Conflicts) > 0 {
		t.Errorf("%+v", s)
	}
	if w := all["w1"]; w.Values["items/1/quantity"] != "13" || len(w.Values) != 9 {
		t.Errorf("%+v", w)
	}
	o.does(command.ExitDone, "import", o.file("d", `{"key":"again","edit":"s1","values":{"participants_total":"42"}}`,
		fmt.Sprintf(`{"edit":%q,"values":{"note":"theo tên đầy đủ"}}`, all["s1"].ID)))
	if s := o.sees()["s1"]; s.Values["participants_total"] != "42" || s.Values["note"] == "" {
		t.Errorf("%+v", s)
	}
	o.does(command.ExitDone, "check")
}

// TestOneLineManyProblems: all that is wrong with a line is said at once, in the words of the form, in either language.
func TestOneLineManyProblems(t *testing.T) {
	o := enrolled(t)
	file := o.file("a", `{"key":"v","form":"venue_register","unit":"XA01","values":{"occurred_on":"2025-11-02","households":"-1"}}`)
	o.does(command.ExitSomeLines, "import", file)
	o.says("Dòng 1: name: Cần điền: Tên địa điểm. type: Cần điền: Loại địa điểm.", "households: Từ 0 đến 10.000.")
	o.does(command.ExitSomeLines, "import", file, "--lang", "en")
	o.says("Line 1: name: ", "households: From 0 to 10,000.")
}

// TestWhatAnEditMakesWrong: an edit is refused for what it makes wrong; what was wrong before can be put right in steps.
func TestWhatAnEditMakesWrong(t *testing.T) {
	o := enrolled(t)
	o.does(command.ExitDone, "import", o.file("a", venue, session))
	o.does(command.ExitSomeLines, "import", o.file("b", `{"edit":"s1","values":{"questions_answered":"9"}}`, `{"edit":"s1","values":{"lead_body":""}}`,
		`{"edit":"s1","values":{"method":"xe_loa"}}`))
	o.says("Dòng 1: questions_answered: ", "Số đã trả lời không nhiều hơn", "Dòng 2: lead_body: Cần điền", "Dòng 3: questions_raised: Với các câu trả lời khác", "0 lần sửa")
	o.does(command.ExitDone, "import", o.file("c", `{"edit":"s1","values":{"method":"xe_loa","questions_raised":"","questions_answered":""}}`))
	rec := o.writes(notebook.Entry{Form: current("awareness_session").Ref, Feed: "XA01/ordinary", Values: map[string]string{"occurred_on": "2025-11-16", "materials": "-1"}})
	o.does(command.ExitDone, "import", o.file("d", fmt.Sprintf(`{"edit":%q,"values":{"method":"truc_tiep"}}`, rec), fmt.Sprintf(`{"edit":%q,"values":{"presenters":"1"}}`, rec)))
	o.says("2 lần sửa")
	o.does(command.ExitSomeLines, "import", o.file("e", fmt.Sprintf(`{"edit":%q,"values":{"presenters":"101"}}`, rec), fmt.Sprintf(`{"edit":%q,"values":{"materials":"-2"}}`, rec)))
	o.says("Dòng 1: presenters: Từ 0 đến 100.", "Dòng 2: materials: ") // what was wrong before it may stay so, but is not written anew
}

// TestExportSaysWhatIsComputedAndHidesWhatIsSealed: a record is exported with its version and what the form computes; a
// sealed answer is said to be there, and what it looks like stays in the notebook.
func TestExportSaysWhatIsComputedAndHidesWhatIsSealed(t *testing.T) {
	o, other := enrolled(t), enrolled(t)
	o.does(command.ExitDone, "import", o.file("a", venue, changed(weapons, `"round"`, `"gun_air"`)))
	o.writes(notebook.Entry{Form: current("tip").Ref, Feed: "XA01/tips", Values: map[string]string{"occurred_on": "2025-11-16", "channel": "hop_dan",
		"category": "ma_tuy", "urgency": "thuong", "area": "XA01", "content": "sealed:1:YWdlLWVuY3J5cHRpb24"}})
	all := o.does(command.ExitDone, "export", "--lang", "en")
	for _, want := range []string{`"form":"` + current("weapon_handover").Ref.String() + `"`, `"guns":"12"`, `"content":"(đã niêm phong)"`} {
		if !strings.Contains(all, want) {
			t.Errorf("it does not say %s:\n%s", want, all)
		}
	}
	if strings.Contains(all, "YWdl") {
		t.Errorf("what was sealed is in the export:\n%s", all)
	}
	other.does(command.ExitSomeLines, "import", other.file("ra.jsonl", strings.TrimSpace(all)))
	other.says("content: nội dung niêm phong không nhập được", "2 bản ghi mới")
	if x := other.sees()["changed w1"]; x.Values["items/1/kind"] != "gun_air" || x.Values["guns"] != "" || x.Computed["guns"] != "12" {
		t.Errorf("taken from an export: %+v", x)
	}
}

// TestExportImport: what one notebook exports, another takes in and shows the same; the first finds nothing new in it.
func TestExportImport(t *testing.T) {
	o, other := enrolled(t), enrolled(t)
	o.does(command.ExitDone, "import", o.file("a", venue, session, weapons, `{"edit":"s1","values":{"participants_total":"40"}}`))
	path := filepath.Join(t.TempDir(), "ra.jsonl")
	o.does(command.ExitDone, "export", "--out", path)
	o.does(command.ExitFault, "export", "--out", path) // never over another
	other.does(command.ExitDone, "import", path)
	other.says("3 bản ghi mới")
	here, there := o.sees(), other.sees()
	for key, x := range here {
		if fmt.Sprint(x.Values) != fmt.Sprint(there[key].Values) {
			t.Errorf("%s: %v is not %v", key, there[key].Values, x.Values)
		}
	}
	o.does(command.ExitDone, "import", path)
	o.says("0 bản ghi mới")
	o.does(command.ExitUsage, "export", "--format", "xlsx")
}

// TestExportSealed: an export says of a sealed value that it is sealed, in a conflict too. Nothing is imported by that, nor
// is a sealed value, which was sealed for another place.
func TestExportSealed(t *testing.T) {
	const mine, hers, marker = "sealed:1:AAAA", "sealed:1:BBBB", "(đã niêm phong)"
	o := enrolled(t)
	o.does(command.ExitDone, "import", o.file("a", venue, session))
	rec, err := record.ParseDot(o.sees()["s1"].ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{mine, hers} {
		o.writes(notebook.Entry{Record: rec, Form: current("awareness_session").Ref, Values: map[string]string{"note": value}})
	}
	text := o.does(command.ExitDone, "export", "--lang", "en")
	s1 := o.sees()["s1"]
	if strings.Contains(text, "sealed:") || s1.Values["note"] != marker || len(s1.Conflicts["note"]) != 3 {
		t.Errorf("exported: %s", text)
	}
	for _, value := range []string{marker, "(sealed)", mine, "locked:1:AAAA"} {
		o.does(command.ExitSomeLines, "import", o.file("b", fmt.Sprintf(`{"edit":"s1","values":{"note":%q}}`, value)))
		o.says("note: nội dung niêm phong không nhập được", "0 lần sửa")
	}
}

// TestCheckFinds a line of the list that is not as its record.
func TestCheckFinds(t *testing.T) {
	o := enrolled(t)
	o.does(command.ExitDone, "import", o.file("a", venue))
	s := open(t, o.dir)
	err := s.Update(context.Background(), func(tx notebook.Tx) error {
		recs, err := tx.Search(notebook.Query{Limit: 1})
		if err != nil {
			return err
		}
		r, _, err := tx.Row(recs[0])
		if err != nil {
			return err
		}
		r.Title = "khác"
		return tx.PutRow(r)
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	o.does(command.ExitUnsound, "check")
	o.says("✓ tệp nguyên vẹn", "✗")
}
