package xlsform

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"banlang/shared/fault"
)

// The form of a village head, Vietnamese first.
const household = `
| survey   |                 |             |                        |                         |                |             |            |                                     |                                  |                 |
|          | type            | name        | label::Vietnamese (vi) | label::English (en)     | relevant       | calculation | constraint | constraint_message::Vietnamese (vi) | constraint_message::English (en) | purpose         |
|          | text            | chu_ho      | Họ và tên chủ hộ       | Head of the household   |                |             |            |                                     |                                  | nhận diện hộ    |
|          | begin repeat    | nguoi       | Người trong hộ         | Person in the household |                |             |            |                                     |                                  |                 |
|          | text            | ten         | Tên                    | Name                    |                |             |            |                                     |                                  |                 |
|          | integer         | tuoi        | Tuổi của ${ten}        | Age of ${ten}           |                |             | . < 120    | Tuổi quá lớn                        | Too old                          |                 |
|          | select_one gioi | gioi_tinh   | Giới tính              | Sex                     |                |             |            |                                     |                                  |                 |
|          | text            | truong      | Học trường nào         | Which school            | ${tuoi} < 18   |             |            |                                     |                                  |                 |
|          | end repeat      |             |                        |                         |                |             |            |                                     |                                  |                 |
|          | calculate       | so_nguoi    |                        |                         |                | count(${nguoi}) |        |                                     |                                  |                 |
| choices  |                 |             |                        |                         |                |             |            |                                     |                                  |                 |
|          | list_name       | name        | label::Vietnamese (vi) | label::English (en)     |                |             |            |                                     |                                  |                 |
|          | gioi            | nam         | Nam                    | Male                    |                |             |            |                                     |                                  |                 |
|          | gioi            | nu          | Nữ                     | Female                  |                |             |            |                                     |                                  |                 |
| settings |                 |             |                        |                         |                |             |            |                                     |                                  |                 |
|          | form_title      | form_id     | version                | default_language        |                |             |            |                                     |                                  |                 |
|          | Hộ gia đình     | ho_gia_dinh | 3                      | Vietnamese (vi)         |                |             |            |                                     |                                  |                 |
`

// TestVietnameseForm: a form in two languages, with a repeat.
func TestVietnameseForm(t *testing.T) {
	form := mustMD(t, household)
	if form.ID != "ho_gia_dinh" || form.Title != "Hộ gia đình" || form.Version != "3" || form.Name != "data" {
		t.Errorf("settings: %+v", form)
	}
	wantXML(t, form,
		`<h:title>Hộ gia đình</h:title>`,
		`<data id="ho_gia_dinh" version="3">`,
		`<translation lang="Vietnamese (vi)" default="true()">`,
		`<translation lang="English (en)">`,
		`<nguoi jr:template="">`,
		// In the same repeat a path is relative, so that each person has his own age.
		`<value> Tuổi của <output value=" ../ten "/> </value>`,
		`relevant=" ../tuoi  &lt; 18"`,
		// From outside all of them are meant.
		`calculate="count( /data/nguoi )"`,
		`jr:constraintMsg="jr:itext('/data/nguoi/tuoi:jr:constraintMsg')"`,
		`<label ref="jr:itext(itextId)"/>`,
		`<repeat nodeset="/data/nguoi">`,
	)
	if len(form.Warnings) > 0 {
		t.Errorf("warnings: %v", form.Warnings)
	}
}

