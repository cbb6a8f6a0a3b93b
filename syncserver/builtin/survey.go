package builtin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"banlang/shared/form/declared"
	"banlang/shared/viet"
)

// The languages of the forms, as XLSForm names them; Vietnamese is the default.
const (
	vietnamese = "::Tiếng Việt (vi)"
	english    = "::English (en)"
)

// What the forms take of texts, in letters: less than package form (form.MaxLetters), so that it is the officer who is told.
const (
	maxText     = 300    // a name or a number, one line
	maxLongText = 10_000 // four printed pages
)

// manyChoices is from where on a list of choices is shown as a menu.
const manyChoices = 9

// row is a row of a sheet by its headers.
type row map[string]string

func (r row) text(header string, t Text) {
	r[header+vietnamese], r[header+english] = t.VI, t.EN
}

// survey writes the rows of a form.
type survey struct {
	form *Definition
	rows []row
}

func (d *Definition) survey() ([]row, error) {
	s := survey{form: d}
	for _, list := range d.Reads {
		s.rows = append(s.rows, row{"type": "csv-external", "name": strings.TrimSuffix(list, ".csv")})
	}
	s.askRecipients()
	for _, q := range d.Questions {
		if err := s.question(q, nil); err != nil {
			return nil, fmt.Errorf("%s: %w", q.Name, err)
		}
	}
	return s.rows, nil
}

// askRecipients begins a form that seals with what the client can seal to.
func (s *survey) askRecipients() {
	asks := false
	s.form.each(func(q *Question) { asks = asks || q.SealedTo != "" })
	if !asks {
		return
	}
	r := row{
		"type": "hidden", "name": declared.CanSealTo,
		"bind::jr:preload": "property", "bind::jr:preloadParams": declared.CanSealTo,
	}
	s.declare(r, &Question{Generated: "program", Purpose: "Chỉ hỏi mục cần niêm phong khi máy niêm phong được"})
	s.rows = append(s.rows, r)
}

// question writes a question with what belongs around it. Within is the repeat that it stands in, or nil.
func (s *survey) question(q, within *Question) error {
	if q.Type == "repeat" {
		return s.repeat(q)
	}
	relevant := q.Relevant
	if q.SealedTo != "" {
		relevant = s.sealed(q)
	}
	r := row{
		"type": q.Type, "name": q.Name, "relevant": relevant, "calculation": q.Calculation, "trigger": q.Trigger,
		"choice_filter": q.ChoiceFilter, "read_only": q.ReadOnly, "default": q.Default, "parameters": q.Parameters,
		"appearance": cmp.Or(q.Appearance, s.appearance(q)),
	}
	switch q.Type {
	case "long", "money":
		r["type"] = "text"
	}
	r.text("label", Text{q.VI, q.EN})
	r.text("hint", q.Hint)
	s.required(r, q, within)
	if err := constrain(r, q, within); err != nil {
		return err
	}
	if q.Type != "note" {
		s.declare(r, q)
	}
	s.rows = append(s.rows, r)
	return nil
}

// appearance is how a client had best show a question.
func (s *survey) appearance(q *Question) string {
	kind, list, _ := strings.Cut(q.Type, " ")
	switch {
	case q.Type == "long":
		return "multiline"
	case q.Type == "money":
		return "numbers thousands-sep"
	case strings.HasSuffix(kind, "_from_file"):
		return "minimal autocomplete"
	case kind == "select_one" && len(s.form.choices(list)) >= manyChoices:
		return "minimal"
	}
	return ""
}

// declare fills in our own columns.
func (s *survey) declare(r row, q *Question) {
	r[declared.Purpose] = cmp.Or(q.Purpose, s.form.Purpose)
	r[declared.Category] = cmp.Or(q.Category, declared.None)
	r[declared.Retention] = cmp.Or(q.Retention, s.form.Retention)
	r[declared.VisibleTo] = cmp.Or(q.VisibleTo, s.form.VisibleTo)
	r[declared.SealedTo], r[declared.Holds], r[declared.Generated] = q.SealedTo, q.Holds, q.Generated
	if q.Type == "money" {
		r[declared.Holds] = "money"
	}
}

// required says when there must be an answer. In a row of an optional repeat that is when the row has any: clients begin
// a repeat with a row, which nobody may want.
func (s *survey) required(r row, q, within *Question) {
	r["required"] = q.Required
	if q.Required == "" {
		return
	}
	if within != nil && within.Required == "" {
		r["required"] = someAnswer(within)
		if q.Required != "yes" {
			r["required"] += " and (" + q.Required + ")"
		}
	}
	message := q.RequiredMessage
	if message == (Text{}) {
		message = Text{"Cần điền: " + plainLabel(q.VI) + ".", "Please fill in: " + plainLabel(q.EN) + "."}
	}
	r.text("required_message", message)
}

// plainLabel is a label without what it shows of other answers: "Số lượng (${unit})" is "Số lượng".
func plainLabel(label string) string {
	label, _, _ = strings.Cut(label, " (${")
	return label
}

// someAnswer holds in a row that people have begun to fill in.
func someAnswer(repeat *Question) string {
	var refs []string
	for _, child := range repeat.Questions {
		if child.Type != "calculate" && child.Type != "note" {
			refs = append(refs, "../"+child.Name) // a reference by name would be ambiguous where two repeats ask the same
		}
	}
	return "concat(" + strings.Join(refs, ", ") + ") != ''"
}

