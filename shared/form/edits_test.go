package form_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"banlang/shared/form"
	"banlang/shared/record"
)

// A sheet is a form as somebody edits it: questions, each below a group, a repeat, a repeat in a repeat, or nothing.
type sheet struct {
	questions []question
	next      int // the number of the next new name
}

type question struct {
	name, typ string // of the XForm: string, int, decimal, date, select1, select
	in        string // "", "g", "r" or "r/s"
	choices   []string
	required  bool
	calculate string
	relevant  string // name of a question beside it that must be answered
	sealed    bool
	initial   string
}

var (
	places = []string{"", "", "g", "r", "r", "r/s"}
	kinds  = []string{"string", "int", "decimal", "date", "select1", "select"}
)

func newSheet(r *rand.Rand) *sheet {
	s := &sheet{}
	for range 3 + r.IntN(6) {
		s.questions = append(s.questions, s.question(r))
	}
	return s
}

func (s *sheet) question(r *rand.Rand) question {
	s.next++
	q := question{name: fmt.Sprintf("q%d", s.next), typ: pick(r, kinds), in: pick(r, places)}
	q.sealed = r.IntN(8) == 0
	if strings.HasPrefix(q.typ, "select") {
		for i := range 2 + r.IntN(3) {
			q.choices = append(q.choices, fmt.Sprintf("c%d", i))
		}
	}
	return q
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func (s *sheet) clone() *sheet {
	c := &sheet{slices.Clone(s.questions), s.next}
	for i := range c.questions {
		c.questions[i].choices = slices.Clone(c.questions[i].choices)
	}
	return c
}

// edits are what people do to a form from one version to the next.
var edits = map[string]func(*rand.Rand, *sheet, *question){
	"rename":      func(_ *rand.Rand, s *sheet, q *question) { s.next++; q.name = fmt.Sprintf("q%d", s.next) },
	"change type": func(r *rand.Rand, s *sheet, q *question) { n := s.question(r); q.typ, q.choices = n.typ, n.choices },
	"remove a choice": func(r *rand.Rand, _ *sheet, q *question) {
		if len(q.choices) > 1 {
			i := r.IntN(len(q.choices))
			q.choices = slices.Delete(q.choices, i, i+1)
		}
	},
	"move":                 func(r *rand.Rand, _ *sheet, q *question) { q.in = pick(r, places) },
	"move into a repeat":   func(_ *rand.Rand, _ *sheet, q *question) { q.in = "r" },
	"move out of a repeat": func(_ *rand.Rand, _ *sheet, q *question) { q.in = "" },
	"require":              func(_ *rand.Rand, _ *sheet, q *question) { q.required = !q.required },
	"calculate":            func(_ *rand.Rand, _ *sheet, q *question) { q.calculate = "1 + 1" },
	"ask":                  func(_ *rand.Rand, _ *sheet, q *question) { q.calculate = "" },
	"seal":                 func(_ *rand.Rand, _ *sheet, q *question) { q.sealed = !q.sealed },
	"default":              func(_ *rand.Rand, _ *sheet, q *question) { q.initial = "7" },
	"ask when": func(r *rand.Rand, s *sheet, q *question) {
		if other := pick(r, s.questions); other.in == q.in && other.name != q.name && other.relevant == "" && other.calculate == "" {
			q.relevant = other.name
		}
	},
	"add": func(r *rand.Rand, s *sheet, _ *question) { s.questions = append(s.questions, s.question(r)) },
	"reorder": func(r *rand.Rand, s *sheet, _ *question) {
		i := r.IntN(len(s.questions))
		s.questions[0], s.questions[i] = s.questions[i], s.questions[0]
	},
	"remove": func(r *rand.Rand, s *sheet, _ *question) {
		if len(s.questions) > 2 {
			i := r.IntN(len(s.questions))
			s.questions = slices.Delete(s.questions, i, i+1)
		}
	},
}

var editNames = slices.Sorted(maps.Keys(edits))

// edit makes the next version, and says how.
func (s *sheet) edit(r *rand.Rand) (next *sheet, how []string) {
	next = s.clone()
	for range 1 + r.IntN(3) {
		name := pick(r, editNames)
		edits[name](r, next, &next.questions[r.IntN(len(next.questions))])
		how = append(how, name)
	}
	for i := range next.questions { // what somebody looked at may have moved away
		q := &next.questions[i]
		if !slices.ContainsFunc(next.questions, func(o question) bool {
			return o.name == q.relevant && o.in == q.in && o.relevant == "" && o.calculate == ""
		}) {
			q.relevant = ""
		}
	}
	return next, how
}

// xml writes the form.
func (s *sheet) xml(version int) []byte {
	nodes, binds, lists, body := map[string]*strings.Builder{}, &strings.Builder{}, &strings.Builder{}, map[string]*strings.Builder{}
	for _, in := range []string{"", "g", "r", "r/s"} {
		nodes[in], body[in] = &strings.Builder{}, &strings.Builder{}
	}
	for _, q := range s.questions {
		path := "/data/" + q.name
		if q.in != "" {
			path = "/data/" + q.in + "/" + q.name
		}
		fmt.Fprintf(nodes[q.in], "<%s>%s</%s>", q.name, q.initial, q.name)
		typ := q.typ
		if strings.HasPrefix(typ, "select") {
			typ = "string"
		}
		fmt.Fprintf(binds, `<bind nodeset="%s" type="%s"`, path, typ)
		for name, text := range map[string]string{"calculate": q.calculate, "relevant": relevance(q)} {
			if text != "" {
				fmt.Fprintf(binds, ` %s="%s"`, name, text)
			}
		}
		if q.required {
			binds.WriteString(` required="true()"`)
		}
		if q.sealed {
			binds.WriteString(` bl:sealed_to="unit"`)
		}
		binds.WriteString("/>\n")
		control := "input"
		if q.choices != nil {
			control = q.typ
		}
		fmt.Fprintf(body[q.in], `<%s ref="%s"><label>%s</label>`, control, path, q.name)
		if len(q.choices) > 2 { // a list of its own
			fmt.Fprintf(lists, `<instance id="%s"><root>`, q.name)
			for _, c := range q.choices {
				fmt.Fprintf(lists, "<item><name>%s</name></item>", c)
			}
			lists.WriteString("</root></instance>\n")
			fmt.Fprintf(body[q.in], `<itemset nodeset="instance('%s')/root/item"><value ref="name"/><label ref="name"/></itemset>`, q.name)
		} else {
			for _, c := range q.choices {
				fmt.Fprintf(body[q.in], "<item><label>%s</label><value>%s</value></item>", c, c)
			}
		}
		fmt.Fprintf(body[q.in], "</%s>\n", control)
	}
	return fmt.Appendf(nil, `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:bl="urn:banlang:form">
<h:head><h:title>Form</h:title><model><instance><data id="f" version="%d"><start/>%s<g>%s</g><r jr:template=""><at/>%s<s jr:template=""><at/>%s</s></r></data></instance>
%s<bind nodeset="/data/start" type="string"/><bind nodeset="/data/r/at" type="string"/><bind nodeset="/data/r/s/at" type="string"/>
%s</model></h:head><h:body>%s<group ref="/data/g"><label>g</label>%s</group>
<repeat nodeset="/data/r">%s<repeat nodeset="/data/r/s">%s</repeat></repeat></h:body></h:html>`,
		version, nodes[""], nodes["g"], nodes["r"], nodes["r/s"], lists, binds, body[""], body["g"], body["r"], body["r/s"])
}

func relevance(q question) string {
	if q.relevant == "" {
		return ""
	}
	return "../" + q.relevant + " != ''"
}

// odd are texts that no field expects, or not every field.
var odd = []string{"12", "-3", "1.50", " 7 ", "2026-11-16", "2026-02-30", "c0", "c1 c0", "c9", "c0 c0", "true", "?12,x", "Mưa to, bắt đầu muộn.\nNghỉ sớm.",
	"\x07", "<a>&amp;</a>", "sealed:1:abc", "locked:1:x", strings.Repeat("dài ", 9000), "٣", "1e9", "00012"}

// draft fills some of the questions in, most of them as asked, in some rows; and a few places that no version ever had.
func (s *sheet) draft(r *rand.Rand) map[string]string {
	values := map[string]string{}
	rows := []string{"0190000000000001.5.1", "0190000000000001.5.2", "00ff0000000000aa.12.1", "+1", "+12", "x"}
	for _, q := range s.questions {
		path := q.name
		switch q.in {
		case "g":
			path = "g/" + q.name
		case "r":
			path = form.JoinPath("r", pick(r, rows), q.name)
		case "r/s":
			path = form.JoinPath(form.JoinPath("r", pick(r, rows), "s"), pick(r, rows), q.name)
		}
		switch k := r.IntN(10); {
		case k < 2:
		case k < 4:
			values[path] = pick(r, odd)
		default:
			values[path] = fitting(r, q)
		}
	}
	for _, path := range []string{"r/1/q1/deep", "of_tomorrow", "g", "r", "r/x", "r/x/s", "r//q1", "/", "meta/instanceID", "q1/", "data/q1"} {
		if r.IntN(40) == 0 {
			values[path] = pick(r, odd)
		}
	}
	return values
}

func fitting(r *rand.Rand, q question) string {
	switch q.typ {
	case "int":
		return "42"
	case "decimal":
		return "4.5"
	case "date":
		return "2026-11-16"
	case "select1":
		return pick(r, q.choices)
	case "select":
		return strings.Join(q.choices, " ")
	}
	return "Nắng."
}

// pair is a draft of one version that meets another one.
type pair struct {
	old, next *form.Form
	values    map[string]string
}

// broken says what the meeting breaks; "" is nothing.
func (p *pair) broken() string {
	report := p.next.Fit(p.values)
	l, err := p.next.Open(p.values, env())
	if err != nil {
		return "it cannot be opened: " + err.Error()
	}
	if what := p.dropped(l); what != "" {
		return what
	}
	if what := p.unlike(l, report); what != "" {
		return what
	}
	for path := range l.Written() { // what is computed is nobody's answer
		if f, ok := p.next.Field(path); !ok || !f.Stored {
			return path + " is written, and is none of the form's answers"
		}
	}
	kept := l.Answers()
	maps.Copy(kept, l.Aside())
	back, err := p.old.Open(kept, env())
	if err != nil {
		return "it cannot be opened in its own version again: " + err.Error()
	}
	return p.dropped(back)
}

// dropped names a value that is neither on the screen nor aside, as it was.
func (p *pair) dropped(l *form.Filling) string {
	answers, aside := l.Answers(), l.Aside()
	for path, value := range p.values {
		if value != "" && answers[path] != value && aside[path] != value {
			return fmt.Sprintf("%s was %.40q, and is %.40q; aside: %.40q", path, value, answers[path], aside[path])
		}
	}
	return ""
}

// unlike compares what publishing reports with what happened.
func (p *pair) unlike(l *form.Filling, report []form.Misfit) string {
	foretold := map[string]string{}
	for _, m := range report {
		foretold[m.Path] = m.Rule
	}
	happened := map[string]string{}
	for path := range l.Aside() {
		happened[path] = form.RulePath
	}
	for _, problem := range l.Problems() {
		if problem.Rule != form.RuleRequired && problem.Rule != form.RuleExpression {
			happened[problem.Path] = problem.Rule
		}
	}
	for path, rule := range foretold {
		if rule != form.RulePath && !l.Relevant(path) {
			happened[path] = rule // nobody is asked, so nobody is told; the value is there
		}
	}
	if !maps.Equal(foretold, happened) {
		return fmt.Sprintf("foretold %v, happened %v", foretold, happened)
	}
	return ""
}

// TestNoEditOfAFormLosesAnything: 10,000 drafts and records, each opened under a version that was edited at random: none
// cannot be opened, no value is dropped or altered, there or back, and what publishing foretells is what happens.
func TestNoEditOfAFormLosesAnything(t *testing.T) {
	const pairs, workers = 10_000, 4
	counts, mu := map[string]int{}, sync.Mutex{}
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for seed := w; seed < pairs && !t.Failed(); seed += workers {
				r := rand.New(rand.NewPCG(uint64(seed), 1))
				s := newSheet(r)
				next, how := s.edit(r)
				p := pair{parsed(t, s.xml(1)), parsed(t, next.xml(2)), s.draft(r)}
				if what := p.broken(); what != "" {
					t.Errorf("seed %d, %v: %s\n%s\n%s\n%q", seed, how, what, s.xml(1), next.xml(2), p.values)
				}
				mu.Lock()
				for _, h := range how {
					counts[h]++
				}
				counts["misfits"] += len(p.next.Fit(p.values))
				mu.Unlock()
			}
		})
	}
	all.Wait()
	for _, name := range editNames {
		if counts[name] < 500 && !t.Failed() {
			t.Errorf("%q happened %d times; a run that proves anything has it at least 500 times", name, counts[name])
		}
	}
	t.Logf("%d pairs: %v", pairs, counts)
}

