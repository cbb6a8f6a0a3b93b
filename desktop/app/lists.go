package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/units"
	"banlang/shared/viet"
)

// The lists beside a form (form.Env.List), from which its questions choose and which its rules read. They are made of what
// the notebook shows, once for each opening of a form, beside the screen.

const (
	unitList  = "units.csv"
	venueList = "venues.csv"
)

// recordList says which records a list names.
type recordList struct {
	forms   []string // records of these forms; none: of all
	label   string   // the question whose answer names the record; "": its line in the list of records
	columns []column // beyond name and label
}

// column is a column that the rules of forms read: the answer to a question of the record, or the median of a figure over
// the records of another form that name it.
type column struct {
	name, path string
	usual      *usual
}

type usual struct{ form, by, figure string }

// recordLists are the lists of records that the forms of the programme read, by the file that the form names.
var recordLists = map[string]recordList{
	venueList: {forms: []string{"venue_register"}, label: "name", columns: []column{
		{name: "type", path: "type"}, {name: "participants_median", usual: &usual{"awareness_session", "venue", "participants_total"}},
	}},
	"self_mgmt_groups.csv": {forms: []string{"self_mgmt_group"}, label: "name", columns: []column{{name: "households", path: "households"}}},
	"models.csv":           {forms: []string{"model"}, label: "name"},
	"groups_models.csv":    {forms: []string{"self_mgmt_group", "model"}, label: "name"},
	"evaluations.csv":      {forms: []string{"evaluation"}, columns: []column{{name: "subject", path: "subject"}, {name: "period", path: "period"}}},
	"directives.csv":       {forms: []string{"directive"}},
	"programmes.csv":       {forms: []string{"joint_programme"}},
	"records.csv":          {},
}

// Limits of a list.
const (
	mostNamed    = 5000 // records in it, the newest
	mostCompared = 1000 // records that a median is taken over, the newest
	mostTitled   = 300  // records whose titles are computed in another language than Vietnamese; a longer list has Vietnamese ones
)

// listing makes the lists of one form.
type listing struct {
	ctx   context.Context
	book  Notebook
	lang  string
	unit  string // what the one unit of the notebook is called
	units *units.View
	whole bool       // to choose from; else only to name what is held
	but   record.Dot // the record that is being filled in, which no list has
	held  map[string][]string
	views map[record.Dot]*record.View

	called func(ctx context.Context, lang string, line *notebook.Line) (kind string, rest []string)
}

// listsOf makes the lists that a form reads, by their names. They hold all there is to choose from, if wanted, and in any
// case whatever is held: so no answer of long ago loses its name, or becomes wrong, because what it names is not here.
func (l listing) listsOf(f *form.Form, held iter.Seq2[string, string], forms *form.Library) (map[string][]byte, error) {
	l.held, l.views = map[string][]string{}, map[record.Dot]*record.View{}
	for path, value := range held {
		if field, ok := f.Field(path); ok && f.ListOf(field) != "" {
			l.held[f.ListOf(field)] = append(l.held[f.ListOf(field)], strings.Fields(value)...)
		}
	}
	made := map[string][]byte{}
	for _, name := range f.Lists() {
		rows, err := [][]string(nil), error(nil)
		if of, ok := recordLists[name]; ok {
			rows, err = l.records(name, of, forms)
		} else if name == unitList {
			rows, err = l.unitRows()
		} else if name == taskList {
			rows, err = l.tasks()
		}
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", name, err)
		}
		if rows != nil {
			made[name] = encode(rows)
		}
	}
	return made, nil
}

func encode(rows [][]string) []byte {
	var b bytes.Buffer
	_ = csv.NewWriter(&b).WriteAll(rows) // into memory
	return b.Bytes()
}

