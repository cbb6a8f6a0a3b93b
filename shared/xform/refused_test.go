package xform

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// formWith is a form with binds, and a body, around an instance.
func formWith(instance, model, body string) string {
	return head + `<h:head><model><instance><data id="f">` + instance + `</data></instance>` + model + `</model></h:head><h:body>` + body + `</h:body></h:html>`
}

func TestWhatIsRefused(t *testing.T) {
	laughs := `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>` + formWith("<x>&b;</x>", "", "")
	for _, c := range []struct {
		what, src string
		code      Code
		says      string // part of the message
	}{
		{"nothing", "", CodeXML, "no element"},
		{"text", "hello", CodeXML, "outside"},
		{"an element that is not closed", "<a>\n<b>\n</a>", CodeXML, "line 3"},
		{"two roots", "<a/><b/>", CodeXML, "more than one element"},
		{"a document type", "<!DOCTYPE html>" + formWith("<x/>", "", ""), CodeXML, "document type"},
		{"a billion laughs", laughs, CodeXML, "document type"},
		{"an entity", formWith("<x>&b;</x>", "", ""), CodeXML, "entity"},
		{"another encoding", `<?xml version="1.0" encoding="windows-1258"?><a/>`, CodeXML, "UTF-8"},
		{"bytes that are no UTF-8", "<a>\xff</a>", CodeXML, "UTF-8"},
		{"an unknown prefix", "<x:a/>", CodeXML, "x is not declared"},
		{"an attribute twice", `<a b="1" b="2"/>`, CodeXML, "twice"},
		{"depth", strings.Repeat("<a>", MaxDepth+1), CodeLimit, "100 deep"},
		{"a web page", `<html><head/><body/></html>`, CodeStructure, "no <model>"},
		{"a page of another kind", `<html xmlns="urn:x"><head/><body/></html>`, CodeStructure, "root element"},
		{"an instance instead of a form", `<data id="f"/>`, CodeStructure, "root element"},
		{"another namespace", strings.Replace(formWith("<x/>", "", ""), nsXForms, "http://www.w3.org/2002/xform", 1), CodeStructure, "<model> is in the namespace"},
		{"no model", head + `<h:head/><h:body/></h:html>`, CodeStructure, "no <model>"},
		{"no instance", head + `<h:head><model/></h:head><h:body/></h:html>`, CodeStructure, "no <instance>"},
		{"a body in another namespace", head + `<h:head><model><instance><d/></instance></model></h:head><body/></h:html>`, CodeStructure, "<body> is in"},
		{"a question for no node", formWith("<x/>", "", `<input ref="/data/y"/>`), CodeStructure, "/data/y"},
		{"a question without ref", formWith("<x/>", "", `<input/>`), CodeStructure, "neither ref"},
		{"a repeat for the root", formWith("<x/>", "", `<repeat nodeset="/data"/>`), CodeStructure, "root"},
		{"a question outside of its repeat", formWith("<x/><r><y/></r>", "", `<repeat nodeset="/data/r"><input ref="/data/x"/></repeat>`), CodeStructure, "in the <repeat>"},
		{"a bind without nodeset", formWith("<x/>", `<bind type="int"/>`, ""), CodeStructure, "without nodeset"},
		{"an expression that is none", formWith("<x/>", `<bind nodeset="/data/x" relevant="1 +"/>`, ""), CodeExpression, "/data/x"},
		{"a list that is not there", formWith("<x/>", "", `<select1 ref="/data/x"><itemset nodeset="instance('no')/root/item"><value ref="n"/></itemset></select1>`), CodeStructure, `"no"`},
		{"items and a list", formWith("<x/>", "", `<select1 ref="/data/x"><item><value>1</value></item><itemset nodeset="../x"><value ref="n"/></itemset></select1>`), CodeStructure, "both"},
		{"two default languages", formWith("<x/>", `<itext><translation lang="a" default=""/><translation lang="b" default=""/></itext>`, ""), CodeStructure, "more than one"},
		{"an unknown event", formWith("<x/>", `<setvalue ref="/data/x" event="when-it-rains" value="1"/>`, ""), CodeStructure, "when-it-rains"},
		{"a new-repeat action in the model", formWith("<x/>", `<setvalue ref="/data/x" event="odk-new-repeat" value="1"/>`, ""), CodeStructure, "<repeat>"},
		{"a value that needs itself", formWith("<x/>", `<bind nodeset="/data/x" calculate=". + 1"/>`, ""), CodeCycle, "/data/x → /data/x"},
		{"a group whose relevance is inside it", formWith("<g><x/></g>", `<bind nodeset="/data/g" relevant="/data/g/x = 1"/>`, ""), CodeCycle, "/data/g"},
		{"a running total", formWith("<r><x/><t/></r>", `<bind nodeset="/data/r/t" calculate="../x + /data/r[position() = position(current()/..) - 1]/t"/>`,
			`<repeat nodeset="/data/r"/>`), CodeCycle, "/data/r/t"},
	} {
		_, err := Parse([]byte(c.src))
		var e *Error
		switch {
		case !errors.As(err, &e):
			t.Errorf("%s: %v", c.what, err)
		case e.Code != c.code || !strings.Contains(err.Error(), c.says):
			t.Errorf("%s: %s: %v; want %s: … %s …", c.what, e.Code, err, c.code, c.says)
		}
	}
}

