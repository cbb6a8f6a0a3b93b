package xlsform

// fields are the questions of the form.
func (d *definition) fields() []Field {
	var all []Field
	_ = d.root.walk(func(e *element) error {
		if e.kind != aQuestion {
			return nil
		}
		f := Field{Path: e.path(), Type: e.typ}
		if e.row != nil {
			f.Row = e.row.line
		}
		all = append(all, f)
		return nil
	})
	return all
}

// Cell is a filled cell of the sheets.
type Cell struct {
	Place
	// Means is the column as XLSForm calls it, whatever other name its header is, without the language: "label",
	// "bind::relevant". A column that XLSForm does not know means what its header says.
	Means string
	Text  string // as the form uses it
}

// Cells are the filled cells of the survey, the choices, the external choices and the settings, for those who decide what
// may be asked. Rows that are switched off are left out, and of the settings all but the first.
func (f *Form) Cells() []Cell {
	var cells []Cell
	for _, t := range []*table{f.tables.survey, f.tables.choices, f.tables.external, f.tables.settings} {
		if t == nil {
			continue
		}
		for i, r := range t.rows {
			if t.name == "settings" && i > 0 {
				break
			}
			if !yesNo[r.text("disabled")] {
				cells = append(cells, r.filled()...)
			}
		}
	}
	return cells
}

// filled are the cells of a row that say something.
func (r *row) filled() []Cell {
	var cells []Cell
	for _, c := range r.table.columns {
		if text := tidy(clean(r.cell(c.index)), false); text != "" {
			cells = append(cells, Cell{r.place(c), c.means(), text})
		}
	}
	return cells
}

// families are the columns whose name has a second word.
var families = set("bind", "control", "media", "instance", "attribute")

func (c column) means() string {
	if len(c.words) > 1 && families[c.words[0]] {
		return c.words[0] + "::" + c.words[1]
	}
	return c.words[0]
}
