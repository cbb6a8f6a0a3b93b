package xlsform

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"banlang/shared/fault"
)

func readTestdata(t testing.TB, name string) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// A refusal is a form of a few cells, and what is said of it: the code, and the sheet, row and column.
type refusal struct {
	code  Code
	place string // "survey 2 name"; a row of 0 is none
	form  string // sheets by name; rows with / between, cells with commas
}

const (
	choicesAB = " choices: list_name,name,label / l,a,A / l,b,B"
	withLabel = "survey: type,name,label,"
)

var refusals = []refusal{
	{SurveyMissing, "", "surveys: type,name / text,q # choices: name / a"},
	{FormNameInvalid, "", ""},
	{HeaderTwice, "survey 1 name", "survey: type,name,name / text,a,b"},
	{HeaderSame, "survey 1 value", "survey: type,name,value,label / text,a,b,L"},
	{HeaderMissing, "survey 1", "survey: name,label / a,A"},
	{HeaderNested, "survey 2 media", "survey: type,name,label,media / text,a,A,x.png"},
	{HeaderNotName, "survey 2 bind::a b", "survey: type,name,label,bind::a b / text,a,A,x"},
	{HeaderNotName, "choices 2 9", "survey: type,name,label / select_one l,q,Q # choices: list_name,name,label,9 / l,a,A,x"},
	{FormIDMissing, "survey", "survey: type,name,label / form_id,,x / text,a,A"},
	{EncryptionNeedsID, "settings 2 omit_instanceID", "survey: type,name,label / text,a,A # settings: omit_instanceID,public_key / yes,k"},
	{BadCharacter, "survey 2", withLabel + " / text,a,A\x01"},

	{NameInvalid, "survey 2 name", withLabel + " / text,tên bạn,A"},
	{NameInvalid, "settings 2 name", withLabel + " / text,a,A # settings: name / 1x"},
	{NameMissing, "survey 3 name", withLabel + " / text,a,A / text,,B"},
	{NameTwice, "survey 3 name", withLabel + " / text,a,A / text,a,B"},
	{NameMeta, "survey 2 name", withLabel + " / text,meta,A"},
	{NameUnderscores, "entities 2 list_name", withLabel + " / text,a,A # entities: list_name,label / __e,x"},
	{NameDot, "entities 2 list_name", withLabel + " / text,a,A # entities: list_name,label / e.e,x"},
	{NameReserved, "survey 2 save_to", withLabel + "save_to / text,a,A,Name # entities: list_name,label / e,x"},
	{RepeatNameRoot, "survey 2 name", withLabel + " / begin repeat,data,A / end repeat"},
	{RepeatNameTwice, "survey 5 name", withLabel + " / begin repeat,r,A / end repeat / begin group,g,G / begin repeat,r,A / end repeat / end group"},
	{BeginUnmatched, "survey 2 type", withLabel + " / begin group,g,G / text,a,A"},
	{EndUnmatched, "survey 3 type", withLabel + " / begin group,g,G / end repeat"},
	{LoopWithoutList, "survey 2 type", withLabel + " / begin loop,g,G / end loop"},
	{LoopText, "survey 3 label", withLabel + " / begin loop over l,g,G / text,a,100% / end loop #" + choicesAB},

	{RefMalformed, "survey 2 label", withLabel + " / text,a,Hi ${ a }"},
	{RefMalformed, "survey 2 trigger", withLabel + "trigger,calculation / text,a,A,b,1"},
	{RefComma, "survey 3 trigger", withLabel + "trigger,calculation / text,a,A / text,b,B,${a}${a},1"},
	{RefUnknown, "survey 2 label", withLabel + " / text,a,Hi ${b}"},
	{RefUnknown, "survey 2 trigger", withLabel + "trigger,calculation / text,a,A,${b},1"},
	{RefAmbiguous, "survey 7 label", withLabel + " / begin group,g,G / text,a,A / end group / text,a,B / note,n,N / text,b,${a}"},
	{RefCycle, "survey 2 relevant", withLabel + "relevant / text,a,A,${a} = 1"},
	{RefCycle, "survey 3 relevant", withLabel + "calculation,relevant / text,b,B,,${a} = 1 / text,a,A,,${c} = 1 / calculate,c,,${a}"},
	{RefCycle, "survey 2 calculation", withLabel + "calculation / calculate,a,,${b} / calculate,b,,${a} + 1"},
	{TriggerUnseen, "survey 2 type", withLabel + "trigger,calculation / calculate,a,,,1 / text,b,B,${a},2"},
	{InstanceTwice, "survey 4 name", withLabel + " / csv-external,f / begin group,g,G / csv-external,f / end group"},
	{InstanceClash, "survey 3 type", withLabel + " / csv-external,f / select_one_from_file f.xml,q,Q"},

	{ChoiceNoName, "choices 2 name", withLabel + " / select_one l,q,Q # choices: list_name,name,label / l,,A"},
	{ChoiceTwice, "choices 3 name", withLabel + " / select_one l,q,Q # choices: list_name,name,label / l,a,A / l,a,B"},
	{ChoiceSpace, "choices 2 name", withLabel + " / select_multiple l,q,Q # choices: list_name,name,label / l,a b,A"},
	{ChoicesMissing, "survey 2 type", withLabel + " / select_one l,q,Q"},
	{ListUnknown, "survey 2 type", withLabel + " / select_one m,q,Q #" + choicesAB},
	{ListFileName, "survey 2 type", withLabel + " / select_one_from_file f.txt,q,Q"},
	{ListFromAnswers, "survey 3 type", withLabel + " / text,a,A / select_multiple ${a},q,Q"},
	{ExternalMissing, "survey 2 type", withLabel + "choice_filter / select_one_external l,q,Q,x"},
	{ExternalNeedsFilter, "survey 2 choice_filter", withLabel + "choice_filter / select_one_external l,q,Q # external_choices: list_name,name / l,a"},
	{OtherWithFilter, "survey 2 choice_filter", withLabel + "choice_filter / select_one l or_other,q,Q,x #" + choicesAB},
	{OtherWithoutList, "survey 2 type", withLabel + " / select_one f.csv or_other,q,Q #" + choicesAB},
	{NoneWithoutList, "survey 2 type", withLabel + " / select_multiple f.csv,q,Q # settings: add_none_option / yes"},
	{TableListFilter, "survey 3 choice_filter", withLabel + "appearance,choice_filter / begin group,g,G,table-list / select_one l,q,Q,,x / end group #" + choicesAB},
	{TableListMixed, "survey 4 type", withLabel + "appearance / begin group,g,G,table-list / select_one l,q,Q / select_one m,p,P / end group # choices: list_name,name,label / l,a,A / m,a,A"},
	{SearchFile, "survey 2 appearance", withLabel + "appearance / select_one_from_file f.csv,q,Q,search('f')"},
	{SearchMixed, "survey 2 appearance", withLabel + "appearance / select_one l,q,Q,search('f') / select_one l,p,P #" + choicesAB},
	{SearchWithoutList, "survey 3 appearance", withLabel + "appearance / text,a,A / select_one ${a},q,Q,search('f')"},
	{SelectBindType, "survey 2 bind::type", withLabel + "bind::type / select_one l,q,Q,int #" + choicesAB},
	{SelectWithoutList, "survey 2 type", withLabel + " / select one,q,Q"},
	{SeedAlone, "survey 2 parameters", withLabel + "parameters / select_one l,q,Q,seed=1 #" + choicesAB},
	{SeedInvalid, "survey 2 parameters", withLabel + "parameters / select_one l,q,Q,randomize=true seed=x #" + choicesAB},

	{TypeMissing, "survey 2 type", withLabel + " / ,a,A"},
	{TypeUnknown, "survey 2 type", withLabel + " / chữ,a,A"},
	{CalculationMissing, "survey 2 calculate", withLabel + " / calculate,a,A"},
	{LabelMissing, "survey 2 label", withLabel + " / text,a"},
	{BigImageAlone, "survey 2 big-image", withLabel + "big-image / text,a,A,x.png"},
	{MediaUnknown, "survey 2 media::smell", withLabel + "media::smell / text,a,A,x"},
	{AuditName, "survey 2 name", withLabel + " / audit,a"},
	{BackgroundTrigger, "survey 2 trigger", withLabel + " / background-geopoint,a"},
	{BackgroundCalculation, "survey 3 calculation", withLabel + "trigger,calculation / text,a,A / background-geopoint,b,,${a},1"},

	{ParamSyntax, "survey 2 parameters", withLabel + "parameters / text,a,A,rows"},
	{ParamUnknown, "survey 2 parameters", withLabel + "parameters / text,a,A,cols=3"},
	{ParamNotOneOf, "survey 2 parameters", withLabel + "parameters / audio,a,A,quality=best"},
	{ParamNotInteger, "survey 2 parameters", withLabel + "parameters / text,a,A,rows=x"},
	{ParamNotNumber, "survey 2 parameters", withLabel + "parameters / geopoint,a,A,capture-accuracy=x"},
	{ParamNotName, "survey 2 parameters", withLabel + "parameters / select_one_from_file f.csv,a,A,value=1x"},
	{ParamNegative, "survey 2 parameters", withLabel + "parameters / audit,,,location-priority=balanced location-min-interval=-1 location-max-age=1"},
	{AuditLocation, "survey 2 parameters", withLabel + "parameters / audit,,,location-max-age=1"},
	{AuditAge, "survey 2 parameters", withLabel + "parameters / audit,,,location-priority=balanced location-min-interval=2 location-max-age=1"},
	{PackageName, "survey 2 parameters", withLabel + "parameters / image,a,A,app=x"},
	{ReferenceGeometry, "survey 2 parameters", withLabel + "parameters / geopoint,a,A,reference-geometry=x"},
	{RangeAppearance, "survey 2 appearance", withLabel + "parameters,appearance / range,a,A,placeholder=1,rating"},
	{RangeZero, "survey 2 parameters", withLabel + "parameters / range,a,A,step=0"},
	{RangeTooLarge, "survey 2 parameters", withLabel + "parameters / range,a,A,step=11"},
	{RangeNotMultiple, "survey 2 parameters", withLabel + "parameters / range,a,A,step=2 tick_interval=3"},
	{RangeOutside, "survey 2 parameters", withLabel + "parameters / range,a,A,placeholder=11"},
	{RangeListUnknown, "survey 2 parameters", withLabel + "parameters / range,a,A,tick_labelset=m"},
	{RangeLabelNotNumber, "choices 2 name", withLabel + "parameters / range,a,A,tick_labelset=l #" + choicesAB},
	{RangeLabelOutside, "choices 2 name", withLabel + "parameters / range,a,A,tick_labelset=l # choices: list_name,name,label / l,11,A"},
	{RangeLabelNotMultiple, "choices 2 name", withLabel + "parameters / range,a,A,step=2 tick_labelset=l # choices: list_name,name,label / l,2,A"},
	{RangeLabelEnds, "survey 2 parameters", withLabel + "parameters,appearance / range,a,A,tick_labelset=l,no-ticks # choices: list_name,name,label / l,2,A"},

	{EntityHeader, "entities 2 colour", withLabel + " / text,a,A # entities: list_name,label,colour / e,x,y"},
	{EntityNoName, "entities 2 list_name", withLabel + " / text,a,A # entities: list_name,label / ,x"},
	{EntityTwice, "entities 3 list_name", withLabel + " / text,a,A # entities: list_name,label / e,x / e,x"},
	{EntityUnknown, "survey 2 save_to", withLabel + "save_to / text,a,A,f#p # entities: list_name,label / e,x"},
	{EntityNeedsLabel, "entities 2 label", withLabel + " / text,a,A # entities: list_name / e"},
	{EntityNeedsID, "entities 2 entity_id", withLabel + " / text,a,A # entities: list_name,update_if / e,true()"},
	{EntityNeedsUpdateIf, "entities 2 update_if", withLabel + " / text,a,A # entities: list_name,entity_id,create_if / e,x,y"},
	{EntityScope, "entities 2", withLabel + " / begin repeat,r,R / text,a,A / end repeat / begin repeat,s,S / text,b,B / end repeat # entities: list_name,label / e,${a}${b}"},
	{EntityNoRoom, "entities 3", withLabel + " / text,a,A # entities: list_name,label / e,x / f,x"},
	{SaveWithoutEntities, "survey 2 save_to", withLabel + "save_to / text,a,A,p"},
	{SaveNeedsList, "survey 2 save_to", withLabel + "save_to / text,a,A,p # entities: list_name,label / e,x / f,x"},
	{SaveMarks, "survey 2 save_to", withLabel + "save_to / text,a,A,e#p#q # entities: list_name,label / e,x"},
	{SaveGroup, "survey 2 save_to", withLabel + "save_to / begin group,a,A,p / end group # entities: list_name,label / e,x"},
	{SaveTwice, "survey 3 save_to", withLabel + "save_to / text,a,A,p / text,b,B,p # entities: list_name,label / e,x"},
	{SaveScope, "survey 5 save_to", withLabel + "save_to / begin repeat,r,R / text,a,A,p / end repeat / text,b,B,q # entities: list_name,label / e,x"},
}

