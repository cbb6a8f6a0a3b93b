package xlsform

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// languagesSeen are the columns that each language has, on the two sheets with texts for people.
type languagesSeen struct {
	survey, choices columnsSeen
	other           bool // a select asks for what is not in its list
}

// columnsSeen are the translatable columns of a sheet by language.
type columnsSeen struct {
	by  map[string]map[string]bool // language → columns
	all map[string]bool
}

func seeLanguages(survey, choices *table) languagesSeen {
	return languagesSeen{survey: seeColumns(survey, translatableSurvey), choices: seeColumns(choices, translatableChoices)}
}

func seeColumns(t *table, names map[string]string) columnsSeen {
	seen := columnsSeen{map[string]map[string]bool{}, map[string]bool{}}
	if t == nil {
		return seen
	}
	for _, c := range t.columns {
		words := c.words
		if len(words) > 1 && (words[0] == "media" || words[0] == "bind") {
			words = words[1:]
		}
		name, lang := names[words[0]], languageDefault
		if name == "" || len(words) > 2 {
			continue
		}
		if len(words) == 2 {
			lang = words[1]
		}
		if seen.by[lang] == nil {
			seen.by[lang] = map[string]bool{}
		}
		seen.by[lang][name] = true
		seen.all[name] = true
	}
	return seen
}

// translated reports whether there is any language but the default.
func (c columnsSeen) translated() bool {
	return len(c.by) > 1 || len(c.by) == 1 && c.by[languageDefault] == nil
}

// warnMissing warns of columns that some languages have and others lack.
func (l languagesSeen) warnMissing(d *definition) {
	for _, s := range []struct {
		sheet string
		seen  columnsSeen
	}{{"survey", l.survey}, {"choices", l.choices}} {
		if !s.seen.translated() {
			continue
		}
		for _, lang := range slices.Sorted(maps.Keys(s.seen.by)) {
			var missing []string
			for _, name := range slices.Sorted(maps.Keys(s.seen.all)) {
				if !s.seen.by[lang][name] {
					missing = append(missing, name)
				}
			}
			if len(missing) > 0 {
				d.warn(TranslationMissing.at(Place{Sheet: s.sheet, Row: 1}, "language", lang, "columns", strings.Join(missing, ", ")))
			}
		}
	}
}

// warnOther warns that the question and choice for "other" have English labels among translated ones.
func (l languagesSeen) warnOther(d *definition) {
	if l.other && (l.survey.translated() || l.choices.translated()) {
		d.warn(OtherUntranslated.at(Place{Sheet: "survey"}))
	}
}

// withoutCode returns the languages that do not end with a registered code, as Vietnamese (vi) does.
func withoutCode(names []string) []string {
	var bad []string
	for _, name := range names {
		if name != languageDefault && len(name) > 2 && !isLanguageCode(codeOf(name)) {
			bad = append(bad, name)
		}
	}
	return bad
}

// codeOf is what stands in brackets at the end of the name of a language.
func codeOf(name string) string {
	open := strings.IndexByte(name, '(')
	if open < 0 || !strings.HasSuffix(name, ")") {
		return ""
	}
	return name[open+1 : len(name)-1]
}

func isLanguageCode(code string) bool {
	base, err := language.ParseBase(code)
	return err == nil && base.String() == code
}
