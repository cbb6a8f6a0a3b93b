package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/notebook"
	"banlang/shared/envelope"
	"banlang/shared/record"
)

// TestASealedAnswerIsNowhere: what is sealed is on no page but as its marker, and is not found by any word of it.
func TestASealedAnswerIsNowhere(t *testing.T) {
	v, m := openNotebook(t)
	hers := v.NewMachine(25)
	rec := m.Write("diem.pq.24", "awareness_session", session(place(m, "Làng Kon Tơ Ngol"), "60"))
	v.Carry(m, hers)
	key, err := envelope.New()
	if err != nil {
		t.Fatal(err)
	}
	seal := func(plain, path string) string {
		text, err := envelope.Seal(envelope.Place{Record: rec, Path: path}, plain, key.Recipient())
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	mine, theirs, again := seal("Người bán nước", "note"), seal("Người lái đò", "note"), seal("64", "participants_total")
	m.Change("diem.pq.24", rec, "note", mine)
	m.Change("diem.pq.24", rec, "participants_total", again)
	v.Pass(time.Hour)
	hers.Change("ha.ltm.25", rec, "note", theirs)
	v.Carry(hers, m)
	choose(m, rec)

	for lang, marker := range map[string]string{app.Vietnamese: "(đã niêm phong)", app.English: "(sealed)"} {
		m.App.SetLanguage(lang)
		m.Settle()
		choose(m, rec)
		d := m.App.Detail()
		page := fmt.Sprint(d.Title, d.Sub, d.Fields, d.History, m.App.List.Row(indexOf(m, rec)))
		c := compare(t, m)
		page += fmt.Sprint(c.About, c.Base, c.Answers)
		if strings.Contains(page, "sealed:1:") || strings.Count(page, marker) < 6 {
			t.Errorf("%s: the pages say %s", lang, page)
		}
		c.Back()
		m.Settle()
	}

	for _, text := range []string{mine, theirs, again} {
		for _, word := range notebook.SearchWords(text) {
			found, err := m.Book.Search(t.Context(), notebook.Query{Text: word, Limit: 9})
			if len(word) > 2 && (len(found) > 0 || err != nil) {
				t.Errorf("found by %q: %v, %v", word, found, err)
			}
		}
	}
	lines, err := m.Book.Lines(t.Context(), []record.Dot{rec})
	if err != nil || strings.Contains(lines[0].Title, "sealed") || strings.Contains(lines[0].Words, "sealed") {
		t.Errorf("the list keeps %+v, %v", lines, err)
	}
}
