package main

import (
	"context"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/shared/xform"
)

// scenario is a form and what was done with it and seen of it under JavaRosa.
type scenario struct {
	ID     string
	Form   string
	Steps  []scenarioStep
	Source struct{ Test string }
}

// scenarioStep is one thing done or seen. Refs have positions from 1, and 0 where none was meant.
type scenarioStep struct {
	Op       string
	Ref      string
	Event    string
	Type     string
	Value    any
	Values   []string
	Result   string
	Exists   *bool
	Relevant *bool
	Enabled  *bool
	Required *bool
	Language string
	Outcome  string
	At       string
}

// runScenarios runs the scenarios over shared/xform. A scenario is right when all its steps are.
//
// A test that saved its form and opened it again is recorded as two scenarios of the same test, one behind the other.
// The second starts with the answers of the first: it is given what that one would have saved.
func runScenarios(ctx context.Context, dir string) (*tally, error) {
	t := &tally{}
	var before *scenarioRun
	err := each(dir, "form_scenarios", func(c scenario) error {
		r := &scenarioRun{scenario: &c, dir: dir}
		t.note(c.ID, r.run(before))
		before = r
		return ctx.Err()
	})
	return t, err
}

// scenarioRun is one scenario being run.
type scenarioRun struct {
	*scenario
	dir     string
	form    *xform.Form
	session *xform.Session
}

// run says why the scenario is wrong, "" when it is right.
func (r *scenarioRun) run(before *scenarioRun) (why string) {
	defer func() {
		if p := recover(); p != nil {
			why = fmt.Sprint("panic: ", p)
		}
	}()
	var err error
	if r.form, err = xform.Parse([]byte(r.Form)); err != nil {
		return err.Error()
	}
	if err := r.open(before); err != nil {
		return err.Error()
	}
	for i, s := range r.Steps {
		if why := r.step(s); why != "" {
			return fmt.Sprintf("step %d: %s %s: %s", i+1, s.Op, s.Ref, why)
		}
	}
	return ""
}

// open starts the session: with what the scenario before saved, when it is of the same test and form.
func (r *scenarioRun) open(before *scenarioRun) (err error) {
	if before != nil && before.session != nil && before.Source.Test == r.Source.Test && before.Form == r.Form {
		r.session, err = r.form.Load(before.session.Save(), r.env())
		return err
	}
	r.session, err = r.form.New(r.env())
	return err
}

// env is the world of the recordings. Their files beside the form are not part of the corpus; where they are put into a
// folder "external" of it, they are used.
func (r *scenarioRun) env() xform.Env {
	random := rand.New(rand.NewPCG(1, 2))
	return xform.Env{
		Now:          func() time.Time { return time.Date(2026, 11, 21, 8, 30, 0, 0, time.UTC) },
		Random:       random.Uint64,
		Property:     func(string) string { return "" },
		Geopoint:     func() string { return "no client implementation" },
		CountOnVisit: true,
		External: func(src string) ([]byte, error) {
			data, err := os.ReadFile(filepath.Join(r.dir, "external", path.Base(src)))
			if err != nil {
				return nil, fs.ErrNotExist
			}
			return data, nil
		},
	}
}

// step does one step and says what came out wrong, "" when nothing did.
func (r *scenarioRun) step(s scenarioStep) string {
	switch s.Op {
	case "next":
		return r.next(s)
	case "answer":
		return r.answer(s)
	case "answerOf", "node":
		return r.look(s)
	case "choicesOf":
		return r.choices(s)
	case "validate":
		return r.validate(s)
	case "countRepeatInstancesOf":
		return unlike("count", fmt.Sprint(s.Value), strconv.Itoa(r.session.Instances(xform.Ref(s.Ref))))
	}
	return r.do(s)
}

