package console

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/syncserver/projection"
	"banlang/syncserver/report"
)

// numberQuestion is a question of a form that is answered by a number. Which there are, the published forms say: a form that is
// published tomorrow is looked through tomorrow.
type numberQuestion struct {
	f      *form.Form // the version that asks it: the current one, if that does
	path   string     // the template
	repeat string     // the template of the repeat; "" outside of repeats
	column string     // of the table
	kind   string     // the first choice beside it in the rows of a repeat, by which they are told apart; "" none
	places int        // decimals that the column holds
}

// numberQuestions are those of a form, in all versions of which there may be records. One that is of whole numbers in one version and of
// decimals in another is left out: nobody could say what its numbers are.
func (k *qualityLook) numberQuestions(id string, versions []*form.Form) ([]numberQuestion, error) {
	columns, err := projection.Columns(k.tx, id)
	if err != nil || len(columns) == 0 {
		return nil, err
	}
	column := map[string]string{}
	for _, c := range columns {
		column[strings.TrimPrefix(c.Repeat+"/"+c.Question, "/")] = c.Name
	}
	found, unclear := map[string]numberQuestion{}, map[string]bool{}
	for _, f := range versions {
		kinds := map[string]string{}
		for _, field := range f.Fields() {
			if field.Sealed() || column[field.Path] == "" {
				continue
			}
			if field.Type == form.TypeChoice && field.Repeat != "" && kinds[field.Repeat] == "" {
				kinds[field.Repeat] = field.Path
			}
			places := 0
			switch {
			case field.Type == form.TypeDecimal:
				places = form.Thousandths
			case field.Type != form.TypeInt && !field.Grouped:
				continue
			}
			known, has := found[field.Path]
			if !has {
				found[field.Path] = numberQuestion{f: f, path: field.Path, repeat: field.Repeat, column: column[field.Path], places: places}
			}
			unclear[field.Path] = unclear[field.Path] || has && known.places != places
		}
		for path, x := range found {
			if x.f == f {
				x.kind = kinds[x.repeat]
				found[path] = x
			}
		}
	}
	var all []numberQuestion
	for _, path := range slices.Sorted(maps.Keys(found)) {
		if !unclear[path] {
			all = append(all, found[path])
		}
	}
	return all, nil
}

// versionsOf are the versions of each form that are known, by its id, the current or last one first.
func (q *Request) versionsOf() map[string][]*form.Form {
	library := q.c.Centre.Library()
	all := map[string][]*form.Form{}
	add := func(ref record.FormRef) {
		f, ok := library.Lookup(ref)
		if ok && !slices.Contains(all[ref.ID], f) {
			all[ref.ID] = append(all[ref.ID], f)
		}
	}
	for _, p := range library.All() {
		add(p.Ref())
	}
	for _, ref := range library.Known() {
		add(ref)
	}
	return all
}

// unitsOf are the units of which the viewer may see single records of a form: of ordinary ones all of the scope, of tips, petitions and
// the like his own alone.
func (k *qualityLook) unitsOf(versions []*form.Form) []string {
	units := k.scope.Units
	for _, f := range versions {
		if f.Compartment == declared.Ordinary {
			continue
		}
		units = nil
		if k.scope.Own != "" && (k.scope.Of == nil || slices.Contains(k.scope.Of, f.Compartment)) {
			units = []string{k.scope.Own}
		}
	}
	return units
}

// numbers looks through the numbers of every form, in the order in which each unit reported them: of the period, held against those of
// the year that ends with it.
func (k *qualityLook) numbers() (outliers, equal []QualityLine, err error) {
	versions := k.q.versionsOf()
	var found []numberFinding
	for _, id := range slices.Sorted(maps.Keys(versions)) {
		questions, err := k.numberQuestions(id, versions[id])
		if err != nil {
			return nil, nil, err
		}
		byTable := map[string][]numberQuestion{}
		for _, x := range questions {
			byTable[x.repeat] = append(byTable[x.repeat], x)
		}
		for _, repeat := range slices.Sorted(maps.Keys(byTable)) {
			some, err := k.numbersIn(id, repeat, byTable[repeat], k.unitsOf(versions[id]))
			if err != nil {
				return nil, nil, err
			}
			found = append(found, some...)
		}
	}
	slices.SortStableFunc(found, func(a, b numberFinding) int { return cmp.Compare(b.weight, a.weight) })
	for i := range found {
		lines := &outliers
		if found[i].repeated {
			lines = &equal
		}
		if len(*lines) == qualityRows {
			continue
		}
		line, ok, err := k.numberLine(&found[i])
		if err != nil {
			return nil, nil, err
		}
		if ok {
			*lines = append(*lines, line)
		}
	}
	return outliers, equal, nil
}

