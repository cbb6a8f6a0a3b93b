package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sync"

	"banlang/shared/form"
)

// Group is a heading of the programme, with the indicators that are reported under it.
type Group struct {
	ID         string    `json:"id"`
	Label      form.Text `json:"label"`
	Indicators []string  `json:"indicators"` // in their order on paper
	Text       string    `json:"text"`       // what a report says of them; an indicator in braces stands for its figure
}

// Template is a kind of report: how long its period is, and under which headings it reports.
type Template struct {
	ID     string    `json:"id"`
	Step   Step      `json:"step"`
	Label  form.Text `json:"label"`
	Groups []string  `json:"groups"`
}

// Outline is how the figures are laid out in reports. It is data (outline.json), beside the definitions.
type Outline struct {
	Groups    []Group    `json:"groups"`
	Templates []Template `json:"templates"`
}

//go:embed outline.json
var outlineJSON []byte

// builtinOutline reads the outline once. One that does not fit the definitions is a program that was built wrong.
var builtinOutline = sync.OnceValue(func() Outline {
	o, err := ReadOutline(outlineJSON, Indicators())
	if err != nil {
		panic(err)
	}
	return o
})

// Headings gives the headings of the programme, with all indicators that are lines of reports, each under one of them.
func Headings() []Group { return slices.Clone(builtinOutline().Groups) }

// Templates gives the kinds of reports, the shortest period first.
func Templates() []Template { return slices.Clone(builtinOutline().Templates) }

// TemplateOf finds a kind of report.
func TemplateOf(id string) (Template, bool) {
	all := builtinOutline().Templates
	i := slices.IndexFunc(all, func(t Template) bool { return t.ID == id })
	if i < 0 {
		return Template{}, false
	}
	return all[i], true
}

// Headings gives the headings of a report, in its order.
func (t Template) Headings() (groups []Group) {
	for _, id := range t.Groups {
		for _, g := range builtinOutline().Groups {
			if g.ID == id {
				groups = append(groups, g)
			}
		}
	}
	return groups
}

// Named finds the indicators that a text of a group names, in braces.
var Named = regexp.MustCompile(`\{([A-Z_]+)\}`)

// ReadOutline reads an outline and holds it against the definitions: each that is a line of a report stands under one heading, and
// no heading names what is not defined. The error says everything that is wrong.
func ReadOutline(data []byte, defined []Indicator) (o Outline, err error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&o); err != nil {
		return o, fmt.Errorf("report: outline: %w", err)
	}
	under := map[string]int{}
	ids := map[string]bool{}
	for _, g := range o.Groups {
		ids[g.ID] = true
		for _, id := range g.Indicators {
			under[id]++
		}
		for _, m := range Named.FindAllStringSubmatch(g.Text, -1) {
			if !slices.Contains(g.Indicators, m[1]) {
				err = errors.Join(err, fmt.Errorf("report: outline: %s speaks of %s", g.ID, m[1]))
			}
		}
	}
	for _, d := range defined {
		want := 1
		if d.Part {
			want = 0
		}
		if under[d.ID] != want {
			err = errors.Join(err, fmt.Errorf("report: outline: %s stands under %d headings", d.ID, under[d.ID]))
		}
		delete(under, d.ID)
	}
	for id := range under {
		err = errors.Join(err, fmt.Errorf("report: outline: nothing defines %s", id))
	}
	for _, t := range o.Templates {
		for _, id := range t.Groups {
			if !ids[id] {
				err = errors.Join(err, fmt.Errorf("report: outline: %s has no heading %s", t.ID, id))
			}
		}
		if t.Step.months() == 0 {
			err = errors.Join(err, fmt.Errorf("report: outline: %s is of no step", t.ID))
		}
	}
	return o, err
}
