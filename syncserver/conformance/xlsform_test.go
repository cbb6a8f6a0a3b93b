package main

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"testing"

	"banlang/syncserver/xlsform"
)

// The marks, asserted where the corpus is present.
const (
	xlsformDir     = "../../../shared/data/forms" // beside the project
	validShare     = 0.95                         // forms that come out as the same XML
	mustFailShare  = 0.95                         // forms that are refused
	spreadsheets   = 0.90                         // files of all formats
	warningsAgreed = 0.95                         // forms with the same number of warnings of each kind
)

// xlsformDeviations are the cases that come out otherwise on purpose, each with the reason. There are none. What is
// known to differ beyond these cases: forms on which pyxform crashes without saying why (an xml-external in a repeat,
// or_other beside a choice without label) are converted; questions that depend on themselves are refused, which
// pyxform leaves to ODK Validate; and where a text lacks two of its forms in one language, pyxform lists them in the
// order of a hash.
var xlsformDeviations = map[string]string{}

func TestXLSFormCorpus(t *testing.T) {
	for _, part := range []struct {
		name string
		mark float64
		run  func(context.Context, string) (*tally, error)
	}{
		{"valid", validShare, func(ctx context.Context, dir string) (*tally, error) {
			return convertWhere(ctx, dir, func(e expectation) bool { return e.OK })
		}},
		{"must fail", mustFailShare, func(ctx context.Context, dir string) (*tally, error) {
			return convertWhere(ctx, dir, func(e expectation) bool { return !e.OK })
		}},
		{"files", spreadsheets, runFiles},
	} {
		t.Run(part.name, func(t *testing.T) {
			result, err := part.run(context.Background(), xlsformDir)
			skipWithoutCorpus(t, err)
			t.Logf("%d of %d right", result.right, result.cases)
			if result.share() < part.mark {
				t.Errorf("share %.4f, want %.2f", result.share(), part.mark)
			}
			for _, f := range result.failures {
				if reason, known := xlsformDeviations[f.id]; !known {
					t.Errorf("%s: %s", f.id, f.why)
				} else {
					t.Logf("%s: %s", f.id, reason)
				}
			}
		})
	}
}

func skipWithoutCorpus(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the corpus is not beside the project:", xlsformDir)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// ownWarnings are those that pyxform does not have.
var ownWarnings = []xlsform.Code{xlsform.FunctionLacked, xlsform.LegacyText, xlsform.TranslationMissing, xlsform.MacrosIgnored}

// Forms of the corpus have as many warnings as pyxform gives. Missing translations are left out: pyxform makes one
// warning of them all.
func TestWarningsOfTheCorpus(t *testing.T) {
	agreed := tally{}
	err := each(xlsformDir, "xlsform_convert", func(c convertCase) error {
		form, err := xlsform.ConvertSheets(context.Background(), c.sheets(), xlsform.Options{FormName: c.FormName})
		if !c.Expect.OK || err != nil {
			return nil //nolint:nilerr // whether it is converted is TestXLSFormCorpus's
		}
		got := slices.DeleteFunc(form.Warnings, func(p *xlsform.Problem) bool { return slices.Contains(ownWarnings, p.Code) })
		want := slices.DeleteFunc(c.Expect.Warnings, func(s string) bool { return len(s) > 9 && s[:9] == "Language " })
		why := ""
		if len(got) != len(want) {
			why = "other warnings"
			t.Logf("%s: got %v, want %q", c.ID, got, want)
		}
		agreed.note(c.ID, why)
		return nil
	})
	skipWithoutCorpus(t, err)
	if agreed.share() < warningsAgreed {
		t.Errorf("warnings agree in %.4f of the forms, want %.2f", agreed.share(), warningsAgreed)
	}
}

func TestCanonicalXML(t *testing.T) {
	const doc = `<a xmlns="u" xmlns:p="v"><p:b y="2" x="1"/> <c>t</c></a>`
	for _, c := range []struct{ name, other, differs string }{
		{"the order of attributes, prefixes and white space say nothing", "<a xmlns='u'>\n<q:b xmlns:q='v' x='1' y='2'></q:b><c>t</c></a>", ""},
		{"texts count to the letter", `<a xmlns="u" xmlns:p="v"><p:b y="2" x="1"/><c> t</c></a>`, "text"},
		{"the order of elements counts", `<a xmlns="u" xmlns:p="v"><c>t</c><p:b y="2" x="1"/></a>`, "order"},
		{"values count", `<a xmlns="u" xmlns:p="v"><p:b y="3" x="1"/><c>t</c></a>`, "value"},
		{"namespaces count", `<a xmlns="u" xmlns:p="w"><p:b y="2" x="1"/><c>t</c></a>`, "namespace"},
		{"what does not end is no document", `<a xmlns="u">`, "end"},
		{"more at the end counts", doc + `<d/>`, "more"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := differAsXML(c.other, doc); (got == "") != (c.differs == "") {
				t.Errorf("%q", got)
			}
		})
	}
}
