package xpath

import (
	"errors"
	"strings"
	"testing"
)

func TestErrorsPointAtTheColumn(t *testing.T) {
	for _, c := range []struct {
		text   string
		column int
		code   Code
	}{
		{"", 1, CodeSyntax},
		{"1 +", 4, CodeSyntax},
		{"1 + )", 5, CodeSyntax},
		{"'tên' + 'chưa đóng", 9, CodeSyntax},
		{"a[1", 4, CodeSyntax},
		{"concat('ê', )", 13, CodeSyntax},
		{"foot::a", 1, CodeSyntax},
		{"a ! b", 3, CodeSyntax},
		{"a b", 3, CodeSyntax},
		{"$", 1, CodeSyntax},
		{"'ê' = nothing()", 7, CodeFunction},
		{"'ê' = not()", 7, CodeArguments},
		{"1 + count('ê', 2)", 5, CodeArguments},
		{"1 + count('ê')", 5, CodeType},
		{"'ê' = regex('a', '(')", 7, CodeValue},
		{strings.Repeat("(", MaxDepth) + "1" + strings.Repeat(")", MaxDepth), MaxDepth + 1, CodeLimit},
	} {
		x, err := Compile(c.text)
		if err == nil {
			_, err = x.Evaluate(nil, nil)
		}
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Column != c.column || e.Code != c.code || e.Text != c.text {
			t.Errorf("%.40s: %v, not column %d, %s", c.text, err, c.column, c.code)
		}
	}
}

func TestExcerptShowsTheColumn(t *testing.T) {
	_, err := Compile("${a} > 1")
	e, ok := errors.AsType[*Error](err)
	if want := "${a} > 1\n^\n"; !ok || e.Excerpt() != want {
		t.Errorf("%v, not %q", err, want)
	}
}

func TestLimits(t *testing.T) {
	root := tree(t, visit)
	for _, c := range []struct {
		expr   string
		limits Limits
	}{
		{"count(//*[count(//*[count(//*) > 1]) > 1])", Limits{Steps: 1000}},
		{"concat(concat('aaaaa', 'bbbbb'), 'c')", Limits{Bytes: 10}},
		{"//node()", Limits{Nodes: 10}},
	} {
		x := MustCompile(c.expr)
		if _, err := x.Evaluate(testEnv(), root); err != nil {
			t.Errorf("%s: %v", c.expr, err)
		}
		env := testEnv()
		env.Limits = c.limits
		_, err := x.Evaluate(env, root)
		if e, ok := errors.AsType[*Error](err); !ok || e.Code != CodeLimit {
			t.Errorf("%s with %+v: %v", c.expr, c.limits, err)
		}
	}
}

func TestTheAllowanceIsForAllEvaluationsTogether(t *testing.T) {
	root, env, x := tree(t, visit), testEnv(), MustCompile("count(//*)")
	allowance := 1 << 30
	env.Allowance = &allowance
	if _, err := x.Evaluate(env, root); err != nil {
		t.Fatal(err)
	}
	each := 1<<30 - allowance
	for _, c := range []struct{ allowance, succeed int }{{0, 0}, {each - 1, 0}, {each, 1}, {3*each - 1, 2}, {3 * each, 3}} {
		allowance = c.allowance
		for n := 1; ; n++ {
			_, err := x.Evaluate(env, root)
			if err == nil {
				continue
			}
			e, ok := errors.AsType[*Error](err)
			if n != c.succeed+1 || !ok || e.Code != CodeLimit || !strings.Contains(e.Message, "together") {
				t.Errorf("an allowance of %d steps: evaluation %d: %v", c.allowance, n, err)
			}
			break
		}
	}
}

func TestEvaluationsWithinEvaluationsEnd(t *testing.T) {
	var x *Expr
	x, _ = CompileWith("again(.) + 1", Options{Functions: map[string]Function{
		"again": {Min: 1, Max: 1, Call: func(env *Env, node Node, _ []Value) (Value, error) { return x.Evaluate(env, node) }},
	}})
	_, err := x.Evaluate(testEnv(), tree(t, visit))
	for depth := 0; ; depth++ {
		e, ok := errors.AsType[*Error](err)
		if !ok {
			t.Fatal(err)
		}
		if e.Code == CodeLimit {
			if depth != DefaultLimits().Depth {
				t.Error(depth)
			}
			return
		}
		err = e.Cause
	}
}

func TestFunctionsOfTheCaller(t *testing.T) {
	broken := errors.New("no signal")
	options := Options{Functions: map[string]Function{
		"double": {Min: 1, Max: 1, Call: func(env *Env, _ Node, args []Value) (Value, error) { return Number(2 * env.Number(args[0])), nil }},
		"ask":    {Max: -1, Volatile: true, Call: func(*Env, Node, []Value) (Value, error) { return Value{}, broken }},
	}}
	x, err := CompileWith("double(//members)", options)
	if err != nil {
		t.Fatal(err)
	}
	if f, err := x.EvaluateNumber(testEnv(), tree(t, visit)); f != 8 || err != nil {
		t.Error(f, err)
	}
	x, _ = CompileWith("1 + ask(2)", options)
	_, err = x.Evaluate(testEnv(), nil)
	if e, ok := errors.AsType[*Error](err); !ok || !errors.Is(err, broken) || e.Column != 5 || !x.Volatile() {
		t.Error(err)
	}
}

func TestWhatTheFormProvides(t *testing.T) {
	env := testEnv()
	env.Variable = func(name string) (Value, bool) { return Number(3), name == "x" }
	env.ChoiceName = func(_ Node, value, path string) (string, error) { return path + ":" + value, nil }
	env.Text = func(id string) (string, error) { return "text of " + id, nil }
	env.Property = func(name string) string { return "my " + name }
	env.PullData = func(set, want, key, value string) (string, error) { return set + want + key + value, nil }
	env.Version = "7"
	env.Calendar = &Calendar{Months: [12]string{10: "thg 11"}}
	for _, w := range []want{
		{"$x + 1", "4"},
		{"jr:choice-name('a', '/data/q')", "/data/q:a"},
		{"jr:itext('q1:label')", "text of q1:label"},
		{"property('deviceid')", "my deviceid"},
		{"pulldata('a', 'b', 'c', 'd')", "abcd"},
		{"version()", "7"},
		{"format-date(today(), '%b')", "thg 11"},
	} {
		if got, err := MustCompile(w.expr).EvaluateString(env, nil); err != nil || got != w.value {
			t.Errorf("%s is %q, not %q (%v)", w.expr, got, w.value, err)
		}
	}
}