// sheetsOf makes the sheets of a form of a few cells.
func sheetsOf(form string) []Sheet {
	var sheets []Sheet
	for part := range strings.SplitSeq(form, " #") {
		name, rows, _ := strings.Cut(strings.TrimSpace(part), ": ")
		var grid [][]string
		for row := range strings.SplitSeq(rows, " / ") {
			cells := strings.Split(row, ",")
			for i := range cells {
				cells[i] = strings.Trim(cells[i], " ")
			}
			grid = append(grid, cells)
		}
		sheets = append(sheets, NewSheet(name, grid))
	}
	return sheets
}

// TestRefusals: every reason to refuse a form is found, with its cell, in both languages.
func TestRefusals(t *testing.T) {
	for _, r := range refusals {
		t.Run(string(r.code), func(t *testing.T) {
			opts := Options{}
			sheets := sheetsOf(r.form)
			if r.code == FormNameInvalid {
				opts.FormName, sheets = "1x", sheetsOf(withLabel+" / text,a,A")
			}
			_, err := ConvertSheets(t.Context(), sheets, opts)
			var p *Problem
			if !errors.As(err, &p) || p.Code != r.code {
				t.Fatalf("%v, want %s", err, r.code)
			}
			if got := placeOf(p.Place); got != r.place {
				t.Errorf("at %q, want %q", got, r.place)
			}
			checkWords(t, p)
		})
	}
}

