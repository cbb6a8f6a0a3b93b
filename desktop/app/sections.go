package app

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/shared/form"
)

// The parts of a form as its rail lists them, and how far each is.

// Part of a plan: what stands together on the screen.
type planned struct {
	group *form.Item   // whose name the section has, and whose row or questions it is; nil: a run of questions
	items []*form.Item // in the order of the form
}

const (
	fewQuestions = 8  // a form with fewer is one section
	longRun      = 6  // questions without a group: more are cut into runs of about that many
	longGroup    = 30 // questions: a longer group is cut into what is in it
)

// planOf cuts a form into sections: groups by themselves, repeats by themselves together with the notes behind them, and
// what stands loose in runs of about equal length.
func planOf(items []*form.Item) (plan []planned) {
	for len(items) == 1 && items[0].Type == form.Group && countQuestions(items[0].Items) > longRun {
		items = items[0].Items
	}
	var loose []*form.Item
	end := func() {
		n := (countQuestions(loose) + longRun - 1) / longRun
		for ; n > 0; n-- {
			run := beginning(loose, (countQuestions(loose)+n-1)/n)
			plan = append(plan, planned{items: loose[:run]})
			loose = loose[run:]
		}
		if len(loose) > 0 && len(plan) > 0 { // notes
			last := &plan[len(plan)-1]
			last.items = append(last.items[:len(last.items):len(last.items)], loose...)
			loose = nil
		}
	}
	for _, it := range items {
		switch {
		case it.Type == form.Repeat || it.Type == form.Group && onlyRows(it):
			end()
			plan = append(plan, planned{it, []*form.Item{it}})
		case it.Type == form.Group && countQuestions(it.Items) > longGroup:
			end()
			inside := planOf(it.Items)
			inside[0] = planned{it, inside[0].items}
			plan = append(plan, inside...)
		case it.Type == form.Group:
			end()
			plan = append(plan, planned{it, []*form.Item{it}})
		default:
			loose = append(loose, it)
		}
	}
	end()
	if len(loose) > 0 {
		plan = append(plan, planned{items: loose})
	}
	return plan
}

// onlyRows reports whether a group is there for the sake of one repeat, as spreadsheets make them.
func onlyRows(it *form.Item) bool {
	return len(it.Items) == 1 && it.Items[0].Type == form.Repeat
}

// beginning is how many items hold the first n questions, with the notes behind them.
func beginning(items []*form.Item, n int) (k int) {
	for k < len(items) && (n > 0 || !isQuestion(items[k])) {
		if isQuestion(items[k]) {
			n--
		}
		k++
	}
	return k
}

func isQuestion(it *form.Item) bool {
	return it.Type != form.Question || it.Field.Type != form.TypeNote
}

func countQuestions(items []*form.Item) (n int) {
	for _, it := range items {
		switch {
		case it.Type != form.Question:
			n += countQuestions(it.Items)
		case isQuestion(it):
			n++
		}
	}
	return n
}

// SectionState is how far a section is.
type SectionState uint8

// The states of a section.
const (
	SectionOpen  SectionState = iota // something may be or must be filled in
	SectionDone                      // all that must be is, and nothing is wrong
	SectionWrong                     // something must be put right
)

// Section is a line of the rail.
type Section struct {
	Title string
	Line  string // how far it is, in words; may be empty
	State SectionState
	Shown bool // something in it is asked
}

// Sections cuts the items of the form into what stands together. It is the same as long as the form is.
func (e *Editor) Sections() (sections [][]*form.Item) {
	for _, p := range e.plan {
		sections = append(sections, p.items)
	}
	return sections
}

// Heading is the item whose name stands over a section; nil where there is none.
func (e *Editor) Heading(section int) *form.Item { return e.plan[section].group }

// Rail says how far each of Sections is. A short form has no rail: nil.
func (e *Editor) Rail() []Section { return e.overview().sections }

// overview is what is known of a form as a whole: what is wrong, what is missing, how far each section is.
type overview struct {
	problems         []form.Problem
	at               map[string]form.Problem // the first at each path
	sections         []Section
	leftover         []FieldLine
	filled, required int
	questions        int // that stand there, in all rows
}

const (
	manyQuestions = 300                    // of a form with more the overview follows behind the keys
	behindTyping  = 250 * time.Millisecond // by so much, once the hand rests
)

