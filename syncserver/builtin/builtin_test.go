package builtin

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"banlang/shared/form/builtin"
	"banlang/shared/form/declared"
	"banlang/shared/xform"
	"banlang/syncserver/xlsform"
)

func mustMake(t testing.TB) []*Made {
	t.Helper()
	made, err := Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// TestCommittedIsGenerated: what is committed is what the definitions give, to the byte, and nothing else lies beside it.
func TestCommittedIsGenerated(t *testing.T) {
	files, err := Files(mustMake(t))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range files {
		got, err := os.ReadFile(filepath.Join("../..", path))
		if err != nil {
			t.Errorf("%v: run go generate in syncserver/builtin", err)
		} else if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the definitions give: run go generate in syncserver/builtin", path)
		}
	}
	for _, folder := range Folders {
		entries, err := os.ReadDir(filepath.Join("../..", folder))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if files[folder+"/"+e.Name()] == nil {
				t.Errorf("%s/%s: no definition gives it", folder, e.Name())
			}
		}
	}
	if len(files) != 26+26+1 {
		t.Errorf("%d files", len(files))
	}
}

// TestLoadsAsItStands: the spreadsheet converts without our columns being carried too, as ODK's tools convert it, without a
// warning; and then the XForm opens.
func TestLoadsAsItStands(t *testing.T) {
	for _, m := range mustMake(t) {
		plain, err := xlsform.Convert(t.Context(), m.Definition.ID+".xlsx", m.XLSX, xlsform.Options{})
		if err != nil {
			t.Errorf("%s: %v", m.Definition.ID, err)
			continue
		}
		for _, w := range plain.Warnings {
			t.Errorf("%s: %v", m.Definition.ID, w)
		}
		if bytes.Contains(plain.XML, []byte(declared.Namespace)) {
			t.Errorf("%s: our namespace without our columns", m.Definition.ID)
		}
		f, err := xform.Parse(plain.XML)
		if err != nil {
			t.Errorf("%s: %v", m.Definition.ID, err)
		} else if len(f.Warnings) > 0 {
			t.Errorf("%s: %v", m.Definition.ID, f.Warnings)
		}
	}
}

// TestBothLanguages: every text that people read is there in Vietnamese and English, in letters that are composed and free
// of what a hurried copy leaves.
func TestBothLanguages(t *testing.T) {
	n := 0
	for _, m := range mustMake(t) {
		sheets, err := m.Definition.sheets()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sheets[:2] {
			headers := s.grid[0]
			for line, cells := range s.grid[1:] {
				for i, h := range headers {
					base, ok := strings.CutSuffix(h, vietnamese)
					if !ok {
						continue
					}
					vi, en := cells[i], cells[slices.Index(headers, base+english)]
					where := m.Definition.ID + " " + s.name + " " + cells[slices.Index(headers, "name")] + " " + base
					if (vi == "") != (en == "") {
						t.Errorf("%s, row %d: in one language only: %q %q", where, line+2, vi, en)
					}
					if vi != "" {
						n++
						wantText(t, where, vi, en)
					}
				}
			}
		}
	}
	t.Logf("%d texts in each language", n)
}

// sameInBoth are texts that are the same in both languages.
var sameInBoth = []string{"Video", "Karaoke"}

func wantText(t *testing.T, where, vi, en string) {
	t.Helper()
	for _, s := range []string{vi, en} {
		if strings.TrimSpace(s) != s || strings.Contains(s, "  ") || !utf8.ValidString(s) || strings.ContainsAny(s, "\u0300\u0301\u0303\u0309\u0323\u00a0\u200b") {
			t.Errorf("%s: not clean: %q", where, s)
		}
	}
	if vi == en && !slices.Contains(sameInBoth, vi) {
		t.Errorf("%s: not translated: %q", where, vi)
	}
	if strings.ContainsAny(strings.ToLower(en), "ăâđêôơưáàảãạéèẻẽẹíìỉĩịóòỏõọúùủũụýỳỷỹỵ") && !strings.Contains(en, "đồng") {
		t.Errorf("%s: Vietnamese in the English: %q", where, en)
	}
}

