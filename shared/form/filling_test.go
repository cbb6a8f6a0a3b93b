package form_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"banlang/shared/form"
	"banlang/shared/form/declared"
)

func lookup(t testing.TB, id string) *form.Form {
	t.Helper()
	f, ok := form.Builtin().Current(id)
	if !ok {
		t.Fatal("no form ", id)
	}
	return f
}

func env() form.Env {
	return form.Env{Language: "vi", Now: func() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }, Random: func() uint64 { return 7 }}
}

func open(t testing.TB, f *form.Form, values map[string]string) *form.Filling {
	t.Helper()
	l, err := f.Open(values, env())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func handover() map[string]string {
	return map[string]string{
		"occurred_on": "2019-03-12", "receipt_no": "15/BB-2019", "how": "van_dong", "danger": "false", "custody_place": "kho_don_vi",
		"items/1/kind": "gun_air", "items/1/quantity": "2", "items/2/kind": "explosive_g", "items/2/quantity": "12.5",
	}
}

// What goes in comes out, under its path, and what is computed is shown and never written.
func TestAFillingKeepsTheValuesOfTheRecord(t *testing.T) {
	l := open(t, lookup(t, "weapon_handover"), handover())
	written := l.Written()
	for path, value := range handover() {
		if written[path] != value {
			t.Errorf("%s: %q, want %q", path, written[path], value)
		}
	}
	if p := l.Problems(); len(p) != 0 {
		t.Error(p)
	}
	if got := l.Shown()["guns"]; got != "2" {
		t.Errorf("guns are computed as %q", got)
	}
	if _, ok := written["guns"]; ok || len(l.Aside()) != 0 {
		t.Errorf("written %v, aside %v", written, l.Aside())
	}
	if got := l.Name(); !strings.HasPrefix(got, "Tiếp nhận vũ khí · 12/03/2019") {
		t.Error(got)
	}
	if w := l.Words(); !strings.Contains(w, "thuoc no") || !strings.Contains(w, "12,5") || strings.Contains(w, "kho_don_vi") {
		t.Error(w)
	}
}

func TestRows(t *testing.T) {
	l := open(t, lookup(t, "weapon_handover"), handover())
	if got := l.Rows("items"); !slices.Equal(got, []string{"1", "2"}) {
		t.Fatal(got)
	}
	row, _ := l.AddRow("items")
	if row != "+1" {
		t.Fatal(row)
	}
	if p := l.Problems(); len(p) != 0 {
		t.Errorf("an empty row is in the way: %v", p)
	}
	if changed := l.Set("items/+1/kind", "round"); !slices.Contains(changed, "items/+1/kind") {
		t.Error(changed)
	}
	if p := l.Problems(); len(p) != 1 || p[0].Path != "items/+1/quantity" || p[0].Rule != form.RuleRequired {
		t.Error(p)
	}
	l.Set("items/+1/quantity", "30")
	l.RemoveRow("items", "1")
	if got, want := l.Written()["items/+1/quantity"], "30"; got != want || l.Value("items/+1/kind") != "round" || l.Value("items/1/kind") != "" {
		t.Errorf("%q", got)
	}
	if l.Shown()["guns"] != "0" {
		t.Error(l.Shown()["guns"])
	}
}

// What is not asked any more stays in the draft, and is not written.
func TestWhatIsNotAskedIsNotWritten(t *testing.T) {
	l := open(t, lookup(t, "awareness_session"), map[string]string{"participants_total": "38", "count_method": "dem"})
	l.Set("participants_total", "")
	if l.Relevant("count_method") || l.Answers()["count_method"] != "dem" || l.Written()["count_method"] != "" {
		t.Error(l.Answers(), l.Written())
	}
	l.Set("participants_total", "40")
	if l.Written()["count_method"] != "dem" {
		t.Error("it does not come back")
	}
}

// A value that does not fit is shown and named; one that has no place is kept aside.
func TestWhatDoesNotFitIsNotLost(t *testing.T) {
	f := lookup(t, "awareness_session")
	values := map[string]string{"participants_total": "many", "method": "by_drone", "of_tomorrow": "x", "items/1/kind": "bomb", "note": "Mưa to."}
	l := open(t, f, values)
	for _, path := range []string{"participants_total", "method", "note"} {
		if l.Answers()[path] != values[path] {
			t.Errorf("%s is %q", path, l.Answers()[path])
		}
	}
	if got := l.Aside(); len(got) != 2 || got["of_tomorrow"] != "x" || got["items/1/kind"] != "bomb" {
		t.Error(got)
	}
	rules := map[string]string{}
	for _, p := range l.Problems() {
		rules[p.Path] = p.Rule
	}
	if rules["method"] != form.RuleChoice {
		t.Error(rules)
	}
	misfits := map[string]string{}
	for _, m := range f.Fit(values) {
		misfits[m.Path] = m.Rule
	}
	want := map[string]string{"participants_total": form.RuleType, "method": form.RuleChoice, "of_tomorrow": form.RulePath, "items/1/kind": form.RulePath}
	if len(misfits) != len(want) {
		t.Error(misfits)
	}
	for path, rule := range want {
		if misfits[path] != rule {
			t.Errorf("%s: %s, want %s", path, misfits[path], rule)
		}
	}
}

// A question whose answer must be sealed is asked only where it can be; what is sealed is shown as such.
func TestSealedQuestions(t *testing.T) {
	f := lookup(t, "tip")
	l, err := f.New(env())
	if err != nil {
		t.Fatal(err)
	}
	if l.Relevant("content") {
		t.Error("asked without a key")
	}
	e := env()
	e.SealTo = []string{declared.Unit}
	if l, err = f.New(e); err != nil || !l.Relevant("content") || l.Relevant("source") {
		t.Fatal(err)
	}
	l.Set("content", "Có người lạ.")
	if l.Written()["content"] == "" || l.Written()[declared.CanSealTo] != "" {
		t.Error(l.Written())
	}
	if l, err = f.Open(map[string]string{"content": "sealed:1:abc"}, e); err != nil || !l.IsSealed("content") || l.Value("content") != "" || l.Written()["content"] != "sealed:1:abc" {
		t.Error(err, l.Written())
	}
	if err := f.CheckValue("content", "Có người lạ."); err == nil {
		t.Error("words that must be sealed are taken as they are")
	}
}

// Every built-in form begins, and what it fills in by itself is right.
func TestEveryFormBegins(t *testing.T) {
	lib := form.Builtin()
	if n := len(lib.Menu()); n != 26 {
		t.Fatal(n)
	}
	for _, p := range lib.Menu() {
		f, ok := lib.Lookup(p.Ref())
		if !ok {
			t.Fatal(p.ID)
		}
		l, err := f.New(env())
		if err != nil {
			t.Fatal(p.ID, err)
		}
		if fit := f.Fit(l.Answers()); len(fit) != 0 || f.Compartment != p.Compartment {
			t.Error(p.ID, fit, f.Compartment, p.Compartment)
		}
		if _, ok := f.Field(f.EventDate); !ok {
			t.Errorf("%s: its day is %q", p.ID, f.EventDate)
		}
		again := open(t, f, l.Answers())
		for path, value := range l.Answers() {
			if again.Answers()[path] != value {
				t.Errorf("%s %s: %q and %q", p.ID, path, value, again.Answers()[path])
			}
		}
		for _, problem := range l.Problems() {
			if problem.Rule == form.RuleExpression {
				t.Error(p.ID, problem)
			}
		}
	}
}

// A repeat without rows is asked all the same, under its name.
func TestARepeatWithoutRows(t *testing.T) {
	f := lookup(t, "weapon_handover")
	l := open(t, f, map[string]string{"occurred_on": "2026-11-16"})
	var repeat *form.Item
	for _, it := range f.Items {
		if it.Template == "items" {
			repeat = it
		}
	}
	if got := l.Label(repeat, repeat.Path("")); got != "Danh mục giao nộp" || !l.Relevant("items") || !repeat.MayAdd() || len(l.Rows(repeat.Path(""))) != 0 {
		t.Error(got, l.Relevant("items"), repeat.MayAdd(), l.Rows("items"))
	}
	row, _ := l.AddRow("items")
	if kind := repeat.Items[0]; kind.Path("items/"+row+"/") != "items/+1/kind" || l.Label(kind, "items/+1/kind") != "Loại vũ khí, vật liệu" || len(l.Choices("items/+1/kind")) != 13 {
		t.Error(kind.Path("items/"+row+"/"), l.Label(kind, "items/+1/kind"), l.Choices("items/+1/kind"))
	}
}
