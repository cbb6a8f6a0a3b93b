package xform

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// testEnv is a world that stands still.
func testEnv() Env {
	n := uint64(0)
	return Env{
		Now:    func() time.Time { return time.Date(2026, 11, 21, 8, 30, 0, 0, time.UTC) },
		Zone:   time.FixedZone("+07", 7*3600),
		Random: func() uint64 { n = n*6364136223846793005 + 1442695040888963407; return n },
	}
}

// snapshot writes all that a session has computed, a line for each node.
func snapshot(s *Session) string {
	var b strings.Builder
	s.root.walk(func(n *node) {
		fmt.Fprintf(&b, "%s %v %q hidden=%v required=%v locked=%v\n", n.ref(), n.value.Kind, n.value.Text, n.has(hidden), n.has(required), n.has(locked))
	})
	return b.String()
}

// fromNothing is a session with the same answers, of which everything has been computed anew.
func fromNothing(s *Session) *Session {
	fresh, err := s.form.session(s.env)
	if err != nil {
		panic(err)
	}
	fresh.root = s.root.clone(nil)
	fresh.root.walk(func(n *node) {
		n.state = 0
		if n.field.rules[ruleCalculate] != nil && !s.form.isIdentity(n.field) {
			n.value = Value{}
		}
	})
	fresh.x.Root = (*rootNode)(fresh.root)
	fresh.language = s.language
	fresh.computeAll()
	return fresh
}

// edit does something that a person could do.
func edit(t *rapid.T, s *Session) string {
	var leaves, repeats, instances []Ref
	s.root.walk(func(n *node) {
		switch {
		case n.isLeaf() && n.field.rules[ruleCalculate] == nil:
			leaves = append(leaves, n.ref())
		case n.field.IsRepeat():
			instances = append(instances, n.ref())
		}
		for _, c := range n.field.children {
			if c.IsRepeat() && len(n.group(c)) < 5 {
				repeats = append(repeats, n.ref()+Ref("/"+c.name.local))
			}
		}
	})
	switch k := rapid.IntRange(0, 9).Draw(t, "edit"); {
	case k == 0 && len(repeats) > 0:
		ref := rapid.SampledFrom(repeats).Draw(t, "repeat")
		s.AddRepeat(ref)
		return "add " + string(ref)
	case k == 1 && len(instances) > 0:
		ref := rapid.SampledFrom(instances).Draw(t, "instance")
		s.RemoveRepeat(ref)
		return "remove " + string(ref)
	case len(leaves) > 0:
		ref := rapid.SampledFrom(leaves).Draw(t, "leaf")
		v := rapid.SampledFrom([]string{"", "0", "1", "2", "3"}).Draw(t, "value")
		s.Store(ref, Text(v))
		return fmt.Sprintf("store %s %q", ref, v)
	}
	return "nothing"
}