// TestWhatPeopleAreTold: in the XForm a question that people see has a label, one that refuses says why, and one that
// needs an answer asks for it; in both languages.
func TestWhatPeopleAreTold(t *testing.T) {
	for id, f := range mustForms(t) {
		if want := []string{"Tiếng Việt (vi)", "English (en)"}; !slices.Equal(f.Languages, want) || f.DefaultLanguage != want[0] {
			t.Errorf("%s: languages %v, by default %s", id, f.Languages, f.DefaultLanguage)
		}
		s := officers.open(t, id)
		for _, lang := range f.Languages {
			s.SetLanguage(lang)
			for _, it := range questions(f.Body) {
				at := xform.Ref(it.Field.Path())
				if strings.TrimSpace(s.Label(it, at)) == "" {
					t.Errorf("%s %s: no label in %s", id, at, lang)
				}
				b := it.Field.Bind()
				if b.Constraint != "" && s.Message(at, b.ConstraintMsg) == "" {
					t.Errorf("%s %s: refuses without a word in %s", id, at, lang)
				}
				if b.Required != "" && s.Message(at, b.RequiredMsg) == "" {
					t.Errorf("%s %s: required without a word in %s", id, at, lang)
				}
			}
		}
	}
}

// added are the questions that no field of the seed asks for, and why each is there.
var added = map[string]string{
	"evaluation average": "the rating is computed from it", "evaluation rating_computed": "what the score says",
	"evaluation rating_override": "an override needs a reason", "evaluation rating_reason": "an override needs a reason",
	"weapon_handover guns": "GUN indicator = sum of gun_* kinds", "weapon_handover items/unit": "kind fixes the unit", "weapon_handover items/unit_en": "kind fixes the unit",
	"id_card_drive issued_percent": "IDC_RANK by issued/target; ratios are computed and never typed", "commune_profile persons_per_household": "pop/hh",
	"petition term_days":                 "due_on is computed from it",
	"directive_followup progress_stated": "progress where no indicator measures the task",
}

// TestFieldsOfTheSeed: the 26 record types with all their fields and codes, by the same names, and no question beyond those
// that are named and explained.
func TestFieldsOfTheSeed(t *testing.T) {
	seed := readSeed(t)
	if len(seed.RecordTypes) != len(mustForms(t)) {
		t.Errorf("%d forms for %d record types", len(mustForms(t)), len(seed.RecordTypes))
	}
	fields, codes := 0, 0
	for _, r := range seed.RecordTypes {
		known := map[string]bool{"occurred_on": true, "village": true, "note": true, declared.CanSealTo: true}
		s := officers.open(t, r.ID)
		r.each(func(path string, f seedField) {
			fields++
			known[path] = true
			at := "/data/" + path
			field := s.Form().Field(at)
			if field == nil {
				t.Errorf("%s has no field %s", r.ID, path)
				return
			}
			if why := wantType(f, field, findItem(s.Form().Body, field)); why != "" {
				t.Errorf("%s %s is %s in the seed: %s", r.ID, path, f.Type, why)
			}
			codes += wantCodes(t, seed, r, path, f)
		})
		for _, field := range s.Form().Fields() {
			path := strings.TrimPrefix(field.Path(), "/data/")
			base := path
			for _, suffix := range []string{"_warning", "_off", "_missing", "_consent"} {
				base = strings.TrimSuffix(base, suffix)
			}
			if strings.Contains(path, "@") || path == "/data" || strings.HasPrefix(path, "meta") || known[path] || known[base] || added[r.ID+" "+path] != "" {
				continue
			}
			t.Errorf("%s asks %s, which the seed does not know", r.ID, path)
		}
	}
	t.Logf("%d fields, %d codes", fields, codes)
}

