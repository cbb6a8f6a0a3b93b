package builtin

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"banlang/shared/form/declared"
)

// surveyHeaders are the columns of the survey in their order; those that no row uses are left out.
var surveyHeaders = slices.Concat([]string{"type", "name"}, both("label"), both("hint"),
	[]string{"required"}, both("required_message"), []string{"constraint"}, both("constraint_message"),
	[]string{
		"relevant", "calculation", "trigger", "choice_filter", "read_only", "appearance", "default", "parameters",
		"bind::jr:preload", "bind::jr:preloadParams",
	}, declared.Survey)

func both(header string) []string { return []string{header + vietnamese, header + english} }

// sheet is a sheet as texts; the first row has the headers.
type sheet struct {
	name string
	grid [][]string
}

// sheets lays a form out as an XLSForm.
func (d *Definition) sheets() ([]sheet, error) {
	survey, err := d.survey()
	if err != nil {
		return nil, err
	}
	choices, err := d.choiceRows()
	if err != nil {
		return nil, err
	}
	title, err := d.instanceName()
	if err != nil {
		return nil, err
	}
	settings := row{
		"form_title": d.VI, "form_id": d.ID, "version": d.Version, "default_language": strings.TrimPrefix(vietnamese, "::"),
		"instance_name": title, "indicators": strings.Join(d.Feeds, " "),
		declared.Compartment: d.Compartment, declared.EventDate: d.EventDate, declared.TitleEN: d.EN,
	}
	return []sheet{
		{"survey", gridOf(surveyHeaders, survey)},
		{"choices", gridOf(choiceHeaders(choices), choices)},
		{"settings", gridOf([]string{
			"form_title", declared.TitleEN, "form_id", "version", "default_language", "instance_name",
			declared.Compartment, declared.EventDate, "indicators",
		}, []row{settings})},
	}, nil
}

// gridOf writes rows under the headers that any of them uses.
func gridOf(headers []string, rows []row) [][]string {
	headers = slices.DeleteFunc(slices.Clone(headers), func(h string) bool {
		return !slices.ContainsFunc(rows, func(r row) bool { return r[h] != "" })
	})
	grid := [][]string{headers}
	for _, r := range rows {
		cells := make([]string, len(headers))
		for i, h := range headers {
			cells[i] = r[h]
		}
		grid = append(grid, cells)
	}
	return grid
}

// choices are those of a list of the form, or of a shared one.
func (d *Definition) choices(list string) []Choice {
	if own, ok := d.Lists[list]; ok {
		return own
	}
	return d.shared[list]
}

// choiceRows are the choices of all lists that questions use, each list once, in the order of the questions.
func (d *Definition) choiceRows() ([]row, error) {
	rows, err := d.survey()
	if err != nil {
		return nil, err
	}
	var out []row
	seen := map[string]bool{}
	for _, r := range rows {
		kind, list, _ := strings.Cut(r["type"], " ")
		if kind != "select_one" && kind != "select_multiple" || seen[list] {
			continue
		}
		seen[list] = true
		if len(d.choices(list)) == 0 {
			return nil, fmt.Errorf("%s: there is no list %q", r["name"], list)
		}
		for _, c := range d.choices(list) {
			choice := row{"list_name": list, "name": c.Code}
			choice.text("label", Text{c.VI, c.EN})
			maps.Copy(choice, c.More)
			out = append(out, choice)
		}
	}
	for list := range d.Lists {
		if !seen[list] {
			return nil, fmt.Errorf("no question uses the list %q", list)
		}
	}
	return out, nil
}

func choiceHeaders(choices []row) []string {
	known := slices.Concat([]string{"list_name", "name"}, both("label"))
	further := map[string]bool{}
	for _, c := range choices {
		for h := range c {
			further[h] = further[h] || !slices.Contains(known, h)
		}
	}
	maps.DeleteFunc(further, func(_ string, is bool) bool { return !is })
	return append(known, slices.Sorted(maps.Keys(further))...)
}