// do does what has no outcome.
func (r *scenarioRun) do(s scenarioStep) string {
	switch s.Op {
	case "newInstance":
		session, err := r.form.New(r.env())
		if err != nil {
			return err.Error()
		}
		r.session = session
	case "createNewRepeat":
		ref, _, ok := r.session.AddRepeat(xform.Ref(s.Ref))
		if !ok || !r.session.JumpTo(ref) {
			return "no such repeat"
		}
	case "removeRepeat":
		if _, ok := r.session.RemoveRepeat(xform.Ref(s.Ref)); !ok {
			return "no such instance"
		}
	case "setLanguage":
		if _, ok := r.session.SetLanguage(s.Language); !ok {
			return "no such language"
		}
	case "jumpToBeginningOfForm":
		r.session.ToBeginning()
	default:
		return "this step is not known"
	}
	return ""
}

var scenarioEvents = map[string]xform.EventKind{"Question": xform.AtQuestion, "Group": xform.AtGroup, "Repeat": xform.AtRepeat,
	"Prompt new Repeat": xform.PromptNewRepeat, "Beginning of Form": xform.BeginningOfForm, "End of Form": xform.EndOfForm}

func (r *scenarioRun) next(s scenarioStep) string {
	ev := r.session.Next()
	if want, ok := scenarioEvents[s.Event]; !ok || want != ev.Kind {
		return fmt.Sprintf("event %s at %s, want %s", ev.Kind, ev.Ref, s.Event)
	}
	return unlike("ref", positions(s.Ref), positions(string(ev.Ref)))
}

// positions writes a ref with a position at every step but the first.
func positions(ref string) string {
	steps := strings.Split(strings.TrimPrefix(ref, "/"), "/")
	for i, s := range steps {
		if i > 0 && !strings.HasSuffix(s, "]") {
			steps[i] = s + "[1]"
		}
	}
	return strings.Join(steps, "/")
}

var scenarioKinds = map[string]xform.Kind{"StringData": xform.String, "IntegerData": xform.Integer, "LongData": xform.Long,
	"DecimalData": xform.Decimal, "BooleanData": xform.Boolean, "DateData": xform.Date, "TimeData": xform.Time,
	"DateTimeData": xform.DateTime, "SelectOneData": xform.SelectOne, "MultipleItemsData": xform.SelectMany,
	"SelectMultiData": xform.SelectMany, "GeoPointData": xform.Geopoint, "GeoTraceData": xform.Geotrace,
	"GeoShapeData": xform.Geoshape, "UncastData": xform.Uncast}

func (r *scenarioRun) answer(s scenarioStep) string {
	ref := xform.Ref(s.Ref)
	r.addMissing(s.Ref)
	r.session.JumpTo(ref)
	text, _ := s.Value.(string)
	v := xform.Value{Kind: scenarioKinds[s.Type], Text: text}
	if text == "" && s.Type == "StringData" { // to JavaRosa an empty text is an answer, which a required question takes
		r.session.Store(ref, v)
		return unlike("result", s.Result, "OK")
	}
	outcome, _ := r.session.Answer(ref, v)
	names := map[xform.Outcome]string{xform.OK: "OK", xform.RequiredButEmpty: "REQUIRED_BUT_EMPTY", xform.ConstraintViolated: "CONSTRAINT_VIOLATED"}
	return unlike("result", s.Result, names[outcome])
}

// addMissing adds the instances of repeats that a ref needs.
func (r *scenarioRun) addMissing(ref string) {
	for i := 1; i < len(ref); i++ {
		if ref[i] != '/' && i != len(ref)-1 {
			continue
		}
		open := strings.LastIndexByte(ref[:i], '[')
		if open < 0 || !strings.HasSuffix(strings.TrimSuffix(ref[:i], "/"), "]") {
			continue
		}
		want, _ := strconv.Atoi(strings.TrimSuffix(ref[open+1:i], "]"))
		for r.session.Instances(xform.Ref(ref[:open])) < want {
			if _, _, ok := r.session.AddRepeat(xform.Ref(ref[:open])); !ok {
				break
			}
		}
	}
}