// overview gives what is known of the whole. In a long form it may be older than the last key, for a moment.
func (e *Editor) overview() *overview {
	switch {
	case !e.stale:
	case e.seen == nil || e.seen.questions <= manyQuestions:
		e.survey()
	case e.surveying == nil:
		e.surveySoon()
	}
	return e.seen
}

// surveySoon has the whole form looked at when the hand rests.
func (e *Editor) surveySoon() {
	if e.surveying != nil {
		e.surveying()
	}
	e.surveying = e.a.after(behindTyping, func() {
		if e.surveying = nil; e.stale && e.a.editor == e {
			e.survey()
			e.a.show(PartForm)
		}
	})
}

// survey looks at the whole form now.
func (e *Editor) survey() *overview {
	if !e.stale && e.seen != nil {
		return e.seen
	}
	e.stale = false
	o := &overview{at: map[string]form.Problem{}}
	o.problems = slices.DeleteFunc(e.filling.Problems(), func(p form.Problem) bool { return p.Rule == form.RuleRequired && !e.answerable(p.Path) })
	for _, p := range o.problems {
		if _, ok := o.at[p.Path]; !ok {
			o.at[p.Path] = p
		}
	}
	e.seen = o
	vacant := map[string]bool{}
	for _, row := range e.filling.EmptyRows() {
		vacant[row+"/"] = true
	}
	for _, p := range e.plan {
		o.sections = append(o.sections, e.judge(p, vacant))
	}
	o.leftover = e.readLeftover()
	if len(e.plan) < 2 || countQuestions(e.Form().Items) < fewQuestions {
		o.sections = nil
	}
	return o
}

// answerable reports whether a question can be answered on this machine. One that cannot keeps nobody from finishing.
func (e *Editor) answerable(path string) bool {
	f, ok := e.Form().Field(path)
	return !ok || f.Type != form.TypeFile || e.a.o.Photos != nil && e.pictureFields[f.Path]
}

// judge says how far a section is, and adds it up.
func (e *Editor) judge(p planned, vacant map[string]bool) (s Section) {
	o, missing, wrong, required := e.seen, 0, 0, 0
	walk(e.filling, p.items, "", func(it *form.Item, path string) {
		o.questions++
		if _, bad := e.problemAt(path); bad {
			wrong++
		}
		if it.Field.Type == form.TypeNote {
			return
		}
		s.Shown = s.Shown || e.filling.Relevant(path)
		if !it.Field.Demanded || !e.filling.Required(path) || !e.answerable(path) || len(vacant) > 0 && slices.ContainsFunc(e.Form().Around(path), func(row string) bool { return vacant[row] }) {
			return
		}
		required++
		if e.held(path) == "" {
			missing++
		}
	})
	o.filled, o.required = o.filled+required-missing, o.required+required
	rows := e.rowsIn(p)
	s.Shown = s.Shown || rows >= 0 && e.filling.Relevant(repeatIn(p.group).Path(""))
	s.Title = e.titleOf(p)
	switch {
	case wrong > 0:
		s.State, s.Line = SectionWrong, e.T("rail.wrong", "n", strconv.Itoa(wrong))
	case missing > 0:
		s.Line = e.T("rail.missing", "n", strconv.Itoa(missing))
	case rows > 0:
		s.State, s.Line = SectionDone, e.T("rail.rows", "n", strconv.Itoa(rows))
	case required > 0:
		s.State, s.Line = SectionDone, e.T("rail.done", "n", strconv.Itoa(required))
	default:
		s.Line = e.T("rail.optional")
	}
	return s
}

func repeatIn(it *form.Item) *form.Item {
	if it.Type == form.Repeat {
		return it
	}
	return it.Items[0]
}

// rowsIn counts the rows of a section that is a repeat; -1 where it is none.
func (e *Editor) rowsIn(p planned) int {
	if p.group == nil || p.group.Type != form.Repeat && !onlyRows(p.group) {
		return -1
	}
	return len(e.filling.Rows(repeatIn(p.group).Path("")))
}

// titleOf names a section: as its group, or by what it asks first.
func (e *Editor) titleOf(p planned) string {
	if p.group != nil {
		if label := e.filling.Label(p.group, p.group.Path("")); label != "" {
			return label
		}
	}
	for _, it := range p.items {
		if label := e.filling.Label(it, it.Path("")); label != "" && isQuestion(it) && (it.Field == nil || e.filling.Relevant(it.Path(""))) {
			label, _, _ = strings.Cut(label, " (")
			if len(p.items) > 1 {
				label += "…"
			}
			return label
		}
	}
	return "…"
}
