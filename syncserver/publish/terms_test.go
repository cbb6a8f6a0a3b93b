package publish

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"banlang/shared/viet"
)

// TestTermsInTexts: syllable by syllable, with and without marks, as people write labels and names.
func TestTermsInTexts(t *testing.T) {
	for text, want := range map[string]string{
		"Tôn giáo của công dân": "tôn giáo", "Cơ sở tôn giáo": "tôn giáo", "TÔN GIÁO": "tôn giáo", norm.NFD.String("Tôn giáo"): "tôn giáo",
		"ton giao": "tôn giáo", "ton_giao": "tôn giáo", "tonGiao2": "tôn giáo", "tongiao": "tôn giáo", "q7-TonGiao": "tôn giáo",
		"tồn giao": "", "tôn trọng giáo viên": "", "tongiaovien": "",
		"Sức khoẻ": "sức khỏe", "sức khỏe": "sức khỏe", "Toạ độ": "tọa độ",
		"theo dao": "theo đạo", "Cắt theo dao": "", // with marks elsewhere, a word without is that word
		"Dân cư, tộc trưởng": "", "dân tộc": "dân tộc", "Mã HIV": "HIV", "hive": "", "Archive": "",
		"religious": "religio*", "Irreligious": "", "The convicted": "convict*", "party members": "party member*", "party": "",
		"Không ghi tên, số giấy tờ, dân tộc, tôn giáo hay chính kiến của người dân.":                    "",
		"Không ghi tên, số giấy tờ, dân tộc, tôn giáo hay chính kiến của người dân. Ghi riêng tôn giáo": "tôn giáo",
		"": "", " · ": "", "🙂": "",
	} {
		var got []string
		for _, found := range termsIn(text) {
			got = append(got, found.text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q has %v, want %q", text, got, want)
		}
	}
}

// TestListOfTerms: each line can be read by people and by the program, and finds itself, with marks and without.
func TestListOfTerms(t *testing.T) {
	lines, err := csv.NewReader(strings.NewReader(termsCSV)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if header := strings.Join(lines[0], ","); header != "subject,term,vi,en" {
		t.Errorf("the columns are %s", header)
	}
	seen, used := map[string]bool{}, map[string]bool{}
	for _, l := range lines[1:] {
		subject, text, vi, en := l[0], l[1], l[2], l[3]
		_, known := subjects[subject]
		if !known && subject != reminder {
			t.Errorf("%s is about %q, which nothing is", text, subject)
		}
		used[subject] = true
		if key := viet.Fold(text); seen[key] || len(syllables(text)) == 0 || !norm.NFC.IsNormalString(text) {
			t.Errorf("%s stands twice, or cannot be read", text)
		} else {
			seen[key] = true
		}
		if !strings.HasSuffix(vi, ".") || !strings.HasSuffix(en, ".") || vi == en {
			t.Errorf("%s: why is not said in both languages: %q %q", text, vi, en)
		}
		if subject == reminder {
			continue
		}
		written := strings.TrimSuffix(text, "*")
		for _, as := range []string{written, strings.ToUpper(written), viet.Fold(written), strings.ReplaceAll(viet.Fold(written), " ", "_")} {
			if !slices.ContainsFunc(termsIn(as), func(f *term) bool { return f.text == text }) {
				t.Errorf("%s is not found in %q", text, as)
			}
		}
	}
	for subject := range subjects {
		if !used[subject] {
			t.Errorf("no term is about %s", subject)
		}
	}
}
