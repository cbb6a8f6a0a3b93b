package console

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"net/http"

	"banlang/shared/fault"
	"banlang/shared/words"
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

// say gives a text, with what the pairs say put into it (words.Fill). A key that no catalogue has is shown as it is, so that it is seen.
func say(lang, key string, pairs ...any) string {
	texts := make([]string, len(pairs))
	for i, x := range pairs {
		texts[i] = fmt.Sprint(x)
	}
	return words.Fill(cmp.Or(catalogues[lang][key], catalogues[vietnamese][key], key), texts...)
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