// randomForm draws a form of nested repeats whose calculations and relevances read each other in every way there is.
func randomForm(t *rapid.T) *Form {
	paths := []string{"/d/a", "/d/b", "/d/c", "/d/g/e", "/d/g/f", "/d/r/x", "/d/r/y", "/d/r/z", "/d/r/k/h", "/d/r/q/u", "/d/r/q/v", "/d/r/q/w"}
	groups := []string{"/d/g", "/d/r", "/d/r/k", "/d/r/q"}
	for {
		var binds strings.Builder
		for _, p := range append(paths[:len(paths):len(paths)], groups...) {
			isGroup := strings.Count(p, "/") < 3 && (p == "/d/g" || p == "/d/r") || p == "/d/r/k" || p == "/d/r/q"
			attrs := ""
			if !isGroup && rapid.IntRange(0, 2).Draw(t, "calculated") == 0 {
				attrs += fmt.Sprintf(` calculate="%s"`, randomExpr(t, p, paths, 2))
			}
			if rapid.IntRange(0, 5).Draw(t, "conditional") == 0 {
				attrs += fmt.Sprintf(` relevant="%s &gt; 1"`, randomExpr(t, p, paths, 2))
			}
			if rapid.IntRange(0, 7).Draw(t, "demanding") == 0 {
				attrs += fmt.Sprintf(` required="%s = 2" readonly="%s = 1"`, randomExpr(t, p, paths, 1), randomExpr(t, p, paths, 1))
			}
			fmt.Fprintf(&binds, `<bind nodeset="%s" type="string"%s/>`, p, attrs)
		}
		f, err := Parse([]byte(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
<h:head><model><instance><d id="d"><a>1</a><b/><c>2</c><g><e/><f>3</f></g><r><x>1</x><y/><z/><k><h/></k><q><u/><v>2</v><w/></q></r></d></instance>` +
			binds.String() + `</model></h:head><h:body><repeat nodeset="/d/r"><repeat nodeset="/d/r/q"/></repeat></h:body></h:html>`))
		var cycle *Error
		if errors.As(err, &cycle) && cycle.Code == CodeCycle {
			continue // drawn again
		}
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
}

// randomExpr draws an expression for a bind at path.
func randomExpr(t *rapid.T, path string, paths []string, depth int) string {
	p := rapid.SampledFrom(paths).Draw(t, "path")
	if depth > 0 && rapid.IntRange(0, 2).Draw(t, "nested") == 0 {
		op := rapid.SampledFrom([]string{"%s + %s", "if(%s = 1, %s, 2)", "concat(%s, %s)", "coalesce(%s, %s)"}).Draw(t, "op")
		return fmt.Sprintf(op, randomExpr(t, path, paths, depth-1), randomExpr(t, path, paths, depth-1))
	}
	forms := []string{
		p,
		relative(path, p),
		"current()/" + relative(path, p),
		"sum(" + relative(path, "/d/r/x") + ")",
		"sum(/d/r/q/u)",
		"count(/d/r)",
		"count(" + relative(path, "/d/r/q") + ")",
		"count(/d/r[x = " + p + "])",
		"sum(/d/r[position() &gt; 1]/x)",
		"count(" + relative(path, "/d/r") + "[k/h = current()/" + relative(path, "/d/a") + "])",
		"indexed-repeat(/d/r/x, /d/r, 2)",
		"position(..)",
		"count(//u)",
		"count(/d/*)",
	}
	if strings.HasPrefix(path, "/d/r/") {
		forms = append(forms, "/d/r[position() = position(current()/"+relative(path, "/d/r")+") - 1]/x")
	}
	return rapid.SampledFrom(forms).Draw(t, "form")
}

// relative is the path from one node to another.
func relative(from, to string) string {
	a, b := strings.Split(from, "/")[1:], strings.Split(to, "/")[1:]
	for len(a) > 0 && len(b) > 1 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	return strings.Repeat("../", len(a)) + strings.Join(b, "/")
}

func TestADraftIsTheSameWhenOpenedAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := randomForm(t)
		s, err := f.New(testEnv())
		if err != nil {
			t.Fatal(err)
		}
		for range 8 {
			edit(t, s)
		}
		again, err := f.Load(s.Save(), testEnv())
		if err != nil {
			t.Fatal(err)
		}
		if got, want := snapshot(again), snapshot(s); got != want {
			t.Fatalf("opened again:\n%s\nbefore:\n%s\nsaved:\n%s", got, want, s.Save())
		}
	})
}

func TestWhatAnEditTouchesIsAllThatChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := randomForm(t)
		s, err := f.New(testEnv())
		if err != nil {
			t.Fatal(err)
		}
		for range 12 {
			what := edit(t, s)
			if got, want := snapshot(s), snapshot(fromNothing(s)); got != want {
				var rules strings.Builder
				for _, r := range f.rules {
					fmt.Fprintf(&rules, "%s %s: %s\n", r.field.path, ruleNames[r.kind], r.expr)
				}
				t.Fatalf("after %s, by increments:\n%s\nfrom nothing:\n%s\n%s", what, got, want, rules.String())
			}
		}
	})
}
