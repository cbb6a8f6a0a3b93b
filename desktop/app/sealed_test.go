package app_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/desktop/notebook"
	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/seal"
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

// TestCustodians: who they are is what the centre published last; what is sealed for the custodian each of them opens alone, and who
// was withdrawn opens nothing of it. Until the centre has said something nothing is known.
func TestCustodians(t *testing.T) {
	forms := app.NewForms(form.Builtin())
	if _, told := forms.Keys.Custodians(); told {
		t.Error("told before the centre said anything")
	}
	key, err := seal.NewReplicaKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	tip, _ := forms.Library.Current("tip")
	at := envelope.Place{Record: record.Dot{Run: 1, N: 1}, Path: "source"}
	answer := notebook.Answer{Form: tip.Ref, Officer: "diem.pq.24", Unit: apptest.Unit, Path: at.Path, At: at, Value: "Bà Siu H'Nhan"}

	var first, second envelope.Identity
	for _, id := range []*envelope.Identity{&first, &second} {
		if *id, err = envelope.New(); err != nil {
			t.Fatal(err)
		}
	}
	said := []*record.Change{{Dot: record.Dot{Run: 9, N: 1}, Kind: record.KindPublish, Topic: envelope.TopicUnit(apptest.Unit), Payload: []byte(first.Recipient().String())}}
	for n, x := range []struct {
		topic   string
		to      envelope.Recipient
		opening []envelope.Identity
	}{
		{envelope.TopicOfCustodian("pho-phong"), second.Recipient(), []envelope.Identity{second}},
		{envelope.TopicCustodian, first.Recipient(), []envelope.Identity{first, second}},
		{envelope.TopicOfCustodian("pho-phong"), envelope.Recipient{}, []envelope.Identity{first}},
		{envelope.TopicCustodian, envelope.Recipient{}, nil},
	} {
		said = append(said, &record.Change{Dot: record.Dot{Run: 9, N: record.Number(n + 2)}, Time: record.Millis(n + 2), Kind: record.KindPublish, Topic: x.topic, Payload: []byte(x.to.String())})
		forms.Learn(said)
		got, told := forms.Keys.Custodians()
		if len(got) != len(x.opening) || !told {
			t.Fatalf("step %d: %v, %v", n, got, told)
		}
		text, err := app.Sealer(forms, key)(answer)
		if len(x.opening) == 0 {
			if !errors.Is(err, fault.NoRecipient) {
				t.Errorf("sealed to nobody: %v", err)
			}
			continue
		}
		for i, id := range x.opening {
			if got[i] != id.Recipient() {
				t.Errorf("step %d: custodian %d is %s", n, i, got[i])
			}
		}
		for _, id := range []envelope.Identity{first, second} {
			plain, err := envelope.Open(id, at, text)
			if may := slices.Contains(x.opening, id); may != (plain == answer.Value) || may != (err == nil) {
				t.Errorf("step %d: %s reads %q, %v", n, id, plain, err)
			}
		}
	}
}
