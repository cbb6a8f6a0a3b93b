package xlsform

import (
	"strconv"
	"strings"
)

// surveyReader turns the rows of the survey into the tree of the form.
type surveyReader struct {
	*definition
	stack     []*open
	tableList tableList
	meta      []*element // questions about the record as a whole
	questions map[string]bool
	repeats   map[string]bool
	instances map[string]bool // names of lists and files that a place may be chosen from
	triggers  []namedAt
	places    []namedAt // references to where places stand
}

// namedAt is a name that a cell mentions.
type namedAt struct {
	name string
	row  *row
}

// open is a group, repeat or loop that has begun and not ended, or the survey.
type open struct {
	element *element
	control string // group, repeat or loop
	row     *row
	names   map[string]bool // of its children
	lower   map[string]bool // the same in lower case
}

func (d *definition) readSurvey() error {
	d.root = &element{kind: aSurvey, typ: "survey", name: d.settings.form}
	s := d.settings.row
	d.root.row = s
	d.root.label, d.root.hint = s.get("label"), s.get("hint")
	d.root.bind, d.root.control = s.get("bind").by, s.get("control").by
	d.root.media, d.root.instance = s.get("media").by, s.get("instance").by
	r := surveyReader{definition: d, questions: map[string]bool{}, repeats: map[string]bool{}, instances: map[string]bool{}}
	r.push(d.root, "", nil)
	for i, row := range d.tables.survey.rows {
		if i%checkEvery == 0 && d.ctx.Err() != nil {
			return d.ctx.Err()
		}
		if err := r.read(row); err != nil {
			return err
		}
	}
	return r.finish()
}

func (s *surveyReader) top() *open { return s.stack[len(s.stack)-1] }

func (s *surveyReader) push(e *element, control string, r *row) {
	s.stack = append(s.stack, &open{e, control, r, map[string]bool{"meta": true}, map[string]bool{}})
}

// add puts a question into the group that is open.
func (s *surveyReader) add(e *element) { s.top().element.add(e) }

// inRepeat reports whether a repeat is open.
func (s *surveyReader) inRepeat() bool {
	for _, o := range s.stack {
		if o.control == "repeat" {
			return true
		}
	}
	return false
}

// read takes in one row.
func (s *surveyReader) read(r *row) error {
	if skip := s.skipped(r); skip {
		return nil
	}
	typ := r.text("type")
	if alias, ok := typeAliases[typ]; ok {
		typ = alias
	}
	if typ == "" {
		if r.has("name") || r.has("label") {
			return TypeMissing.at(r.at("type"))
		}
		s.warn(RowSkipped.at(r.whole()))
		return nil
	}
	e, err := s.element(r, typ)
	if err != nil {
		return err
	}
	if typ == "audit" {
		return s.audit(e)
	}
	if typ == "calculate" && e.bind.get("calculate").isZero() && !e.dynamic {
		return CalculationMissing.at(r.at("bind", "calculate"))
	}
	if deprecatedTypes[typ] {
		s.warn(TypeDeprecated.at(r.at("type"), "type", typ))
	}
	if setting := settingAliases[typ]; setting != nil {
		s.settings.said[setting[0]] = cmpOr(r.text("name"), "None")
		return nil
	}
	return s.place(e)
}

// skipped reports whether a row is empty, or switched off.
func (s *surveyReader) skipped(r *row) bool {
	some := false
	for i, family := range r.table.families {
		some = some || family != "disabled" && !r.values[i].isZero()
	}
	if r.has("disabled") {
		s.warn(DisabledColumn.at(r.at("disabled")))
		return yesNo[r.text("disabled")] || !some
	}
	return !some
}

// element makes a question of a row, as far as all types are alike.
func (s *surveyReader) element(r *row, typ string) (*element, error) {
	for _, family := range []string{"bind", "control", "media", "instance"} {
		if v := r.get(family); !v.isZero() && !v.nested() {
			return nil, HeaderNested.at(r.at(family))
		}
	}
	e := &element{
		kind: aQuestion, typ: typ, name: r.text("name"), row: r,
		label: r.get("label"), hint: r.get("hint"), guidance: r.get("guidance_hint"),
		bind: r.get("bind").by.clone(), control: r.get("control").by.clone(),
		media: r.get("media").by.clone(), instance: r.get("instance").by.clone(),
	}
	e.filter, e.value = r.text("choice_filter"), r.text("default")
	e.itemset, e.listName, e.query = r.text("itemset"), r.text("list_name"), r.text("query")
	var err error
	if e.triggers, err = s.readTriggers(r); err != nil {
		return nil, err
	}
	s.readDefault(e)
	e.params, err = parseParams(r)
	return e, err
}

// readDefault has a default that must be computed set when the form opens, and when a repeat is added.
func (s *surveyReader) readDefault(e *element) {
	if !isDynamic(e.value, e.typ) {
		return
	}
	e.dynamic = true
	e.actions = append(e.actions, action{name: setValue, event: onFirstLoad})
	if s.inRepeat() {
		e.actions = append(e.actions, action{name: setValue, event: onNewRepeat})
	}
}

