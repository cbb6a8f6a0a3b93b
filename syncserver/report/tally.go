package report

import (
	"slices"

	"banlang/shared/form"
)

// tally counts one indicator for one place and period.
type tally struct {
	indicator Indicator
	question  Question
	places    int // decimals of the sum
	keepIDs   bool

	sum      int64
	records  int64
	unread   int64
	distinct map[string]bool
	latest   map[string]stated // by unit
	ids      []string
}

// stated is what a record said of its unit on a day.
type stated struct {
	day, id string
	value   int64
}

func newTally(d Indicator, q Question) *tally {
	if d.Stock {
		q.Period.From = ""
	}
	return &tally{
		indicator: d, question: q, places: decimals(d),
		distinct: map[string]bool{}, latest: map[string]stated{},
	}
}

// decimals is 3 where the indicator reads a decimal field: thousandths. What
// the field is, the newest form that has it says.
func decimals(d Indicator) int {
	path := d.Field
	if d.Rows != "" {
		path = form.JoinPath(d.Rows, "1", d.Field)
	}
	for _, f := range form.All() {
		if field, ok := f.Field(path); ok && f.ID == d.Form && field.Type == form.TypeDecimal {
			return form.MaxDecimalPlaces
		}
	}
	return 0
}

// add counts the record if it belongs to the question.
func (t *tally) add(record *Record, units Units) {
	if !all(t.indicator.Where, func(key string) string { return record.Values[key] }) || !units.Within(record.Unit, t.question.Root) {
		return
	}
	if t.indicator.Event != "" && record.Values[t.indicator.Event] == "" {
		return // not yet: a petition without a day of resolution is not unreadable
	}
	day, ok := eventDate(&t.indicator, record)
	if !ok {
		t.unread++
		return
	}
	if t.counts(day, record) {
		t.take(day, record)
	}
}

// counts reports whether the day lies in the period, or the record was still
// open when the period began.
func (t *tally) counts(day string, record *Record) bool {
	period := t.question.Period
	if period.Has(day) {
		return true
	}
	if t.indicator.OpenUntil == "" || day > period.To {
		return false
	}
	closed := record.Values[t.indicator.OpenUntil]
	return closed == "" || closed >= period.From
}

func (t *tally) take(day string, record *Record) {
	switch t.indicator.Measure {
	case Count:
		t.sum++
	case CountDistinct:
		value := record.Values[t.indicator.Field]
		if value == "" {
			return
		}
		t.distinct[value] = true
	default:
		value, found, ok := t.read(record)
		if !ok {
			t.unread++
		}
		if !found || !ok {
			return
		}
		t.keep(stated{day, record.ID, value}, record.Unit)
	}
	t.records++
	if t.keepIDs {
		t.ids = append(t.ids, record.ID)
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
	case Latest:
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
func (t *tally) read(record *Record) (value int64, found, ok bool) {
	if t.indicator.Rows == "" {
		text := record.Values[t.indicator.Field]
		if text == "" {
			return 0, false, true
		}
		value, ok = form.Scaled(text, t.places)
		return value, true, ok
	}
	for _, row := range form.Rows(t.indicator.Rows, record.Values) {
		cell := func(key string) string { return record.Values[form.JoinPath(t.indicator.Rows, row, key)] }
		if !all(t.indicator.RowIs, cell) || cell(t.indicator.Field) == "" {
			continue
		}
		n, fits := form.Scaled(cell(t.indicator.Field), t.places)
		value, ok = plus(value, n)
		if !fits || !ok {
			return 0, true, false
		}
		found = true
	}
	return value, found, true
}

// figure is the answer so far, without its question.
func (t *tally) figure() Figure {
	f := Figure{Records: t.records, Unread: t.unread}
	switch t.indicator.Measure {
	case CountDistinct:
		f.Value.Num = int64(len(t.distinct))
	case Latest, Highest:
		f.Records = int64(len(t.latest))
		for _, s := range t.latest {
			f.Value.Num += s.value // at most MaxIntDigits digits for each unit
		}
	default:
		f.Value.Num = t.sum
	}
	f.Value.Places = t.places
	return f
}

func (t *tally) behind() []string {
	if t.indicator.Measure != Latest && t.indicator.Measure != Highest {
		return t.ids
	}
	var ids []string
	for _, s := range t.latest {
		ids = append(ids, s.id)
	}
	return ids
}

func all(tests []Test, value func(key string) string) bool {
	for _, test := range tests {
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
