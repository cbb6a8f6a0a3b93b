package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/shared/envelope"
	"banlang/shared/form"
	"banlang/shared/form/declared"
)

func newForm(t *testing.T, m *apptest.Machine, id string) *app.Editor {
	t.Helper()
	m.App.New(id)
	m.Settle()
	if m.App.Editor() == nil {
		t.Fatalf("no form %s; told %+v", id, m.App.Toast())
	}
	return m.App.Editor()
}

func publish(m *apptest.Machine, p *form.Publication) {
	m.Publish(p)
	m.Wait(time.Second)
}

func offers(m *apptest.Machine, id string) bool {
	return slices.ContainsFunc(m.App.Forms(), func(f app.FormChoice) bool { return f.ID == id })
}

// withoutRemark is a version of the village's form that does not ask for the remark any more.
func withoutRemark() *form.Publication {
	xml := apptest.Every("2").XML
	from, to := strings.Index(xml, `<input ref="/data/remark"`), strings.Index(xml, `<group ref="/data/team"`)
	return apptest.Every("2", xml[from:to], "<remark/>", `<bind nodeset="/data/remark" type="string"/>`)
}

func TestAPublishedFormIsOfferedAtOnce(t *testing.T) {
	_, m := openNotebook(t)
	m.App.Go(app.PageNew)
	if offers(m, "every") {
		t.Fatal("offered before it was published; the test would prove nothing")
	}
	publish(m, apptest.Every("1"))
	if !offers(m, "every") || m.Drawn&app.PartList == 0 {
		t.Error("the form is not on the page")
	}
	if found := m.App.FindForms("loai moi"); len(found) != 1 || found[0].Label != "Mọi loại câu hỏi" {
		t.Errorf("found %v", found)
	}
	m.Retire("every")
	m.Wait(time.Second)
	if offers(m, "every") {
		t.Error("a retired form is still offered")
	}
	if !slices.ContainsFunc(m.App.FormsListed(), func(f app.FormChoice) bool { return f.ID == "every" }) {
		t.Error("its records cannot be looked for any more")
	}
}

// A draft moves to a new version where all that is in it has a place, and stays in its own where not.
func TestADraftMovesToANewVersionWhereItFits(t *testing.T) {
	for name, c := range map[string]struct {
		path, typed string
		moves       bool
	}{
		"fits":                   {"count/people", "12", true},
		"what cannot be read":    {"count/people", "nhiều", true},
		"a question that is out": {"remark", "Đường lầy.", false},
	} {
		t.Run(name, func(t *testing.T) {
			_, m := openNotebook(t)
			publish(m, apptest.Every("1"))
			newForm(t, m, "every").Type(c.path, c.typed)
			m.App.Go(app.PageRecords)
			m.Settle()
			publish(m, withoutRemark())
			m.App.ResumeLatest()
			m.Settle()
			e := m.App.Editor()
			if now, _ := m.Forms.Library.Current("every"); (e.Form().Ref == now.Ref) != c.moves {
				t.Fatalf("it is in version %s", e.Form().Version)
			}
			if e.Text(c.path) != c.typed || (e.Version() == "") != c.moves {
				t.Errorf("%q, the form says %q", e.Text(c.path), e.Version())
			}
			if !c.moves {
				if !strings.Contains(e.Version(), "Một câu hỏi dài") {
					t.Errorf("the form says %q", e.Version())
				}
				e.Type("place/day", "16/11/2026")
				finish(t, m)
				rec := m.App.Detail().Record
				if v := m.View(rec); v.Form.Version != e.Form().Ref.Version || v.Text("remark") != c.typed {
					t.Errorf("written as %+v", v)
				}
			}
		})
	}
}