func TestACycleNamesItsNodes(t *testing.T) {
	_, err := Parse([]byte(formWith("<a/><b/><c/><d/>", `
<bind nodeset="/data/a" calculate="/data/c + 1"/>
<bind nodeset="/data/b" calculate="/data/a * 2"/>
<bind nodeset="/data/c" relevant="/data/b &gt; 3"/>
<bind nodeset="/data/d" calculate="/data/a"/>`, "")))
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeCycle {
		t.Fatal(err)
	}
	in := map[string]bool{}
	for _, ref := range e.Refs {
		in[ref] = true
	}
	if len(e.Refs) != 4 || e.Refs[0] != e.Refs[3] || !in["/data/a"] || !in["/data/b"] || !in["/data/c"] || e.Line == 0 {
		t.Errorf("refs %v, line %d: %v", e.Refs, e.Line, e)
	}
}

func TestDepthAtTheLimit(t *testing.T) {
	nested := func(depth int) string { // of the elements in <data>, which is the fifth
		return formWith(strings.Repeat("<a>", depth-5)+strings.Repeat("</a>", depth-5), "", "")
	}
	if _, err := Parse([]byte(nested(MaxDepth))); err != nil {
		t.Error(err)
	}
	if _, err := Parse([]byte(nested(MaxDepth + 1))); err == nil {
		t.Error("one deeper is read")
	}
}

func TestARepeatHasALimit(t *testing.T) {
	s := mustStart(t, formWith("<n/><r><x/></r>", "", `<repeat nodeset="/data/r" jr:count="/data/n"/>`))
	says(t, s, "/data/n", "1000000000")
	want(t, "instances", s.Instances("/data/r"), MaxInstances)
	_, _, ok := s.AddRepeat("/data/r")
	want(t, "one more", ok, false)
}

func TestACountThatFeedsItselfEnds(t *testing.T) {
	s := mustStart(t, formWith("<n/><r><x/></r>", `<bind nodeset="/data/n" calculate="count(/data/r) + 1"/>`, `<repeat nodeset="/data/r" jr:count="/data/n"/>`))
	if got := s.Instances("/data/r"); got < 2 || got > MaxInstances {
		t.Error(got, "instances")
	}
}

func TestValuesThatSetEachOtherEnd(t *testing.T) {
	s := mustStart(t, formWith("<a/><b/>", "", `<input ref="/data/a"><setvalue event="xforms-value-changed" ref="/data/b" value="/data/a + 1"/></input>
<input ref="/data/b"><setvalue event="xforms-value-changed" ref="/data/a" value="/data/b + 1"/></input>`))
	start := time.Now()
	says(t, s, "/data/a", "1")
	if took := time.Since(start); took > time.Second {
		t.Error("it took", took)
	}
}

