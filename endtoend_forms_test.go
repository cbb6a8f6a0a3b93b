package banlang_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"banlang/desktop/notebook"
	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/syncserver/command"
)

// meeting is a form as staff write it, in two versions: the second has another list of kinds, and asks for no weather.
const (
	meeting = `
| survey   |                 |         |                        |                     |               |          |           |            |
|          | type            | name    | label::Tiếng Việt (vi) | label::English (en) | purpose       | category | retention | visible_to |
|          | date            | day     | Ngày họp               | Date                | đếm buổi họp  | none     | 5y        | all        |
|          | select_one kind | kind    | Hình thức              | Kind                | đếm buổi họp  | none     | 5y        | all        |
|          | text            | weather | Thời tiết              | Weather             | biết vì sao vắng | none  | 5y        | all        |
| choices  |                 |         |                        |                     |               |          |           |            |
|          | list_name       | name    | label::Tiếng Việt (vi) | label::English (en) |               |          |           |            |
|          | kind            | indoors | Trong nhà              | Indoors             |               |          |           |            |
|          | kind            | outside | Ngoài trời             | Outside             |               |          |           |            |
| settings |                 |         |                        |                     |               |          |           |            |
|          | form_title      | form_id | version                | default_language    | compartment   | event_date | title_en |           |
|          | Buổi họp thôn   | meeting | 1                      | Tiếng Việt (vi)     | ordinary      | day      | Meeting   |            |
`
	meetingForm = "meeting"
)

func nextMeeting() string {
	lines := strings.Split(meeting, "\n")
	var next []string
	for _, l := range lines {
		if !strings.Contains(l, "weather") && !strings.Contains(l, "outside") {
			next = append(next, strings.Replace(l, "| meeting | 1 ", "| meeting | 2 ", 1))
		}
	}
	return strings.Join(next, "\n")
}

// publishes has staff put a form in force, while the centre runs.
func (s *station) publishes(sheet string, flags ...string) string {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "form.md")
	if err := os.WriteFile(path, []byte(sheet), 0o600); err != nil {
		s.t.Fatal(err)
	}
	out, _ := staff(s.t, command.ExitDone, append([]string{"form", "publish", "--dir", s.dir, path, "--by", "An"}, flags...)...)
	return out
}

// meets saves a record of the meeting form in a version.
func (o *officer) meets(ref record.FormRef, values map[string]string) record.Dot {
	o.t.Helper()
	recs, err := o.nb.Save(o.t.Context(), notebook.Entry{Form: ref, Feed: record.Feed(o.file.Unit + "/ordinary"), Officer: "s7", Values: values})
	if err != nil {
		o.t.Fatal(err)
	}
	return recs[0]
}

// current is the version in which the officer's program begins a record now.
func (o *officer) current(id string) *form.Form {
	o.t.Helper()
	f, ok := o.forms.Library.Current(id)
	if !ok {
		o.t.Fatalf("device %d has no form %s", o.file.Replica, id)
	}
	return f
}

// TestAFormIsPublished follows a form from the sheet that staff wrote: it reaches every device, also one that comes late;
// the next version does too, and what was written in the first keeps its form, a draft that was never sent among it; when
// the form is retired nothing of that alters.
func TestAFormIsPublished(t *testing.T) {
	s := serving(t, t.TempDir())
	a, b := s.enrol("GL014", "A"), s.enrol("GL014", "B")
	a.sync()
	s.publishes(meeting)
	a.sync()
	first := a.current(meetingForm)
	rec := a.meets(first.Ref, map[string]string{"day": "2025-11-16", "kind": "outside", "weather": "Nắng."})
	bad := a.meets(first.Ref, map[string]string{"day": "2025-11-16", "kind": "under water"})
	draft, err := a.nb.SaveDraft(t.Context(), notebook.Draft{Form: first.Ref, Feed: "GL014/ordinary", Values: map[string]string{"kind": "outside"}})
	if err != nil {
		t.Fatal(err)
	}
	a.sync()

	if out := s.publishes(nextMeeting(), "--yes"); !strings.Contains(out, "1 stay in theirs") {
		t.Errorf("publishing says:\n%s", out)
	}
	for _, o := range []*officer{b, a} { // the one receives both versions and the record at once
		o.sync()
		o.settled()
		second := o.current(meetingForm)
		if second.Version != "2" {
			t.Errorf("device %d writes in %s", o.file.Replica, second)
		}
		o.shows(rec, first)
		o.open() // and after a restart of the program
		o.shows(rec, first)
	}
	if v, err := a.nb.View(t.Context(), bad); err != nil || len(v.Rejected) != 1 || v.Rejected[0].Reason != form.RuleChoice {
		t.Errorf("what the form does not have is judged %v, %v", v.Rejected, err)
	}
	drafts, err := a.nb.Drafts(t.Context())
	if err != nil || len(drafts) != 1 || drafts[0].ID != draft {
		t.Fatal(drafts, err)
	}
	if f, misfits, ok := a.forms.Library.For(drafts[0].Form, drafts[0].Values); !ok || f.Ref != first.Ref || len(misfits) != 1 {
		t.Errorf("the draft is opened in %v: %v", f, misfits)
	}
	if _, err := a.nb.Finalize(t.Context(), draft, drafts[0].Entry()); err != nil {
		t.Fatal(err)
	}
	a.sync()

	staff(t, command.ExitDone, "form", "retire", "--dir", s.dir, meetingForm)
	for _, o := range []*officer{a, b} {
		o.sync()
		if f, ok := o.forms.Library.Current(meetingForm); ok {
			t.Errorf("device %d goes on writing in %s", o.file.Replica, f)
		}
		o.shows(rec, first)
	}
	s.staff(command.ExitDone, "check")
	s.end()
}

