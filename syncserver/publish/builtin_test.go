package publish

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"banlang/shared/form/declared"
	"banlang/syncserver/declare"
	"banlang/syncserver/xlsform"
)

// spreadsheets are those of the built-in forms, by the ids of the forms.
func spreadsheets(t *testing.T) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("../builtin/xlsx/*.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, name := range names {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[strings.TrimSuffix(filepath.Base(name), ".xlsx")] = file
	}
	if len(files) != 26 {
		t.Fatalf("%d forms", len(files))
	}
	return files
}

func mustConvert(t *testing.T, name string, file []byte) *xlsform.Form {
	t.Helper()
	form, err := declare.Convert(t.Context(), name, file, xlsform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return form
}

// harmless are the terms that stand in the built-in forms, in which text, and why a supervisor lets them pass.
var harmless = map[string]string{
	"awareness_session: mặt người: Chụp quang cảnh, không chụp rõ mặt người. Ảnh không quá 300 KB.": "it forbids",
	"awareness_session: face*: The scene, not faces. At most 300 KB.":                               "it forbids",
	"awareness_session: danh sách: danh_sach":                                                       "a way to count; the list stays on paper",
	"awareness_session: danh sách: Theo danh sách":                                                  "a way to count; the list stays on paper",
	"awareness_session: sign in: Sign-in list":                                                      "a way to count; the list stays on paper",
	"blood_donation: sức khỏe: Thống kê lượt người hiến máu; không ghi tên và sức khỏe người hiến":  "it forbids",
	"citizen_reception: căn cước: can_cuoc":                                                         "the field of a complaint: about the service of identity cards",
	"citizen_reception: căn cước: Căn cước":                                                         "the field of a complaint: about the service of identity cards",
	"dialogue: tên người: Không ghi tên người kiến nghị.":                                           "it forbids",
	"flash_report: tên người: Không ghi tên người.":                                                 "it forbids",
	"flash_report: medical*: Medical":                                                               "help that is needed",
	"id_card_drive: căn cước: Thống kê tiến độ cấp căn cước; không ghi thông tin người làm":         "it forbids, and counts cards",
	"id_card_drive: căn cước: Đợt cấp căn cước":                                                     "cards are counted",
	"id_card_drive: khuyết tật: Lượt phục vụ tại nhà người già yếu, khuyết tật":                     "visits are counted",
	"id_card_drive: disab*: Home visits for the old and the disabled":                               "visits are counted",
	"model: danh sách: Chỉ ghi số người, không ghi danh sách.":                                      "it forbids",
	"model: list of: A number only, never a list of people.":                                        "it forbids",
	"model: tôn giáo: co_so_ton_giao":                                                               "a kind of place",
	"model: tôn giáo: Cơ sở tôn giáo":                                                               "a kind of place",
	"model: worship*: Place of worship (the venue, not the believers)":                              "a kind of place",
	"petition: căn cước: can_cuoc":                                                                  "the field of a petition: about the service of identity cards",
	"petition: căn cước: Căn cước":                                                                  "the field of a petition: about the service of identity cards",
	"proposal: address*: addressee":                                                                 "a unit, not a home",
	"recognition: đối tượng: Đối tượng khen thưởng":                                                 "who is commended: a person or a collective",
	"recognition: đối tượng: Cần điền: Đối tượng khen thưởng.":                                      "the same",
	"training: dân tộc: Tiếng dân tộc thiểu số":                                                     "a language that officers learn",
	"venue_register: tọa độ: Tọa độ địa điểm":                                                       "of a public place",
	"venue_register: coordinates: Coordinates of the place":                                         "of a public place",
	"welfare_activity: bệnh: dich_benh":                                                             "a kind of activity: against epidemics",
	"welfare_activity: bệnh: kham_benh":                                                             "a kind of activity: a doctor's visit",
	"welfare_activity: medical*: Medical visit":                                                     "the same",
}

// TestBuiltInForms: the forms of the programme hold to the rules. All that there is to say about them are terms, and for each
// somebody has said why it is harmless.
func TestBuiltInForms(t *testing.T) {
	seen := map[string]bool{}
	for id, file := range spreadsheets(t) {
		x, found := Check(mustConvert(t, id+".xlsx", file))
		if x == nil || x.ID != id {
			t.Errorf("%s does not open", id)
		}
		for _, f := range found {
			key := id + ": " + f.blanks["term"].vi + ": " + f.blanks["text"].vi
			if f.Code != TermFound || harmless[key] == "" {
				t.Errorf("%s: %s %s\n\t%q", id, f.Code, f.Message("en"), key)
			}
			seen[key] = true
		}
	}
	for key := range harmless {
		if !seen[key] {
			t.Errorf("no form has %q", key)
		}
	}
}

// TestEveryDeclarationCounts takes each single declaration out of each spreadsheet: what is needed is missed, at its place,
// and nothing else is.
func TestEveryDeclarationCounts(t *testing.T) {
	for id, file := range spreadsheets(t) {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			form := mustConvert(t, id+".xlsx", file)
			sensitive := map[int]bool{}
			for _, cell := range form.Cells() {
				sensitive[cell.Row] = sensitive[cell.Row] || cell.Means == inSurvey+declared.Category && cell.Text == declared.Sensitive
			}
			n := 0
			for _, cell := range form.Cells() {
				want, ours := needed(cell, sensitive[cell.Row])
				if !ours {
					continue
				}
				n++
				_, found := Check(mustConvert(t, id+".xlsx", without(t, file, cell)))
				missed := 0
				for _, f := range found {
					at := f.Place
					if f.Code == TermFound {
						continue
					}
					if missed++; f.Code != want || at.Sheet != cell.Sheet || at.Row != cell.Row || at.Column != cell.Column {
						t.Errorf("%+v is taken out: %s %s", cell.Place, f.Code, f.Message("en"))
					}
				}
				if (missed == 1) != (want != "") || missed > 1 {
					t.Errorf("%+v is taken out: %d findings, want %q", cell.Place, missed, want)
				}
			}
			t.Logf("%d declarations", n)
		})
	}
}

// needed is what is found when a declaration is taken out, "" when nothing is, and whether the cell is one.
func needed(cell xlsform.Cell, sensitive bool) (Code, bool) {
	switch column, ours := strings.CutPrefix(cell.Means, inSurvey); {
	case ours && column == declared.SealedTo && sensitive:
		return Unsealed, true
	case ours && (column == declared.SealedTo || column == declared.Holds || column == declared.Generated):
		return "", true
	case ours:
		return Undeclared, true
	}
	return map[string]Code{
			inSettings + declared.Compartment: CompartmentMissing, inSettings + declared.EventDate: EventDateMissing, inSettings + declared.TitleEN: TitleMissing,
		}[cell.Means],
		strings.HasPrefix(cell.Means, inSettings)
}

// without is a workbook without what stands in a cell.
func without(t *testing.T, file []byte, cell xlsform.Cell) []byte {
	t.Helper()
	part := map[string]string{survey: "xl/worksheets/sheet1.xml", settings: "xl/worksheets/sheet3.xml"}[cell.Sheet]
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == part {
			emptied := regexp.MustCompile(`<c r="`+cell.Cell+`"[^>]*>.*?</c>`).ReplaceAll(content, nil)
			if len(emptied) == len(content) {
				t.Fatalf("there is no cell %s in %s", cell.Cell, part)
			}
			content = emptied
		}
		to, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