// look compares what is known of a node.
func (r *scenarioRun) look(s scenarioStep) string {
	st, ok := r.session.State(xform.Ref(strings.ReplaceAll(s.Ref, "[0]", "")))
	if s.Exists != nil && *s.Exists != ok {
		return fmt.Sprintf("exists: %v, want %v", ok, *s.Exists)
	}
	if !ok {
		return ""
	}
	for _, f := range []struct {
		what string
		want *bool
		got  bool
	}{{"relevant", s.Relevant, st.Relevant}, {"enabled", s.Enabled, !st.ReadOnly}, {"required", s.Required, st.Required}} {
		if f.want != nil && *f.want != f.got {
			return fmt.Sprintf("%s: %v, want %v", f.what, f.got, *f.want)
		}
	}
	return compareValue(s, st)
}

func compareValue(s scenarioStep, st xform.State) string {
	kind := st.Value.Kind
	if st.Field.Kind() == xform.None && strings.Contains(s.Ref, "@") && kind == xform.None {
		kind = xform.Uncast // an attribute without a value has the empty text
	}
	if s.Op == "answerOf" && kind != scenarioKinds[s.Type] {
		return fmt.Sprintf("%s %q, want %s %v", kind, st.Value.Text, s.Type, s.Value)
	}
	want, _ := s.Value.(string)
	if kind == xform.Decimal && near(want, st.Value.Text) {
		return ""
	}
	return unlike("value", plainly(want, kind), plainly(st.Value.Text, kind))
}

// near reports whether two numbers are equal but for noise. Distances are arc cosines of numbers near 1, where the last
// bit of Java's cosine makes some 1e-8 of the result.
func near(a, b string) bool {
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err1 == nil && err2 == nil && math.Abs(x-y) <= 1e-7*math.Max(math.Abs(x), math.Abs(y))
}

// plainly writes numbers and times in one way: the recordings have the numbers of Java, and all times in UTC.
func plainly(text string, kind xform.Kind) string {
	switch kind {
	case xform.Decimal, xform.Integer, xform.Long:
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return strconv.FormatFloat(f, 'g', -1, 64)
		}
	case xform.Boolean:
		return strings.NewReplacer("true", "1", "false", "0").Replace(text)
	case xform.Geopoint, xform.Geotrace, xform.Geoshape:
		return plainPoints(text)
	case xform.DateTime:
		if t, err := time.Parse("2006-01-02T15:04:05.999Z07:00", text); err == nil {
			return t.UTC().Format(time.RFC3339Nano)
		}
	case xform.Time:
		if t, err := time.Parse("15:04:05.999Z07:00", text); err == nil {
			return t.UTC().Format("15:04:05.000")
		}
	}
	return text
}

// plainPoints writes each point with four numbers: altitude and accuracy are 0 when they are not given.
func plainPoints(text string) string {
	points := strings.Split(strings.TrimRight(text, "; "), ";")
	for i, p := range points {
		numbers := strings.Fields(p)
		for j, n := range numbers {
			numbers[j] = plainly(n, xform.Decimal)
		}
		for len(numbers) < 4 {
			numbers = append(numbers, "0")
		}
		points[i] = strings.Join(numbers, " ")
	}
	return strings.Join(points, "; ")
}

func (r *scenarioRun) choices(s scenarioStep) string {
	all, _ := r.session.Choices(xform.Ref(s.Ref))
	got := []string{}
	for _, c := range all {
		got = append(got, c.Value)
	}
	if !slices.Equal(got, s.Values) {
		return fmt.Sprintf("choices %q, want %q", got, s.Values)
	}
	return ""
}

// validate compares the first problem: JavaRosa stops there.
func (r *scenarioRun) validate(s scenarioStep) string {
	problems, _ := r.session.Validate()
	outcome, at := "ok", ""
	if len(problems) > 0 {
		outcome, at = problems[0].Kind.String(), positions(string(problems[0].Ref))
	}
	want := strings.ToLower(s.Outcome)
	if want == "" || want == "valid" || want == "null" {
		want = "ok"
	}
	if want != outcome {
		return fmt.Sprintf("outcome %s at %s, want %s", outcome, at, s.Outcome)
	}
	if s.At == "" {
		return ""
	}
	return unlike("at", positions(s.At), at)
}

func unlike(what, want, got string) string {
	if want == got {
		return ""
	}
	return fmt.Sprintf("%s %q, want %q", what, got, want)
}
