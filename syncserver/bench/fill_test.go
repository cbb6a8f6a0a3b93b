package main

import (
	"strings"
	"testing"

	"banlang/shared/form/builtin"
	"banlang/shared/xform"
)

// The forms that are measured do what is said of them, so that their figures say something.

func TestMarketForm(t *testing.T) {
	for _, across := range []bool{false, true} {
		src, err := marketForm(t.Context(), across)
		if err != nil {
			t.Fatal(err)
		}
		s, err := opened(src)
		if err != nil {
			t.Fatal(err)
		}
		if outcome, change := s.Answer("/data/row[500]/price", xform.Text("10")); outcome != xform.OK || change.Err != nil {
			t.Fatal(outcome, change.Err)
		}
		want := map[xform.Ref]string{"/data/row[500]/amount": "20", "/data/row[500]/place": "500", "/data/total": "6014", "/data/most": "20", "/data/rows": "1000"}
		if across {
			want["/data/row[501]/before"], want["/data/row[500]/share"] = "20", "0.3"
		}
		for ref, v := range want {
			if got := s.Value(ref).Text; got != v {
				t.Errorf("across %v: %s is %q, want %q", across, ref, got, v)
			}
		}
	}
}

func TestLongForm(t *testing.T) {
	src, err := longForm(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s, err := opened(src)
	if err != nil {
		t.Fatal(err)
	}
	problems, _ := s.Validate()
	if len(problems) != longQuestions || s.Form().Languages[1] != "English (en)" {
		t.Errorf("%d questions want an answer, in %v", len(problems), s.Form().Languages)
	}
	s.Answer("/data/g0/q0", xform.Text("khong"))
	if problems, _ = s.Validate(); len(problems) != longQuestions-longGroup {
		t.Errorf("%d questions want an answer after the first group is switched off", len(problems))
	}
}

// TestExamplesFill: each built-in form can be measured, and all expressions can.
func TestExamplesFill(t *testing.T) {
	t.Chdir("../..")
	all, err := builtin.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		s, err := opened(b.XML)
		if err != nil {
			t.Fatal(err)
		}
		example, err := readExample(b.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := fillIn(s, example); err != nil {
			t.Errorf("%s: %v", b.ID, err)
		}
		if err := complete(s); err != nil {
			t.Errorf("%s: %v", b.ID, err)
		}
	}
	expressions, err := builtinExpressions()
	if err != nil || len(expressions) < 100 {
		t.Fatal(len(expressions), err)
	}
	agree := 0
	for _, e := range expressions {
		if e.floorAgrees() {
			agree++
		}
	}
	if agree < len(expressions)/2 {
		t.Errorf("the floor agrees on %d of %d expressions", agree, len(expressions))
	}
}

func TestPercentiles(t *testing.T) {
	var r rounds
	for _, slow := range []float64{7, 9, 8} {
		round := make([]spent, 100)
		for i := range round {
			round[i] = spent{wall: 1, cpu: 0.5}
		}
		round[50].wall = slow
		r = append(r, round)
	}
	if half, most := r.at(50), r.at(99); half != (spent{1, 0.5}) || most != (spent{8, 0.5}) {
		t.Errorf("half %v, most %v", half, most)
	}
	if s := r.String(); !strings.HasPrefix(s, "1ms(p99 8ms; on the processor 0.5ms, p99 0.5ms)") {
		t.Error(s)
	}
}