func parsed(t *testing.T, xml []byte) *form.Form {
	t.Helper()
	f, err := form.Parse(xml)
	if err != nil {
		t.Errorf("%v\n%s", err, xml)
	}
	return f
}

// TestARecordIsOpenedWhereItFits: in the current version if all of it fits there, and else in its own.
func TestARecordIsOpenedWhereItFits(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 2))
		s := newSheet(r)
		next, how := s.edit(r)
		old := &form.Publication{ID: "f", Version: "1", XML: string(s.xml(1))}
		now := &form.Publication{ID: "f", Version: "2", XML: string(next.xml(2))}
		l := form.NewLibrary([]*form.Publication{old})
		payload, err := now.Pack()
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Learn([]*record.Change{{Dot: record.Dot{Run: 1, N: 1}, Kind: record.KindPublish, Topic: record.TopicForm + "f", Payload: payload}}); err != nil {
			t.Fatal(err)
		}
		values := s.draft(r)
		current, _ := l.Current("f")
		f, misfits, ok := l.For(old.Ref(), values)
		fits := len(current.Fit(values)) == 0
		for _, q := range s.questions { // what was to be sealed stays where it will be
			i := slices.IndexFunc(next.questions, func(n question) bool { return n.name == q.name && n.in == q.in })
			for path, value := range values {
				fits = fits && (!q.sealed || i < 0 || next.questions[i].sealed || value == "" || strings.HasPrefix(value, "sealed:") || !strings.HasSuffix("/"+path, "/"+q.name))
			}
		}
		if !ok || fits != (f.Ref == current.Ref) || fits != (len(misfits) == 0) {
			t.Fatalf("seed %d, %v: opened in %v, misfits %v", seed, how, f, misfits)
		}
	}
}
