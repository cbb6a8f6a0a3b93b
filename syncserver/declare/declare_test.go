package declare

import (
	"errors"
	"strings"
	"testing"

	"banlang/shared/form/declared"
	"banlang/shared/xform"
	"banlang/syncserver/xlsform"
)

const market = `
| survey   |      |      |       |         |            |           |            |           |
|          | type | name | label | purpose | Category   | retention | visible_to | sealed_to |
|          | text | ten  | Tên   | đếm chợ | none       | 5y        | all        |           |
|          | text | ai   | Ai    | trả lời | sensitive  | 1y        | custodian  | custodian |
|          | note | chao | Chào  |         |            |           |            |           |
| settings |      |      |       |         |            |           |            |           |
|          | form_id | version | compartment | event_date | namespaces | title_en |  |         |
|          | cho     | 3       | ordinary    | ten        | x="urn:x"  | Mother’s market | |   |
`

func mustParse(t *testing.T, source string) (*xlsform.Form, *xform.Form) {
	t.Helper()
	converted, err := Convert(t.Context(), "cho.md", []byte(source), xlsform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := xform.Parse(converted.XML)
	if err != nil {
		t.Fatal(err)
	}
	return converted, f
}

// TestColumnsReachTheXForm: what staff write in our columns is on the binds, and in the digest of the XForm.
func TestColumnsReachTheXForm(t *testing.T) {
	converted, f := mustParse(t, market)
	want := declared.Declaration{Purpose: "trả lời", Category: "sensitive", Retention: "1y", VisibleTo: "custodian", SealedTo: "custodian"}
	if got := declared.Of(f.Field("/data/ai").Bind()); got != want || len(got.Missing()) > 0 {
		t.Errorf("declared %+v, missing %v", got, got.Missing())
	}
	if got := declared.Of(f.Field("/data/chao").Bind()); got != (declared.Declaration{}) {
		t.Errorf("a note declares %+v", got)
	}
	if got, want := declared.OfForm(f), (declared.FormDeclaration{Compartment: "ordinary", EventDate: "ten", TitleEN: "Mother's market"}); got != want {
		t.Errorf("the form declares %+v", got)
	}
	if declared.DayOf(f) != nil {
		t.Error("a text is the day of the event")
	}
	for _, part := range []string{`xmlns:bl="urn:banlang:form"`, `xmlns:x="urn:x"`} {
		if !strings.Contains(string(converted.XML), part) {
			t.Errorf("the XForm lacks %s:\n%s", part, converted.XML)
		}
	}
	for from, to := range map[string]string{"sensitive": "basic", "ordinary": "tips", "Mother’s": "Father’s"} {
		if other, _ := mustParse(t, strings.Replace(market, from, to, 1)); string(other.XML) == string(converted.XML) {
			t.Errorf("%s in place of %s gives the same XForm", to, from)
		}
	}
}

// TestWithoutOurColumns: a form brought along converts as it did.
func TestWithoutOurColumns(t *testing.T) {
	const plain = "| survey |\n| | type | name | label |\n| | text | ten | Tên |"
	converted, f := mustParse(t, plain)
	want, err := xlsform.Convert(t.Context(), "cho.md", []byte(plain), xlsform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if string(converted.XML) != string(want.XML) {
		t.Errorf("%s\nwant\n%s", converted.XML, want.XML)
	}
	if missing := declared.Of(f.Field("/data/ten").Bind()).Missing(); len(missing) != 4 {
		t.Errorf("missing %v", missing)
	}
}

// TestWithoutSettings: the namespace is declared where nobody wrote settings, or none but headers.
func TestWithoutSettings(t *testing.T) {
	const survey = "| Survey |\n| | type | name | label | Category |\n| | text | ten | Tên | basic |\n"
	for name, settings := range map[string]string{"none": "", "headers": "| settings |\n| | version |\n", "empty": "| settings |\n"} {
		_, f := mustParse(t, survey+settings)
		if got := declared.Of(f.Field("/data/ten").Bind()).Category; got != "basic" || f.ID != "cho" {
			t.Errorf("%s: category %q of form %q", name, got, f.ID)
		}
	}
}

// TestProblemsKeepTheirPlace: what is wrong is told of the file that the author has.
func TestProblemsKeepTheirPlace(t *testing.T) {
	_, err := Convert(t.Context(), "cho.md", []byte(strings.Replace(market, "| text | ai ", "| texxt | ai ", 1)), xlsform.Options{})
	var p *xlsform.Problem
	if !errors.As(err, &p) || p.Code != xlsform.TypeUnknown || p.Row != 5 {
		t.Errorf("error is %v", err)
	}
	if _, err := Convert(t.Context(), "cho.xlsx", nil, xlsform.Options{}); !errors.Is(err, xlsform.EmptyFile) {
		t.Errorf("error is %v", err)
	}
	_, err = Convert(t.Context(), "cho.md", []byte(strings.Replace(market, "đếm chợ", "đếm ${gi}", 1)), xlsform.Options{})
	if !errors.As(err, &p) || p.Code != xlsform.RefUnknown || p.Row != 4 || p.Column != "purpose" {
		t.Errorf("error is %v", err)
	}
}

// TestOldHeaders: a form whose headers have single colons keeps its languages beside our columns.
func TestOldHeaders(t *testing.T) {
	converted, f := mustParse(t, "| survey |\n| | type | name | label:Tiếng Việt (vi) | label:English (en) | purpose |\n| | text | ten | Tên | Name | gọi |\n")
	if len(f.Languages) != 2 || declared.Of(f.Field("/data/ten").Bind()).Purpose != "gọi" {
		t.Errorf("languages %v in\n%s", f.Languages, converted.XML)
	}
}
