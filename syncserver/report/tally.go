package report

import (
	"cmp"
	"maps"
	"slices"

	"banlang/shared/form"
	"banlang/shared/units"
	"banlang/shared/viet"
)

// tally counts one indicator for one place and period.
type tally struct {
	indicator Indicator
	question  Question
	keepIDs   bool

	sum      int64
	records  int64
	unread   int64
	distinct map[string]bool
	latest   map[string]stated // by unit; the greatest under ""
	ids      []string
}

// stated is what a record said of its unit on a day.
type stated struct {
	day, id string
	value   int64
	meets   bool // of UnitsWhere: it is as asked
}

func newTally(d Indicator, q Question) *tally {
	if d.AtDate() {
		q.Period.From = ""
	}
	return &tally{indicator: d, question: q, distinct: map[string]bool{}, latest: map[string]stated{}}
}

// add counts the reading if it belongs to the question.
func (t *tally) add(r *Reading, view *units.View) {
	if !view.Within(r.Unit, t.question.Root) {
		return
	}
	if r.Unread { // whether it meets the conditions, nobody knows
		t.unread++
		return
	}
	of := func(key string) string { return r.Values[key] }
	if t.indicator.Measure != UnitsWhere && !all(t.indicator.Where, of) {
		return
	}
	day := r.Day
	if t.indicator.Day != "" {
		if day = r.Values[t.indicator.Day]; day == "" {
			return // not yet: a petition without a day of resolution is not unreadable
		}
	}
	if !viet.ValidDate(day) {
		t.unread++
		return
	}
	if t.counts(day, r) {
		t.take(day, r)
	}
}

// counts reports whether the day lies in the period, or the record was still
// open when the period began.
func (t *tally) counts(day string, r *Reading) bool {
	period := t.question.Period
	if standing := t.indicator.Standing; standing != nil {
		until := ""
		if standing.Until != "" {
			until = r.Values[standing.Until]
		}
		stands := until > period.To || until == "" && all(standing.While, func(key string) string { return r.Values[key] })
		return stands && day <= period.To
	}
	if period.Has(day) {
		return true
	}
	if t.indicator.OpenUntil == "" || day > period.To {
		return false
	}
	closed := r.Values[t.indicator.OpenUntil]
	return closed == "" || closed >= period.From
}

func (t *tally) take(day string, r *Reading) {
	switch t.indicator.Measure {
	case Count:
		t.sum++
	case CountDistinct:
		value := r.Values[t.indicator.Field]
		if value == "" {
			return
		}
		t.distinct[value] = true
	case UnitsWhere:
		of := func(key string) string { return r.Values[key] }
		t.keep(stated{day, r.ID, 0, all(t.indicator.Where, of)}, r.Unit)
	default:
		value, found, ok := t.read(r)
		if !ok {
			t.unread++
		}
		if !found || !ok {
			return
		}
		t.keep(stated{day, r.ID, value, true}, r.Unit)
	}
	t.records++
	if t.keepIDs {
		t.ids = append(t.ids, r.ID)
	}
}

// keep puts a number that was read where the measure needs it.
func (t *tally) keep(now stated, unit string) {
	switch t.indicator.Measure {
	case Sum:
		total, ok := plus(t.sum, now.value)
		if !ok {
			t.unread++
			return
		}
		t.sum = total
	case Latest, Lowest, UnitsWhere:
		before, known := t.latest[unit]
		if !known || later(now, before) {
			t.latest[unit] = now
		}
	case Highest:
		before, known := t.latest[""]
		if !known || now.value > before.value || now.value == before.value && now.id < before.id {
			t.latest[""] = now
		}
	}
}

// later orders two statements about one unit. On one day the greater id wins,
// so that every centre chooses alike, whatever order records come in.
func later(a, b stated) bool {
	if a.day != b.day {
		return a.day > b.day
	}
	return a.id > b.id
}

// read adds up what one record says: a plain field, or the rows that fit. Found
// is false where it says nothing, ok where a number cannot be read.
func (t *tally) read(r *Reading) (value int64, found, ok bool) {
	if t.indicator.Rows == "" {
		text := r.Values[t.indicator.Field]
		if text == "" {
			return 0, false, true
		}
		value, ok = form.Scaled(text, t.indicator.Places)
		return value, true, ok
	}
	for _, row := range form.Rows(t.indicator.Rows, r.Values) {
		cell := func(key string) string { return r.Values[form.JoinPath(t.indicator.Rows, row, key)] }
		if !all(t.indicator.RowWhere, cell) || cell(t.indicator.Field) == "" {
			continue
		}
		n, fits := form.Scaled(cell(t.indicator.Field), t.indicator.Places)
		value, ok = plus(value, n)
		if !fits || !ok {
			return 0, true, false
		}
		found = true
	}
	return value, found, true
}

// figure is the answer so far, without its question.
func (t *tally) figure(view *units.View) Figure {
	f := Figure{Records: t.records, Unread: t.unread}
	f.Value.Places = t.indicator.Places
	switch t.indicator.Measure {
	case CountDistinct:
		f.Value.Num = int64(len(t.distinct))
	case UnitsOfLevel:
		for _, u := range view.Level(t.indicator.Level) {
			if view.Within(u.Code, t.question.Root) {
				f.Value.Num++
			}
		}
	case Latest, Highest, Lowest, UnitsWhere:
		t.reduce(&f, t.standing(view))
	default:
		f.Value.Num = t.sum
	}
	return f
}

// standing are the statements that count, by unit: what a unit stated before it went up in others counts until one of them has stated
// something itself.
func (t *tally) standing(view *units.View) []stated {
	var standing []stated
	for _, unit := range slices.Sorted(maps.Keys(t.latest)) {
		s := t.latest[unit]
		if slices.ContainsFunc(view.Heirs(unit), func(heir string) bool { return t.latest[heir].day > s.day }) {
			continue
		}
		if t.indicator.Measure != UnitsWhere || s.meets {
			standing = append(standing, s)
		}
	}
	if t.indicator.Measure == Lowest && len(standing) > 0 {
		standing = []stated{slices.MinFunc(standing, func(a, b stated) int {
			return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.id, b.id))
		})}
	}
	return standing
}

func (t *tally) reduce(f *Figure, standing []stated) {
	f.Records = int64(len(standing))
	if len(standing) == 0 && t.indicator.Measure != UnitsWhere {
		f.Value = Value{Kind: Nothing}
		return
	}
	for _, s := range standing {
		value := s.value
		if t.indicator.Measure == UnitsWhere {
			value = 1
		}
		total, ok := plus(f.Value.Num, value)
		if !ok {
			f.Unread++
			continue
		}
		f.Value.Num = total
	}
}

func (t *tally) behind(view *units.View) (ids []string) {
	switch t.indicator.Measure {
	case Latest, Highest, Lowest, UnitsWhere:
		for _, s := range t.standing(view) {
			ids = append(ids, s.id)
		}
		return ids
	}
	return t.ids
}

func all(tests []Test, value func(key string) string) bool {
	for _, test := range tests {
		if test.AtLeast != "" {
			a, okA := form.Scaled(value(test.Field), 0)
			b, okB := form.Scaled(value(test.AtLeast), 0)
			if !okA || !okB || a < b {
				return false
			}
			continue
		}
		if slices.Contains(test.Values, value(test.Field)) == test.Not {
			return false
		}
	}
	return true
}

// plus adds two numbers, or reports that the sum does not fit.
func plus(a, b int64) (int64, bool) {
	sum := a + b
	return sum, (sum > a) == (b > 0)
}
