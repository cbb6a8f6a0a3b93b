package xlsform

import (
	"strconv"
	"strings"
)

// tableList is how the selects of a group stand as one table, with the labels of their common list on top.
type tableList struct {
	on   bool
	list string // "" until the first select
}

// begin opens a group, repeat or loop.
func (s *surveyReader) begin(e *element, control, list string) error {
	if len(s.stack) > MaxNesting {
		return reached("nesting", MaxNesting, e.at("type"))
	}
	e.typ, e.kind = control, aGroup
	e.guidance = value{} // groups have none
	if control == "repeat" {
		if err := s.beginRepeat(e); err != nil {
			return err
		}
	}
	if control == "loop" {
		if list == "" {
			return LoopWithoutList.at(e.at("type"))
		}
		if e.choices = s.lists.get(list); e.choices == nil {
			return ListUnknown.at(e.at("type"), "list", list)
		}
	}
	s.addCount(e)
	s.beginTableList(e)
	if intent := e.row.text("intent"); intent != "" {
		e.control.setText("intent", intent)
	}
	s.add(e)
	s.push(e, control, e.row)
	return nil
}

func (s *surveyReader) beginRepeat(e *element) error {
	e.kind = aRepeat
	if e.name == s.settings.form {
		return RepeatNameRoot.at(e.at("name"), "name", e.name)
	}
	if s.repeats[e.name] {
		return RepeatNameTwice.at(e.at("name"), "name", e.name)
	}
	s.repeats[e.name] = true
	if e.label.isZero() && e.media == nil {
		s.warn(RepeatNoLabel.at(e.at("label"), "name", e.name))
	}
	return nil
}

// addCount gives the number of repetitions a question of its own, unless it is one already.
func (s *surveyReader) addCount(e *element) {
	count := e.control.text("jr:count")
	if count == "" || isReference(count) {
		return
	}
	name := e.name + "_count"
	s.add(&element{kind: aQuestion, typ: "calculate", name: name, row: e.row,
		bind: pairs("readonly", "true()", "calculate", count)})
	e.control.setText("jr:count", "${"+name+"}")
}

// beginTableList turns the appearance table-list into what clients know: a field-list, its label as a note.
func (s *surveyReader) beginTableList(e *element) {
	words := strings.Fields(e.control.text("appearance"))
	appearance := "field-list"
	found := false
	for _, w := range words {
		if w == "table-list" {
			found = true
		} else {
			appearance += " " + w
		}
	}
	if !found {
		return
	}
	s.tableList = tableList{on: true}
	e.control.setText("appearance", appearance)
	if e.label.isZero() && e.hint.isZero() {
		return
	}
	note := &element{kind: aQuestion, typ: "note", row: e.row, label: e.label, hint: e.hint}
	note.name = "generated_table_list_label_" + strconv.Itoa(e.row.number)
	e.label, e.hint = value{}, value{}
	e.add(note)
}

// end closes what is open.
func (s *surveyReader) end(e *element, control string) error {
	if top := s.top(); top.control != control {
		return EndUnmatched.at(e.at("type"), "type", control, "name", e.name)
	}
	s.stack = s.stack[:len(s.stack)-1]
	s.tableList = tableList{}
	return nil
}

// inTable gives a select its place in a table list.
func (s *surveyReader) inTable(e *element, sel selectType) error {
	if !s.tableList.on {
		return nil
	}
	if s.tableList.list == "" {
		if e.filter != "" {
			return TableListFilter.at(e.at("choice_filter"))
		}
		s.tableList.list = sel.list
		head := &element{kind: aQuestion, typ: sel.typ, row: e.row, control: pairs("appearance", "label")}
		head.name = "reserved_name_for_field_list_labels_" + strconv.Itoa(e.row.number)
		head.choices, head.itemset = s.lists.get(sel.list), sel.list
		if head.choices == nil {
			return ListUnknown.at(e.at("type"), "list", sel.list)
		}
		s.add(head)
	}
	if s.tableList.list != sel.list {
		return TableListMixed.at(e.at("type"), "list", sel.list, "other", s.tableList.list)
	}
	e.control.setText("appearance", "list-nolabel")
	return nil
}