// readTriggers reads the questions whose change makes this one be computed.
func (s *surveyReader) readTriggers(r *row) ([]string, error) {
	text := r.text("trigger")
	if text == "" {
		return nil, nil
	}
	if !mayRefer(text) {
		return nil, RefMalformed.at(r.at("trigger"), "text", text)
	}
	var names []string
	for part := range strings.SplitSeq(text, ",") {
		refs, err := parseRefs(part)
		if err != nil {
			return nil, placed(err, r.at("trigger"))
		}
		if len(refs) > 1 {
			return nil, RefComma.at(r.at("trigger"))
		}
		for _, ref := range refs {
			names = append(names, ref.name)
			s.triggers = append(s.triggers, namedAt{ref.name, r})
		}
	}
	return names, nil
}

// place puts what a row makes where it belongs in the tree.
func (s *surveyReader) place(e *element) error {
	begin, control, list := controlType(e.typ)
	if control == "" || begin {
		if err := s.name(e); err != nil {
			return err
		}
	}
	if err := s.referToEntities(e, control != "", control != "" && !begin); err != nil {
		return err
	}
	switch {
	case begin:
		return s.begin(e, control, list)
	case control != "":
		return s.end(e, control)
	}
	s.questions[e.name] = true
	if e.typ == "xml-external" || e.typ == "csv-external" {
		base, _ := splitExtension(e.name)
		s.instances[base] = true
	}
	if sel, ok := parseSelect(e.typ); ok {
		return s.choose(e, sel)
	}
	if list, ok := parseOSM(e.typ); ok {
		return s.osm(e, list)
	}
	return s.ask(e)
}

// name checks the name of a question or group; notes get one.
func (s *surveyReader) name(e *element) error {
	if e.name == "" && e.typ == "note" {
		e.name = "generated_note_name_" + strconv.Itoa(e.row.number)
	}
	if e.name == "" {
		return NameMissing.at(e.row.at("name"))
	}
	if !isName(e.name) {
		return NameInvalid.at(e.row.at("name"), "name", e.name)
	}
	s.named[e.name]++
	top := s.top()
	if top.names[e.name] {
		if e.name == "meta" {
			return NameMeta.at(e.row.at("name"))
		}
		return NameTwice.at(e.row.at("name"), "name", e.name)
	}
	top.names[e.name] = true
	if lower := strings.ToLower(e.name); top.lower[lower] {
		s.warn(NameCase.at(e.row.at("name"), "name", e.name))
	} else {
		top.lower[lower] = true
	}
	return nil
}

// finish checks what can only be seen at the end of the sheet, and adds what every form has.
func (s *surveyReader) finish() error {
	s.langs.warnOther(s.definition)
	for _, t := range s.triggers {
		if !s.questions[t.name] {
			return RefUnknown.at(t.row.at("trigger"), "name", t.name)
		}
	}
	if err := s.checkPlaces(); err != nil {
		return err
	}
	if top := s.top(); top.row != nil {
		return BeginUnmatched.at(top.row.at("type"), "type", top.control, "name", top.element.name)
	}
	if s.settings.text("flat") != "" {
		flatten(s.root.children, "")
	}
	if err := s.addMeta(); err != nil {
		return err
	}
	return s.checkRefs()
}

// addMeta adds the questions about the record as a whole, and the entities.
func (s *surveyReader) addMeta() error {
	if !s.settings.yes("omit_instanceID") {
		id := &element{kind: aQuestion, typ: "calculate", name: "instanceID"}
		id.bind = pairs("readonly", "true()", "jr:preload", cmpOr(s.settings.text("instance_id"), "uid"))
		s.meta = append(s.meta, id)
		s.named["instanceID"]++
	} else if s.settings.text("public_key") != "" {
		return EncryptionNeedsID.at(s.settings.row.at("omit_instanceID"))
	}
	if name := s.settings.text("instance_name"); name != "" {
		e := &element{kind: aQuestion, typ: "calculate", name: "instanceName", bind: pairs("calculate", name)}
		s.meta = append(s.meta, e)
	}
	if err := s.placeEntities(); err != nil {
		return err
	}
	if len(s.meta) > 0 {
		group := s.root.metaGroup()
		for _, e := range s.meta {
			group.add(e)
		}
	}
	return nil
}

// metaGroup is the group for what describes e itself; it is made when first asked for.
func (e *element) metaGroup() *element {
	for _, c := range e.children {
		if c.name == "meta" && c.typ == "group" {
			return c
		}
	}
	return e.add(&element{kind: aGroup, typ: "group", name: "meta", control: attrs{}, bodyless: true})
}

// flatten gives the questions of groups the conditions of the groups around them, for records without nesting.
func flatten(elements []*element, outer string) {
	for _, e := range elements {
		own := e.bind.text("relevant")
		all := cmpOr(outer, own)
		if outer != "" && own != "" {
			all = outer + " and (" + own + ")"
		}
		if len(e.children) > 0 {
			e.flat = true
			flatten(e.children, all)
		} else if all != "" {
			if e.bind == nil {
				e.bind = attrs{}
			}
			e.bind.setText("relevant", all)
		}
	}
}
