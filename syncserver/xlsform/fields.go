package xlsform

// fields are the questions of the form, with the columns of theirs that XLSForm does not know.
func (d *definition) fields() []Field {
	var all []Field
	_ = d.root.walk(func(e *element) error {
		if e.kind != aQuestion {
			return nil
		}
		f := Field{Path: e.path(), Type: e.typ}
		if e.row != nil {
			f.Row = e.row.line
			f.Other = otherColumns(e.row)
		}
		all = append(all, f)
		return nil
	})
	return all
}

// otherColumns are the cells of a row in columns that XLSForm does not know, by their headers.
func otherColumns(r *row) map[string]string {
	var other map[string]string
	for _, c := range r.table.columns {
		cell := clean(r.cell(c.index))
		if cell == "" || surveyColumns.known[c.words[0]] {
			continue
		}
		if other == nil {
			other = map[string]string{}
		}
		other[c.header] = cell
	}
	return other
}
