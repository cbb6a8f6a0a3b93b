package form

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"banlang/shared/envelope"
	"banlang/shared/xform"
)

// Problems are what keeps the record from being finished, in the order of the form: required answers that are missing,
// answers of the wrong shape, and what the form does not allow. Rules of the form that cannot be computed here
// (RuleExpression) come last, and keep nobody from finishing.
//
// Not reckoned as missing: an answer that is sealed, and what stands in a new row to which nobody answered anything
// (such a row is not written).
func (l *Filling) Problems() (all []Problem) {
	written, vacant := l.written()
	misfits := map[string]bool{}
	for path, value := range written {
		field, _ := l.form.Field(path)
		if p, ok := errors.AsType[Problem](field.misfit(path, value)); ok {
			misfits[path] = true
			all = append(all, p)
		}
	}
	found, _ := l.s.Validate()
	for _, x := range found {
		path, _ := l.pathOf(x.Ref)
		if field, ok := l.form.Field(path); x.Kind == xform.ProblemChoice && ok && !field.Stored {
			x.Kind = xform.ProblemType // nobody can choose another one
		}
		p := problemOf(x, path)
		if l.sealed[path] == "" && !vacant(path) && (!misfits[path] || p.Rule == RuleExpression) { // a misfit is said once
			all = append(all, p)
		}
	}
	l.sortProblems(all)
	return all
}

// sortProblems brings problems into the order of the form, what cannot be computed behind all others.
func (l *Filling) sortProblems(all []Problem) {
	order := map[string][]int{}
	for _, p := range all {
		order[p.Path] = l.position(p.Path)
	}
	slices.SortStableFunc(all, func(a, b Problem) int {
		return cmp.Or(boolToInt(a.Rule == RuleExpression)-boolToInt(b.Rule == RuleExpression), slices.Compare(order[a.Path], order[b.Path]))
	})
}

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// wordsOf say what the form has against an answer where it does not say it itself.
var wordsOf = map[xform.ProblemKind]Problem{
	xform.ProblemRequired:   {Rule: RuleRequired, Text: Text{"Cần điền mục này.", "This must be filled in."}},
	xform.ProblemConstraint: {Rule: RuleConstraint, Text: Text{"Biểu mẫu không cho phép giá trị này.", "The form does not allow this."}},
	xform.ProblemChoice:     {Rule: RuleConstraint, Text: Text{"Với các mục đã điền, không chọn được câu trả lời này.", "This cannot be chosen beside the other answers."}},
	xform.ProblemType:       {Rule: RuleExpression, Text: Text{"Biểu mẫu tính ra một giá trị không đúng loại.", "The form computes a value of the wrong kind."}},
	xform.ProblemExpression: {Rule: RuleExpression, Text: Text{"Biểu mẫu không tính được mục này.", "The form cannot compute this."}},
}

// problemOf puts a problem of the form into words.
func problemOf(x xform.Problem, path string) Problem {
	p := wordsOf[x.Kind]
	p.Path = path
	if said := strings.TrimSpace(x.Message); said != "" {
		p.Text = Text{said, said}
	}
	return p
}

// Misfit is a value that another version of the form has no right place for.
type Misfit struct {
	Path  string
	Value string
	Rule  string // RulePath: there is no place, and the value is set aside; else what the field has against it
}

// Fit lists the values of a record or draft that do not fit this version, by path. Empty means that the record can be
// opened in it as if it had been written in it. Open takes the others too, and loses nothing of them: those without a
// place are set aside, and of those that are asked the others are Problems under the same rule.
func (f *Form) Fit(values map[string]string) []Misfit { return f.fitFrom(nil, values) }

// fitFrom is Fit for values that were written under another version; nil when that is not known. What was to be sealed
// then, and is not yet, must not be written now for others to read.
func (f *Form) fitFrom(own *Form, values map[string]string) (misfits []Misfit) {
	for _, path := range slices.Sorted(maps.Keys(values)) {
		value, rule := values[path], ""
		field, ok := f.Field(path)
		switch {
		case value == "":
		case !ok || !field.Stored:
			rule = RulePath
		case own != nil && !envelope.IsSealed(value) && own.sealedTo(path) != "" && own.sealedTo(path) != f.sealedTo(path):
			rule = RuleSealed
		default:
			if p, bad := errors.AsType[Problem](field.misfit(path, value)); bad {
				rule = p.Rule
			}
		}
		if rule != "" {
			misfits = append(misfits, Misfit{path, value, rule})
		}
	}
	return misfits
}

// sealedTo says for whom an answer is sealed when it leaves the machine; "" for nobody.
func (f *Form) sealedTo(path string) string {
	field, ok := f.Field(path)
	if !ok {
		return ""
	}
	return field.Declared.SealedTo
}

// misfit says what a field has against a value that it holds. What is to be sealed stands in a draft as it was typed.
func (f *Field) misfit(path, value string) error {
	switch {
	case envelope.IsSealed(value) && f.Sealed():
		return nil
	case envelope.IsSealed(value) || envelope.IsLocked(value) && !f.Sealed():
		return problem(path, RuleSealed, "Nội dung này đã niêm phong, ở đây không ai đọc được.", "This is sealed, and nobody here can read it.")
	}
	return f.check(path, value)
}
