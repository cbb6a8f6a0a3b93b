package xpath

import (
	"fmt"
	"strings"
	"testing"
)

// rows is a form with a repeat of n rows.
func rows(b testing.TB, n int) Node {
	var s strings.Builder
	s.WriteString("<data><wanted>c7</wanted>")
	for i := range n {
		fmt.Fprintf(&s, "<row><name>c%d</name><a>%d</a><b>%d</b><total/></row>", i, i, i*7)
	}
	s.WriteString("</data>")
	return tree(b, s.String())
}

var typical = []struct{ name, expr string }{
	{"sum of siblings", "../a + ../b"},
	{"relevance", "../a > 10 and selected(../name, 'c7')"},
	{"choice", "if(../a = '', 'none', concat(../name, ': ', ../b))"},
	{"position", "position(..)"},
	{"date", "today() < '2026-12-01'"},
	{"sum of a repeat", "sum(/data/row/a)"},
	{"filter of a repeat", "/data/row[name = current()/../name]/b"},
	{"row before", "/data/row[position() = position(current()/..) - 1]/b"},
	{"row by number", "/data/row[position() = current()/../a]/b"},
}

func BenchmarkEvaluate(b *testing.B) {
	root := rows(b, 1000)
	node := find(b, root, "/data/row[500]/total")
	for _, c := range typical {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			x, env := MustCompile(c.expr), testEnv()
			for b.Loop() {
				if _, err := x.EvaluateString(env, node); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, c := range typical {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Compile(c.expr); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkKeystroke recalculates a column of a thousand rows, as one keystroke can ask for.
func BenchmarkKeystroke(b *testing.B) {
	root := rows(b, 1000)
	totals, err := MustCompile("/data/row/total").EvaluateNodes(testEnv(), root, nil)
	if err != nil {
		b.Fatal(err)
	}
	for name, text := range map[string]string{"relative": "../a + ../b", "qualified": "/data/row/a + /data/row/b"} {
		b.Run(name, func(b *testing.B) {
			x, env := MustCompile(text), testEnv()
			env.Qualify = true
			b.ReportAllocs()
			for b.Loop() {
				for _, n := range totals {
					if _, err := x.EvaluateNumber(env, n); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
