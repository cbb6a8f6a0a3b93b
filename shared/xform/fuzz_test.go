package xform

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"testing"
)

// TestMain bounds how long the fuzzer tries to shorten an input that leads somewhere new. By default that is a minute for
// each, in which nothing new is tried: a run of half a minute would do nothing else.
func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("test.fuzzminimizetime"); f.Value.String() == f.DefValue {
		if err := f.Value.Set("500ms"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// longest is how long an input of a fuzz target may be; longer ones find nothing that shorter ones do not.
const longest = 4 << 10

// smallForms are forms that have, in as few bytes as possible, what forms have.
var smallForms = []string{
	formWith(`<a>1</a><b/>`, `<bind nodeset="/data/a" type="int"/><bind nodeset="/data/b" relevant="/data/a &gt; 1" calculate="/data/a < 2"/>`, `<input ref="/data/a"/>`),
	formWith(`<n/><r jr:template=""><x/><y/></r>`, `<bind nodeset="/data/r/y" calculate="position(..) + sum(../../r/x)"/>`,
		`<input ref="/data/n"/><repeat nodeset="/data/r" jr:count="/data/n"><input ref="x"/></repeat>`),
	formWith(`<c/><d/>`, `<instance id="l"><l><i><n>1</n><m>co</m></i><i><n>2</n></i></l></instance><bind nodeset="/data/c" type="select1" required="true()"/>`,
		`<select1 ref="/data/c"><itemset nodeset="instance('l')/l/i[n != /data/d]"><value ref="n"/><label ref="m"/></itemset></select1><input ref="/data/d"/>`),
	formWith(`<e/><f at="1"/>`, `<itext><translation lang="vi"><text id="t"><value>Ê <output value="/data/e"/></value></text></translation></itext>`+
		`<setvalue event="odk-instance-first-load" ref="/data/f/@at" value="1 + 1"/>`,
		`<input ref="/data/e"><label ref="jr:itext('t')"/><setvalue event="xforms-value-changed" ref="/data/f" value="/data/e"/></input>`),
}

// FuzzParse reads anything; what is a form must start, and be written so that it is the same form.
func FuzzParse(f *testing.F) {
	for _, src := range smallForms {
		f.Add([]byte(src))
	}
	f.Add([]byte(`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`))
	f.Fuzz(func(t *testing.T, src []byte) {
		form, err := Parse(src)
		if err != nil || len(src) > longest {
			t.Skip()
		}
		env := testEnv()
		env.Work = 1_000_000
		s, err := form.New(env)
		if e, ok := errors.AsType[*Error](err); ok && e.Code == CodeLimit {
			t.Skip()
		}
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := form.WriteXML(&b); err != nil {
			t.Fatal(err)
		}
		again, err := Parse(b.Bytes())
		if err != nil {
			t.Fatalf("what was written is no form: %v\n%s", err, b.Bytes())
		}
		if len(again.Fields()) != len(form.Fields()) {
			t.Fatal("what was written is another form")
		}
		if _, err := form.Load(s.Submission(), testEnv()); err != nil {
			t.Fatalf("what is sent cannot be opened: %v\n%s", err, s.Submission())
		}
	})
}

// FuzzEdits fills in one of some forms in any way; in the end all is as if computed from nothing, and can be opened when
// saved.
func FuzzEdits(f *testing.F) {
	var forms []*Form
	for _, src := range append(smallForms, visitForm, string(marketForm(2))) {
		forms = append(forms, mustParse(f, src))
	}
	for i := range forms {
		f.Add(byte(i), []byte{7, 7, 9, 1, 3, 80, 3, 2})
	}
	f.Fuzz(func(t *testing.T, which byte, edits []byte) {
		form := forms[int(which)%len(forms)]
		s, err := form.New(testEnv())
		if err != nil {
			t.Fatal(err)
		}
		for n := 0; n < 50 && len(edits) > 1; n++ {
			fuzzEdit(s, edits[0], edits[1])
			edits = edits[2:]
		}
		if got, want := snapshot(s), snapshot(fromNothing(s)); got != want {
			t.Fatalf("by increments:\n%s\nfrom nothing:\n%s", got, want)
		}
		if _, err := form.Load(s.Save(), testEnv()); err != nil {
			t.Fatalf("what was saved cannot be opened: %v\n%s", err, s.Save())
		}
	})
}

// fuzzEdit does one of the things that can be done, to one of the nodes.
func fuzzEdit(s *Session, what, where byte) {
	var all []Ref
	s.root.walk(func(n *node) {
		if n.field.rules[ruleCalculate] == nil { // nobody answers what is calculated
			all = append(all, n.ref())
		}
	})
	ref := all[int(where)%len(all)]
	switch what % 9 {
	case 0:
		s.AddRepeat(ref)
	case 1:
		s.RemoveRepeat(ref)
	case 2:
		s.Choices(ref)
	case 3:
		s.JumpTo(ref)
	case 4:
		s.Next()
	case 5:
		s.Validate()
	case 6:
		s.Finish()
	default:
		s.Answer(ref, Text([]string{"", "1", "hg", "co khong", "2026-11-21"}[int(what/9)%5]))
	}
}
