package form

// Problem says what is wrong with one value, or with a record at one path, in
// words for the person who wrote it.
type Problem struct {
	Path string // where; the field to take the author to
	Rule string // which rule, for the program: one of the Rule constants
	Text Text   // of a Filling: in its language, whichever is asked for
}

// Error gives the path, the rule and the English wording, for logs. People are
// shown Text.
func (p Problem) Error() string { return p.Path + ": " + p.Rule + ": " + p.Text.EN }

// The rules.
const (
	RulePath       = "path"       // the form has no such field, or computes it
	RuleType       = "type"       // the value is not of the field's type
	RuleChoice     = "choice"     // the answer is not on the list of the form
	RuleLength     = "length"     // the value is longer than its limit
	RuleSealed     = "sealed"     // the answer must be sealed and is not, or is sealed and must not be
	RuleRequired   = "required"   // a required field is empty
	RuleConstraint = "constraint" // the form does not allow the answer, or not beside the others
	RuleExpression = "expression" // the form itself cannot be computed here; not the author's fault
)

func problem(path, rule, vi, en string) Problem {
	return Problem{Path: path, Rule: rule, Text: Text{vi, en}}
}
