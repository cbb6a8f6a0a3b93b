package form

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"banlang/shared/xform"
)

// How paths and the refs of the session stand to each other: a row is a name in one and a position in the other.

// rows are the rows of one repeat, in the order of its instances.
type rows struct {
	names  []string
	places map[string]int // of the names
}

func (r *rows) add(name string) {
	if _, ok := r.places[name]; !ok {
		r.places[name] = len(r.names)
		r.names = append(r.names, name)
	}
}

// set takes other names.
func (r *rows) set(names []string) {
	r.names = names
	clear(r.places)
	for i, name := range names {
		r.places[name] = i
	}
}

// rowsOf gives the rows of the repeat at a path.
func (l *Filling) rowsOf(repeat string) *rows {
	r := l.rows[repeat]
	if r == nil {
		r = &rows{places: map[string]int{}}
		l.rows[repeat] = r
	}
	return r
}

// ref names the node at a path; "" when there is none.
func (l *Filling) ref(path string) xform.Ref {
	ref := append(make([]byte, 0, len(path)+16), l.form.x.Root().Path()...)
	for s := range l.form.steps(path) {
		if s.node == nil {
			return ""
		}
		ref = append(append(ref, '/'), s.node.x.Name()...)
		if s.row == "" {
			continue
		}
		i, ok := l.placeOf(path[:s.name], s.row)
		if !ok {
			return ""
		}
		ref = append(strconv.AppendInt(append(ref, '['), int64(i)+1, 10), ']')
	}
	return xform.Ref(ref)
}

func (l *Filling) placeOf(repeat, row string) (i int, ok bool) {
	if r := l.rows[repeat]; r != nil {
		i, ok = r.places[row]
	}
	return i, ok
}

// pathOf names the place of a node, a row with its name: "" for the record itself. It reports false where a row has no
// name.
func (l *Filling) pathOf(ref xform.Ref) (path string, ok bool) {
	parent := ref.Parent()
	if parent == "" {
		return "", ref != ""
	}
	above, ok := l.pathOf(parent)
	if !ok {
		return "", false
	}
	return l.pathBelow(above, ref)
}

// pathBelow is pathOf where the path of the parent is known.
func (l *Filling) pathBelow(above string, ref xform.Ref) (path string, ok bool) {
	name, position := lastStep(ref)
	path = join(above, name)
	if position == 0 {
		return path, true
	}
	r := l.rows[path]
	if r == nil || position > len(r.names) {
		return "", false
	}
	return path + "/" + r.names[position-1], true
}

// lastStep takes apart the end of a ref; the position is 0 where none is written.
func lastStep(ref xform.Ref) (name string, position int) {
	name, at, _ := strings.Cut(string(ref[strings.LastIndexByte(string(ref), '/')+1:]), "[")
	position, _ = strconv.Atoi(strings.TrimSuffix(at, "]"))
	return name, position
}

// each visits the fields at and below a node that have any value, in the order of the form.
func (l *Filling) each(top xform.Ref, visit func(path string, field *Field, st xform.State)) {
	var parent xform.Ref // of the node before: most stand side by side
	var above string
	l.s.Below(top, func(st xform.State) bool {
		n := l.form.nodes[st.Field]
		if n == nil || n.field == nil || st.Value.IsEmpty() && len(l.sealed) == 0 {
			return true
		}
		if p := st.Ref.Parent(); p != parent {
			parent = p
			above, _ = l.pathOf(p)
		}
		if path, ok := l.pathBelow(above, st.Ref); ok {
			visit(path, n.field, st)
		}
		return true
	})
}

// noteRows enters the rows that a path lies in.
func (l *Filling) noteRows(path string) {
	for s := range l.form.steps(path) {
		if s.row == "" {
			continue
		}
		l.rowsOf(path[:s.name]).add(s.row)
		if n, ok := strings.CutPrefix(s.row, NewRow); ok {
			if n, err := strconv.ParseUint(n, 10, 32); err == nil {
				l.added = max(l.added, n)
			}
		}
	}
}

// sortRows brings the rows of all repeats into their order.
func (l *Filling) sortRows() {
	gaps := xform.MaxInstances // rows that are there only for the sake of those behind them
	for _, repeat := range slices.Sorted(maps.Keys(l.rows)) {
		r := l.rows[repeat]
		names := r.names
		slices.SortFunc(names, l.rowOrder(repeat))
		if at, _ := l.form.place(repeat); at.node.fixed {
			slices.SortStableFunc(names, numbersFirst)
			names = fillGaps(names, &gaps)
		}
		r.set(names)
	}
}

func (l *Filling) rowOrder(repeat string) func(a, b string) int {
	if l.env.RowOrder == nil {
		return compareRows
	}
	return func(a, b string) int {
		if strings.HasPrefix(a, NewRow) || strings.HasPrefix(b, NewRow) {
			return compareRows(a, b)
		}
		return cmp.Or(l.env.RowOrder(repeat+"/"+a+"/", repeat+"/"+b+"/"), compareRows(a, b))
	}
}

// numbersFirst puts numbers in front, in their order, and leaves all others as they are.
func numbersFirst(a, b string) int {
	if allDigits(a) || allDigits(b) {
		return compareParts(a, b)
	}
	return 0
}

// fillGaps puts the row with a number into the place of that number, behind empty ones, as long as there are any left.
func fillGaps(names []string, left *int) (filled []string) {
	for _, name := range names {
		n, err := strconv.ParseUint(name, 10, 32)
		for err == nil && uint64(len(filled))+1 < n && *left > 0 {
			filled = append(filled, strconv.Itoa(len(filled)+1))
			*left--
		}
		filled = append(filled, name)
	}
	return filled
}

// nameRows gives every instance of a repeat at or below a node a name, if it has none yet. Where the form says which rows
// there are, a row is called by its number, so that what was answered in the third is there on every machine, also when
// nobody answers anything in the second.
func (l *Filling) nameRows(top xform.Ref) {
	l.s.Below(top, func(st xform.State) bool {
		if !st.Field.IsRepeat() {
			return true
		}
		above, _ := l.pathOf(st.Ref.Parent())
		name, position := lastStep(st.Ref)
		r := l.rowsOf(join(above, name))
		for len(r.names) < position {
			r.add(l.newRow(r, l.form.nodes[st.Field].fixed))
		}
		return true
	})
}

func (l *Filling) newRow(r *rows, fixed bool) string {
	if n := len(r.names); fixed && (n == 0 || r.names[n-1] == strconv.Itoa(n)) {
		return strconv.Itoa(n + 1)
	}
	for {
		l.added++
		if row := NewRow + strconv.FormatUint(l.added, 10); !r.has(row) {
			return row
		}
	}
}

func (r *rows) has(name string) bool {
	_, ok := r.places[name]
	return ok
}
