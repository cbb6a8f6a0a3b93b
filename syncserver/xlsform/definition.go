package xlsform

import (
	"context"
	"slices"
	"strings"
)

// definition is what the sheets say: the form as a tree, its settings and its lists of choices.
type definition struct {
	ctx      context.Context
	own      Vocabulary
	tables   tables
	sheets   []string // as named in the file
	settings settings
	root     *element
	lists    choiceLists
	external map[string]bool // lists of the sheet external_choices
	tags     map[string][]osmTag
	entities []*declaration
	version  string         // of the entities specification, "" without entities
	named    map[string]int // how often a name stands in the survey
	warnings []*Problem
	langs    languagesSeen
}

// tables are the sheets that XLSForm knows; nil where there is none.
type tables struct{ settings, choices, external, entities, survey, osm *table }

// sheetNames are the names of those sheets.
var sheetNames = set("survey", "choices", "settings", "external_choices", "osm", "entities")

// languageDefault is the language of texts in columns that name none.
const languageDefault = "default"

func (d *definition) warn(p *Problem) { d.warnings = append(d.warnings, p) }

// define reads the sheets. What it returns has loops laid out and every rule checked that is about cells.
func define(ctx context.Context, sheets []Sheet, opts Options) (*definition, error) {
	d := &definition{ctx: ctx, own: opts.Own, named: map[string]int{}}
	by := d.sort(sheets)
	if by["survey"] == nil || len(by["survey"].Rows) == 0 {
		return nil, SurveyMissing.at(Place{}, "similar", d.similar("survey"))
	}
	if opts.FormName != "" && !isName(opts.FormName) {
		return nil, FormNameInvalid.at(Place{}, "name", opts.FormName)
	}
	for _, step := range []func() error{
		func() error { return d.readSettings(by["settings"], opts) },
		func() error { return d.readLists(by) },
		func() error { return d.readEntities(by["entities"]) },
		func() error { return d.readSurveyTable(by["survey"]) },
		func() error { return d.readTags(by["osm"]) },
		d.readSurvey,
		d.layOutLoops,
	} {
		if err := step(); err != nil {
			return nil, err
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// sort finds the sheets by their names. A workbook of one sheet with any name is taken for the survey.
func (d *definition) sort(sheets []Sheet) map[string]*Sheet {
	by := map[string]*Sheet{}
	for i := range sheets {
		name := strings.ToLower(sheets[i].Name)
		d.sheets = append(d.sheets, sheets[i].Name)
		if !sheetNames[name] && len(sheets) == 1 {
			name = "survey"
		}
		if sheetNames[name] {
			by[name] = &sheets[i]
		}
	}
	return by
}

// similar lists the sheets whose names are nearly name, in quotes; nothing if there are none.
func (d *definition) similar(name string) string {
	var found []string
	for _, s := range d.sheets {
		if !sheetNames[s] && !strings.HasPrefix(s, "_") && near(strings.ToLower(s), name) {
			found = append(found, "“"+s+"”")
		}
	}
	return cmpOr(strings.Join(found, ", "), nothing)
}

// nothing stands in a sentence where there is nothing to name.
const nothing = "–"

// near reports whether at most two letters must be changed, added or left out to get from a to b.
func near(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y)+2 || len(y) > len(x)+2 {
		return false
	}
	before := make([]int, len(y)+1)
	for j := range before {
		before[j] = j
	}
	for i := range x {
		now := make([]int, len(y)+1)
		now[0] = i + 1
		for j := range y {
			now[j+1] = min(before[j+1]+1, now[j]+1, before[j]+btoi(x[i] != y[j]))
		}
		before = now
	}
	return before[len(y)] <= 2
}

func (d *definition) warnSimilar(name string) {
	if found := d.similar(name); found != nothing {
		d.warn(SheetMisspelled.at(Place{}, "sheet", name, "similar", found))
	}
}

// settings are the first row of the sheet settings, and what rows of the survey say instead.
type settings struct {
	row      *row
	said     map[string]string
	form     string // name of the root element
	language string
}

func (s *settings) text(key string) string {
	if t, ok := s.said[key]; ok {
		return t
	}
	return s.row.text(key)
}

func (s *settings) yes(key string) bool { return yesNo[s.text(key)] }

func (d *definition) readSettings(sheet *Sheet, opts Options) error {
	s := &d.settings
	s.said = map[string]string{}
	s.language = cmpOr(opts.DefaultLanguage, languageDefault)
	if sheet == nil {
		d.warnSimilar("settings")
	} else {
		by := settingColumns.with(d.own.Settings, "attribute", d.own.Prefix)
		t, err := readTable(d.ctx, sheet, "settings", by, languageDefault, false)
		if err != nil {
			return err
		}
		d.tables.settings = t
		if len(t.rows) > 0 {
			s.row = t.rows[0]
		}
		if s.row != nil && hasBoth(sheet.Rows[0].Cells) {
			d.warn(TwoFormIDs.at(s.row.at("id_string")))
		}
	}
	s.language = cmpOr(s.text("default_language"), s.language)
	s.form = cmpOr(s.text("name"), opts.FormName, "data")
	if !isName(s.form) {
		return NameInvalid.at(s.row.at("name"), "name", s.form)
	}
	s.said["id_string"] = cmpOr(s.text("id_string"), opts.FallbackID, "data")
	s.said["title"] = cmpOr(s.text("title"), s.said["id_string"])
	return nil
}

func hasBoth(headers []string) bool {
	return slices.Contains(headers, "form_id") && slices.Contains(headers, "id_string")
}

func cmpOr(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// readTags reads the sheet osm: lists of tags.
func (d *definition) readTags(sheet *Sheet) error {
	d.tags = map[string][]osmTag{}
	if sheet == nil {
		return nil
	}
	t, err := readTable(d.ctx, sheet, "osm", tagColumns, languageDefault, false)
	if err != nil {
		return err
	}
	d.tables.osm = t
	for _, r := range t.rows {
		if list := r.text(listName); list != "" {
			d.tags[list] = append(d.tags[list], osmTag{r.text("name"), r.get("label")})
		}
	}
	return nil
}

// readSurveyTable reads the headers of the survey, and compares the languages of its columns.
func (d *definition) readSurveyTable(sheet *Sheet) error {
	fold := true
	if said, ok := yesNo[d.settings.text("clean_text_values")]; ok {
		fold = said
	}
	by := surveyColumns.with(d.own.Survey, "bind", d.own.Prefix)
	t, err := readTable(d.ctx, sheet, "survey", by, d.settings.language, fold)
	if err != nil {
		return err
	}
	d.tables.survey = t
	d.langs = seeLanguages(t, d.tables.choices)
	d.langs.warnMissing(d)
	return nil
}