// wantType says what is wrong with the type of a field.
func wantType(f seedField, field *xform.Field, it *xform.Item) string {
	control, kind := "", field.Kind()
	if it != nil {
		control = it.Control
	}
	holds := declared.Of(field.Bind()).Holds
	type look struct {
		control string
		kind    xform.Kind
	}
	want := map[string]look{
		"text": {"input", xform.String}, "longtext": {"input", xform.String}, "int": {"input", xform.Integer}, "decimal": {"input", xform.Decimal},
		"date": {"input", xform.Date}, "datetime": {"input", xform.DateTime}, "geo": {"input", xform.Geopoint}, "photo": {"upload", xform.None}, "file": {"upload", xform.None},
		"bool": {"select1", xform.String}, "choice": {"select1", xform.String}, "multichoice": {"select", xform.String},
		"venue": {"select1", xform.String}, "unit": {"select1", xform.String}, "ref": {"select1", xform.String},
		"multi venue": {"select", xform.String}, "multi unit": {"select", xform.String}, "multi ref": {"select", xform.String},
		"money": {"input", xform.String}, "period": {"input", xform.String}, "sealed": {"input", xform.String}, "calc": {"", xform.String},
	}[f.Type]
	switch {
	case f.Type == "children":
		if !field.IsRepeat() {
			return "it does not repeat"
		}
		return ""
	case f.Key == "receipt_code":
		want.control = "" // nobody is asked
	case f.Type == "photo" || f.Type == "file":
		want.kind = kind
	}
	if control != want.control || kind != want.kind {
		return "it is " + control + " " + kind.String()
	}
	for typ, name := range map[string]string{"money": "money", "period": "period", "venue": "venue", "unit": "unit"} {
		if strings.TrimPrefix(f.Type, "multi ") == typ && holds != name {
			return "it holds " + holds
		}
	}
	if strings.HasSuffix(f.Type, "ref") && holds == "" {
		return "it does not say what it refers to"
	}
	if (f.Type == "sealed") != (declared.Of(field.Bind()).SealedTo != "") {
		return "sealed to " + declared.Of(field.Bind()).SealedTo
	}
	return ""
}

// wantCodes compares the choices of a field with those of the seed; it returns how many those are.
func wantCodes(t *testing.T, seed seedFile, r seedType, path string, f seedField) int {
	t.Helper()
	options := f.Options
	if f.Lookup != "" {
		options = seed.Lookups[f.Lookup].Seed
	}
	if id, key, ok := strings.Cut(f.SameAs, "."); ok {
		for _, other := range seed.RecordTypes {
			for _, of := range other.Fields {
				if other.ID == id && of.Key == key {
					options = of.Options
				}
			}
		}
	}
	if len(options) == 0 {
		return 0
	}
	m := machine{keys: "unit custodian oversight"}
	s := m.open(t, r.ID)
	var got, want []string
	choices, _ := s.Choices(ref(path))
	for _, c := range choices {
		got = append(got, c.Value)
		if strings.TrimSpace(c.Label) == "" {
			t.Errorf("%s %s: %s has no label", r.ID, path, c.Value)
		}
	}
	for _, o := range options {
		want = append(want, o.Code)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s %s: the choices are\n%v, in the seed\n%v", r.ID, path, got, want)
	}
	if f.Key == "kind" && options[0].Unit != "" {
		for i, o := range options {
			if unit := choices[i].Property("unit"); unit != o.Unit {
				t.Errorf("%s is counted in %q, in the seed %q", o.Code, unit, o.Unit)
			}
		}
	}
	return len(options)
}

// personal are the questions whose answers say who somebody is, and how private the seed calls them. Nothing else may.
var personal = map[string]string{
	"tip receipt_code": declared.Basic, "tip content": declared.Sensitive, "tip source": declared.Sensitive,
	"petition receipt_code": declared.Basic, "petition petitioner": declared.Sensitive, "petition content": declared.Sensitive,
	"self_mgmt_group head_contact": declared.Basic, "recognition name": declared.Basic, "weapon_handover person": declared.Sensitive,
	"awareness_session photo": declared.Basic, "periodic_report prepared_by": declared.Basic, "periodic_report approved_by": declared.Basic,
}

// TestPrivacyIsDeclared: every question says why it is asked, how private it is, how long it is kept and who may see it; what
// says who somebody is, is sealed, filled in by the program, or about an officer; and tips and petitions are seen by those
// who handle them.
func TestPrivacyIsDeclared(t *testing.T) {
	n := 0
	for id, f := range mustForms(t) {
		for _, field := range f.Fields() {
			b := field.Bind()
			path := strings.TrimPrefix(field.Path(), "/data/")
			note := b != nil && b.ReadOnly == "true()" && declared.Of(b) == (declared.Declaration{})
			if strings.HasPrefix(path, "meta") || strings.Contains(path, "@") || path == "/data" || field.IsRepeat() || note {
				continue
			}
			n++
			d := declared.Of(b)
			if missing := d.Missing(); len(missing) > 0 {
				t.Errorf("%s %s lacks %v: %+v", id, path, missing, d)
			}
			want := personal[id+" "+path]
			if want == "" {
				want = declared.None
			}
			if d.Category != want {
				t.Errorf("%s %s is %s, want %s", id, path, d.Category, want)
			}
			if d.Category == declared.Sensitive && d.SealedTo == "" {
				t.Errorf("%s %s is sensitive and not sealed", id, path)
			}
			if (id == "tip" || id == "petition") && (d.VisibleTo == declared.All || d.VisibleTo == declared.Counts) {
				t.Errorf("%s %s is visible to %s", id, path, d.VisibleTo)
			}
			if strings.Contains(d.Retention, " after ") && !strings.HasSuffix(d.Retention, "replaced") {
				if _, day, _ := strings.Cut(d.Retention, " after "); f.Field("/data/"+day) == nil {
					t.Errorf("%s %s is kept after %s, which the form does not ask", id, path, day)
				}
			}
		}
	}
	t.Logf("%d questions", n)
}

