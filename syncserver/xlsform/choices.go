package xlsform

import (
	"strconv"
	"strings"
)

// choice is one of those that a select offers.
type choice struct {
	name  string
	label value
	media value
	extra attrs // other columns, for filters
	sms   string
	row   *row
}

// choiceList is a list of choices; selects share it.
type choiceList struct {
	name     string
	options  []*choice
	bySearch bool // the client looks the choices up in a file, and they stand in the body
	withNone bool // a choice for "none of these" was asked for
}

// choiceLists are the lists of the sheet choices, in its order.
type choiceLists struct {
	order []*choiceList
	by    map[string]*choiceList
}

func (l *choiceLists) get(name string) *choiceList { return l.by[name] }

// inText reports whether the labels of a list stand among the translations: there are languages, media, or
// references in labels.
func (l *choiceList) inText() bool {
	for _, c := range l.options {
		if !c.media.isZero() || c.label.nested() || refers(c.label.text) {
			return true
		}
	}
	return false
}

func (l *choiceList) has(name string) bool {
	for _, c := range l.options {
		if c.name == name {
			return true
		}
	}
	return false
}

// textID is the name of the label of choice i among the translations.
func (l *choiceList) textID(i int) string { return l.name + "-" + strconv.Itoa(i) }

// readLists reads the sheets choices and external_choices.
func (d *definition) readLists(by map[string]*Sheet) error {
	d.lists.by = map[string]*choiceList{}
	d.external = map[string]bool{}
	if s := by["external_choices"]; s != nil {
		t, err := readTable(d.ctx, s, "external_choices", tagColumns, d.settings.language, false)
		if err != nil {
			return err
		}
		d.tables.external = t
		for _, r := range t.rows {
			if r.has(listName) {
				d.external[r.text(listName)] = true
			}
		}
	}
	s := by["choices"]
	if s == nil {
		return nil
	}
	t, err := readTable(d.ctx, s, "choices", choiceColumns, d.settings.language, false)
	if err != nil {
		return err
	}
	d.tables.choices = t
	return d.readChoices(t)
}

func (d *definition) readChoices(t *table) error {
	skip := d.badChoiceHeaders(t)
	for _, r := range t.rows {
		name := r.text(listName)
		if name == "" {
			continue // a comment
		}
		list := d.lists.by[name]
		if list == nil {
			list = &choiceList{name: name}
			d.lists.by[name] = list
			d.lists.order = append(d.lists.order, list)
		}
		c, err := d.readChoice(r, skip)
		if err != nil {
			return err
		}
		list.options = append(list.options, c)
	}
	if d.settings.yes("allow_choice_duplicates") {
		return nil
	}
	for _, list := range d.lists.order {
		if err := list.noneTwice(); err != nil {
			return err
		}
	}
	return nil
}

func (l *choiceList) noneTwice() error {
	seen := map[string]bool{}
	for _, c := range l.options {
		if seen[c.name] {
			return ChoiceTwice.at(c.row.at("name"), "name", c.name, "list", l.name)
		}
		seen[c.name] = true
	}
	return nil
}

// badChoiceHeaders warns of columns that cannot become elements, and returns them: they are left out.
func (d *definition) badChoiceHeaders(t *table) map[string]bool {
	skip := map[string]bool{}
	for _, c := range t.columns {
		family := c.words[0]
		if family != listName && (family == "" || strings.Contains(family, " ")) {
			d.warn(ChoiceHeader.at(t.headerPlace(c.header, c.index, 1), "header", c.header))
			skip[family] = true
		}
	}
	return skip
}

func (d *definition) readChoice(r *row, skip map[string]bool) (*choice, error) {
	c := &choice{name: r.text("name"), label: r.get("label"), media: r.get("media"), row: r}
	c.sms = r.text("sms_option")
	if c.name == "" {
		return nil, ChoiceNoName.at(r.at("name"))
	}
	if c.label.isZero() {
		d.warn(ChoiceNoLabel.at(r.at("label"), "name", c.name))
	}
	if !c.media.isZero() && !c.media.nested() {
		return nil, HeaderNested.at(r.at("media"))
	}
	for i, family := range r.table.families {
		v := r.values[i]
		if v.isZero() || skip[family] || choiceFields[family] {
			continue
		}
		if v.nested() || !isName(family) {
			return nil, HeaderNotName.at(r.at(family), "header", family)
		}
		c.extra.setText(family, v.text)
	}
	return c, nil
}

// choiceFields are the columns of choices with a meaning of their own.
var choiceFields = set("name", "label", "media", "sms_option", listName)

// addOther adds the choice for what is not in the list, with a label in each language that the list has.
func (l *choiceList) addOther() {
	const name, label = "other", "Other"
	if l.has(name) {
		return
	}
	other := &choice{name: name, label: plain(label)}
	for _, c := range l.options {
		for _, lang := range c.label.by {
			if !other.label.nested() {
				other.label = value{by: attrs{}}
			}
			other.label.by.setText(lang.key, label)
		}
	}
	l.options = append(l.options, other)
}