// TestWhatThePublisherReads: each question with its row, and each filled cell with its place and what its column means,
// known to XLSForm or not.
func TestWhatThePublisherReads(t *testing.T) {
	form := mustMD(t, household)
	if first := form.Fields[0]; first != (Field{"/data/chu_ho", "text", 4}) {
		t.Errorf("%+v", first)
	}
	cells := form.Cells()
	for _, want := range []Cell{
		{Place{Sheet: "survey", Row: 4, Column: "purpose"}, "purpose", "nhận diện hộ"},
		{Place{Sheet: "survey", Row: 7, Column: "constraint_message::English (en)"}, "bind::jr:constraintMsg", "Too old"},
		{Place{Sheet: "survey", Row: 9, Column: "relevant"}, "bind::relevant", "${tuoi} < 18"},
		{Place{Sheet: "choices", Row: 15, Column: "label::Vietnamese (vi)"}, "label", "Nữ"},
		{Place{Sheet: "settings", Row: 18, Column: "form_title"}, "title", "Hộ gia đình"},
	} {
		if !slices.Contains(cells, want) {
			t.Errorf("no cell %+v among\n%+v", want, cells)
		}
	}
}

// TestSameInputSameBytes: the digest of the XML names the version of a form.
func TestSameInputSameBytes(t *testing.T) {
	first := mustMD(t, household).XML
	for range 20 {
		if again := mustMD(t, household).XML; !bytes.Equal(first, again) {
			t.Fatal("two conversions of one form differ")
		}
	}
}