func placeOf(p Place) string {
	parts := []string{p.Sheet}
	if p.Row > 0 {
		parts = append(parts, strconv.Itoa(p.Row))
	}
	if p.Column != "" {
		parts = append(parts, p.Column)
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

var openBlank = regexp.MustCompile(`(?:^|[^$])\{[a-z]+\}`)

// checkWords: a problem has a sentence and a next step in both languages, with all blanks filled.
func checkWords(t *testing.T, p *Problem) {
	t.Helper()
	for _, lang := range []fault.Lang{fault.Vietnamese, fault.English} {
		for _, s := range []string{p.Message(lang), p.Hint(lang)} {
			if s == "" || openBlank.MatchString(s) {
				t.Errorf("%s in %s: %q", p.Code, lang, s)
			}
		}
		if p.Cell != "" && !strings.Contains(p.Message(lang), p.Cell) {
			t.Errorf("%s does not name the cell %s", p.Message(lang), p.Cell)
		}
	}
	if !errors.Is(p, p.Code) || !errors.Is(p, fault.BadInput) && !errors.Is(p, fault.LimitExceeded) {
		t.Errorf("%s is no fault", p.Code)
	}
}

// TestCatalogue: both languages say the same things, and have the same blanks.
func TestCatalogue(t *testing.T) {
	tested := map[Code]bool{}
	for _, r := range refusals {
		tested[r.code] = true
	}
	for _, part := range catalogue {
		for code, both := range part {
			for _, pair := range [][2]string{{both.vi.message, both.en.message}, {both.vi.hint, both.en.hint}} {
				if pair[0] == "" || pair[1] == "" {
					t.Errorf("%s lacks a text", code)
				}
				if !slices.Equal(blanks(pair[0]), blanks(strings.ReplaceAll(pair[1], "{en}", "{vi}"))) {
					t.Errorf("%s: other blanks in %q and %q", code, pair[0], pair[1])
				}
			}
			if !tested[code] && !testedElsewhere[code] {
				t.Errorf("no test makes %s", code)
			}
		}
	}
}

func blanks(s string) []string {
	found := openBlank.FindAllString(s, -1)
	for i := range found {
		found[i] = found[i][strings.IndexByte(found[i], '{'):]
	}
	slices.Sort(found)
	return found
}

// testedElsewhere are warnings, and what is wrong with files.
var testedElsewhere = map[Code]bool{
	EmptyFile: true, WrongFile: true, PasswordProtected: true, OldExcel: true, DamagedFile: true, BadEncoding: true,
	OtherSeparator: true,
	BadDate:        true, LimitReached: true, MacrosIgnored: true, LegacyText: true, SheetMisspelled: true, NameCase: true,
	FunctionLacked: true, LanguageCode: true, MaxPixels: true,
	TwoFormIDs: true, RepeatNoLabel: true, ChoiceNoLabel: true, ChoiceHeader: true, ExternalNoFilter: true,
	OtherUntranslated: true, TranslationMissing: true, TypeDeprecated: true, RowSkipped: true, DisabledColumn: true,
}

// TestMoreWarnings: the other things that a form may be better without.
func TestMoreWarnings(t *testing.T) {
	for _, c := range []struct {
		code  Code
		place string
		form  string
	}{
		{TwoFormIDs, "settings 2 form_id", withLabel + " / text,a,A # settings: form_id,id_string / x,y"},
		{RepeatNoLabel, "survey 2 label", withLabel + " / begin repeat,r / text,a,A / end repeat"},
		{ChoiceNoLabel, "choices 2 label", withLabel + " / select_one l,q,Q # choices: list_name,name,label / l,a"},
		{ChoiceHeader, "choices 1 my notes", withLabel + " / select_one l,q,Q # choices: list_name,name,label,my notes / l,a,A,x"},
		{OtherUntranslated, "survey", "survey: type,name,label::Vietnamese (vi) / select_one l or_other,q,Q # choices: list_name,name,label::Vietnamese (vi) / l,a,A"},
		{TranslationMissing, "survey 1", "survey: type,name,label::Vietnamese (vi),hint::English (en) / text,q,Q,H"},
		{TypeDeprecated, "survey 2 type", withLabel + " / subscriberid,q"},
		{RowSkipped, "survey 2", withLabel + "note / ,,,ghi chú / text,a,A"},
		{DisabledColumn, "survey 2 disabled", withLabel + "disabled / text,a,A,no"},
		{ExternalNoFilter, "survey 2 choice_filter", withLabel + "choice_filter / select_one_external l,q,Q # external_choices: list_name,name / l,a # choices: list_name,name,label / l,a,A"},
	} {
		t.Run(string(c.code), func(t *testing.T) {
			form, err := ConvertSheets(t.Context(), sheetsOf(c.form), Options{})
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(form.Warnings, func(p *Problem) bool { return p.Code == c.code })
			if i < 0 {
				t.Fatalf("warnings %v", form.Warnings)
			}
			if got := placeOf(form.Warnings[i].Place); got != c.place {
				t.Errorf("at %q, want %q", got, c.place)
			}
			checkWords(t, form.Warnings[i])
		})
	}
}

// TestTheCellIsNamed: the sentence begins with where to look.
func TestTheCellIsNamed(t *testing.T) {
	_, err := ConvertSheets(t.Context(), sheetsOf("survey: type,name,label / text,a,Hi ${b}"), Options{})
	var p *Problem
	if !errors.As(err, &p) {
		t.Fatal(err)
	}
	if got, want := p.Message(fault.Vietnamese), "Trang “survey”, dòng 2, cột “label”, ô C2: Không có câu hỏi nào tên “b”."; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if got, want := p.Message(fault.English), "Sheet “survey”, row 2, column “label”, cell C2: There is no question “b”."; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if got, want := p.Hint(fault.Vietnamese), "Xem lại tên trong cột name của trang survey."; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
