package console

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"banlang/shared/fault"
)

// The languages of the console. Vietnamese is written first and shown first.
const (
	vietnamese = "vi"
	english    = "en"
)

//go:embed lang/*.json
var langFiles embed.FS

// catalogues are the texts by language and key. A bad file is found by any test.
var catalogues = map[string]map[string]string{vietnamese: readCatalogue(vietnamese), english: readCatalogue(english)}

func readCatalogue(lang string) map[string]string {
	c := map[string]string{}
	text, err := langFiles.ReadFile("lang/" + lang + ".json")
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil {
		panic(fmt.Errorf("console: texts %s: %w", lang, err))
	}
	return c
}

// say gives a text. The pairs are a name that stands in it in braces, and what to put there. With n = 1 the text under the
// key + "#one" is taken where there is one. A key that no catalogue has is shown as it is, so that it is seen.
func say(lang, key string, pairs ...any) string {
	texts := make([]string, len(pairs))
	one := ""
	for i := 0; i+1 < len(pairs); i += 2 {
		name := fmt.Sprint(pairs[i])
		texts[i], texts[i+1] = "{"+name+"}", fmt.Sprint(pairs[i+1])
		if name == "n" && texts[i+1] == "1" {
			one = catalogues[lang][key+"#one"]
		}
	}
	text := cmp.Or(one, catalogues[lang][key], catalogues[vietnamese][key], key)
	if len(pairs) < 2 {
		return text
	}
	return strings.NewReplacer(texts[:len(pairs)/2*2]...).Replace(text)
}

// languageCookie remembers the language of a browser, signed in or not. It is no secret.
const languageCookie = "language"

func language(r *http.Request) string {
	if k, err := r.Cookie(languageCookie); err == nil && k.Value == english {
		return english
	}
	return vietnamese
}

func (q *Request) faultLang() fault.Lang {
	if q.lang == english {
		return fault.English
	}
	return fault.Vietnamese
}
