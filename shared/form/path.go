package form

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// NewRow begins the name of a row that does not exist yet ("items/+1/kind"); it gets its name for ever when the record
// is saved.
const NewRow = "+"

// JoinPath is the path of something in a row of a repeat.
func JoinPath(repeat, row, rest string) string { return repeat + "/" + row + "/" + rest }

func join(at, step string) string {
	if at == "" {
		return step
	}
	return at + "/" + step
}

// within reports whether a path is that of a group, or lies in it; everything lies in "".
func within(path, group string) bool {
	return group == "" || strings.HasPrefix(path, group) && (len(path) == len(group) || path[len(group)] == '/')
}

// step is a name of a path, together with the name of the row after it.
type step struct {
	node *node  // nil: the form has no such place
	row  string // "" but behind a repeat, unless the path ends there
	name int    // where in the path the name ends, and
	end  int    // where the row does
}

// steps goes down a path. Where it leaves the form, the last step is one without a node.
func (f *Form) steps(path string) iter.Seq[step] {
	return func(yield func(step) bool) {
		n := f.root
		for from := 0; n != nil && path != "" && from <= len(path); {
			s := step{name: endOfName(path, from)}
			s.end = s.name
			s.node = n.below[path[from:s.name]]
			if n = s.node; n != nil && n.x.IsRepeat() && s.name < len(path) {
				s.end = endOfName(path, s.name+1)
				if s.row = path[s.name+1 : s.end]; s.row == "" {
					n, s.node = nil, nil
				}
			}
			if !yield(s) {
				return
			}
			from = s.end + 1
		}
	}
}

func endOfName(path string, from int) int {
	if i := strings.IndexByte(path[from:], '/'); i >= 0 {
		return from + i
	}
	return len(path)
}

// place is the last step of a path. It reports false when the form has no such place, and for the record itself.
func (f *Form) place(path string) (last step, ok bool) {
	for s := range f.steps(path) {
		last = s
	}
	return last, last.node != nil
}

// isRepeat reports whether a path is that of a repeat, without the name of a row.
func (f *Form) isRepeat(path string) bool {
	at, ok := f.place(path)
	return ok && at.node.x.IsRepeat() && at.row == ""
}

// Around names the rows that a path lies in, the outermost first, each as the beginning of all paths in it: "items/<row>/".
func (f *Form) Around(path string) (rows []string) {
	for s := range f.steps(path) {
		if s.row != "" && s.end < len(path) {
			rows = append(rows, path[:s.end+1])
		}
	}
	return rows
}

// Rows names the rows of a repeat, given by its path, that hold any value: numbered rows by their
// number, then all others by name, where the numbers in "<change>.<number>" count as numbers; last
// those that have no name yet ("+1", "+2"), by their number.
func Rows(repeat string, values map[string]string) []string {
	var rows []string
	for path, value := range values {
		if value == "" {
			continue
		}
		if rest, ok := strings.CutPrefix(path, repeat+"/"); ok {
			if row, _, ok := strings.Cut(rest, "/"); ok && row != "" {
				rows = append(rows, row)
			}
		}
	}
	slices.SortFunc(rows, compareRows)
	return slices.Compact(rows)
}

func compareRows(a, b string) int {
	restA, newA := strings.CutPrefix(a, NewRow)
	restB, newB := strings.CutPrefix(b, NewRow)
	order := boolToInt(newA) - boolToInt(newB)
	for order == 0 && restA != "" && restB != "" {
		var partA, partB string
		partA, restA, _ = strings.Cut(restA, ".")
		partB, restB, _ = strings.Cut(restB, ".")
		order = compareParts(partA, partB)
	}
	return cmp.Or(order, len(restA)-len(restB), cmp.Compare(a, b))
}

// compareParts puts numbers in front, by what they count.
func compareParts(a, b string) int {
	numberA, numberB := allDigits(a), allDigits(b)
	if numberA && numberB {
		a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		return cmp.Or(len(a)-len(b), cmp.Compare(a, b))
	}
	return cmp.Or(boolToInt(numberB)-boolToInt(numberA), cmp.Compare(a, b))
}
