package command_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"banlang/desktop/command"
	"banlang/desktop/notebook"
	"banlang/shared/envelope"
	"banlang/shared/form"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/seal"
)

// publishes has the notebook hold what the centre publishes of a form, as a page brings it; nil: the form is retired.
func (o *officer) publishes(n record.Number, id string, p *form.Publication, replaces ...record.Dot) record.Dot {
	o.t.Helper()
	var payload []byte
	if p != nil {
		var err error
		if payload, err = p.Pack(); err != nil {
			o.t.Fatal(err)
		}
	}
	return o.holds(n, record.TopicForm+id, payload, replaces...)
}

// publishesKey has it hold the key of the custodian.
func (o *officer) publishesKey(n record.Number, key envelope.Recipient) {
	o.t.Helper()
	o.holds(n, envelope.TopicCustodian, []byte(key.String()))
}

func (o *officer) holds(n record.Number, topic string, payload []byte, replaces ...record.Dot) record.Dot {
	o.t.Helper()
	c := &record.Change{Dot: record.Dot{Run: 1, N: n}, Time: record.Millis(n), Replica: record.Centre, Kind: record.KindPublish, Topic: topic,
		Payload: payload, Replaces: replaces}
	if err := c.Seal(nil, func(d record.Digest) [64]byte { return centre.Sign(seal.DomainChange, d[:]) }); err != nil {
		o.t.Fatal(err)
	}
	s := open(o.t, o.dir)
	defer s.Close()
	if err := s.Update(context.Background(), func(tx notebook.Tx) error { _, _, err := ledger.Insert(tx, c); return err }); err != nil {
		o.t.Fatal(err)
	}
	return c.Dot
}

// TestPublishedForms: what the centre publishes is what records are written in from then on, until it is retired; every
// version stays, and what was written in it.
func TestPublishedForms(t *testing.T) {
	o := enrolled(t)
	first, was := earlier(t), current("awareness_session")
	second := *first
	second.XML = strings.Replace(first.XML, `version="0"`, `version="next"`, 1)
	ask := changed(session, `"truc_tiep"`, `"qua_dai"`) // which the product's own version does not have
	o.does(command.ExitDone, "import", o.file("a", venue, session))
	o.does(command.ExitSomeLines, "import", o.file("b", ask))

	one := o.publishes(101, "awareness_session", first)
	o.does(command.ExitDone, "import", o.file("b", ask))
	two := o.publishes(102, "awareness_session", &second, one)
	o.does(command.ExitDone, "import", o.file("c", strings.Replace(ask, "changed", "again", 1)))
	o.does(command.ExitDone, "forms")
	for ref, want := range map[record.FormRef]string{
		was.Ref: "bản " + was.Version + " giữ lại bản ghi: 1 · nháp: 0", first.Ref(): "bản 0 giữ lại bản ghi: 1 · nháp: 0", second.Ref(): "bản next đang dùng bản ghi: 1 · nháp: 0",
	} {
		if got := o.line(ref.String()); got != ref.String()+" "+want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}

	o.publishes(103, "awareness_session", nil, two)
	o.does(command.ExitDone, "forms")
	if got := o.line(second.Ref().String()); !strings.Contains(got, "thôi dùng") {
		t.Errorf("of a form that is retired it says %q", got)
	}
	o.does(command.ExitSomeLines, "import", o.file("d", strings.Replace(ask, "changed", "late", 1), `{"edit":"again s1","values":{"note":"Nắng."}}`))
	o.says(`Dòng 1: không có biểu mẫu "awareness_session".`, "1 lần sửa")
	if x := o.sees()["again s1"]; x.Form != second.Ref().String() || x.Values["method"] != "qua_dai" || x.Values["note"] != "Nắng." {
		t.Errorf("a record of a retired form is shown as %+v", x)
	}
	o.does(command.ExitDone, "check")
}

// earlier is another version of a form: with another way to hold a session, and a question more.
func earlier(t *testing.T) *form.Publication {
	t.Helper()
	for _, p := range form.Builtin().Menu() {
		if p.ID != "awareness_session" {
			continue
		}
		old := *p
		old.Version = "0"
		old.XML = strings.NewReplacer(`version="`+p.Version+`"`, `version="0"`, ">tai_nha<", ">qua_dai<", "<materials/>", "<materials/><weather/>").Replace(p.XML)
		if f, err := form.Parse([]byte(old.XML)); err != nil || f.Version != "0" || f.CheckValue("weather", "mưa") != nil || f.CheckValue("method", "qua_dai") != nil {
			t.Fatal(f, err)
		}
		return &old
	}
	t.Fatal("there is no such form")
	return nil
}

// published is an officer to whom the centre has published the earlier form, and then the present one again.
func published(t *testing.T, old *form.Publication) *officer {
	t.Helper()
	o := enrolled(t)
	for _, p := range form.Builtin().Menu() {
		if p.ID == old.ID {
			o.publishes(102, p.ID, p, o.publishes(101, p.ID, old))
		}
	}
	return o
}

// line is the line of a command's answer that begins with words.
func (o *officer) line(words string) string {
	o.t.Helper()
	for l := range strings.Lines(o.out.String()) {
		if strings.HasPrefix(strings.TrimSpace(l), words) {
			return strings.Join(strings.Fields(l), " ")
		}
	}
	o.t.Fatalf("no line begins with %q:\n%s", words, &o.out)
	return ""
}

