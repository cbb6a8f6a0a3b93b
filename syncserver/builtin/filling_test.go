package builtin

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"banlang/shared/form/builtin"
	"banlang/shared/xform"
)

// hanoi is where the officers are. Their clock stands at the 16th of November 2026, nine in the morning.
var hanoi = time.FixedZone("+07", 7*3600)

var now = time.Date(2026, time.November, 16, 9, 0, 0, 0, hanoi)

// forms are the committed ones, parsed: what both programs carry.
var forms = sync.OnceValues(func() (map[string]*xform.Form, error) {
	all, err := builtin.All()
	if err != nil {
		return nil, err
	}
	parsed := map[string]*xform.Form{}
	for _, f := range all {
		if parsed[f.ID], err = xform.Parse(f.XML); err != nil {
			return nil, err
		}
	}
	return parsed, nil
})

func mustForms(t testing.TB) map[string]*xform.Form {
	t.Helper()
	all, err := forms()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// machine is where a form is filled in: an officer's, which can seal to whomever keys names and has the lists of testdata
// but for those named without.
type machine struct{ keys, without string }

var officers = machine{keys: "unit custodian"}

func (m machine) env() xform.Env {
	random := uint64(2026)
	return xform.Env{
		Now: func() time.Time { return now }, Zone: hanoi,
		Random: func() uint64 { random = random*6364136223846793005 + 1442695040888963407; return random },
		Property: func(name string) string {
			if name == "can_seal_to" {
				return m.keys
			}
			return ""
		},
		External: func(src string) ([]byte, error) {
			name := strings.TrimPrefix(src, "jr://file-csv/")
			if strings.Contains(m.without, name) {
				return nil, fs.ErrNotExist
			}
			return os.ReadFile("testdata/lists/" + name)
		},
	}
}

func (m machine) open(t testing.TB, form string) *xform.Session {
	t.Helper()
	f := mustForms(t)[form]
	if f == nil {
		t.Fatalf("there is no form %q", form)
	}
	s, err := f.New(m.env())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// line is a line of an example: an answer, or what is to come out.
type line struct {
	path, value string
	expected    bool
}

func readExample(t testing.TB, form string) []line {
	t.Helper()
	text, err := os.ReadFile("testdata/examples/" + form + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	var lines []line
	for l := range strings.Lines(strings.TrimSpace(string(text))) {
		l, expected := strings.CutPrefix(strings.TrimSpace(l), "= ")
		path, value, ok := strings.Cut(l, ": ")
		if !ok {
			t.Fatalf("%s: cannot read %q", form, l)
		}
		lines = append(lines, line{path, value, expected})
	}
	return lines
}

func ref(path string) xform.Ref { return xform.Ref("/data/" + path) }

// grow adds rows until there is the one that a path names.
func grow(s *xform.Session, path string) {
	repeat, rest, _ := strings.Cut(path, "[")
	if rest == "" {
		return
	}
	for n := int(rest[0] - '0'); s.Instances(ref(repeat)) < n; {
		if _, _, ok := s.AddRepeat(ref(repeat)); !ok {
			return
		}
	}
}

// fill answers all questions of the example as a person would: what is not shown cannot be answered, and what is chosen
// is among the choices.
func fill(t testing.TB, s *xform.Session, form string) {
	t.Helper()
	for _, l := range readExample(t, form) {
		if l.expected {
			continue
		}
		grow(s, l.path)
		state, ok := s.State(ref(l.path))
		if !ok || !state.Relevant || state.ReadOnly {
			t.Errorf("%s: %s is not asked: %+v", form, l.path, state)
			continue
		}
		if choices, _ := s.Choices(ref(l.path)); choices != nil {
			wantChosen(t, form, l, choices)
		}
		if outcome, _ := s.Answer(ref(l.path), xform.Text(l.value)); outcome != xform.OK {
			t.Errorf("%s: %s = %q: %v", form, l.path, l.value, outcome)
		}
	}
}

// fieldPath is the path of a question without the numbers of rows.
func fieldPath(path string) string {
	repeat, rest, ok := strings.Cut(path, "[")
	if !ok {
		return "/data/" + path
	}
	_, child, _ := strings.Cut(rest, "]")
	return "/data/" + repeat + child
}

func wantChosen(t testing.TB, form string, l line, choices []xform.Choice) {
	t.Helper()
	codes := map[string]bool{}
	for _, c := range choices {
		codes[c.Value] = true
	}
	if codes[l.value] { // one choice, which may have spaces in its code
		return
	}
	for code := range strings.FieldsSeq(l.value) {
		if !codes[code] {
			t.Errorf("%s: %s: %q cannot be chosen", form, l.path, code)
		}
	}
}

// TestExamplesOfOfficers: each form, filled in as an officer would, is complete, computes what it should, and is sent and
// opened again as it was.
func TestExamplesOfOfficers(t *testing.T) {
	for id, f := range mustForms(t) {
		t.Run(id, func(t *testing.T) {
			s := officers.open(t, id)
			fill(t, s, id)
			problems, _ := s.Validate()
			for _, p := range problems {
				t.Errorf("%s: %v %s %v", p.Ref, p.Kind, p.Message, p.Err)
			}
			for _, l := range readExample(t, id) {
				got := s.Value(ref(l.path)).Text
				if got != l.value && !(s.Value(ref(l.path)).Kind == xform.Geopoint) {
					t.Errorf("%s is %q, want %q", l.path, got, l.value)
				}
			}
			if missing := s.Missing(); len(missing) > 0 {
				t.Errorf("the test lacks lists: %v", missing)
			}
			s.Finish()
			sent := s.Submission()
			again, err := f.Load(sent, officers.env())
			if err != nil {
				t.Fatal(err)
			}
			if aside := again.Aside(); len(aside) > 0 {
				t.Errorf("kept aside on opening again: %v", aside)
			}
			if got := again.Submission(); string(got) != string(sent) {
				t.Errorf("opened again and sent:\n%s\nwant\n%s", got, sent)
			}
		})
	}
}

// TestEmptyFormsOpen: a form opens without any list and without keys, says which lists it lacks, and no expression fails.
func TestEmptyFormsOpen(t *testing.T) {
	all, err := builtin.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		f := mustForms(t)[b.ID]
		for _, w := range f.Warnings {
			t.Errorf("%s: %v", b.ID, w)
		}
		env := machine{}.env()
		env.External = func(string) ([]byte, error) { return nil, fs.ErrNotExist }
		s, err := f.New(env)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(s.Missing()); got != len(b.Lists) {
			t.Errorf("%s: %d lists missing, the index names %v", b.ID, got, b.Lists)
		}
		problems, _ := s.Validate()
		for _, p := range problems {
			if p.Kind != xform.ProblemRequired {
				t.Errorf("%s: %s: %v %v", b.ID, p.Ref, p.Kind, p.Err)
			}
		}
		if len(problems) == 0 {
			t.Errorf("%s: an empty record is complete", b.ID)
		}
	}
}

// TestAListThatCannotBeRead keeps a record from being opened, rather than being taken for an empty one.
func TestAListThatCannotBeRead(t *testing.T) {
	env := officers.env()
	broken := errors.New("the disk is gone")
	env.External = func(string) ([]byte, error) { return nil, broken }
	if _, err := mustForms(t)["awareness_session"].New(env); !errors.Is(err, broken) {
		t.Errorf("error is %v", err)
	}
}
