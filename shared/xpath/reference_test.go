package xpath

import (
	"fmt"
	"strings"
	"testing"
)

// shown writes a reference as a line: where it starts and its steps, predicates as [n].
func shown(origin Origin, instance string, steps []Step) string {
	var b strings.Builder
	b.WriteString([...]string{"context", "root", "current", "instance " + instance, "other"}[origin])
	for _, s := range steps {
		name := s.Name.String()
		if s.Test != "name" {
			name = s.Test + "()"
		}
		fmt.Fprintf(&b, "/%s", [...]string{Child: "", Parent: "parent::", Self: "self::", Attribute: "@",
			Descendant: "descendant::", DescendantOrSelf: "descendant-or-self::", Ancestor: "ancestor::", Namespace: ""}[s.Axis]+name)
		if s.Predicates > 0 {
			fmt.Fprintf(&b, "[%d]", s.Predicates)
		}
	}
	return b.String()
}

func TestReferencesAreWhatAnExpressionReads(t *testing.T) {
	for _, c := range []struct {
		expr string
		want []string // column, as it stands, and as it resolves when that differs
	}{
		{"1 + 'a'", nil},
		{"../a + /data/b", []string{"1 context/parent::node()/a", "8 root/data/b"}},
		{"'ê' = .", []string{"7 context/self::node()"}},
		{"//p[@id]", []string{
			"1 root/descendant-or-self::node()/p[1]",
			"5 context/@id -> root/descendant-or-self::node()/p[1]/@id",
		}},
		{"/data/row[n > 1 and m[k] = /x]/v", []string{
			"1 root/data/row[1]/v",
			"11 context/n -> root/data/row[1]/n",
			"21 context/m[1] -> root/data/row[1]/m[1]",
			"23 context/k -> root/data/row[1]/m[1]/k",
			"28 root/x",
		}},
		{"instance('list')/root/item[name = current()/../q]/label", []string{
			"1 instance list/root/item[1]/label",
			"28 context/name -> instance list/root/item[1]/name",
			"35 current/parent::node()/q",
		}},
		{"instance(concat('a', b))/root", []string{"1 instance /root", "22 context/b"}},
		{"current()", []string{"1 current"}},
		{"(a | b)[c]/d", []string{"1 other/d", "2 context/a", "6 context/b", "9 context/c -> other/c"}},
		{"if(a, b, count(c))", []string{"4 context/a", "7 context/b", "16 context/c"}},
	} {
		var got []string
		for _, r := range MustCompile(c.expr).References() {
			line := shown(r.Origin, r.Instance, r.Steps)
			if full := shown(r.Resolve()); full != line {
				line += " -> " + full
			}
			got = append(got, fmt.Sprint(r.Column, " ", line))
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.expr, strings.Join(got, "\n     "), strings.Join(c.want, "\n     "))
		}
	}
}

func TestCallsAndWhatChangesByItself(t *testing.T) {
	for _, c := range []struct {
		expr     string
		calls    string
		volatile bool
	}{
		{"/a/b + 1", "", false},
		{"concat('a', pulldata('set', 'x', 'key', ../k))", "1 concat 2, 13 pulldata 4", false},
		{"/a[position() = 2]/b", "4 position 0", false},
		{"if(true(), now(), 1)", "1 if 3, 4 true 0, 12 now 0", true},
		{"once(random())", "1 once 1, 6 random 0", true},
		{"randomize(/a)", "1 randomize 1", true},
		{"randomize(/a, 5)", "1 randomize 2", false},
	} {
		x := MustCompile(c.expr)
		var calls []string
		for _, call := range x.Calls() {
			calls = append(calls, fmt.Sprint(call.Column, " ", call.Name, " ", len(call.Args)))
		}
		if got := strings.Join(calls, ", "); got != c.calls || x.Volatile() != c.volatile {
			t.Errorf("%s calls %s (volatile %v)", c.expr, got, x.Volatile())
		}
	}
	arg := MustCompile("instance( 'list' )").Calls()[0].Args[0]
	if !arg.Literal || arg.Value.String() != "list" || arg.Text != "'list'" {
		t.Errorf("%+v", arg)
	}
}

func TestProblemsAreKnownBeforeEvaluation(t *testing.T) {
	for text, want := range map[string]string{
		"true() or nonsense(1)":  "11 function",
		"count() + not(1, 2)":    "1 arguments 11 arguments",
		"/data/orx:meta":         "7 prefix",
		"regex(., '(')":          "1 value",
		"regex(., concat('(',))": "",
		"1 + 1":                  "",
	} {
		x, err := Compile(text)
		if err != nil {
			continue
		}
		var got []string
		for _, p := range x.Problems() {
			got = append(got, fmt.Sprint(p.Column, " ", p.Code))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %s, not %s", text, got, want)
		}
	}
}

func TestConstants(t *testing.T) {
	for text, want := range map[string]bool{
		"1 + 2": true, "concat('a', true())": true, "not(false())": true, "pow(2, 3) * -1": true, "date('2026-01-01')": false,
		"a": false, "now()": false, "string()": false, "$x": false, "nonsense()": false, "position()": false, "1 + count(1)": false,
	} {
		if _, ok := MustCompile(text).Constant(); ok != want {
			t.Errorf("%s: %v", text, ok)
		}
	}
}