// TestSheetsInAnyFormat: the same form is the same form in all formats.
func TestSheetsInAnyFormat(t *testing.T) {
	want := mustMD(t, "| survey |\n| | type | name | label |\n| | text | ten | Tên |").XML
	for name, file := range map[string][]byte{
		"a.csv":  []byte("survey,,,\n,type,name,label\n,text,ten,\"Tên\"\n"),
		"b.csv":  []byte("\xef\xbb\xbf\"survey\"\r\n,type,name,label\r\n\r\n,text,ten,Tên\r\n"),
		"c.xlsx": xlsxOf(""),
		"d.xls":  xlsxOf(""), // known by its bytes, not by its name
		"e":      []byte("| survey |\n| | type | name | label |\n| | text | ten | Tên |"),
	} {
		got, err := Convert(t.Context(), name, file, Options{FormName: "data", FallbackID: "biểu mẫu"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !bytes.Equal(got.XML, want) {
			t.Errorf("%s:\n%s\nwant\n%s", name, got.XML, want)
		}
	}
}

// TestReferences: where a path is relative, and where not.
func TestReferences(t *testing.T) {
	form := mustMD(t, `
| survey |                                              |      |       |               |               |            |            |
|        | type                                         | name | label | calculation   | choice_filter | default    | parameters |
|        | text                                         | top  | Top   |               |               |            |            |
|        | begin repeat                                 | r    | R     |               |               |            |            |
|        | text                                         | a    | A     |               |               | ${last-saved#a} |       |
|        | begin group                                  | g    | G     |               |               |            |            |
|        | calculate                                    | b    |       | ${a} + ${top} |               |            |            |
|        | calculate                                    | c    |       | instance('l')/root/item[name = ${a}]/label |  | |          |
|        | calculate                                    | d    |       | indexed-repeat(${a}, ${r}, ${b}) |  |     |              |
|        | select_one l                                 | e    | E     |               | name != ${a}  |            | randomize=true seed=${b} |
|        | end group                                    |      |       |               |               |            |            |
|        | end repeat                                   |      |       |               |               |            |            |
|        | select_one ${a}                              | f    | F     |               | ${a} != ''    |            |            |
| choices |                                             |      |       |               |               |            |            |
|        | list_name                                    | name | label |               |               |            |            |
|        | l                                            | x    | X     |               |               |            |            |`)
	wantXML(t, form,
		`calculate=" ../../a  +  /data/top "`,
		`calculate="instance('l')/root/item[name =  current()/../../a ]/label"`,
		`calculate="indexed-repeat( /data/r/a ,  /data/r ,  ../b )"`,
		`nodeset="randomize(instance('l')/root/item[name !=  current()/../../a ], ../b)"`,
		`<instance id="__last-saved" src="jr://instance/last-saved"/>`,
		`<setvalue ref="/data/r/a" event="odk-instance-first-load" value=" instance('__last-saved')/data/r/a "/>`,
		`<setvalue ref="/data/r/a" event="odk-new-repeat" value=" instance('__last-saved')/data/r/a "/>`,
		`<itemset nodeset="/data/r[ ./a  != '']">`,
	)
}

// TestTextsAreNoMarkup: what looks like markup in a label is text.
func TestTextsAreNoMarkup(t *testing.T) {
	form := mustMD(t, "| survey |\n| | type | name | label | hint |\n| | text | q | 1 < 2 & \"x\" ${q} | <b>đậm</b> |")
	wantXML(t, form,
		`<label> 1 &lt; 2 &amp; "x" <output value=" /data/q "/> </label>`,
		`<hint>&lt;b&gt;đậm&lt;/b&gt;</hint>`)
}

// TestLoop: a loop asks its questions for each choice.
func TestLoop(t *testing.T) {
	form := mustMD(t, `
| survey  |                       |      |                        |
|         | type                  | name | label                  |
|         | begin loop over con   | nuoi | Vật nuôi               |
|         | integer               | so   | Có bao nhiêu %(label)s |
|         | end loop              |      |                        |
| choices |                       |      |                        |
|         | list_name             | name | label                  |
|         | con                   | trau | trâu                   |
|         | con                   | bo   | bò                     |`)
	wantXML(t, form, `<label>Có bao nhiêu trâu</label>`, `<bind nodeset="/data/nuoi/bo/so" type="int"/>`)
}

// TestEntityPerRepetition: a declaration stands in the repeat of what it saves, and each repetition has its own.
func TestEntityPerRepetition(t *testing.T) {
	form := mustMD(t, `
| survey   |              |      |       |         |
|          | type         | name | label | save_to |
|          | begin repeat | cay  | Cây   |         |
|          | text         | loai | Loài  | species |
|          | end repeat   |      |       |         |
| entities |              |      |       |         |
|          | list_name    | label |      |         |
|          | trees        | ${loai} |    |         |`)
	wantXML(t, form,
		`entities:entities-version="2025.1.0"`,
		`<entity dataset="trees" create="1" id="">`,
		`<setvalue ref="/data/cay/meta/entity/@id" event="odk-new-repeat" value="uuid()"/>`,
		`<bind nodeset="/data/cay/loai" type="string" entities:saveto="species"/>`)
}

// TestExternalChoices: they come out as a file for the client.
func TestExternalChoices(t *testing.T) {
	form := mustMD(t, `
| survey           |                        |      |       |                |
|                  | type                   | name | label | choice_filter  |
|                  | text                   | tinh | Tỉnh  |                |
|                  | select_one_external xa | xa   | Xã    | tinh = ${tinh} |
| external_choices |                        |      |       |                |
|                  | list_name              | name | tinh  |                |
|                  | xa                     | Ia "O" | Gia Lai |            |`)
	if got, want := string(form.Itemsets), "\"list_name\",\"name\",\"tinh\"\r\n\"xa\",\"Ia \"\"O\"\"\",\"Gia Lai\"\r\n"; got != want {
		t.Errorf("itemsets %q, want %q", got, want)
	}
	wantXML(t, form, `query="instance('xa')/root/item[tinh =  /data/tinh ]"`)
}

// TestOldWorkbook: an .xls with dates, fractions, truth, formulas and a text that fills more than one record.
func TestOldWorkbook(t *testing.T) {
	file := readTestdata(t, "ho_khau.xls")
	form, err := Convert(t.Context(), "ho_khau.xls", file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantXML(t, form, `<ten/>`, `<tuoi>18</tuoi>`, `<ngay>2026-03-31 00:00:00</ngay>`, `<can_nang>52.5</can_nang>`,
		`<co>TRUE</co>`, `<label>`+strings.Repeat("x", 9000)+`ệ</label>`, `<data id="ho_khau">`)
}

// TestTypedCells: numbers, dates and truth in an .xlsx are written as pyxform writes them.
func TestTypedCells(t *testing.T) {
	rows := `<row r="1"><c t="inlineStr"><is><t>type</t></is></c><c t="inlineStr"><is><t>name</t></is></c><c t="inlineStr"><is><t>default</t></is></c><c t="inlineStr"><is><t>label</t></is></c></row>`
	cells := []struct{ xml, want string }{
		{`<c><v>3</v></c>`, "3"}, {`<c><v>3.0</v></c>`, "3"}, {`<c><v>0.30000000000000004</v></c>`, "0.30000000000000004"},
		{`<c><v>1E-7</v></c>`, "1e-07"}, {`<c><v>1E20</v></c>`, "100000000000000000000"},
		{`<c t="b"><v>1</v></c>`, "TRUE"}, {`<c t="s"><v>0</v></c>`, "chung"}, {`<c t="s"><v>1</v></c>`, "hai phần"},
		{`<c t="str"><f>A1</f><v>kết quả</v></c>`, "kết quả"}, {`<c s="1"><v>46112</v></c>`, "2026-03-31 00:00:00"},
		{`<c s="2"><v>0.5</v></c>`, "12:00:00"}, {`<c s="3"><v>0.5</v></c>`, "0.5"}, {`<c s="1"><v>59.25</v></c>`, "1900-02-28 06:00:00"},
	}
	for i, c := range cells {
		rows += `<row><c t="inlineStr"><is><t>text</t></is></c><c t="inlineStr"><is><t>q` + letters(i) + `</t></is></c>` + c.xml + `<c t="inlineStr"><is><t>L</t></is></c></row>`
	}
	form, err := Convert(t.Context(), "x.xlsx", book("Trang1", rows, nil), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range cells {
		name := "q" + letters(i)
		wantXML(t, form, "<"+name+">"+c.want+"</"+name+">")
	}
}

// TestWarnings: what works and should be looked at, with its place.
func TestWarnings(t *testing.T) {
	form := mustMD(t, `
| survey |              |      |                     |                  |
|        | type         | name | label::Tiếng Việt   | calculation      |
|        | text         | ten  | Hä vµ tªn, ngµy sinh, quª qu¸n |                  |
|        | text         | TEN  | Tên                 |                  |
|        | calculate    | c    |                     | floor(${ten})    |
|        | image        | anh  | Ảnh                 |                  |
| setings |             |      |                     |                  |
|        | form_title   |      |                     |                  |
|        | x            |      |                     |                  |`)
	want := map[Code]string{
		SheetMisspelled: "", NameCase: "name", FunctionLacked: "calculation", MaxPixels: "parameters",
		LanguageCode: "", LegacyText: "label::Tiếng Việt",
	}
	for _, w := range form.Warnings {
		column, expected := want[w.Code]
		if !expected || w.Column != column {
			t.Errorf("%s at %q", w.Code, w.Column)
		}
		if w.Message(fault.Vietnamese) == w.Message(fault.English) || w.Hint(fault.Vietnamese) == "" {
			t.Errorf("%s: %s", w.Code, w.Message(fault.Vietnamese))
		}
		delete(want, w.Code)
	}
	if len(want) > 0 {
		t.Errorf("not warned of %v", want)
	}
}

// TestMacrosStayBehind: a workbook with macros is read without them, and says so.
func TestMacrosStayBehind(t *testing.T) {
	xls := readTestdata(t, "ho_khau.xls")
	free := xls[bytes.Index(xls, entryName("Workbook"))+128:] // the next entry of the directory
	free[copy(free, entryName("_VBA_PROJECT"))] = 2
	for name, file := range map[string][]byte{
		"x.xlsm": book("survey", textRow(1, "type", "name", "label")+textRow(2, "text", "q", "Q"), map[string]string{"xl/vbaProject.bin": "x"}),
		"x.xls":  xls,
	} {
		form, err := Convert(t.Context(), name, file, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(form.Warnings); n == 0 || form.Warnings[n-1].Code != MacrosIgnored {
			t.Errorf("%s: warnings %v", name, form.Warnings)
		}
	}
}

// wellFormed reports whether XML can be read to its end.
func wellFormed(doc []byte) error {
	d := xml.NewDecoder(bytes.NewReader(doc))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