// shows fails unless a record is open in the version that it was written in, with what it said.
func (o *officer) shows(rec record.Dot, in *form.Form) {
	o.t.Helper()
	v, err := o.nb.View(o.t.Context(), rec)
	if err != nil {
		o.t.Fatal(err)
	}
	f, _, ok := o.forms.Library.For(v.Form, v.Values())
	if !ok || f.Ref != in.Ref || v.Text("kind") != "outside" || v.Text("weather") != "Nắng." {
		o.t.Errorf("device %d shows %v in %v", o.file.Replica, v.Values(), f)
	}
	if k, err := o.nb.Check(o.t.Context()); err != nil || k.Records == 0 {
		o.t.Errorf("device %d: %+v, %v", o.file.Replica, k, err)
	}
	lines, err := o.nb.Lines(o.t.Context(), []record.Dot{rec})
	if err != nil || len(lines) != 1 || lines[0].Title == "" || lines[0].Title == meetingForm || lines[0].Date != "2025-11-16" {
		o.t.Errorf("device %d lists it as %+v, %v", o.file.Replica, lines, err)
	}
}

// TestASealedAnswerIsReadByItsRecipientOnly follows an answer from the officer to the two people who open it: the centre and
// a colleague hold what nobody can read, and without a key nothing is written.
func TestASealedAnswerIsReadByItsRecipientOnly(t *testing.T) {
	s := serving(t, t.TempDir())
	a, b := s.enrol("GL014", "A"), s.enrol("GL014", "B")
	a.sync()
	const words = "Chị Hai ở xóm trên, gọi sau 19 giờ."
	handed := notebook.Entry{Form: a.current("weapon_handover").Ref, Feed: "GL014/ordinary", Officer: "s7",
		Values: map[string]string{"occurred_on": "2025-11-16", "person_consent": "true", "person": words}}
	if _, err := a.nb.Save(t.Context(), handed); fault.CodeOf(err) != fault.NoRecipient {
		t.Fatalf("without a key: %v", err)
	}
	key := filepath.Join(t.TempDir(), "custodian.key")
	staff(t, command.ExitDone, "recipient", "new", "custodian", "--dir", s.dir, "--key", key)
	a.sync()
	recs, err := a.nb.Save(t.Context(), handed)
	if err != nil {
		t.Fatal(err)
	}
	a.sync()
	b.sync()
	for _, o := range []*officer{a, b} {
		v, err := o.nb.View(t.Context(), recs[0])
		if err != nil || len(v.Rejected) != 0 || !envelope.IsSealed(v.Text("person")) || v.Text("occurred_on") != "2025-11-16" {
			t.Errorf("device %d holds %v, %v", o.file.Replica, v.Values(), err)
		}
	}
	said, _ := staff(t, command.ExitDone, "recipient", "open", "--dir", s.dir, "--key", key, "--by", "An,Ba", "--reason", "xác minh", recs[0].String(), "person")
	if !strings.Contains(said, words) {
		t.Errorf("opened:\n%s", said)
	}
	s.end()
}
