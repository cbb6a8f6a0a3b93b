package app_test

import (
	"encoding/xml"
	"regexp"
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/shared/form/builtin"
)

func TestWordsFitTheirNumbers(t *testing.T) {
	_, m := openNotebook(t)
	m.App.SetLanguage(app.English)
	for want, args := range map[string][]string{
		"Wrong passphrase. 1 try left, then a pause of 2 minutes. Nothing is erased.":  {"signin.wrong", "n", "1", "m", "2"},
		"Wrong passphrase. 3 tries left, then a pause of 1 minute. Nothing is erased.": {"signin.wrong", "n", "3", "m", "1"},
		"1 change has just come in.":    {"sync.received", "n", "1"},
		"21 changes have just come in.": {"sync.received", "n", "21"},
		"10 minutes":                    {"settings.lock.after", "n", "10"},
	} {
		if got := m.App.T(args[0], args[1:]...); got != want {
			t.Errorf("%v gives %q", args, got)
		}
	}
	for _, key := range app.TextKeys(app.English) {
		if text := m.App.T(key, "x", "1"); strings.Contains(text, "|") {
			t.Errorf("%s: the place of a word that fits a number is not read: %q", key, text)
		}
	}
}

// The titles of records say in English what they say in Vietnamese: the answers by the form, the words around figures by the
// catalogue.
func TestTitlesAreInTheLanguageOfTheReader(t *testing.T) {
	_, m := openNotebook(t)
	venue := place(m, "Làng Kon Tơ Ngol")
	m.Write("diem.pq.24", "awareness_session", session(venue, "1238"))
	m.App.SetLanguage(app.English)
	m.Wait(time.Second)
	if r := m.App.List.Row(0); r.Title != "Awareness session" || r.Sub != "Làng Kon Tơ Ngol · Meeting · 1.238 participants" {
		t.Errorf("%+v", r)
	}
	orders := m.Directive("12/KH-CAT", "Cao điểm", "2026-11-30", "2026-12-15")
	m.Wait(time.Second)
	m.App.Directives.Open(orders)
	m.Wait(time.Second)
	for _, e := range m.App.Directives.Opened().Newest {
		if strings.Contains(e.Title, "Họp trực tiếp") || strings.Contains(e.Title, "lượt") {
			t.Errorf("offered as %q", e.Title)
		}
	}
}

// Every word around a figure in the titles of our own forms is in the catalogue.
func TestEveryWordOfATitleIsKnown(t *testing.T) {
	forms, err := builtin.All()
	if err != nil {
		t.Fatal(err)
	}
	_, m := openNotebook(t)
	m.App.SetLanguage(app.English)
	known := map[string]bool{}
	for _, key := range app.TextKeys(app.Vietnamese) {
		if strings.HasPrefix(key, "title.") {
			m.App.SetLanguage(app.Vietnamese)
			known[strings.TrimSpace(strings.ReplaceAll(m.App.T(key), "{n}", ""))] = true
		}
	}
	literal := regexp.MustCompile(`'([^']*)'`)
	found := 0
	for _, f := range forms {
		for i, m := range literal.FindAllStringSubmatch(instanceName(t, f.XML), -1) {
			word := strings.TrimSpace(m[1])
			if i == 0 || strings.Trim(word, " ·–%/.,") == "" || strings.ContainsAny(word, "/%$") || !strings.ContainsAny(word, " áàảãạăắằẳẵặâấầẩẫậéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵđ") {
				continue
			}
			if found++; !known[word] {
				t.Errorf("%s: no English for %q", f.ID, word)
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d words were read", found)
	}
}

// instanceName is the expression that computes the title.
func instanceName(t *testing.T, form []byte) string {
	d := xml.NewDecoder(strings.NewReader(string(form)))
	for {
		token, err := d.Token()
		if err != nil {
			t.Fatal("no title: ", err)
		}
		e, ok := token.(xml.StartElement)
		if !ok || e.Name.Local != "bind" {
			continue
		}
		attr := map[string]string{}
		for _, a := range e.Attr {
			attr[a.Name.Local] = a.Value
		}
		if strings.HasSuffix(attr["nodeset"], "/instanceName") {
			return attr["calculate"]
		}
	}
}