// records are the rows of a list of records, by their labels.
func (l *listing) records(name string, of recordList, forms *form.Library) (rows [][]string, err error) {
	recs, err := l.choose(name, of)
	if err != nil {
		return nil, err
	}
	labels, err := l.labels(recs, of, forms)
	if err != nil {
		return nil, err
	}
	head := []string{"name", "label"}
	medians := map[string]map[string]string{}
	for _, c := range of.columns {
		head = append(head, c.name)
		if c.usual != nil && l.whole {
			if medians[c.name], err = l.medians(c.usual); err != nil {
				return nil, err
			}
		}
	}
	for _, rec := range recs {
		row := []string{rec.String(), labels[rec]}
		for _, c := range of.columns {
			v, err := l.view(rec)
			if err != nil {
				return nil, err
			}
			row = append(row, cmp.Or(medians[c.name][rec.String()], v.Text(c.path)))
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(x, y []string) int { return strings.Compare(viet.Fold(x[1]), viet.Fold(y[1])) })
	return slices.Insert(rows, 0, head), nil
}

// choose gives the records of a list, each once.
func (l *listing) choose(name string, of recordList) (recs []record.Dot, err error) {
	if l.whole {
		if recs, err = l.search(of.forms, mostNamed); err != nil {
			return nil, err
		}
		recs = slices.DeleteFunc(recs, func(rec record.Dot) bool { return rec == l.but })
	}
	here := map[string]bool{}
	for _, rec := range recs {
		here[rec.String()] = true
	}
	for _, ref := range l.held[name] {
		if rec, err := record.ParseDot(ref); err == nil && !here[ref] {
			here[ref], recs = true, append(recs, rec)
		}
	}
	return recs, nil
}

// search gives the newest records of some forms; none: of all.
func (l *listing) search(forms []string, most int) (recs []record.Dot, err error) {
	if len(forms) == 0 {
		forms = []string{""}
	}
	for _, f := range forms {
		found, err := l.book.Search(l.ctx, notebook.Query{Form: f, Limit: most})
		if err != nil {
			return nil, err
		}
		recs = append(recs, found...)
	}
	return recs, nil
}

// labels names records: a name that several would have is made longer, and what is not here is said to be so.
func (l *listing) labels(recs []record.Dot, of recordList, forms *form.Library) (map[record.Dot]string, error) {
	lines, err := l.book.Lines(l.ctx, recs)
	if err != nil {
		return nil, err
	}
	long := map[record.Dot]string{}
	for i := range lines {
		kind, rest := parts(l.lang, forms.Title(lines[i].Form), lines[i].Title)
		if len(lines) <= mostTitled {
			kind, rest = l.called(l.ctx, l.lang, &lines[i])
		}
		if of.forms == nil {
			rest = slices.Insert(rest, 0, kind) // of all kinds
		}
		long[lines[i].Record] = cmp.Or(join(rest...), lines[i].Title)
	}
	labels, count := map[record.Dot]string{}, map[string]int{}
	for _, rec := range recs {
		label := long[rec]
		if of.label != "" {
			v, err := l.view(rec)
			if err != nil {
				return nil, err
			}
			label = cmp.Or(v.Text(of.label), label)
		}
		labels[rec] = cmp.Or(label, catalogues[l.lang]["ref.unknown"])
		count[label]++
	}
	for rec, label := range labels {
		if count[label] > 1 {
			labels[rec] = cmp.Or(long[rec], label)
		}
	}
	return labels, nil
}

func (l *listing) view(rec record.Dot) (v *record.View, err error) {
	if v = l.views[rec]; v == nil {
		if v, err = l.book.View(l.ctx, rec); err == nil {
			l.views[rec] = v
		}
	}
	return v, err
}

// medians gives the median of a figure for each record that others name.
func (l *listing) medians(u *usual) (map[string]string, error) {
	recs, err := l.search([]string{u.form}, mostCompared)
	if err != nil {
		return nil, err
	}
	figures := map[string][]int64{}
	for _, rec := range recs {
		v, err := l.view(rec)
		if err != nil {
			return nil, err
		}
		if n, ok := form.Scaled(v.Text(u.figure), 0); ok && rec != l.but {
			figures[v.Text(u.by)] = append(figures[v.Text(u.by)], n)
		}
	}
	medians := map[string]string{}
	for ref, ns := range figures {
		slices.Sort(ns)
		medians[ref] = strconv.FormatFloat(float64(ns[(len(ns)-1)/2]+ns[len(ns)/2])/2, 'f', -1, 64)
	}
	return medians, nil
}