// numbersIn looks through one table: that of the records of a form, or of the rows of a repeat.
func (k *qualityLook) numbersIn(id, repeat string, questions []numberQuestion, units []string) (found []numberFinding, err error) {
	if len(units) == 0 {
		return nil, nil
	}
	kind, alias := "NULL", "f."
	from := projection.Quote(projection.Table(id)) + " f"
	if repeat != "" {
		alias = "r."
		from += " CROSS JOIN " + projection.Quote(projection.RowTable(id, repeat)) + " r ON r.rec = f.rec"
		if path := questions[0].kind; path != "" {
			kind = alias + projection.Quote(columnOf(repeat, path))
		}
	}
	picked := []string{"f.rec", `f."_day"`, kind}
	series := make([]numbersOf, len(questions))
	for i := range questions {
		x := &questions[i]
		picked = append(picked, alias+projection.Quote(x.column))
		series[i] = numbersOf{question: x, scale: int64(math.Pow10(x.places))}
	}
	query := `SELECT f."_unit", json_group_array(` + strings.Join(picked, "), json_group_array(") + ") FROM " + from +
		` WHERE f."_unit" IN (SELECT value FROM json_each(?)) AND f."_month" BETWEEN ? AND ? GROUP BY f."_unit"`
	err = projection.EachList(k.tx, len(picked), func(unit string, lists []projection.Values) error {
		return k.unitNumbers(unit, lists, series)
	}, query, sqlite.List(units), k.since[:len("2006-01")], k.period.To[:len("2006-01")])
	if err != nil {
		return nil, err
	}
	for i := range series {
		found = append(found, series[i].judge()...)
	}
	return found, nil
}

// unitNumbers takes in what one unit reported.
func (k *qualityLook) unitNumbers(unit string, lists []projection.Values, series []numbersOf) error {
	type row struct {
		rec       int64
		day, kind string
		at        int
	}
	var rows []row
	var columns [][]projection.Value
	for i := range lists {
		var values []projection.Value
		for lists[i].More() {
			v, err := lists[i].Next()
			if err != nil {
				return err
			}
			values = append(values, v)
		}
		columns = append(columns, values)
	}
	for at := range columns[0] {
		if day := columns[1][at].Text; day <= k.period.To {
			rows = append(rows, row{columns[0][at].Number, day, columns[2][at].Text, at})
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(strings.Compare(a.kind, b.kind), strings.Compare(a.day, b.day), cmp.Compare(a.rec, b.rec))
	})
	u, _ := k.q.today().Unit(unit)
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].kind == rows[0].kind {
			n++
		}
		for i := range series {
			var own []reported
			for _, r := range rows[:n] {
				if value, ok := numberIn(columns[3+i][r.at]); ok {
					own = append(own, reported{value, r.rec, r.day >= k.period.From})
				}
			}
			series[i].add(unit, u.Level, rows[0].kind, own)
		}
		rows = rows[n:]
	}
	return nil
}

// numberIn reads a number of a table; false where nobody answered, or by no number.
func numberIn(v projection.Value) (int64, bool) {
	if v.Kind == projection.Text {
		return form.Scaled(v.Text, 0)
	}
	return v.Number, v.Kind == projection.Number
}

// columnOf is the question of a repeat as its table calls it.
func columnOf(repeat, path string) string {
	return strings.ReplaceAll(strings.TrimPrefix(path, repeat+"/"), "/", "__")
}

// label is what the form calls the question of a finding, with the kind of row that it is of.
func (k *qualityLook) label(x *numberFinding) string {
	on := x.series.question
	l, err := on.f.New(form.Env{Language: k.q.lang})
	if err != nil {
		return on.path
	}
	if on.repeat == "" {
		return l.LabelOf(on.path)
	}
	row, _ := l.AddRow(on.repeat)
	inRow := func(path string) string {
		return form.JoinPath(on.repeat, cmp.Or(row, "1"), strings.TrimPrefix(path, on.repeat+"/"))
	}
	if x.kind == "" {
		return l.LabelOf(inRow(on.path))
	}
	return l.LabelOf(inRow(on.path)) + " (" + l.ChoiceLabel(inRow(on.kind), x.kind) + ")"
}

// numberLine is a finding in words, with its records. One with a record that the viewer may not open is none.
func (k *qualityLook) numberLine(x *numberFinding) (line QualityLine, ok bool, err error) {
	recs := slices.Clone(x.recs)
	slices.Sort(recs)
	recs = slices.Compact(recs)
	if line.Records, err = k.named(recs); err != nil || len(line.Records) < len(recs) {
		return line, false, err
	}
	line.Before = len(recs) > maxNamed
	line.Records = line.Records[max(0, len(line.Records)-maxNamed):]
	on, label := x.series.question, k.label(x)
	show := func(n int64) string { return report.Value{Num: n, Places: on.places}.In(k.q.lang) }
	line.Form, line.Unit = k.q.FormTitle(on.f.ID()), x.unit
	switch {
	case x.repeated:
		line.Words = k.q.T("quality.repeated", "label", label, "value", show(x.n), "n", len(x.recs))
	case x.peers:
		line.Words = k.q.T("quality.outlier.peers", "label", label, "n", show(x.n), "usual", show(x.usual))
	default:
		line.Words = k.q.T("quality.outlier", "label", label, "n", show(x.n), "usual", show(x.usual))
	}
	return line, true, nil
}
