package form

// Problem says what is wrong with one value, or with a record at one path, in
// words for the person who wrote it.
type Problem struct {
	Path    string // where; the field to take the author to
	Rule    string // which rule, for the program: one of the Rule constants or a Rule's ID
	Warning bool   // unlikely rather than wrong: the author may leave it
	Text    Text
}

// Error gives the path, the rule and the English wording, for logs. People are
// shown Text.
func (p Problem) Error() string { return p.Path + ": " + p.Rule + ": " + p.Text.EN }

// The rules every form shares.
const (
	RulePath     = "path"     // the form has no such field
	RuleType     = "type"     // the value is not of the field's type
	RuleLength   = "length"   // the value is longer than its limit
	RuleRequired = "required" // a required field is empty
	RuleLimits   = "limits"   // the number lies outside what makes sense
	RuleOffered  = "offered"  // the field is filled though it is not asked
)
