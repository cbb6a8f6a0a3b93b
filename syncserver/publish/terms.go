package publish

import (
	_ "embed"
	"encoding/csv"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"banlang/shared/form/declared"
	"banlang/shared/viet"
	"banlang/syncserver/xlsform"
)

// termsCSV is the reviewed list: what a term is about, the term, and why it asks, in both languages. A star ends a term
// that other endings may follow. A term of the subject reminder is a sentence within which other terms do not count.
//
//go:embed terms.csv
var termsCSV string

// reminder is the subject of sentences that forbid.
const reminder = "reminder"

// subject is what terms are about.
type subject struct {
	name     text
	personal bool // of a person it is in no form: refused where a question declares that it is about one
	finds    bool // it leads to a person: refused where people tell something in confidence, but for the custodian
	everyday bool // elsewhere it asks nobody: half of all forms have a harmless one
}

var subjects = map[string]subject{
	"ethnicity":  {name: text{"dân tộc", "ethnicity"}, personal: true},
	"religion":   {name: text{"tôn giáo, tín ngưỡng", "religion or belief"}, personal: true},
	"politics":   {name: text{"chính kiến", "political opinion"}, personal: true},
	"health":     {name: text{"sức khỏe", "health"}, personal: true},
	"conviction": {name: text{"tiền án, vi phạm", "convictions and offences"}, personal: true},
	"biometrics": {name: text{"khuôn mặt, dữ liệu sinh trắc học", "faces and biometric data"}, personal: true},
	"people":     {name: text{"danh sách người", "lists of people"}},
	"identity":   {name: text{"tên, giấy tờ, nơi ở", "names, papers and homes"}, finds: true},
	"place":      {name: text{"vị trí chính xác", "exact positions"}, finds: true},
	"name":       {name: text{"tên, số điện thoại", "names and telephone numbers"}, finds: true, everyday: true},
}

// term is a line of the list.
type term struct {
	subject, text string
	why           text
	words         []syllable
	joined        string // its words without marks and blanks
	open          bool   // the last word may go on
}

// syllable is a word between blanks, in lower case.
type syllable struct {
	toned string // with its marks, the tone last, wherever it was written: hòa as hoà
	bare  string // without: hoa
}

// terms are those of the list; that it can be read is tested.
var terms = sync.OnceValue(func() []*term {
	lines, _ := csv.NewReader(strings.NewReader(termsCSV)).ReadAll()
	var all []*term
	for _, l := range lines[1:] {
		written, open := strings.CutSuffix(l[1], "*")
		all = append(all, &term{
			subject: l[0], text: l[1], why: text{l[2], l[3]}, open: open,
			words: syllables(written), joined: strings.ReplaceAll(viet.Fold(written), " ", ""),
		})
	}
	return all
})

// syllables are the words of a text: runs of letters, parted at capitals too, as in tonGiao.
func syllables(text string) []syllable {
	var all []syllable
	var word []rune
	end := func() {
		if len(word) > 0 {
			s := strings.ToLower(string(word))
			all = append(all, syllable{toneLast(s), viet.Fold(s)})
			word = word[:0]
		}
	}
	for _, r := range viet.NFC(text) {
		if !unicode.IsLetter(r) || unicode.IsUpper(r) && len(word) > 0 && unicode.IsLower(word[len(word)-1]) {
			end()
		}
		if unicode.IsLetter(r) {
			word = append(word, r)
		}
	}
	end()
	return all
}

// tones are the marks of the five tones; those of letters, as in ê and ơ, stay where they are.
const tones = "\u0300\u0301\u0303\u0309\u0323"

func toneLast(s string) string {
	letters, tone := []rune(nil), []rune(nil)
	for _, r := range norm.NFD.String(s) {
		if strings.ContainsRune(tones, r) {
			tone = append(tone, r)
		} else {
			letters = append(letters, r)
		}
	}
	return string(append(letters, tone...))
}

// termsIn are the terms in a text, each once. A text in which nothing has a mark is compared without marks, as names are
// written: ton_giao, and tongiao. A text with marks is compared as it stands, since many words differ by a mark alone.
func termsIn(text string) []*term {
	words := syllables(text)
	bare := !slices.ContainsFunc(words, func(s syllable) bool { return s.toned != s.bare })
	var found []*term
	for _, t := range terms() { // reminders first: their words do not count
		if t.subject != reminder {
			continue
		}
		for i := range words {
			clear(words[i : i+t.at(words[i:], bare)])
		}
	}
	for _, t := range terms() {
		for i := range words {
			if t.at(words[i:], bare) > 0 {
				found = append(found, t)
				break
			}
		}
	}
	return found
}

// at is how many of the words at the beginning the term is; 0 when it is not there.
func (t *term) at(words []syllable, bare bool) int {
	if bare && len(t.words) > 1 && words[0].bare == t.joined {
		return 1
	}
	if len(words) < len(t.words) {
		return 0
	}
	for i, want := range t.words {
		got := words[i].toned
		if bare {
			got, want.toned = words[i].bare, want.bare
		}
		if ending, ok := strings.CutPrefix(got, want.toned); !ok || ending != "" && !(t.open && i == len(t.words)-1) {
			return 0
		}
	}
	return len(t.words)
}

// excludedIn is a term in what a question declares that names what no form asks of a person; nil when there is none.
func excludedIn(word string) *term {
	for _, t := range termsIn(word) {
		if subjects[t.subject].personal {
			return t
		}
	}
	return nil
}

// wordy are the columns that people read, and the names.
var wordy = []string{
	"name", "label", "hint", "guidance_hint", "bind::jr:constraintMsg", "bind::jr:requiredMsg", inSurvey + declared.Purpose,
	"title", inSettings + declared.TitleEN,
}

// terms looks for terms in all that people read. What the list cannot decide, it asks; of a text that stands in many rows
// it asks at the first.
func (c *checker) terms() {
	asked := map[[2]string]bool{} // term and text
	byRow := map[int]*question{}
	for _, q := range c.questions {
		byRow[q.number] = q
	}
	for _, cell := range c.cells {
		if !slices.Contains(wordy, cell.Means) {
			continue
		}
		var q *question
		name := ""
		if cell.Sheet == survey {
			q, name = byRow[cell.Row], c.rows[cell.Row].text("name")
		}
		for _, t := range termsIn(cell.Text) {
			code, key := c.weigh(t, q, cell), [2]string{t.text, cell.Text}
			if code == "" || code == TermFound && asked[key] {
				continue
			}
			asked[key] = true
			c.add(code, name, cell.Place, blanks{
				"term": same(t.text), "text": same(cell.Text), "why": t.why, "subject": subjects[t.subject].name,
			})
		}
	}
}

// weigh says what follows from a term in a cell, of a question or of none; "" when nothing does.
func (c *checker) weigh(t *term, q *question, cell xlsform.Cell) Code {
	about := subjects[t.subject]
	asked := q != nil && (cell.Means == "name" || cell.Means == "label")
	switch {
	case asked && about.personal && (q.Category == declared.Basic || q.Category == declared.Sensitive):
		return AskedOfSomebody
	case asked && about.finds && c.confidential() && q.SealedTo != declared.Custodian && q.isWritten():
		return LeadsToSomebody
	case about.everyday:
		return ""
	}
	return TermFound
}
