package xlsform

import (
	"fmt"
	"strings"
)

// choose takes in a question that offers choices.
func (s *surveyReader) choose(e *element, sel selectType) error {
	e.typ = sel.typ
	check := s.checkList
	if sel.typ == selectExternal {
		check = s.checkExternal
	} else {
		base, _ := splitExtension(sel.list)
		s.instances[base] = true
	}
	if err := check(e, sel); err != nil {
		return err
	}
	other, err := s.other(e, sel)
	if err != nil {
		return err
	}
	if err := selectParams(e, sel); err != nil {
		return err
	}
	if err := s.bindList(e, sel); err != nil {
		return err
	}
	if err := s.inTable(e, sel); err != nil {
		return err
	}
	s.add(e)
	if other != nil {
		s.add(other)
	}
	return nil
}

// checkExternal checks a select from the sheet external_choices.
func (s *surveyReader) checkExternal(e *element, sel selectType) error {
	if e.filter == "" {
		s.warn(ExternalNoFilter.at(e.at("choice_filter")))
	}
	if len(s.external) == 0 {
		return ExternalMissing.at(e.at("type"), "similar", s.similar("external_choices"))
	}
	if !s.external[sel.list] {
		return ListUnknown.at(e.at("type"), "list", sel.list)
	}
	return nil
}

// checkList checks that a select names a list, a file or answers given before, and that its choices will do.
func (s *surveyReader) checkList(e *element, sel selectType) error {
	file := isFile(sel.extension())
	if sel.fromFile && (!file || extensions(sel.list) != 1) {
		return ListFileName.at(e.at("type"), "list", sel.list, "accepted", strings.Join(fileExtensions, ", "))
	}
	list := s.lists.get(sel.list)
	if list == nil && !file && !refers(sel.list) {
		if len(s.lists.order) == 0 {
			return ChoicesMissing.at(e.at("type"), "similar", s.similar("choices"))
		}
		return ListUnknown.at(e.at("type"), "list", sel.list)
	}
	if sel.typ != selectMultiple || file {
		return nil
	}
	if list == nil {
		return ListFromAnswers.at(e.at("type"))
	}
	for _, c := range list.options {
		if strings.Contains(c.name, " ") {
			return ChoiceSpace.at(c.row.at("name"), "name", c.name, "list", list.name)
		}
	}
	return nil
}

// other adds a choice for what is not in the list, and returns the question that asks for it.
func (s *surveyReader) other(e *element, sel selectType) (*element, error) {
	if !sel.other {
		return nil, nil
	}
	s.langs.other = true
	list := s.lists.get(sel.list)
	switch {
	case e.filter != "":
		return nil, OtherWithFilter.at(e.at("choice_filter"))
	case list == nil:
		return nil, OtherWithoutList.at(e.at("type"))
	}
	list.addOther()
	return &element{
		kind: aQuestion, typ: "text", name: e.name + "_other", row: e.row, label: plain("Specify other."),
		bind: pairs("relevant", fmt.Sprintf("selected(../%s, 'other')", e.name)),
	}, nil
}

// selectParams checks the parameters of a select: the order of choices, and the columns of a file.
func selectParams(e *element, sel selectType) error {
	accepted := []string{"randomize", "seed"}
	if sel.fromFile && strings.Contains(sel.word, "_") {
		accepted = []string{"label", "randomize", "seed", "value"}
	}
	if err := only(e.row, e.params, accepted...); err != nil {
		return err
	}
	for _, name := range []string{"value", "label"} {
		if p := e.params.get(name); !p.isZero() && !isName(p.text) {
			return ParamNotName.at(e.at("parameters"), "name", name, "value", p.text)
		}
	}
	if err := oneOfParam(e.row, e.params, "randomize", "true", "false"); err != nil {
		return err
	}
	seed := e.params.get("seed")
	switch {
	case seed.isZero():
	case !e.params.has("randomize"):
		return SeedAlone.at(e.at("parameters"))
	case !isReference(seed.text) && !isNumber(seed.text):
		return SeedInvalid.at(e.at("parameters"), "value", seed.text)
	}
	return nil
}

// bindList says where the choices of a select stand.
func (s *surveyReader) bindList(e *element, sel selectType) error {
	e.itemset = sel.list
	list := s.lists.get(sel.list)
	switch {
	case e.filter != "" && sel.typ == selectExternal:
		e.query = sel.list
	case e.filter != "":
		if list != nil {
			e.listName, e.choices = sel.list, list
		}
	case e.params.text("randomize") == "true", isFile(sel.extension()), refers(sel.list):
		e.choices = list
	case list == nil:
		return ExternalNeedsFilter.at(e.at("choice_filter"))
	default:
		e.listName, e.choices = sel.list, list
	}
	return nil
}
