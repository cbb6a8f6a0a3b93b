package xform

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// smallEnv is a world in which little work is allowed.
func smallEnv() Env {
	env := testEnv()
	env.Work = 1_000_000
	return env
}

// hostileForm has many calculations, each of which is allowed by itself, and that are asked for once /data/n is 1.
func hostileForm(n string) string {
	var nodes, binds strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&nodes, "<x%d/>", i)
		fmt.Fprintf(&binds, `<bind nodeset="/data/x%d" calculate="if(/data/n = 1, count(instance('l')/l/i[count(../i[. &gt; /data/n - 1]) &gt; %d]), 7)"/>`, i, i)
	}
	return formWith("<n>"+n+"</n>"+nodes.String(), `<instance id="l"><l>`+strings.Repeat("<i>1</i>", 100)+`</l></instance>`+binds.String(), `<input ref="/data/n"/>`)
}

func wantOverrun(t *testing.T, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeLimit || !strings.Contains(err.Error(), "too much work") {
		t.Errorf("%v", err)
	}
}

func TestAHostileFormIsNotOpened(t *testing.T) {
	start := time.Now()
	_, err := mustParse(t, hostileForm("1")).New(smallEnv())
	wantOverrun(t, err)
	if took := time.Since(start); took > 5*time.Second {
		t.Error("it took", took)
	}
}

func TestAnAnswerThatAsksForTooMuchIsKept(t *testing.T) {
	s, err := mustParse(t, hostileForm("0")).New(smallEnv())
	if err != nil {
		t.Fatal(err)
	}
	want(t, "before", s.Value("/data/x1999").Text, "7")
	outcome, c := s.Answer("/data/n", Text("1"))
	want(t, "outcome", outcome, OK)
	wantOverrun(t, c.Err)
	want(t, "the answer", s.Value("/data/n").Text, "1")
	want(t, "a value that was not computed stands as it was", s.Value("/data/x1999").Text, "7")
	problems, _ := s.Validate()
	if len(problems) != 1 {
		t.Fatal("problems:", problems)
	}
	wantOverrun(t, problems[0].Err)

	t.Log("The answer is taken back, and all is as before.")
	c = says(t, s, "/data/n", "0")
	want(t, "error", c.Err, nil)
	want(t, "a value that was computed", s.Value("/data/x1").Text, "7")
	problems, _ = s.Validate()
	want(t, "problems", len(problems), 0)
}

func TestWorkAtTheLimit(t *testing.T) {
	f := mustParse(t, visitForm)
	env := testEnv()
	s, err := f.New(env)
	if err != nil {
		t.Fatal(err)
	}
	used := MaxWork - s.work.left
	env.Work = used + 1
	if _, err := f.New(env); err != nil {
		t.Error("at the limit:", err)
	}
	env.Work = used
	_, err = f.New(env)
	wantOverrun(t, err)
}

func TestRepeatsInRepeatsEnd(t *testing.T) {
	f := mustParse(t, formWith("<r><q><x/></q></r>", "", `<repeat nodeset="/data/r" jr:count="20000"><repeat nodeset="/data/r/q" jr:count="20000"/></repeat>`))
	_, err := f.New(smallEnv())
	wantOverrun(t, err)
}

func TestActionsThatBranchEnd(t *testing.T) {
	var nodes, body strings.Builder
	for i := range 40 {
		fmt.Fprintf(&nodes, "<a%d>0</a%d>", i, i)
		next := fmt.Sprintf(`<setvalue event="xforms-value-changed" ref="/data/a%d" value="random()"/>`, i+1)
		fmt.Fprintf(&body, `<input ref="/data/a%d">%s%s</input>`, i, next, next)
	}
	s, err := mustParse(t, formWith(nodes.String()+"<a40/>", "", body.String())).New(smallEnv())
	if err != nil {
		t.Fatal(err)
	}
	_, c := s.Answer("/data/a0", Text("1"))
	wantOverrun(t, c.Err)
}

// TestARowMayAskForTheSumOfAll counts the steps of one answer where every row sums up all rows.
func TestARowMayAskForTheSumOfAll(t *testing.T) {
	const rows = 2000
	for _, all := range []string{"sum(../../r/x)", "sum(current()/../../r/x)", "sum(../../r[x &gt; 0]/x)", "sum(/data/q/x)", "count(../../r) - 1 + max(../../r/x)"} {
		s := mustStart(t, formWith(strings.Repeat("<r><x>1</x><part/></r>", rows)+strings.Repeat("<q><x>1</x></q>", rows),
			`<bind nodeset="/data/q/x" calculate="/data/r[position() = position(current()/..)]/x"/><bind nodeset="/data/r/part" calculate="`+all+`"/>`,
			`<repeat nodeset="/data/r"><input ref="/data/r/x"/></repeat><repeat nodeset="/data/q"/>`))
		want(t, all, s.Value("/data/r[7]/part").Text, fmt.Sprint(rows))
		says(t, s, "/data/r[3]/x", "4")
		if used := MaxWork - s.work.left; used > rows*250 {
			t.Errorf("%s: %d steps", all, used)
		}
		want(t, all, s.Value("/data/r[7]/part").Text, fmt.Sprint(rows+3))
	}
}