func TestARecordIsOpenedInANewVersionWhereItFits(t *testing.T) {
	_, m := openNotebook(t)
	publish(m, apptest.Every("1"))
	fits := m.Write("diem.pq.24", "every", map[string]string{"place/day": "2026-11-16"})
	not := m.Write("diem.pq.24", "every", map[string]string{"place/day": "2026-11-16", "remark": "Đường lầy."})
	publish(m, withoutRemark())
	now, _ := m.Forms.Library.Current("every")
	edit(m, fits)
	if e := m.App.Editor(); e.Form().Ref != now.Ref || e.Version() != "" {
		t.Errorf("what fits is opened in version %s; %q", e.Form().Version, e.Version())
	}
	m.App.Editor().Type("count/people", "3")
	finish(t, m)
	if c := m.App.Detail().History[0]; c.What != "ghi Số người: 3" {
		t.Errorf("the history says %+v", c)
	}
	edit(m, not)
	if e := m.App.Editor(); e.Form().Ref == now.Ref || e.Value("remark") != "Đường lầy." {
		t.Errorf("what does not fit is opened in version %s", e.Form().Version)
	}
	m.App.Go(app.PageRecords)
	choose(m, not)
	if !slices.ContainsFunc(m.App.Detail().Fields, func(f app.FieldLine) bool { return f.Value == "Đường lầy." }) {
		t.Errorf("it is read as %+v", m.App.Detail().Fields)
	}
}

// Decision 3: what a form calculates is no edit, whoever filled in what it comes from.
func TestWhatIsCalculatedIsNotWritten(t *testing.T) {
	_, m := openNotebook(t)
	m.Write("diem.pq.24", "self_mgmt_group", map[string]string{"name": "Tổ 3", "households": "40"})
	e := newForm(t, m, "evaluation")
	subject := e.Filling().Choices("subject")[0]
	if subject.Label != "Tổ 3" {
		t.Fatalf("the group is offered as %+v", subject)
	}
	for path, value := range map[string]string{"occurred_on": "2026-11-16", "subject": subject.Value, "period": "2026-Q3", "meetings": "3", "activities": "2"} {
		e.Set(path, value)
	}
	for _, score := range []string{"9", "8"} {
		row := e.AddRow("scores")
		e.Set(form.JoinPath("scores", row, "criterion"), "c"+score)
		e.Type(form.JoinPath("scores", row, "score"), score)
	}
	if !e.Filling().ReadOnly("rating") || e.Say("rating") != "Tốt" || e.Value("average") != "8.5" {
		t.Fatalf("the form shows %q, %q", e.Say("rating"), e.Value("average"))
	}
	m.Wait(time.Second)
	rec := func() (values map[string]string) {
		finish(t, m)
		return m.View(m.App.Detail().Record).Values()
	}
	draft := m.Drafts()[0].Values
	written := rec()
	for _, path := range []string{"rating", "average", "rating_computed"} {
		if draft[path] != "" || written[path] != "" {
			t.Errorf("%s is in the draft as %q, in the record as %q", path, draft[path], written[path])
		}
	}
	said := false
	for _, f := range m.App.Detail().Fields {
		said = said || f.Label == "Xếp loại" && f.Value == "Tốt"
	}
	if !said {
		t.Errorf("the record is read as %+v", m.App.Detail().Fields)
	}
}

// What is not asked is not written; what the record holds of it is kept, and can be read.
func TestWhatIsNotAskedIsNotWritten(t *testing.T) {
	_, m := openNotebook(t)
	venue := place(m, "Làng Kon Tơ Ngol")
	e := newForm(t, m, "awareness_session")
	fill(e, session(venue, "38"))
	e.Set("method", "xe_loa")
	if left := e.Leftover(); len(left) != 2 || left[0].Label != "Số ý kiến, câu hỏi của người dân" || left[0].Value != "7" {
		t.Errorf("at the end stands %+v", left)
	}
	finish(t, m)
	rec := m.App.Detail().Record
	if v := m.View(rec); v.Text("questions_raised") != "" || v.Text("participants_total") != "38" {
		t.Errorf("written: %v", v.Values())
	}

	kept := m.Write("diem.pq.24", "awareness_session", session(venue, "38"))
	edit(m, kept)
	m.App.Editor().Set("method", "xe_loa")
	finish(t, m)
	if v := m.View(kept); v.Text("questions_raised") != "7" {
		t.Error("what the record held is gone")
	}
	choose(m, kept)
	fields := m.App.Detail().Fields
	heading := slices.IndexFunc(fields, func(f app.FieldLine) bool { return f.Heading && f.Label == "Vẫn giữ, nay không còn hỏi" })
	at := slices.IndexFunc(fields, func(f app.FieldLine) bool {
		return f.Label == "Số ý kiến, câu hỏi của người dân" && f.Value == "7"
	})
	if heading < 0 || at < heading {
		t.Errorf("the record is read as %+v", fields)
	}
}