// constrain joins the rules of a question, and those of its type.
func constrain(r row, q, within *Question) error {
	rules := slices.Clone(q.Rules)
	switch {
	case len(q.Range) == 2:
		rules = append([]Rule{between(q.Range[0], q.Range[1])}, rules...)
	case q.Type == "integer" || q.Range != nil:
		return fmt.Errorf("a whole number needs a range of two")
	}
	measured := slices.ContainsFunc(rules, func(r Rule) bool {
		return strings.Contains(r.Holds, "string-length(") || strings.Contains(r.Holds, "regex(")
	})
	switch {
	case q.Type == "text" && !measured:
		rules = append(rules, atMost(maxText))
	case q.Type == "long" && !measured:
		rules = append(rules, atMost(maxLongText))
	case q.Type == "money":
		rules = append(rules, Rule{"regex(., '[0-9]{1,15}')", Text{"Ghi số nguyên đồng, chỉ có chữ số.", "Whole đồng, digits only."}})
	}
	if within != nil && within.Distinct == q.Name {
		rules = append(rules, onceOnly(within.Name, q.Name))
	}
	if q.Type == "hidden" || len(rules) == 0 {
		return nil
	}
	var holds, vi, en []string
	for _, rule := range rules {
		holds, vi, en = append(holds, rule.Holds), append(vi, rule.VI), append(en, rule.EN)
	}
	r["constraint"] = strings.Join(holds, " and ")
	if len(holds) > 1 {
		r["constraint"] = "(" + strings.Join(holds, ") and (") + ")"
	}
	r.text("constraint_message", Text{strings.Join(vi, " "), strings.Join(en, " ")})
	return nil
}

func between(low, high int64) Rule {
	return Rule{
		fmt.Sprintf(". >= %d and . <= %d", low, high),
		Text{
			"Từ " + viet.Int(low) + " đến " + viet.Int(high) + ".",
			"From " + englishInt(low) + " to " + englishInt(high) + ".",
		},
	}
}

func atMost(letters int64) Rule {
	return Rule{
		fmt.Sprintf("string-length(.) <= %d", letters),
		Text{"Nhiều nhất " + viet.Int(letters) + " ký tự.", "At most " + englishInt(letters) + " characters."},
	}
}

func englishInt(n int64) string { return strings.ReplaceAll(viet.Int(n), ".", ",") }

// onceOnly holds while no other row has the answer. The path is written out: a reference would be to the row itself.
func onceOnly(repeat, name string) Rule {
	return Rule{
		fmt.Sprintf("count(/data/%s[%s = current()/../%s]) <= 1", repeat, name, name),
		Text{"Đã có ở dòng khác; gộp vào một dòng.", "It stands in another row; use one row for it."},
	}
}

// repeat writes the rows of a repeat.
func (s *survey) repeat(q *Question) error {
	begin := row{"type": "begin repeat", "name": q.Name, "appearance": "field-list", "relevant": q.Relevant}
	begin.text("label", Text{q.VI, q.EN})
	begin.text("hint", q.Hint)
	s.rows = append(s.rows, begin)
	for _, child := range q.Questions {
		if err := s.question(child, q); err != nil {
			return fmt.Errorf("%s: %w", child.Name, err)
		}
	}
	s.rows = append(s.rows, row{"type": "end repeat"})
	if q.Required != "" {
		s.rows = append(s.rows, missingRows(q))
	}
	return nil
}

// missingRows is a notice that keeps a record from being complete while a required repeat has no row: a note that needs an
// answer.
func missingRows(q *Question) row {
	r := row{"type": "note", "name": q.Name + "_missing", "relevant": "count(${" + q.Name + "}) = 0", "required": "yes"}
	message := Text{"Cần ít nhất một dòng: " + q.VI + ".", "At least one row is needed: " + q.EN + "."}
	r.text("label", message)
	r.text("required_message", message)
	return r
}

// sealed writes what stands before a sealed question: a notice where the client cannot seal it, and the question whether
// the citizen agrees. It returns when the sealed question is shown.
func (s *survey) sealed(q *Question) string {
	can := "selected(${" + declared.CanSealTo + "}, '" + q.SealedTo + "')"
	off := row{"type": "note", "name": q.Name + "_off", "relevant": "not(" + can + ")"}
	off.text("label", Text{
		"“" + q.VI + "” đang khóa: máy này chưa có khóa niêm phong của người được mở.",
		"“" + q.EN + "” is switched off: this machine has no key of those who may open it.",
	})
	s.rows = append(s.rows, off)
	if q.Relevant != "" {
		can += " and (" + q.Relevant + ")"
	}
	if q.Consent == (Text{}) {
		return can
	}
	agree := row{"type": "select_one yes_no", "name": q.Name + "_consent", "relevant": can, "default": "false"}
	agree.text("label", q.Consent)
	s.declare(agree, &Question{
		Purpose: "Chỉ ghi thông tin cá nhân khi người đó đồng ý", Retention: q.Retention, VisibleTo: q.VisibleTo,
	})
	s.rows = append(s.rows, agree)
	return can + " and ${" + q.Name + "_consent} = 'true'"
}
