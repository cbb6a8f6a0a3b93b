package xlsform

import (
	"fmt"
	"strings"
)

// declaration is a row of the sheet entities: the record makes or changes an entity of a list.
type declaration struct {
	list     string
	row      *row
	refersTo map[string]bool // names of questions
	uses     []use           // where the survey mentions it, or it mentions the survey
	saves    map[string]*row // properties that questions save to
}

// use ties a declaration to a place in the form: a question that saves to it, or one that it refers to.
type use struct {
	in       *element // the group, repeat or survey that the question is in
	row      *row
	property string // that is saved to; "" for a reference
	question string
}

func (d *definition) declared(list string) *declaration {
	for _, e := range d.entities {
		if e.list == list {
			return e
		}
	}
	return nil
}

// readEntities reads the sheet entities.
func (d *definition) readEntities(sheet *Sheet) error {
	if sheet == nil {
		d.warnSimilar("entities")
		return nil
	}
	t, err := readTable(d.ctx, sheet, "entities", entityColumns, languageDefault, false)
	if err != nil {
		return err
	}
	d.tables.entities = t
	for _, r := range t.rows {
		e, err := readDeclaration(r)
		if err != nil {
			return err
		}
		if d.declared(e.list) != nil {
			return EntityTwice.at(r.at("dataset"), "list", e.list)
		}
		d.entities = append(d.entities, e)
	}
	return nil
}

// entityExpressions are the columns that may refer to questions.
var entityExpressions = []string{"entity_id", "create_if", "update_if", "label"}

func readDeclaration(r *row) (*declaration, error) {
	for i, family := range r.table.families {
		if v := r.values[i]; v.nested() || !entityColumns.known[family] && !v.isZero() {
			return nil, EntityHeader.at(r.at(family), "header", family)
		}
	}
	d := &declaration{list: r.text("dataset"), row: r, refersTo: map[string]bool{}, saves: map[string]*row{}}
	if err := checkEntityName(r.at("dataset"), d.list, true); err != nil {
		return nil, err
	}
	id, create, update := r.has("entity_id"), r.has("create_if"), r.has("update_if")
	switch {
	case !id && update:
		return nil, EntityNeedsID.at(r.at("entity_id"), "list", d.list)
	case id && create && !update:
		return nil, EntityNeedsUpdateIf.at(r.at("update_if"), "list", d.list)
	case !id && !r.has("label"):
		return nil, EntityNeedsLabel.at(r.at("label"), "list", d.list)
	}
	for _, column := range entityExpressions {
		refs, err := parseRefs(r.text(column))
		if err != nil {
			return nil, placed(err, r.at(column))
		}
		for _, ref := range refs {
			d.refersTo[ref.name] = true
		}
	}
	return d, nil
}

// checkEntityName checks the name of a list or, without dots in mind, of a property.
func checkEntityName(p Place, name string, isList bool) error {
	lower := strings.ToLower(name)
	switch {
	case name == "" && isList:
		return EntityNoName.at(p)
	case !isList && (lower == "name" || lower == "label"):
		return NameReserved.at(p, "name", name)
	case strings.HasPrefix(name, "__"):
		return NameUnderscores.at(p, "name", name)
	case isList && strings.Contains(name, "."):
		return NameDot.at(p, "name", name)
	case !isName(name):
		return NameInvalid.at(p, "name", name)
	}
	return nil
}

// referToEntities notes what the row of e has to do with entities. The row that ends a group has no name to refer to.
func (s *surveyReader) referToEntities(e *element, isGroup, isEnd bool) error {
	in := s.top().element
	if save := e.bind.text(saveTo); save != "" {
		d, property, err := s.saveTarget(e, save)
		if err != nil {
			return err
		}
		if err := d.checkSave(e, property, isGroup); err != nil {
			return err
		}
		e.bind.setText(saveTo, property)
		d.saves[property] = e.row
		d.uses = append(d.uses, use{in: in, row: e.row, property: property})
	}
	for _, d := range s.entities {
		if d.refersTo[e.name] && !isEnd {
			d.uses = append(d.uses, use{in: in, row: e.row, question: e.name})
		}
	}
	return nil
}

// saveTarget parts "list#property". The list may be left out where there is only one.
func (s *surveyReader) saveTarget(e *element, save string) (*declaration, string, error) {
	at := e.at("bind", saveTo)
	list, property, named := strings.Cut(save, "#")
	switch {
	case len(s.entities) == 0:
		return nil, "", SaveWithoutEntities.at(at)
	case strings.Contains(property, "#"):
		return nil, "", SaveMarks.at(at)
	case !named && len(s.entities) > 1:
		return nil, "", SaveNeedsList.at(at)
	case !named:
		return s.entities[0], save, nil
	}
	d := s.declared(list)
	if d == nil {
		return nil, "", EntityUnknown.at(at, "list", list)
	}
	return d, property, nil
}

func (d *declaration) checkSave(e *element, property string, isGroup bool) error {
	at := e.at("bind", saveTo)
	if property == "" {
		return NameInvalid.at(at, "name", property)
	}
	if isGroup {
		return SaveGroup.at(at)
	}
	if err := checkEntityName(at, property, false); err != nil {
		return err
	}
	if other := d.saves[property]; other != nil {
		return SaveTwice.at(at, "name", property, "row", fmt.Sprint(other.line))
	}
	return nil
}

// element is the node of the record that carries the declaration; inRepeat gives each repetition its own identity.
func (d *declaration) element(inRepeat bool) *element {
	e := &element{kind: anEntity, typ: "entity", name: "entity", row: d.row}
	id := &element{kind: anAttribute, name: "id", row: d.row, bind: computed("")}
	e.addAttribute("dataset", d.list, "")
	when := d.row.text("entity_id")
	createIf := d.row.text("create_if")
	if when == "" || createIf != "" {
		e.addAttribute("create", "1", createIf)
	}
	if when == "" {
		id.actions = append(id.actions, action{name: setValue, event: onFirstLoad, value: "uuid()"})
		if inRepeat {
			id.actions = append(id.actions, action{name: setValue, event: onNewRepeat, value: "uuid()"})
		}
	} else {
		e.addAttribute("update", "1", d.row.text("update_if"))
		id.bind = computed(when)
		found := fmt.Sprintf("instance('%s')/root/item[name=%s]/", d.list, when)
		e.addAttribute("baseVersion", "", found+"__version")
		e.addAttribute("trunkVersion", "", found+"__trunkVersion")
		e.addAttribute("branchId", "", found+"__branchId")
	}
	e.add(id)
	if label := d.row.text("label"); label != "" {
		e.add(&element{kind: aLabel, name: "label", row: d.row, bind: computed(label)})
	}
	return e
}

// addAttribute adds an attribute with a value, and an expression that computes it if there is one.
func (e *element) addAttribute(name, fixed, expression string) {
	a := &element{kind: anAttribute, name: name, row: e.row}
	a.value = fixed
	if expression != "" {
		a.bind = computed(expression)
	}
	e.add(a)
}

// computed is the bind of what nobody types.
func computed(expression string) attrs {
	b := attrs{}
	if expression != "" {
		b.setText("calculate", expression)
	}
	b.setText("readonly", "true()")
	b.setText("type", "string")
	return b
}
