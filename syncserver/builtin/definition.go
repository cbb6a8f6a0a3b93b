package builtin

// Definition is a form as its file defines it.
type Definition struct {
	ID          string              `json:"id"`
	Version     string              `json:"version"` // a number; a change of the XForm is a new one
	VI          string              `json:"vi"`
	EN          string              `json:"en"`
	Compartment string              `json:"compartment"`
	EventDate   string              `json:"event_date"`
	Purpose     string              `json:"purpose"`      // of every question that names no other
	Retention   string              `json:"retention"`    // likewise
	VisibleTo   string              `json:"visible_to"`   // likewise
	Feeds       []string            `json:"feeds"`        // indicators that are computed from the records
	Reads       []string            `json:"reads"`        // lists that expressions read and no question chooses from
	RecordTitle []string            `json:"record_title"` // see title.go
	Lists       map[string][]Choice `json:"lists"`
	Questions   []*Question         `json:"questions"`

	shared map[string][]Choice
}

// Choice is one answer of a list.
type Choice struct {
	Code string            `json:"code"`
	VI   string            `json:"vi"`
	EN   string            `json:"en"`
	More map[string]string `json:"more"` // further columns, for expressions
}

// Text is a wording in both languages.
type Text struct {
	VI string `json:"vi"`
	EN string `json:"en"`
}

// Rule is an expression that must hold of an answer, and what people read when it does not.
type Rule struct {
	Holds string `json:"holds"`
	Text
}

// Question is a row of the survey, or a repeat of rows. Types are those of XLSForm and three more: "long" is a text of
// several lines, "money" whole đồng, "repeat" has Questions.
type Question struct {
	Name            string      `json:"name"`
	Type            string      `json:"type"`
	VI              string      `json:"vi"`
	EN              string      `json:"en"`
	Hint            Text        `json:"hint"`
	Required        string      `json:"required"` // "yes" or an expression; a repeat needs a row
	RequiredMessage Text        `json:"required_message"`
	Range           []int64     `json:"range"` // least and greatest; every integer has one
	Rules           []Rule      `json:"rules"` // all must hold
	Relevant        string      `json:"relevant"`
	Calculation     string      `json:"calculation"`
	Trigger         string      `json:"trigger"`
	ChoiceFilter    string      `json:"choice_filter"`
	ReadOnly        string      `json:"read_only"`
	Appearance      string      `json:"appearance"`
	Default         string      `json:"default"`
	Parameters      string      `json:"parameters"`
	Distinct        string      `json:"distinct"`  // of a repeat: the question whose answer stands in one row only
	SealedTo        string      `json:"sealed_to"` // see package declared; so are the following
	Consent         Text        `json:"consent"`   // what is asked before a sealed question; no is the default
	Holds           string      `json:"holds"`
	Generated       string      `json:"generated"`
	Category        string      `json:"category"` // "" is none
	Purpose         string      `json:"purpose"`
	Retention       string      `json:"retention"`
	VisibleTo       string      `json:"visible_to"`
	Questions       []*Question `json:"questions"`
}

// each visits all questions, those of repeats after their repeat.
func (d *Definition) each(visit func(*Question)) {
	for _, q := range d.Questions {
		visit(q)
		for _, child := range q.Questions {
			visit(child)
		}
	}
}
