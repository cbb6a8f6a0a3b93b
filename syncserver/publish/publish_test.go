package publish

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"banlang/shared/fault"
	"banlang/syncserver/declare"
	"banlang/syncserver/xlsform"
)

// cells are those of a row by their headers.
type cells map[string]string

// sheet writes rows as a sheet of a table in text.
func sheet(name string, rows ...cells) string {
	headers := map[string]bool{}
	for _, r := range rows {
		for h := range r {
			headers[h] = true
		}
	}
	order := slices.Sorted(maps.Keys(headers))
	text := "| " + name + " |\n| | " + strings.Join(order, " | ") + " |\n"
	for _, r := range rows {
		text += "| "
		for _, h := range order {
			text += "| " + r[h] + " "
		}
		text += "|\n"
	}
	return text
}

// asked is a question that may be published, with what is particular to it. An empty text takes a cell out.
func asked(typ, name string, more cells) cells {
	q := cells{
		"type": typ, "name": name, "label": "Câu hỏi", "purpose": "thống kê", "category": "none", "retention": "5y", "visible_to": "handling",
	}
	maps.Copy(q, more)
	return q
}

// form is a form that may be published: it asks for a day and for what tells how to seal, and then the questions of a test.
// The settings are those of an ordinary form, but for what a test says.
func form(t *testing.T, own cells, questions ...cells) *xlsform.Form {
	t.Helper()
	rows := append([]cells{
		asked("hidden", "can_seal_to", cells{"label": ""}), asked("date", "ngay", cells{"required": "yes"}),
	}, questions...)
	about := cells{"form_title": "Sổ", "title_en": "Book", "form_id": "so", "compartment": "ordinary", "event_date": "ngay"}
	maps.Copy(about, own)
	text := sheet(survey, rows...) + sheet(choices, cells{"list_name": "yn", "name": "co", "label": "Có"}) + sheet(settings, about)
	converted, err := declare.Convert(t.Context(), "so.md", []byte(text), xlsform.Options{})
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return converted
}

