package publish

import (
	"regexp"
	"slices"
	"strings"

	"banlang/shared/form/declared"
	"banlang/shared/xform"
	"banlang/syncserver/xlsform"
)

// declarations looks at what the form and its questions declare.
func (c *checker) declarations(x *xform.Form) {
	c.ofForm(x)
	for _, column := range declared.Survey {
		c.ofColumn(column)
	}
	for _, q := range c.questions {
		c.exclusion(q, declared.Category, q.Category)
		c.exclusion(q, declared.Holds, q.Holds)
		c.sealing(q)
		c.keeping(q, x)
		if c.confidential() {
			c.confidence(q)
		}
		if media.MatchString(q.typ) && q.Category == declared.None {
			c.add(MediaNone, q.name, q.at(inSurvey+declared.Category), nil)
		}
	}
}

// confidential reports whether the records are of those who told something in confidence.
func (c *checker) confidential() bool {
	return slices.Contains([]string{declared.Tips, declared.Petitions, declared.Oversight}, c.own.Compartment)
}

func (c *checker) ofForm(x *xform.Form) {
	at := func(column string) xlsform.Place {
		place := xlsform.Place{Sheet: settings, Column: column}
		for _, cell := range c.cells {
			switch {
			case cell.Means == inSettings+column || cell.Sheet == settings && cell.Means == column:
				return cell.Place
			case cell.Sheet == settings:
				place.Row = cell.Row
			}
		}
		return place
	}
	switch compartment := c.own.Compartment; {
	case compartment == "":
		c.add(CompartmentMissing, "", at(declared.Compartment), nil)
	case !slices.Contains(declared.Compartments, compartment):
		c.add(CompartmentUnknown, "", at(declared.Compartment), blanks{"value": same(compartment)})
	}
	switch day := declared.DayOf(x); {
	case c.own.EventDate == "":
		c.add(EventDateMissing, "", at(declared.EventDate), nil)
	case day == nil:
		c.add(EventDateUnknown, "", at(declared.EventDate), blanks{"value": same(c.own.EventDate)})
	case day.Bind().Required != "true()" && day.Bind().Calculate == "" && day.Bind().Preload == "":
		c.add(EventDateOptional, "", at(declared.EventDate), blanks{"value": same(c.own.EventDate)})
	}
	if c.own.TitleEN == "" {
		c.add(TitleMissing, "", at(declared.TitleEN), nil)
	}
	if address := x.SubmissionAttr("action"); address != "" {
		c.add(SentElsewhere, "", at("submission_url"), blanks{"value": same(address)})
	}
}

// ofColumn refuses the questions that do not say what a column is for. A column that nobody filled in is told once.
func (c *checker) ofColumn(column string) {
	var lack []*question
	for _, q := range c.questions {
		if slices.Contains(q.Missing(), column) {
			lack = append(lack, q)
		}
	}
	used := slices.ContainsFunc(c.cells, func(cell xlsform.Cell) bool { return cell.Means == inSurvey+column })
	if len(lack) > 1 && !used {
		c.add(ColumnMissing, "", xlsform.Place{Sheet: survey, Column: column}, blanks{"column": same(column), "accepted": accepted[column]})
		return
	}
	for _, q := range lack {
		value := q.row.text(inSurvey + column)
		code := Misdeclared
		if value == "" {
			code = Undeclared
		} else if column == declared.Category && excludedIn(value) != nil {
			continue // exclusion says more
		}
		c.add(code, q.name, q.at(inSurvey+column), blanks{"column": same(column), "value": same(value), "accepted": accepted[column]})
	}
}

// exclusion refuses a question that says itself that it asks what no form asks.
func (c *checker) exclusion(q *question, column, value string) {
	if t := excludedIn(value); t != nil {
		c.add(Excluded, q.name, q.at(inSurvey+column), blanks{"value": same(value), "subject": subjects[t.subject].name})
	}
}

// sealing: what is sensitive is sealed, and what is sealed is asked only where it can be.
func (c *checker) sealing(q *question) {
	if q.Category == declared.Sensitive && q.SealedTo == "" {
		c.add(Unsealed, q.name, q.at(inSurvey+declared.SealedTo), nil)
	}
	asks := slices.ContainsFunc(q.shown, func(relevant string) bool {
		return strings.Contains(relevant, declared.CanSealTo) && strings.Contains(relevant, q.SealedTo)
	})
	if q.SealedTo != "" && files.MatchString(q.typ) {
		c.add(SealedFile, q.name, q.at(inSurvey+declared.SealedTo), nil)
	}
	if q.SealedTo != "" && !asks {
		c.add(SealUnasked, q.name, q.at("bind::relevant"), blanks{"recipient": same(q.SealedTo), "can": same(declared.CanSealTo)})
	}
}

// keeping: what is kept until some time after another day needs that day; a thing is replaced without anybody being asked.
func (c *checker) keeping(q *question, x *xform.Form) {
	_, day, ok := strings.Cut(q.Retention, " after ")
	if !ok || day == "replaced" || !declared.IsRetention(q.Retention) {
		return
	}
	f := x.Field(x.Root().Path() + "/" + day)
	if f == nil || f.Kind() != xform.Date && f.Kind() != xform.DateTime {
		c.add(RetentionDay, q.name, q.at(inSurvey+declared.Retention), blanks{"value": same(day)})
	}
}

// media are the types of pictures, sounds and films; files those and all others whose answer lies beside the record; onMap the
// appearances that show where something is.
var (
	media = regexp.MustCompile(`photo|image|picture|audio|video`)
	files = regexp.MustCompile(media.String() + `|^file$`)
	onMap = regexp.MustCompile(`\bmaps?\b`)
)

// confidence: who told something in confidence cannot be found by it, and those above see no more than sums.
func (c *checker) confidence(q *question) {
	if q.VisibleTo == declared.All || q.VisibleTo == declared.Counts {
		c.add(VisibleTooFar, q.name, q.at(inSurvey+declared.VisibleTo), blanks{"value": same(q.VisibleTo)})
	}
	kind := q.field.Kind()
	switch {
	case kind == xform.Geopoint || kind == xform.Geotrace || kind == xform.Geoshape || q.typ == "osm":
		c.add(ExactPlace, q.name, q.at("type"), nil)
	case onMap.MatchString(q.row.text("control::appearance")):
		c.add(ExactPlace, q.name, q.at("control::appearance"), nil)
	case strings.Contains(q.row.text("parameters"), "location-"): // of an audit
		c.add(ExactPlace, q.name, q.at("parameters"), nil)
	}
}