func TestALongChainOfCalculations(t *testing.T) {
	var nodes, binds strings.Builder
	const n = 20000
	for i := range n {
		fmt.Fprintf(&nodes, "<c%d/>", i)
		if i > 0 {
			fmt.Fprintf(&binds, `<bind nodeset="/data/c%d" calculate="/data/c%d + 1"/>`, i, i-1)
		}
	}
	s := mustStart(t, formWith(nodes.String(), binds.String(), `<input ref="/data/c0"/>`))
	says(t, s, "/data/c0", "1")
	want(t, "the last", s.Value(Ref(fmt.Sprintf("/data/c%d", n-1))).Text, fmt.Sprint(n))
}

func TestAnExpressionThatFailsIsTold(t *testing.T) {
	s := mustStart(t, formWith("<a>1</a><b/>", `<bind nodeset="/data/b" calculate="nobody-knows(/data/a)"/>`, `<input ref="/data/a"/>`))
	st, _ := s.State("/data/b")
	if st.Err == nil || !strings.Contains(st.Err.Error(), "nobody-knows") {
		t.Errorf("%v", st.Err)
	}
	problems, _ := s.Validate()
	if len(problems) != 1 || problems[0].Kind != ProblemExpression || problems[0].Ref != "/data/b" {
		t.Errorf("problems: %v", problems)
	}
	if len(s.Form().Warnings) == 0 {
		t.Error("the form is not warned of")
	}
}

func TestALessThanSignInAnAttributeIsLetThrough(t *testing.T) {
	s := mustStart(t, formWith("<a>1</a><b/>", `<bind nodeset="/data/b" calculate="if(/data/a < 2, 'a<b', '>')"/><!-- '<" --><!-- > -->`, ``))
	want(t, "value", s.Value("/data/b").Text, "a<b")
}

// TestNastyDocumentsTakeNoLonger reads documents whose cost would grow with the square of their size if anything were
// looked through again and again.
func TestNastyDocumentsTakeNoLonger(t *testing.T) {
	many := func(n int, piece func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(piece(i))
		}
		return b.String()
	}
	const n = 100_000
	for what, src := range map[string]string{
		"pieces of text":   formWith("<x>"+many(n, func(int) string { return "<![CDATA[x]]>" })+"</x>", "", ""),
		"nodes":            formWith(many(n, func(i int) string { return fmt.Sprintf("<x%d/>", i) }), "", ""),
		"nodes of a list":  formWith("<x/>", "<instance id='l'><l>"+many(n, func(i int) string { return fmt.Sprintf("<x%d/>", i) })+"</l></instance>", ""),
		"equal nodes":      formWith(many(n, func(int) string { return "<x/>" }), "", ""),
		"attributes":       formWith(many(n, func(i int) string { return fmt.Sprintf("<x a%d=''/>", i) }), "", ""),
		"values of a text": formWith("<x/>", "<itext><translation lang='a'><text id='t'>"+many(n, func(i int) string { return fmt.Sprintf("<value form='%d'/>", i) })+"</text></translation></itext>", ""),
		"readers of a node": formWith("<x/>"+many(n/5, func(i int) string { return fmt.Sprintf("<y%d/>", i) }),
			many(n/5, func(i int) string { return fmt.Sprintf("<bind nodeset='/data/y%d' calculate='/data/x'/>", i) }), ""),
		"choices": formWith("<x/>", "", "<select1 ref='/data/x'>"+many(n, func(i int) string { return fmt.Sprintf("<item><value>%d</value></item>", i) })+"</select1>"),
	} {
		start := time.Now()
		if f, err := Parse([]byte(src)); err == nil {
			if _, err := f.New(testEnv()); err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(start); took > 30*time.Second { // what takes the square of its size takes minutes; a busy machine, or the race detector, some seconds
			t.Errorf("%s: %v for %d bytes", what, took, len(src))
		} else {
			t.Logf("%s: %v for %d bytes", what, took.Round(time.Millisecond), len(src))
		}
	}
}
