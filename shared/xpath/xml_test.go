package xpath

import (
	"errors"
	"strings"
	"testing"
)

func TestXMLThatIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":             "",
		"a comment only":      "<!-- -->",
		"a document type":     `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`,
		"an entity":           "<a>&nbsp;</a>",
		"an open tag":         "<a><b></a>",
		"two outermost":       "<a/><b/>",
		"text outside":        "<a/>b",
		"an unknown prefix":   "<x:a/>",
		"an attribute twice":  `<a b="1" b="2"/>`,
		"elements too deep":   strings.Repeat("<a>", MaxXMLDepth+1) + strings.Repeat("</a>", MaxXMLDepth+1),
		"another closing tag": `<a xmlns:x="y"></x:a>`,
		"not UTF-8":           "<a>\xff</a>",
	} {
		if _, err := ParseXML(strings.NewReader(text)); !errors.Is(err, ErrXML) {
			t.Errorf("%s: %v", name, err)
		}
	}
	deep := strings.Repeat("<a>", MaxXMLDepth) + strings.Repeat("</a>", MaxXMLDepth)
	if _, err := ParseXML(strings.NewReader(deep)); err != nil {
		t.Error("at the limit:", err)
	}
}

// plain hides the optional interfaces of a node, so that the general ways are taken.
type plain struct{ n Node }

func (p plain) Kind() NodeKind  { return p.n.Kind() }
func (p plain) Name() Name      { return p.n.Name() }
func (p plain) Value() string   { return p.n.Value() }
func (p plain) ChildCount() int { return p.n.ChildCount() }
func (p plain) Child(i int) Node {
	return plain{p.n.Child(i)}
}
func (p plain) Parent() Node {
	if q := p.n.Parent(); q != nil {
		return plain{q}
	}
	return nil
}
func (p plain) Attributes() (all []Node) {
	for _, a := range p.n.Attributes() {
		all = append(all, plain{a})
	}
	return all
}

func TestANodeNeedsNothingOptional(t *testing.T) {
	root, all := tree(t, visit), new(about)
	for _, text := range []string{
		"//person", "//name | //age | //@id", "//name/ancestor::*", "//age/preceding::node()", "//age/following::*[2]",
		"(//item | /data)/*[1]", "//item/../item[2]/preceding-sibling::*", "//@id/following::name[1]", "//name/..",
		"//*[position() = last()]", "//@*/..", "//person[position(.) = 2]",
		"/data/person[2]/name", "/data/person[4]", "/data/person[position() = 2]/age", "/data/person[position() = count(/data/person)]", "//root/item[2][1]",
		"/data/person[position() = /data/none]", "/data/person[position() = //age]", "/data/person[2.5]", "/data/person[1 = position()]",
	} {
		x := MustCompile(text)
		fast, err := x.EvaluateNodes(testEnv(), root, nil)
		if err != nil {
			t.Fatal(text, err)
		}
		general, err := x.EvaluateNodes(testEnv(), plain{root}, nil)
		if err != nil || len(fast) != len(general) {
			t.Fatal(text, len(fast), len(general), err)
		}
		picked, err := x.EvaluateNodes(testEnv(), counted{root, all}, nil)
		if err != nil || len(fast) != len(picked) {
			t.Fatal(text, len(fast), len(picked), err)
		}
		for i := range fast {
			if general[i] != (plain{fast[i]}) || picked[i] != (counted{fast[i], all}) {
				t.Errorf("%s: node %d differs", text, i)
			}
		}
	}
}

func TestAxesTogetherAreTheDocument(t *testing.T) {
	root := tree(t, visit)
	all, _ := MustCompile("//node() | /").EvaluateNodes(testEnv(), root, nil)
	parts := MustCompile("ancestor::node() | preceding::node() | . | descendant::node() | following::node()")
	for _, n := range all {
		got, err := parts.EvaluateNodes(testEnv(), n, nil)
		if err != nil || len(got) != len(all) {
			t.Fatal(n.Name(), len(got), len(all), err)
		}
		for i := range got {
			if got[i] != all[i] {
				t.Fatal(n.Name(), "order", i)
			}
		}
	}
}

func TestNamespaceAxis(t *testing.T) {
	root := tree(t, `<a xmlns="u" xmlns:x="v"><b xmlns:x="w" xmlns=""/></a>`)
	for _, w := range []want{
		{"name(/*/namespace::*[1])", ""},
		{"string(/*/namespace::x)", "v"},
		{"string(//b/namespace::x)", "w"},
		{"count(//b/namespace::*)", "2"},
		{"count(//b/namespace::* | //b/@* | //namespace::x)", "3"},
		{"namespace-uri(/*)", "u"},
		{"count(/a)", "0"},
		{"name(//b/namespace::x/..)", "b"},
	} {
		if got, err := MustCompile(w.expr).EvaluateString(testEnv(), root); err != nil || got != w.value {
			t.Errorf("%s is %q, not %q (%v)", w.expr, got, w.value, err)
		}
	}
}
