package builtin

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"banlang/shared/form/builtin"
	"banlang/shared/xform"
)

// indifferent are planted bugs that cannot be told from the form, and why.
var indifferent = map[string]string{
	`evaluation /data/average calculate: " &gt; " no. 1 turned in if(count-non-empty( /data/scores/score ) &gt; 0, round(sum( /data/scores/score ) div count-non-empty( /data/scores/score ), 2), '')`: "NaN is no answer here; JavaRosa would write it",
}

// TestPlantedBugsAreFound plants bugs into the forms, one at a time: an expression is dropped, or one of its comparisons
// turned. The checks of the form, or its example, must find each.
func TestPlantedBugsAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	all, err := builtin.All()
	if err != nil {
		t.Fatal(err)
	}
	checks := allChecks(t)
	n := 0
	for _, b := range all {
		for _, bug := range bugs(string(b.XML)) {
			f, err := xform.Parse([]byte(bug.xml))
			if err != nil {
				continue // nobody could publish it
			}
			n++
			found := false
			for _, c := range nearFirst(checks[b.ID], bug.path) {
				if found = len(c.ask(t, f)) > 0; found {
					break
				}
			}
			found = found || exampleBreaks(t, f)
			name := b.ID + " " + bug.name
			if found == (indifferent[name] != "") {
				t.Errorf("found is %v: %s", found, name)
			}
		}
	}
	t.Logf("%d planted bugs", n)
}

type bug struct{ path, name, xml string }

// nearFirst begins with the checks of the question that a bug is in: they are the likeliest to find it.
func nearFirst(checks []check, path string) []check {
	near := func(c check) bool {
		_, at, _, _ := c.parts()
		return fieldPath(at) == path
	}
	sorted := slices.Clone(checks)
	slices.SortStableFunc(sorted, func(a, b check) int {
		switch {
		case near(a) == near(b):
			return 0
		case near(a):
			return -1
		}
		return 1
	})
	return sorted
}

var (
	binds      = regexp.MustCompile(`<bind nodeset="([^"]+)"[^>]*/>`)
	itemsets   = regexp.MustCompile(`<itemset nodeset="([^"]+)">`)
	setvalues  = regexp.MustCompile(`<setvalue ref="([^"]+)"[^>]*/>`)
	expression = regexp.MustCompile(` (constraint|relevant|required|calculate|value|nodeset|readonly)="([^"]+)"`)
)

// turned are what a comparison, or a joint, may be mistaken for.
var turned = map[string]string{
	"&lt;=": "&lt;", "&gt;=": "&gt;", " &lt; ": " &lt;= ", " &gt; ": " &gt;= ", " = ": " != ", " != ": " = ", " and ": " or ", " or ": " and ",
	") and (": ") or (", "not(": "boolean(", " div ": " * ", "sum(": "count(", ", 2)": ", 1)",
}

// bugs plants one bug each into an XForm.
func bugs(xml string) (all []bug) {
	for _, element := range []*regexp.Regexp{binds, setvalues, itemsets} {
		for _, at := range element.FindAllStringSubmatchIndex(xml, -1) {
			path, whole := xml[at[2]:at[3]], xml[at[0]:at[1]]
			if strings.HasPrefix(path, "/data/meta") {
				continue
			}
			for _, e := range expression.FindAllStringSubmatchIndex(whole, -1) {
				kind, text := whole[e[2]:e[3]], whole[e[4]:e[5]]
				if kind == "nodeset" && (element != itemsets || !strings.Contains(text, "[")) || text == "true()" {
					continue
				}
				for what, wrong := range mistakes(kind, text) {
					xml := xml[:at[0]+e[4]] + wrong + xml[at[0]+e[5]:]
					all = append(all, bug{path, fmt.Sprintf("%s %s: %s", path, kind, what), xml})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b bug) int { return strings.Compare(a.name, b.name) })
	return all
}

// mistakes are the wrong versions of an expression, by what is wrong.
func mistakes(kind, text string) map[string]string {
	wrong := map[string]string{}
	switch kind {
	case "nodeset":
		list, _, _ := strings.Cut(text, "[")
		wrong["dropped"] = list
	case "calculate", "value":
		wrong["dropped"] = "''"
	default:
		wrong["always"], wrong["never"] = "true()", "false()"
	}
	for _, from := range slices.Sorted(maps.Keys(turned)) {
		for n, at := range occurrences(text, from) {
			wrong[fmt.Sprintf("%q no. %d turned in %s", from, n+1, text)] = text[:at] + turned[from] + text[at+len(from):]
		}
	}
	return wrong
}

func occurrences(text, part string) (at []int) {
	for from := 0; ; {
		i := strings.Index(text[from:], part)
		if i < 0 {
			return at
		}
		at = append(at, from+i)
		from += i + len(part)
	}
}

// exampleBreaks reports whether the example of a form can no longer be filled in, or comes out differently.
func exampleBreaks(t *testing.T, f *xform.Form) bool {
	t.Helper()
	s, err := f.New(officers.env())
	if err != nil {
		return true
	}
	lines := readExample(t, f.ID)
	for _, l := range lines {
		if l.expected {
			continue
		}
		grow(s, l.path)
		state, _ := s.State(ref(l.path))
		if outcome, _ := s.Answer(ref(l.path), xform.Text(l.value)); outcome != xform.OK || !state.Relevant || state.ReadOnly {
			return true
		}
	}
	for _, l := range lines {
		if l.expected && l.path != "title" && s.Value(ref(l.path)).Text != l.value {
			return true
		}
	}
	problems, _ := s.Validate()
	return len(problems) > 0
}