// findingCases are what is wrong with a form, and what is to be found: code, question, row and column. The questions of a
// case stand from row 5 on, behind the name of the sheet, the headers and the questions of every form.
var findingCases = []struct {
	name      string
	own       cells
	questions []cells
	want      []string
}{
	{"nothing", nil, []cells{asked("text", "a", nil), {"type": "note", "name": "n", "label": "Chào"}, asked("calculate", "k", cells{"label": "", "calculation": "1 + 1"})}, nil},
	{"a question that declares nothing", nil, []cells{{"type": "text", "name": "a", "label": "A"}},
		[]string{"undeclared a 5 purpose", "undeclared a 5 category", "undeclared a 5 retention", "undeclared a 5 visible_to"}},
	{"words that are not known", nil, []cells{asked("text", "a", cells{"category": "protected", "retention": "lâu", "visible_to": "mọi người", "sealed_to": "tỉnh", "generated": "máy", "relevant": "${can_seal_to} = 'tỉnh'"})},
		[]string{"misdeclared a 5 category", "misdeclared a 5 retention", "misdeclared a 5 visible_to", "misdeclared a 5 sealed_to", "misdeclared a 5 generated"}},
	{"a note that computes", nil, []cells{{"type": "note", "name": "n", "label": "N", "calculation": "1", "category": "none", "retention": "5y", "visible_to": "all"}},
		[]string{"undeclared n 5 purpose"}},
	{"a note that people can answer", nil, []cells{{"type": "note", "name": "n", "label": "Ý kiến", "read_only": "no"}, {"type": "note", "name": "m", "label": "M", "default": "x"}, {"type": "trigger", "name": "t", "label": "T"}},
		[]string{
			"undeclared n 5 purpose", "undeclared n 5 category", "undeclared n 5 retention", "undeclared n 5 visible_to",
			"undeclared m 6 purpose", "undeclared m 6 category", "undeclared m 6 retention", "undeclared m 6 visible_to",
			"undeclared t 7 purpose", "undeclared t 7 category", "undeclared t 7 retention", "undeclared t 7 visible_to",
		}},
	{"what the program notes", nil, []cells{{"type": "username", "name": "ai", "purpose": "ai ghi", "category": "basic", "retention": "5y"}},
		[]string{"undeclared ai 5 visible_to"}},
	{"or_other", nil, []cells{asked("select_one yn or_other", "a", nil)}, []string{"other_undeclared a 5 type"}},
	{"a repeat with a count", nil, []cells{{"type": "begin repeat", "name": "r", "label": "R", "repeat_count": "2 + 1"}, asked("text", "a", nil), {"type": "end repeat"}}, nil},

	{"a category of our own making", nil, []cells{asked("text", "a", cells{"category": "religion"})}, []string{"excluded a 5 category"}},
	{"the same in Vietnamese", nil, []cells{asked("text", "a", cells{"category": "tiền án"})}, []string{"excluded a 5 category"}},
	{"a list of it", nil, []cells{asked("select_one yn", "a", cells{"holds": "dan_toc"})}, []string{"excluded a 5 holds"}},
	{"about a person", nil, []cells{asked("text", "a", cells{"label": "Tôn giáo của công dân", "category": "basic"})}, []string{"asked_of_somebody a 5 label"}},
	{"by its name", nil, []cells{asked("text", "tonGiao", cells{"category": "basic"})}, []string{"asked_of_somebody tonGiao 5 name"}},
	{"said to be of nobody", nil, []cells{asked("text", "a", cells{"label": "Tôn giáo của công dân"})}, []string{"term_found a 5 label"}},
	{"in a hint about a person", nil, []cells{asked("text", "a", cells{"category": "basic", "hint": "Không ghi tôn giáo"})}, []string{"term_found a 5 hint"}},
	{"in many rows", nil, []cells{asked("text", "a", cells{"purpose": "biết sức khỏe"}), asked("text", "b", cells{"purpose": "biết sức khỏe"})}, []string{"term_found a 5 purpose"}},
	{"a name outside tips", nil, []cells{asked("text", "ten", cells{"label": "Tên địa điểm"})}, nil},
	{"in a switched-off row", nil, []cells{asked("text", "a", cells{"label": "Tôn giáo", "disabled": "yes"})}, nil},

	{"sensitive and not sealed", nil, []cells{asked("text", "a", cells{"category": "sensitive"})}, []string{"unsealed a 5 sealed_to"}},
	{"sealed and always asked", nil, []cells{asked("text", "a", cells{"category": "sensitive", "sealed_to": "unit"})}, []string{"seal_unasked a 5 relevant"}},
	{"sealed pictures and files", nil, []cells{
		asked("image", "a", cells{"category": "sensitive", "sealed_to": "unit", "relevant": "selected(${can_seal_to}, 'unit')"}),
		asked("file", "b", cells{"category": "basic", "sealed_to": "custodian", "relevant": "selected(${can_seal_to}, 'custodian')"}),
		asked("image", "c", cells{"category": "basic"})},
		[]string{"sealed_file a 5 sealed_to", "sealed_file b 6 sealed_to"}},
	{"sealed in a group that asks", nil, []cells{
		{"type": "begin group", "name": "g", "label": "G", "relevant": "selected(${can_seal_to}, 'unit')"},
		asked("text", "a", cells{"category": "sensitive", "sealed_to": "unit"}), {"type": "end group"},
	}, nil},
	{"computed from what is sealed", cells{"instance_name": "concat('Sổ ', ${a})"}, []cells{
		{"type": "begin group", "name": "nhom", "label": "G"},
		asked("text", "a", cells{"category": "sensitive", "sealed_to": "unit", "relevant": "selected(${can_seal_to}, 'unit')"}),
		{"type": "end group"},
		asked("calculate", "b", cells{"label": "", "calculation": "${a}-1"}),
		asked("text", "c", cells{"default": "${a}"}),
		asked("calculate", "d", cells{"label": "", "calculation": "count(/data/nhom/*[. != ''])"}),
		asked("calculate", "e", cells{"label": "", "calculation": "${a}", "sealed_to": "unit", "relevant": "selected(${can_seal_to}, 'unit')"}),
		asked("calculate", "f", cells{"label": "", "calculation": "instance('yn')/root/item[a = 'co']/label"}),
		asked("select_one yn", "g", nil),
	}, []string{"sealed_read b 8 calculation", "sealed_read c 9 default", "sealed_read d 10 calculation", "sealed_read  19 instance_name"}},
	{"kept until a day that is not asked", nil, []cells{asked("text", "a", cells{"retention": "1y after xong"}), asked("text", "b", cells{"retention": "1y after replaced"}), asked("text", "c", cells{"retention": "1y after ngay"}), asked("text", "d", cells{"retention": "1y after a"})},
		[]string{"retention_day a 5 retention", "retention_day d 8 retention"}},
	{"a picture of nobody", nil, []cells{asked("image", "a", nil), asked("audio", "b", nil), asked("video", "c", nil), asked("file", "d", nil), asked("image", "e", cells{"category": "basic"})},
		[]string{"media_none a 5 category", "media_none b 6 category", "media_none c 7 category"}},

	{"pictures that are drawn", nil, []cells{asked("image", "a", cells{"category": "basic", "appearance": "signature"}), asked("image", "b", cells{"category": "basic", "appearance": "draw"}),
		asked("image", "c", cells{"category": "basic", "appearance": "annotate"})}, nil},

	{"a tip with a name", cells{"compartment": "tips"}, []cells{asked("text", "ten", nil), asked("integer", "a", cells{"label": "Số điện thoại"}), asked("select_one yn", "b", cells{"label": "Có ghi tên"})},
		[]string{"leads_to_somebody ten 5 name", "leads_to_somebody a 6 label", "leads_to_somebody a 6 label"}},
	{"a tip whose source the custodian has", cells{"compartment": "tips"}, []cells{asked("text", "a", cells{"label": "Tên người báo tin", "category": "sensitive", "sealed_to": "custodian", "visible_to": "custodian", "relevant": "selected(${can_seal_to}, 'custodian')"})},
		[]string{"term_found a 5 label"}},
	{"a petition with a place", cells{"compartment": "petitions"}, []cells{asked("geopoint", "a", nil), asked("geoshape", "b", nil), asked("geotrace", "c", nil), asked("select_one yn", "d", cells{"appearance": "quick map"})},
		[]string{"exact_place a 5 type", "exact_place b 6 type", "exact_place c 7 type", "exact_place d 8 appearance"}},
	{"a control without a bind", cells{"compartment": "tips"}, []cells{{"type": "trigger", "name": "ten", "label": "T"}},
		[]string{"undeclared ten 5 purpose", "undeclared ten 5 category", "undeclared ten 5 retention", "undeclared ten 5 visible_to", "leads_to_somebody ten 5 name"}},
	{"records that go elsewhere", cells{"submission_url": "https://example.org"}, nil, []string{"sent_elsewhere  10 submission_url"}},
	{"a log with places", cells{"compartment": "tips"}, []cells{asked("audit", "audit", cells{"label": "", "parameters": "location-priority=balanced location-min-interval=60 location-max-age=120"})},
		[]string{"exact_place audit 5 parameters"}},
	{"a place in an ordinary form", nil, []cells{asked("geopoint", "a", cells{"appearance": "placement-map"})}, nil},
	{"oversight seen from above", cells{"compartment": "oversight"}, []cells{asked("text", "a", cells{"visible_to": "all"}), asked("text", "b", cells{"visible_to": "counts"})},
		[]string{"visible_too_far a 5 visible_to", "visible_too_far b 6 visible_to"}},

	{"no settings of ours", cells{"compartment": "", "event_date": "", "title_en": ""}, nil,
		[]string{"compartment_missing  10 compartment", "event_date_missing  10 event_date", "title_missing  10 title_en"}},
	{"no such compartment", cells{"compartment": "mật"}, nil, []string{"compartment_unknown  10 compartment"}},
	{"no such day", cells{"event_date": "hom_nay"}, nil, []string{"event_date_unknown  10 event_date"}},
	{"a day that is no day", cells{"event_date": "a"}, []cells{asked("text", "a", nil)}, []string{"event_date_unknown  11 event_date"}},
	{"a day of each row", cells{"event_date": "r/a"}, []cells{{"type": "begin repeat", "name": "r", "label": "R"}, asked("date", "a", nil), {"type": "end repeat"}}, []string{"event_date_unknown  13 event_date"}},
	{"a day in a group", cells{"event_date": "g/a"}, []cells{{"type": "begin group", "name": "g", "label": "G"}, asked("dateTime", "a", cells{"required": "yes"}), {"type": "end group"}}, nil},
	{"a day that may be missing", cells{"event_date": "a"}, []cells{asked("date", "a", nil)}, []string{"event_date_optional  11 event_date"}},
	{"a day that is computed", cells{"event_date": "a"}, []cells{asked("date", "a", cells{"calculation": "${ngay}"})}, nil},

	{"what is no expression", nil, []cells{asked("text", "a", cells{"relevant": "${ngay} = = 1"})}, []string{"expression_unreadable a 5 relevant"}},
	{"a function of nobody's", nil, []cells{asked("text", "a", cells{"constraint": "tinh(.)"})}, []string{"function_unknown a 5 constraint"}},
	{"too few arguments", nil, []cells{asked("select_one yn", "a", cells{"choice_filter": "selected(name)"})}, []string{"arguments_wrong a 5 choice_filter"}},
	{"a pattern that cannot be read", nil, []cells{asked("text", "a", cells{"constraint": "regex(., '[')"})}, []string{"expression_wrong a 5 constraint"}},
	{"what phones lack", nil, []cells{asked("calculate", "a", cells{"label": "", "calculation": "floor(2.5)"})}, []string{"function_rare a 5 calculation"}},
	{"a calculation that never rests", cells{"instance_name": "concat('Sổ ', now())"}, []cells{
		asked("calculate", "a", cells{"label": "", "calculation": "if(${ngay} = '', random(), 1)"}), asked("calculate", "b", cells{"label": "", "calculation": "once(uuid())"}),
		asked("calculate", "c", cells{"label": "", "calculation": "concat(once(random()), today())"}), asked("text", "d", cells{"calculation": "now()", "trigger": "${ngay}"}),
		asked("date", "e", cells{"default": "today()", "constraint": ". <= today()"}),
	}, []string{"volatile a 5 calculation", "volatile c 7 calculation", "volatile  15 instance_name"}},
	{"calculations that need each other", nil, []cells{asked("text", "a", cells{"relevant": "/data/b = 1"}), asked("text", "b", cells{"relevant": "/data/a = 1"})}, []string{"not_opened b 6 "}},
}

