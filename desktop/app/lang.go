package app

import (
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/words"
)

// The languages of the program. Vietnamese is written first and shown first.
const (
	Vietnamese = "vi"
	English    = "en"
)

//go:embed lang/*.json
var langFiles embed.FS

// Catalogue holds every text that the officer can see, by key. What a language lacks is shown in Vietnamese.
type Catalogue map[string]string

// The keys by which a catalogue names its language: in full, and for a narrow button.
const (
	langName  = "lang.name"
	langShort = "lang.short"
)

// catalogues are the languages by their codes. Those of the program are read once; a bad file is found by any test.
var catalogues = map[string]Catalogue{}

func init() {
	files, err := fs.Sub(langFiles, "lang")
	if err == nil {
		_, err = AddLanguages(files)
	}
	if err != nil {
		panic(err)
	}
}

// AddLanguages takes the catalogues in a folder, each named by the code of its language (jra.json), beside those of the
// program, and says which: so a language needs no change of the program. It is called before any App is made. A file that
// cannot be read is left out, and is in the error.
func AddLanguages(files fs.FS) (codes []string, err error) {
	names, err := fs.Glob(files, "*.json")
	for _, name := range names {
		c, code := Catalogue{}, strings.TrimSuffix(name, ".json")
		text, bad := fs.ReadFile(files, name)
		if bad == nil {
			bad = json.Unmarshal(text, &c)
		}
		if bad == nil && c[langName] == "" {
			bad = errors.New("no text for " + langName)
		}
		if bad != nil {
			err = errors.Join(err, fmt.Errorf("app: language file %s: %w", name, bad))
			continue
		}
		catalogues[code], codes = c, append(codes, code)
	}
	return codes, err
}

// Language is a language that the screen can have.
type Language struct{ Code, Name, Short string }

// Languages lists them, Vietnamese first.
func Languages() (list []Language) {
	for code, c := range catalogues {
		list = append(list, Language{code, c[langName], cmp.Or(c[langShort], strings.ToUpper(code))})
	}
	slices.SortFunc(list, func(a, b Language) int {
		return cmp.Or(cmp.Compare(rank(a.Code), rank(b.Code)), cmp.Compare(a.Name, b.Name))
	})
	return list
}

func rank(code string) int { return (slices.Index([]string{Vietnamese, English}, code) + 3) % 3 }

// T gives the text of a key in the officer's language, with what the pairs say put into it (words.Fill). A key that no catalogue has
// is shown as it is, so that it is seen.
func (c *core) T(key string, pairs ...string) string {
	return words.Fill(cmp.Or(catalogues[c.lang][key], catalogues[Vietnamese][key], key), pairs...)
}

// Language is the code of the language of the screen.
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