// TestIndex: the index says of each form what the form itself says.
func TestIndex(t *testing.T) {
	all, err := builtin.All()
	if err != nil {
		t.Fatal(err)
	}
	compartments := map[string]string{"tip": "tips", "petition": "petitions"}
	for _, b := range all {
		f := mustForms(t)[b.ID]
		want := compartments[b.ID]
		if want == "" {
			want = "ordinary"
		}
		if b.Compartment != want {
			t.Errorf("%s is in the compartment %s", b.ID, b.Compartment)
		}
		if f.ID != b.ID || f.Version != b.Version || f.Title != b.VI || b.EN == "" {
			t.Errorf("%s: %q %q %q in the form, %+v in the index", b.ID, f.ID, f.Version, f.Title, b.Entry)
		}
		if got := declared.OfForm(f); got != (declared.FormDeclaration{Compartment: b.Compartment, EventDate: b.EventDate, TitleEN: b.EN}) {
			t.Errorf("%s declares %+v, the index says %+v", b.ID, got, b.Entry)
		}
		if day := declared.DayOf(f); day == nil || day.Bind().Required != "true()" {
			t.Errorf("%s: the day of the event is %q: %+v", b.ID, b.EventDate, day)
		}
	}
}

// TestSeedIsTheOneOfTheProject: the copy beside the tests is the seed, where that is present.
func TestSeedIsTheOneOfTheProject(t *testing.T) {
	want, err := os.ReadFile("../../../shared/data/seed_forms.json")
	if err != nil {
		t.Skip("no ../shared here: ", err)
	}
	got, err := os.ReadFile("testdata/seed_forms.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("testdata/seed_forms.json is another than that of ../shared/data")
	}
}

// TestIndicatorsHaveTheirFields: each indicator of the published figures names a form, and that form says that it feeds it.
func TestIndicatorsHaveTheirFields(t *testing.T) {
	feeds := map[string][]string{}
	for _, m := range mustMake(t) {
		feeds[m.Definition.ID] = m.Definition.Feeds
	}
	for _, r := range readSeed(t).RecordTypes {
		if !slices.Equal(feeds[r.ID], r.Feeds) {
			t.Errorf("%s feeds %v, in the seed %v", r.ID, feeds[r.ID], r.Feeds)
		}
	}
}

// TestDefinitionsAreStrict: a slip of the pen in a definition is an error, not a rule that nobody asks.
func TestDefinitionsAreStrict(t *testing.T) {
	for name, q := range map[string]*Question{
		"a whole number without a range": {Name: "x", Type: "integer", VI: "X", EN: "X"},
		"half a range":                   {Name: "x", Type: "integer", VI: "X", EN: "X", Range: []int64{1}},
		"a list that nobody wrote":       {Name: "x", Type: "select_one nothing", VI: "X", EN: "X"},
		"a reference to nothing":         {Name: "x", Type: "date", VI: "X", EN: "X", Relevant: "${y} = 1"},
	} {
		d := &Definition{ID: "x", Version: "1", VI: "X", Questions: []*Question{q}}
		if _, err := d.make(t.Context()); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	unused := &Definition{ID: "x", Version: "1", VI: "X", Lists: map[string][]Choice{"l": {{Code: "a", VI: "A", EN: "A"}}}, Questions: []*Question{{Name: "x", Type: "date", VI: "X", EN: "X"}}}
	if _, err := unused.make(t.Context()); err == nil {
		t.Error("a list that no question uses is taken")
	}
	var q Question
	d := json.NewDecoder(strings.NewReader(`{"relevnt": "x"}`))
	d.DisallowUnknownFields()
	if d.Decode(&q) == nil {
		t.Error("a misspelled key is taken")
	}
}