// TestFindings: what is wrong is found at its place, and nothing else is.
func TestFindings(t *testing.T) {
	told := map[Code]bool{ColumnMissing: true} // TestABroughtForm
	for _, c := range findingCases {
		_, found := Check(form(t, c.own, c.questions...))
		var got []string
		for _, f := range found {
			told[f.Code] = true
			got = append(got, strings.Join([]string{string(f.Code), f.Question, strconv.Itoa(f.Row), f.Column}, " "))
			wantSentences(t, f)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n\t%s\nwant\n\t%s", c.name, strings.Join(got, "\n\t"), strings.Join(c.want, "\n\t"))
		}
	}
	for code := range catalogue {
		if !told[code] {
			t.Errorf("nothing gives %s", code)
		}
	}
}

// wantSentences: people are told in both languages, with every blank filled in.
func wantSentences(t *testing.T, f Finding) {
	t.Helper()
	seen := map[string]bool{}
	for _, lang := range []fault.Lang{fault.Vietnamese, fault.English} {
		for _, s := range []string{f.Message(lang), f.Hint(lang)} {
			if s == "" || seen[s] || regexp.MustCompile(`[^$]\{`).MatchString(s) {
				t.Errorf("%s says %q", f.Code, s)
			}
			seen[s] = true
		}
	}
}

