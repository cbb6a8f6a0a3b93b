package xpath

import (
	"strings"
	"testing"
)

// counted is a tree that finds children by position, whose reads of values are counted, and of which some nodes are hidden.
type counted struct {
	n     Node
	about *about
}

type about struct {
	reads  int
	hidden map[Node]bool
}

func (c counted) Kind() NodeKind   { return c.n.Kind() }
func (c counted) Name() Name       { return c.n.Name() }
func (c counted) ChildCount() int  { return c.n.ChildCount() }
func (c counted) Child(i int) Node { return counted{c.n.Child(i), c.about} }
func (c counted) Hidden() bool     { return c.about.hidden[c.n] }
func (c counted) Value() string    { c.about.reads++; return c.n.Value() }
func (c counted) NthNamed(space, local string, i int) Node {
	for k := range c.ChildCount() {
		if n := c.Child(k); n.Kind() == ElementNode && sameName(n.Name(), Name{Space: space, Local: local}) {
			if i--; i == 0 {
				return n
			}
		}
	}
	return nil
}
func (c counted) Parent() Node {
	if p := c.n.Parent(); p != nil {
		return counted{p, c.about}
	}
	return nil
}
func (c counted) Attributes() (all []Node) {
	for _, a := range c.n.Attributes() {
		all = append(all, counted{a, c.about})
	}
	return all
}

const manyRows = `<data><row><a>1</a></row><row><a>2</a></row><row><a>3</a></row><other><b>5</b><b>6</b></other></data>`

func TestAMemoKeepsWhatTheSameNodesGive(t *testing.T) {
	for _, c := range []struct {
		expr string
		want string // for each row in turn
		kept bool
	}{
		{"sum(../row/a)", "6 6 6", true},
		{"sum(current()/../row/a)", "6 6 6", true},
		{"sum(../row[a > 1]/a)", "5 5 5", true},
		{"sum(../row[position() < last()]/a)", "3 3 3", true},
		{"count(../row[string-length(a) = 1])", "3 3 3", true},
		{"max(/data/other/b)", "6 6 6", true},
		{"join(',', //b)", "5,6 5,6 5,6", true},
		{"sum(/data/row/a)", "1 2 3", false}, // each its own, as Qualify is set
		{"sum(a)", "1 2 3", false},
		{"sum(../row[a > current()/a]/a)", "5 3 0", false},
		{"sum(../row[a > /data/row/a]/a)", "0 0 0", false},
		{"sum(following-sibling::row/a)", "5 3 0", false},
		{"sum(../row/a) + a", "7 8 9", false},
		{"join(a, ../row/a)", "11213 12223 13233", false},
	} {
		about := &about{}
		root := counted{tree(t, strings.Replace(manyRows, "</data>", strings.Repeat("<pad/>", 100)+"</data>", 1)), about}
		rows, _ := MustCompile("/data/row").EvaluateNodes(nil, root, nil)
		env := testEnv()
		env.Qualify, env.Memo = true, new(Memo)
		x := MustCompile(c.expr)
		for round := range 2 {
			var got []string
			first := 0
			for i, row := range rows {
				s, err := x.EvaluateString(env, row)
				if err != nil {
					t.Fatal(c.expr, err)
				}
				if got = append(got, s); i == 0 {
					first, about.reads = about.reads, 0
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%s: %s, not %s", c.expr, got, c.want)
			}
			if kept := about.reads == 0; kept != c.kept || first == 0 {
				t.Errorf("%s, round %d: %d reads for the first row, then %d", c.expr, round, first, about.reads)
			}
			env.Memo.Forget()
			about.reads = 0
		}
	}
}

func TestHiddenNodesCountAndAreLeftOut(t *testing.T) {
	root := counted{tree(t, manyRows), &about{}}
	second := find(t, root, "/data/row[2]")
	root.about.hidden = map[Node]bool{second.(counted).n: true}
	for _, w := range []want{
		{"count(/data/row)", "2"},
		{"/data/row[2]", ""},
		{"/data/row[3]/a", "3"},
		{"/data/row[position() = 3]/a", "3"},
		{"/data/row[last()]/a", "3"},
		{"/data/row[a > 1][1]/a", "2"}, // the row is hidden, and what is in it is not
		{"sum(/data/row/a)", "6"},
		{"count(/data/*)", "3"},
		{"count(//row | /data/row)", "2"},
		{"count(/data/row[2]/..)", "1"},
		{"indexed-repeat(/data/row/a, /data/row, 2)", "2"},
		{"count(indexed-repeat(/data/row, /data/row, 2))", "0"},
		{"count(.)", "1"},
		{"count(current())", "1"},
		{"count(a/..)", "0"},
	} {
		if got, err := MustCompile(w.expr).EvaluateString(testEnv(), second); err != nil || got != w.value {
			t.Errorf("%s is %q, not %q (%v)", w.expr, got, w.value, err)
		}
	}
}