// TestForms: every version that a record or draft was written in stays, whatever is published after it.
func TestForms(t *testing.T) {
	old, now, venues, tips := earlier(t), current("awareness_session"), current("venue_register"), current("tip")
	o := published(t, old)
	oldSession := changed(session, `"awareness_session"`, fmt.Sprintf("%q", old.Ref()))
	o.does(command.ExitDone, "import", o.file("a", venue, session, changed(oldSession, `"truc_tiep"`, `"qua_dai"`)))
	o.beside(func(ctx context.Context, nb *notebook.Notebook) error {
		for _, ref := range []record.FormRef{old.Ref(), now.Ref, {ID: "future", Version: 7}} {
			if _, err := nb.SaveDraft(ctx, notebook.Draft{Form: ref, Values: map[string]string{"note": "dở"}}); err != nil {
				return err
			}
		}
		return nil
	})
	o.does(command.ExitDone, "forms")
	for ref, want := range map[record.FormRef]string{
		now.Ref:                    "bản " + now.Version + " đang dùng bản ghi: 1 · nháp: 1",
		old.Ref():                  "bản 0 giữ lại bản ghi: 1 · nháp: 1",
		venues.Ref:                 "bản " + venues.Version + " đang dùng bản ghi: 1 · nháp: 0",
		tips.Ref:                   "bản " + tips.Version + " đang dùng bản ghi: 0 · nháp: 0",
		{ID: "future", Version: 7}: "bản ? chương trình này không có, giữ nguyên như đã nhận bản ghi: 0 · nháp: 1",
	} {
		if got := o.line(ref.String()); got != ref.String()+" "+want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
	if n := strings.Count(o.out.String(), "đang dùng"); n != 26 {
		t.Errorf("%d current forms", n)
	}
	o.does(command.ExitDone, "forms", "--lang", "en")
	o.says("Awareness session", "version 0    kept       records: 1 · drafts: 1")
	for _, x := range o.sees() {
		if strings.HasPrefix(x.Key, "changed") && (x.Form != old.Ref().String() || x.Values["method"] != "qua_dai") {
			t.Errorf("a record of the earlier version is shown as %+v", x)
		}
	}
	o.does(command.ExitDone, "check")
}

// TestFormsCheck: of what was written in an earlier version, what fits the present one is opened in it, the rest stays
// in its own and loses nothing.
func TestFormsCheck(t *testing.T) {
	old := earlier(t)
	o := published(t, old)
	oldSession := changed(session, `"awareness_session"`, fmt.Sprintf("%q", old.Ref()))
	fits, stays := oldSession, changed(changed(oldSession, `"truc_tiep"`, `"qua_dai"`), `"values":{`, `"values":{"weather":"mưa to",`)
	o.does(command.ExitDone, "import", o.file("a", venue, session, fits, stays))
	all := o.sees()
	fitting, staying := all["changed s1"], all["changed changed changed s1"]
	o.beside(func(ctx context.Context, nb *notebook.Notebook) error {
		rec, err := record.ParseDot(fitting.ID)
		if err != nil {
			return err
		}
		for _, d := range []notebook.Draft{
			{Form: old.Ref(), Values: map[string]string{"note": "dở", "participants_total": "nhiều"}},
			{Form: old.Ref(), Record: rec, Values: map[string]string{"method": "qua_dai"}},
			{Form: old.Ref(), Record: rec, Values: map[string]string{"note": "xong"}},
			{Form: current("tip").Ref, Values: map[string]string{"note": "dở"}},
		} {
			if _, err := nb.SaveDraft(ctx, d); err != nil {
				return err
			}
		}
		return nil
	})
	o.does(command.ExitDone, "forms", "check")
	o.says("bản ghi "+staying.ID+", "+old.Ref().String()+": ở lại bản 0\n    method: câu trả lời không còn trong danh sách\n    weather: không còn chỗ\n",
		"nháp 1, "+old.Ref().String()+": ở lại bản 0\n    participants_total: không đúng loại\n", "nháp 2, "+old.Ref().String()+": ở lại bản 0\n    method: ",
		"Viết theo bản trước của biểu mẫu: 5. Mở được bằng bản đang dùng: 2. Ở lại bản của mình: 3.")
	if strings.Contains(o.out.String(), fitting.ID) || strings.Contains(o.out.String(), "nháp 3,") || strings.Contains(o.out.String(), "mưa") {
		t.Errorf("it says too much:\n%s", &o.out)
	}
	o.does(command.ExitDone, "forms", "check", "--lang", "en")
	o.says("Staying in their own: 3.", "it stays in version 0", "the answer is no longer on the list")

	o.does(command.ExitSomeLines, "import", o.file("b", fmt.Sprintf(`{"edit":%q,"values":{"weather":"nắng"}}`, fitting.ID),
		fmt.Sprintf(`{"edit":%q,"values":{"weather":"nắng"}}`, staying.ID)))
	o.says("Dòng 1: weather: Biểu mẫu không có trường này.", "1 lần sửa")
	if x := o.sees()["changed changed changed s1"]; x.Values["weather"] != "nắng" || x.Values["method"] != "qua_dai" || x.Form != old.Ref().String() {
		t.Errorf("after an edit: %+v", x)
	}
}