// What no version has a place for is shown too, at the end.
func TestAValueWithoutAPlaceIsShown(t *testing.T) {
	_, m := openNotebook(t)
	rec := m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 4", "of_tomorrow": "x", "items/1/kind": "bomb"})
	choose(m, rec)
	fields := m.App.Detail().Fields
	if n := len(fields); n != 4 || !fields[1].Heading || fields[2].Value != "bomb" || fields[3].Value != "x" {
		t.Errorf("the record is read as %+v", fields)
	}
}

// What a form notes by itself belongs to the record once somebody has written in it, the end also when the draft was left
// meanwhile.
func TestWhatTheFormNotesByItself(t *testing.T) {
	_, m := openNotebook(t)
	publish(m, apptest.Every("1"))
	newForm(t, m, "every")
	m.App.Go(app.PageRecords)
	m.Wait(time.Second)
	if n := len(m.Drafts()); n != 0 {
		t.Fatalf("%d drafts of a form that nobody wrote in", n)
	}
	newForm(t, m, "every").Type("place/day", "16/11/2026")
	m.Wait(time.Second)
	started := m.Drafts()[0].Values["started"]
	m.V.Pass(time.Hour)
	after := m.PowerCut().Start()
	after.App.Gate.Try(apptest.Passphrase)
	after.Settle()
	after.App.ResumeLatest()
	after.Settle()
	finish(t, after)
	rec := after.App.Detail().Record
	v := after.View(rec)
	if !strings.HasPrefix(started, "2026-11-17T09:41") || v.Text("started") != started || !strings.HasPrefix(v.Text("ended"), "2026-11-17T10:41") {
		t.Errorf("started %q, written %v", started, v.Values())
	}
	if v.Text("aim") != "" {
		t.Error("a default of a question that is not asked is written")
	}
	for _, f := range after.App.Detail().Fields {
		if strings.Contains(f.Label, "started") {
			t.Error("what nobody was asked is shown")
		}
	}

	after.V.Pass(time.Hour)
	edit(after, rec)
	e := after.App.Editor()
	e.Set("kind", "b") // now the aim is asked; its default is the answer of whoever begins a record, not of who opens one
	finish(t, after)
	if w := after.View(rec); w.Text("ended") != v.Text("ended") || w.Text("aim") != "" {
		t.Errorf("after an edit: %v", w.Values())
	}
}

// Answers that must be sealed are asked only where they can be; they are locked in the draft, sealed in the record, and read
// nowhere.
func TestSealedAnswers(t *testing.T) {
	_, m := openNotebook(t)
	area := place(m, "Làng Kon Tơ Ngol")
	if e := newForm(t, m, "tip"); e.Filling().Relevant("content") || !e.Filling().Relevant("content_off") {
		t.Fatal("asked without a key")
	}
	m.PublishKeys(declared.Unit)
	m.Wait(time.Second)
	e := newForm(t, m, "tip")
	if !e.Filling().Relevant("content") || e.Filling().Relevant("source") {
		t.Fatal("not asked, with the key of the unit")
	}
	for path, value := range map[string]string{"occurred_on": "2026-11-16", "channel": "hom_thu", "category": "ma_tuy", "urgency": "khan", "area": area} {
		e.Set(path, value)
	}
	const words = "Có người lạ ở bến."
	e.Type("content", words)
	m.Wait(time.Second)
	if d := m.Drafts()[0].Values["content"]; !envelope.IsLocked(d) || strings.Contains(m.App.Drafts()[0].Title, "người lạ") {
		t.Errorf("the draft holds %q", d)
	}
	m.App.Go(app.PageRecords)
	m.Settle()
	m.App.ResumeLatest()
	m.Settle()
	if got := m.App.Editor().Text("content"); got != words {
		t.Fatalf("the draft came back as %q", got)
	}
	finish(t, m)
	rec := m.App.Detail().Record
	first := m.View(rec).Text("content")
	if !envelope.IsSealed(first) || !said(m.App.Detail(), "Nội dung tin", "(đã niêm phong)") {
		t.Fatalf("written as %q, read as %+v", first, m.App.Detail().Fields)
	}

	edit(m, rec)
	e = m.App.Editor()
	if e.Text("content") != "" || e.Say("content") != "(đã niêm phong)" || !e.Filling().IsSealed("content") {
		t.Errorf("the form shows %q", e.Text("content"))
	}
	e.Type("content", "Không phải.")
	e.Type("content", "") // back again: what is sealed cannot be cleared by hand
	if !e.Filling().IsSealed("content") {
		t.Error("the seal is gone")
	}
	e.Set("feedback_given", "true")
	finish(t, m)
	if live := m.View(rec).Field("content"); len(live) != 1 || live[0].Text != first {
		t.Error("what was only looked at was written anew")
	}
	edit(m, rec)
	m.App.Editor().Type("content", "Hai người lạ.")
	finish(t, m)
	if live := m.View(rec).Field("content"); len(live) != 1 || live[0].Text == first || !envelope.IsSealed(live[0].Text) {
		t.Errorf("replaced by %+v", live)
	}
	for _, h := range m.App.Detail().History {
		if strings.Contains(h.What, "người lạ") || strings.Contains(h.What, "sealed:") {
			t.Errorf("the history says %q", h.What)
		}
	}
}

