package console_test

import (
	"fmt"
	"strings"
	"testing"

	"banlang/shared/record"
	"banlang/syncserver/staff"
)

// newForm is a spreadsheet of a form that nobody knew when the centre was made, with one number.
const newForm = `| survey   |                  |          |                        |                     |                |         |          |           |            |
|          | type             | name     | label::Tiếng Việt (vi) | label::English (en) | constraint     | purpose | category | retention | visible_to |
|          | date             | ngay     | Ngày họp               | Date                |                | đếm buổi họp | none | 5y     | VISIBLE    |
|          | TYPE             | QUESTION | Số việc                | Matters             |                | đếm việc | none | 5y         | VISIBLE    |
| settings |                  |          |                        |                     |                |         |          |           |            |
|          | form_title       | form_id  | version                | default_language    | compartment    | event_date |       |           |            |
|          | Biểu mẫu mới     | ID       | VERSION                | Tiếng Việt (vi)     | COMPARTMENT    | ngay    |          |           |            |
`

// publishes publishes a version of such a form.
func (b *browser) publishes(id, version, compartment, kind, question string) {
	b.h.t.Helper()
	visible := map[string]string{"ordinary": "all"}[compartment]
	if visible == "" {
		visible = "unit"
	}
	text := strings.NewReplacer("TYPE", kind, "QUESTION", question, "ID", id, "VERSION", version, "COMPARTMENT", compartment, "VISIBLE", visible).Replace(newForm)
	page := b.sends("/forms", id+".md", []byte(text))
	b.post(page.at, "do", "publish", "staying", "1").shows(b.h.t, "Đã ban hành")
}

// reports writes records of a form, one a month from April, each with one number.
func (n *notebook) reports(form, unit, question string, numbers ...string) (recs []record.Dot) {
	for i, x := range numbers {
		day := fmt.Sprintf("2026-%02d-%02d", 4+i*6/len(numbers), 1+i)
		recs = append(recs, n.write(form, record.Dot{}, "_unit", unit, "ngay", day, question, x))
	}
	return recs
}

// TestQualityOfNewForms: a form that is published after the centre was made is looked through like the others, whole numbers and decimals,
// also what a later version of it does not ask any more.
func TestQualityOfNewForms(t *testing.T) {
	h := opened(t)
	c1 := h.notebook("C1")
	keeper, b := h.as("q.tri", "P1", staff.Administer), h.as("vn.tra", "P1", staff.Review)
	keeper.publishes("viec_moi", "1", "ordinary", "integer", "so_viec")
	keeper.publishes("do_moi", "1", "ordinary", "decimal", "so_km")
	b.get("/quality").shows(t, "Số khác thường · 0")
	far := c1.reports("viec_moi", "C1/ordinary", "so_viec", "40", "55", "47", "38", "61", "52", "900", "45")[6]
	km := c1.reports("do_moi", "C1/ordinary", "so_km", "20.5", "22", "19.25", "21", "23", "20", "205", "21.5")[6]
	b.get("/quality").shows(t, "Số khác thường · 2", "Biểu mẫu mới", "Số việc: 900, thường khoảng 47", "Số việc: 205, thường khoảng 21", far.String(), km.String())
	keeper.publishes("viec_moi", "2", "ordinary", "integer", "so_nguoi")
	b.get("/quality").shows(t, "Số khác thường · 2", "Số việc: 900", far.String())
	b.get("/quality?from=01/01/2026&to=31/07/2026").shows(t, "Số khác thường · 0") // it was of August
	b.get("/quality?from=01/08/2026&to=31/08/2026").shows(t, "Số khác thường · 2")
	equal := c1.reports("viec_moi", "C1/ordinary", "so_nguoi", "30", "35", "28", "41", "33", "44", "44", "44")
	b.get("/quality").shows(t, "Số lặp lại · 1", "44, 3 bản ghi liền nhau", equal[7].String())
}

// TestQualityOfRows: the rows of a repeat are told apart by what they are of, so that many rounds are no unusual number of bombs.
func TestQualityOfRows(t *testing.T) {
	h := opened(t)
	c1 := h.notebook("C1")
	b := h.as("vn.tra", "P1", staff.Review)
	var last record.Dot
	for i, bombs := range []string{"1", "2", "1", "1", "3", "2", "60"} {
		last = c1.write("weapon_handover", record.Dot{}, "_unit", "C1/ordinary", "occurred_on", fmt.Sprintf("2026-%02d-01", 4+i),
			"items/1/kind", "bomb", "items/1/quantity", bombs, "items/2/kind", "round", "items/2/quantity", fmt.Sprint(100+37*i))
	}
	b.get("/quality").shows(t, "Số khác thường · 1", "(Bom): 60, thường khoảng 2", last.String(), "Số lặp lại · 0")
}

// TestQualityTellsNoTips: a number of a form of tips or petitions is shown to the unit that handles them and to nobody else, and what is
// looked at there is a form that was published later.
func TestQualityTellsNoTips(t *testing.T) {
	for _, compartment := range []string{"tips", "petitions"} {
		h := opened(t)
		c1 := h.notebook("C1")
		h.as("q.tri", "P1", staff.Administer).publishes("tin_moi", "1", compartment, "integer", "so_viec")
		recs := c1.reports("tin_moi", "C1/"+compartment, "so_viec", "40", "55", "47", "38", "61", "52", "917", "45", "931", "931", "931")
		h.as("c1", "C1", staff.Review).get("/quality").shows(t, "Số lặp lại · 1", "931, 3 bản ghi liền nhau", recs[10].String())
		for _, who := range []*browser{h.as("vn.tra", "P1", staff.Review), h.as("tw", "VN", staff.Review), h.as("c2", "C2", staff.Review)} {
			a := who.get("/quality")
			a.shows(t, "Số khác thường · 0", "Số lặp lại · 0")
			for _, secret := range []string{"917", "931", recs[6].String(), recs[10].String()} {
				if strings.Contains(a.body, secret) {
					t.Errorf("%s: %s is told to others", compartment, secret)
				}
			}
		}
	}
}
