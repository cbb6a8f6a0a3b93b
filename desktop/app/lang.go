package app

import (
	"embed"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"banlang/shared/fault"
)

// The languages of the program. Vietnamese is written first and shown first.
const (
	Vietnamese = "vi"
	English    = "en"
)

//go:embed lang/*.json
var langFiles embed.FS

// Catalogue holds every text that the officer can see, by key. It never changes once it is read.
type Catalogue map[string]string

// catalogues are read once; the files are part of the program, so that a bad one is found by any test.
var catalogues = map[string]Catalogue{Vietnamese: readCatalogue(Vietnamese), English: readCatalogue(English)}

func readCatalogue(lang string) Catalogue {
	b, err := langFiles.ReadFile("lang/" + lang + ".json")
	if err != nil {
		panic(err)
	}
	c := Catalogue{}
	if err := json.Unmarshal(b, &c); err != nil {
		panic("app: lang/" + lang + ".json: " + err.Error())
	}
	return c
}

// TextKeys lists the keys of a language's catalogue, sorted.
func TextKeys(lang string) []string { return slices.Sorted(maps.Keys(catalogues[lang])) }

// T gives the text of a key in the officer's language. The arguments are pairs: a name that stands in the text in
// braces, and what to put there. A key that no catalogue has is shown as it is, so that it is seen.
func (c *core) T(key string, args ...string) string {
	text, ok := catalogues[c.lang][key]
	if !ok {
		text = key
	}
	if len(args) == 0 {
		return text
	}
	pairs := slices.Clone(args)
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Language is the language of the screen: Vietnamese or English.
func (c *core) Language() string { return c.lang }

func (c *core) faultLang() fault.Lang {
	if c.lang == English {
		return fault.English
	}
	return fault.Vietnamese
}

// sayFault gives what happened and what is safe, then the next step, then the code for the telephone.
func (c *core) sayFault(err error) Trouble { return c.sayCode(fault.CodeOf(err)) }

func (c *core) sayCode(code fault.Code) Trouble {
	return Trouble{Message: code.Message(c.faultLang()), Next: code.Hint(c.faultLang()), Code: string(code)}
}

// Trouble is a fault in words: what happened and what is safe, what to do next, and the code to read out on the
// telephone. The zero Trouble is none.
type Trouble struct{ Message, Next, Code string }

// Some reports whether there is trouble to show.
func (t Trouble) Some() bool { return t != Trouble{} }