func said(d *app.Detail, label, value string) bool {
	return slices.ContainsFunc(d.Fields, func(f app.FieldLine) bool { return f.Label == label && f.Value == value })
}

// The lists beside a form are made of what the notebook shows.
func TestListsBesideAForm(t *testing.T) {
	v, m := openNotebook(t)
	far := v.NewMachine(25)
	venue, other := place(m, "Làng Kon Tơ Ngol"), place(m, "Thôn 4")
	place(m, "Thôn 4") // two of one name
	unknown := place(far, "Thôn xa")
	for _, people := range []string{"30", "40", "50", "60"} {
		m.Write("diem.pq.24", "awareness_session", session(venue, people))
	}
	m.Wait(time.Second)
	e := newForm(t, m, "awareness_session")
	var labels []string
	for _, c := range e.Filling().Choices("venue") {
		labels = append(labels, c.Label)
	}
	if got := strings.Join(labels, ", "); got != "Làng Kon Tơ Ngol, Thôn 4 · Làng, Thôn 4 · Làng" {
		t.Errorf("offered: %s", got)
	}
	fill(e, session(venue, "135"))
	if e.Filling().Relevant("participants_total_warning") {
		t.Error("135 people are three times the median of 45, and no more")
	}
	e.Type("participants_total", "136")
	if !e.Filling().Relevant("participants_total_warning") {
		t.Error("136 people are more than three times the median")
	}
	e.Set("venue", other)
	if e.Filling().Relevant("participants_total_warning") {
		t.Error("nothing is usual where nobody was")
	}

	// A place that has not come down yet is no mistake of whoever edits something else.
	rec := m.Write("diem.pq.24", "awareness_session", session(unknown, "20"))
	m.App.Go(app.PageRecords)
	edit(m, rec)
	e = m.App.Editor()
	if e.Say("venue") != "chưa về máy này" {
		t.Errorf("it is called %q", e.Say("venue"))
	}
	e.Type("participants_total", "21")
	finish(t, m)

	group := m.Write("diem.pq.24", "self_mgmt_group", map[string]string{"name": "Tổ 3"})
	m.Write("diem.pq.24", "evaluation", map[string]string{"subject": group.String(), "period": "2026-Q3"})
	m.Wait(time.Second)
	e = newForm(t, m, "evaluation")
	e.Set("subject", group.String())
	e.Type("period", "2026-Q3")
	e.Leave("period")
	if text, _ := e.Problem("period"); !strings.Contains(text, "đã được đánh giá trong kỳ") {
		t.Errorf("a second evaluation of the period: %q", text)
	}
	if missing := e.Filling().Missing(); !slices.Equal(missing, []string{"criteria.csv"}) {
		t.Errorf("not here are %v", missing)
	}
	e = newForm(t, m, "venue_register")
	if units := e.Filling().Choices("parent_unit"); len(units) != 1 || units[0] != (form.Choice{Value: apptest.Unit, Label: "Xã Đăk Rơ Leng"}) {
		t.Errorf("units: %v", units)
	}
}