// TestABroughtForm: a form made for other tools lacks our columns, and is told so once for each, not once for each question.
func TestABroughtForm(t *testing.T) {
	const brought = `
| survey |      |      |       |
|        | type | name | label |
|        | text | a    | A     |
|        | text | b    | B     |
|        | date | c    | C     |
`
	converted, err := declare.Convert(t.Context(), "b.md", []byte(brought), xlsform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	x, found := Check(converted)
	var got []string
	for _, f := range found {
		got = append(got, string(f.Code)+" "+f.Column)
		wantSentences(t, f)
	}
	want := []string{
		"column_missing purpose", "column_missing category", "column_missing retention", "column_missing visible_to",
		"compartment_missing compartment", "event_date_missing event_date", "title_missing title_en",
	}
	if x == nil || !slices.Equal(got, want) || Strongest(found) != Refused {
		t.Errorf("found %v", got)
	}
	if Strongest(nil) != 0 || Strongest(found[6:]) != Warning {
		t.Error("nothing is wrong, and yet something is")
	}
}

// TestWhatPeopleRead: a finding says where, what and the next step.
func TestWhatPeopleRead(t *testing.T) {
	_, found := Check(form(t, cells{"compartment": "tips"}, asked("text", "ten", cells{"category": "sensitive", "label": "Họ tên"})))
	var got []string
	for _, f := range found {
		got = append(got, f.Message(fault.Vietnamese), f.Hint(fault.Vietnamese), f.Message(fault.English))
	}
	for _, want := range []string{
		"Trang “survey”, dòng 5, cột “sealed_to”: Câu hỏi “ten” là thông tin nhạy cảm mà không niêm phong.",
		"Trang “survey”, dòng 5, cột “label”: Câu hỏi “ten” có “họ tên” trong “Họ tên”. Tin báo, đơn thư không hỏi tên, giấy tờ, nơi ở.",
		"Sheet “survey”, row 5, column “label”: The question “ten” has “họ tên” in “Họ tên”. Tips and petitions do not ask for names, papers and homes.",
		"Bỏ câu hỏi này, hoặc niêm phong cho người giữ khóa: sealed_to là custodian.",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("nobody says %q:\n%s", want, strings.Join(got, "\n"))
		}
	}
	long := strings.Repeat("tôn giáo ", 100)
	_, found = Check(form(t, nil, asked("text", "a", cells{"label": long})))
	if message := found[0].Message(fault.English); len(message) > 2*longest+200 || !strings.Contains(message, "…") {
		t.Errorf("a long text is quoted as %q", message)
	}
}

// FuzzCheck: whatever stands in a form that converts, there is an answer, and it can be told.
func FuzzCheck(f *testing.F) {
	for _, c := range findingCases {
		for _, q := range c.questions {
			f.Add(q["type"], q["name"], q["label"], q["relevant"]+q["calculation"]+q["constraint"], q["category"], c.own["compartment"])
		}
	}
	f.Fuzz(func(t *testing.T, typ, name, label, expression, category, compartment string) {
		text := sheet(survey, asked(typ, name, cells{"label": label, "calculation": expression, "category": category, "sealed_to": "unit"})) +
			sheet(settings, cells{"form_title": label, "compartment": compartment, "event_date": name, "instance_name": expression})
		converted, err := declare.Convert(t.Context(), "f.md", []byte(text), xlsform.Options{})
		if err != nil {
			return
		}
		x, found := Check(converted)
		if x == nil && Strongest(found) != Refused {
			t.Error("a form that does not open is not refused")
		}
		for _, finding := range found {
			if finding.Message(fault.Vietnamese) == "" || finding.Strength() == 0 {
				t.Errorf("%+v says nothing", finding)
			}
		}
	})
}
