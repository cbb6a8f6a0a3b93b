package xpath

import (
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
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

var seeds = []string{
	"1", "", "/", "//a[1]", "../a + ../b", "concat('a', \"b\", 1.5)", "a | b/c", "-(-1)", "count(//*[position() = last()])",
	"instance('x')/root/item[name = current()/../q]/label", "if(a = '', 1 div 0, 4mod3)", "ancestor-or-self::node()[2]/@*",
	"format-date(date('2026-11-22'), '%Y-%m-%d %a %b %3 %%')", "randomize(//item, 7)", "regex('a', '(?=a)[a-z]+')",
	"indexed-repeat(/data/person/name, /data/person, 2)", "round(-1.5, 2)", "substr('ê', -1)", "digest('a', 'MD5', 'hex')",
	"area('0 0;0 1;1 1')", "date-time(1.5) - today() * now()", "selected-at('a b', 1)", "pulldata('prices', 'a', 'b', 'c')",
	"weighted-checklist(1, 2, //a, //b)", "decimal-time('06:00:00.000+07:00')", "$x", "a:b", "processing-instruction('x')",
	"self::text()[.='a'][last()]", "namespace::*", "translate('abc', 'ab', 'x')", "regex('aa', concat('(a{2}){', 1, '}'))", "//age[position(.) > count(../preceding::age)]", "id('a b')", "lang('vi')", "uuid(5)",
}

func FuzzCompile(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > longest {
			t.Skip()
		}
		x, err := Compile(text)
		if err != nil {
			sound(t, text, err)
			return
		}
		if x.String() != text {
			t.Fatal("another text")
		}
		for _, r := range x.References() {
			r.Resolve()
			inside(t, text, r.Column)
		}
		for _, c := range x.Calls() {
			inside(t, text, c.Column)
		}
		for _, p := range x.Problems() {
			sound(t, text, p)
		}
	})
}

func FuzzEvaluate(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, false)
	}
	root := tree(f, visit)
	from := find(f, root, "/data/person[2]/age")
	f.Fuzz(func(t *testing.T, text string, qualify bool) {
		x, err := Compile(text)
		if err != nil || len(text) > longest {
			t.Skip()
		}
		env := testEnv()
		env.Qualify = qualify
		env.Limits = Limits{Steps: 100_000, Bytes: 10_000, Nodes: 10_000}
		began := time.Now()
		v, err := x.Evaluate(env, from)
		if spent := time.Since(began); spent > 5*time.Second {
			t.Fatalf("%v", spent)
		}
		if err != nil {
			sound(t, text, err)
			return
		}
		_, _, _ = v.String(), v.Boolean(), env.Number(v)
		if constant, ok := x.Constant(); ok && constant.String() != v.String() {
			t.Fatalf("constant %q, and %q here", constant.String(), v.String())
		}
	})
}

// sound fails when the error is another one than the package promises, or points outside the text.
func sound(t *testing.T, text string, err error) {
	t.Helper()
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Code == "" || e.Message == "" || e.Text != text {
		t.Fatalf("%#v", err)
	}
	inside(t, text, e.Column)
	if lines := strings.Count(e.Excerpt(), "\n"); lines != 2 {
		t.Fatal(lines)
	}
}

func inside(t *testing.T, text string, column int) {
	t.Helper()
	if column < 1 || column > utf8.RuneCountInString(text)+1 {
		t.Fatalf("column %d of %q", column, text)
	}
}

func FuzzParseXML(f *testing.F) {
	f.Add(`<data xmlns:x="y"><x:a id="1">Nguyễn</x:a> <b/><b>2</b></data>`)
	f.Add(`<a xmlns="b"><!-- c --><?d e?>&amp;<![CDATA[<]]></a>`)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > longest {
			t.Skip()
		}
		d, err := ParseXML(strings.NewReader(text))
		if err != nil {
			if !errors.Is(err, ErrXML) {
				t.Fatal(err)
			}
			return
		}
		env := &Env{Limits: Limits{Steps: 1_000_000}}
		_, err = MustCompile("count(//node() | //@* | //namespace::*)").Evaluate(env, d.Root())
		if e, ok := errors.AsType[*Error](err); err != nil && (!ok || e.Code != CodeLimit) {
			t.Fatal(err)
		}
	})
}
