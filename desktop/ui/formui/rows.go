package formui

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/ui/kit"
	"banlang/shared/form"
	"banlang/shared/viet"
)

// rows is a repeat on the screen. Short rows are a table: heads once, a number in front, a button that takes the row out.
// Long ones are lines that open, one at a time. Of many rows a page of them is on the screen.
type rows struct {
	f     *Form
	it    *form.Item
	named *form.Item // whose name it has: it, or the group around it
	path  string
	table bool
	names []string // of all rows
	shown []string // those on the screen
	first int      // which of names is the first of shown
	open  string   // the line that is open; "": none
	boxes map[string]*box

	label *label
	sum   *kit.Cut
	none  *kit.Para
	heads *fyne.Container
	body  *fyne.Container
	pager *fyne.Container
	span  *kit.Cut
	cell  *kit.Cell
}

// box is a row on the screen.
type box struct {
	parts  []part
	number *kit.Cut
	line   *kit.NavItem // of a row that opens
	obj    fyne.CanvasObject
}

// mostRows is how many rows are on the screen at once.
const mostRows = 25

func (f *Form) newRows(it, named *form.Item, path string) *rows {
	r := &rows{f: f, it: it, named: named, path: path, boxes: map[string]*box{}, table: fitsTable(it), label: newLabel(kit.Section, 2*cellWidth()),
		sum: kit.NewCut("", kit.Small), none: kit.NewPara(f.e.T("form.norows"), kit.Small), body: kit.Column(6), span: kit.NewCut("", kit.Small)}
	head := []fyne.CanvasObject{r.label.obj, kit.Fixed(120, 0, r.sum), kit.Space(1, 1)}
	if it.MayAdd() {
		head = append(head, kit.NewButton(f.e.T("form.addrow"), theme.ContentAddIcon(), r.add).WithKey("Ctrl+L").Little())
	}
	r.heads = kit.Column(0)
	r.pager = kit.Row(8, 2, kit.NewButton("", theme.NavigateBackIcon(), func() { r.turn(-mostRows) }).Little().Says(r.f.e.T("rows.before")),
		kit.NewButton("", theme.NavigateNextIcon(), func() { r.turn(mostRows) }).Little().Says(r.f.e.T("rows.after")), r.span)
	r.pager.Hidden = true
	r.cell = kit.NewCell(kit.Column(6, kit.Row(12, 2, head...), r.none, r.heads, r.body, r.pager), true)
	r.cell.Hidden = true
	return r
}

// columns are the widths of a table's cells, for text of 16; 0: what is left.
var columns = map[form.Type]float32{form.TypeInt: 120, form.TypeDecimal: 130, form.TypeDate: 175, form.TypeTime: 110, form.TypeDateTime: 215,
	form.TypeBool: 150, form.TypeChoice: 0, form.TypeText: 0}

// fitsTable reports whether the rows of a repeat are short enough to be lines of a table.
func fitsTable(it *form.Item) bool {
	total := float32(0)
	for _, x := range it.Items {
		if x.Type != form.Question || x.Field.Lines {
			return false
		}
		if _, ok := columns[x.Field.Type]; !ok {
			return false
		}
		total += columnWidth(x) + 8
	}
	return total < 800*kit.Size(kit.SizeBody)/16
}

// columnWidth is the least width of a cell of a table.
func columnWidth(it *form.Item) float32 {
	w := columns[it.Field.Type]
	if w == 0 {
		w = 190
	}
	return w * kit.Size(kit.SizeBody) / 16
}

// widths are those of a row: its number, its cells, and the button.
func (r *rows) widths() []float32 {
	scale := kit.Size(kit.SizeBody) / 16
	widths := []float32{30 * scale}
	for _, x := range r.it.Items {
		widths = append(widths, columns[x.Field.Type]*scale)
	}
	if r.it.MayAdd() {
		widths = append(widths, 44)
	}
	return widths
}

func (r *rows) object() fyne.CanvasObject { return r.cell }

func (r *rows) questions() (fields []*field) {
	for _, name := range r.shown {
		if r.table || name == r.open {
			fields = append(fields, questions(r.boxes[name].parts)...)
		}
	}
	return fields
}

// add puts a new row there, with the hand in its first cell.
func (r *rows) add() {
	if row := r.f.e.AddRow(r.path); row != "" {
		r.f.Refresh()
		r.enter(row)
	}
}

// enter puts the hand into a row.
func (r *rows) enter(row string) {
	r.f.Focus(r.path + "/" + row)
}

// reveal brings the row in which a path lies onto the screen, open.
func (r *rows) reveal(path string) {
	rest, ok := strings.CutPrefix(path, r.path+"/")
	row, _, _ := strings.Cut(rest, "/")
	i := slices.Index(r.names, row)
	if !ok || i < 0 {
		return
	}
	if i < r.first || i >= r.first+mostRows {
		r.first = i / mostRows * mostRows
	}
	if !r.table {
		r.open = row
	}
	r.draw()
	r.f.again()
	for _, p := range r.boxes[row].parts {
		if inner, ok := p.(*rows); ok {
			inner.reveal(path)
		}
	}
}

// turn shows other rows.
func (r *rows) turn(by int) {
	if to := r.first + by; to >= 0 && to < len(r.names) {
		r.first = to
		r.draw()
		r.f.again()
	}
}

// toggle opens a line, or closes it.
func (r *rows) toggle(row string) {
	if r.open == row {
		r.open = ""
		r.draw()
		r.f.again()
		return
	}
	r.enter(row)
}

// isLast reports whether a field is the last of its row that takes the hand.
func (r *rows) isLast(x *field) bool {
	fields := questions(r.boxes[x.row()].parts)
	for _, other := range slices.Backward(fields) {
		if other.takesFocus() {
			return other == x
		}
	}
	return false
}

// nextRow goes to the row behind one, or adds it.
func (r *rows) nextRow(row string) bool {
	switch i := slices.Index(r.names, row); {
	case i >= 0 && i+1 < len(r.names):
		r.enter(r.names[i+1])
	case r.it.MayAdd():
		r.add()
	default:
		return false
	}
	return true
}

// endWith takes an empty row out and goes on behind the rows.
func (r *rows) endWith(x *field) {
	past := false
	var behind *field
	for _, other := range r.f.fields {
		if past && other.takesFocus() && !strings.HasPrefix(other.path, r.path+"/") {
			behind = other
			break
		}
		past = past || other == x
	}
	r.f.e.RemoveRow(r.path, x.row())
	r.f.Refresh()
	if behind == nil {
		r.f.follow(nil)
		return
	}
	r.f.focus(behind)
}

// refresh brings the boxes up to the rows that the editor has.
func (r *rows) refresh(touched func(string) bool) (changed bool) {
	l := r.f.filling
	if offered := l.Relevant(r.path); offered != r.cell.Visible() {
		r.cell.Hidden, changed = !offered, true
	}
	text := l.Label(r.named, r.named.Path(r.scope()))
	if text == "" {
		text = l.Label(r.it, r.path)
	}
	changed = r.label.set(text, false) || changed
	if names := r.f.e.Rows(r.path); r.body.Objects == nil || !slices.Equal(names, r.names) {
		for i, name := range names {
			if !slices.Contains(r.names, name) && (r.body.Objects != nil || len(names) == 1) { // came just now
				r.open, r.first = name, i/mostRows*mostRows
			}
		}
		r.names, changed = names, true
		r.draw()
	}
	for _, name := range r.shown {
		changed = r.refreshBox(name, touched) || changed
	}
	return changed
}

// scope is the row around the repeat, "items/<row>/"; "" where there is none.
func (r *rows) scope() string {
	if around := r.f.filling.Form().Around(r.path + "/x/"); len(around) > 1 {
		return around[len(around)-2]
	}
	return ""
}

func (r *rows) refreshBox(name string, touched func(string) bool) (changed bool) {
	b := r.boxes[name]
	if b.line != nil {
		text, wrong := r.f.e.SayRow(r.it, r.path, name)
		if text == "" {
			text = r.f.e.T("row.empty")
		}
		count := ""
		if wrong > 0 {
			count = strconv.Itoa(wrong)
		}
		if text = b.number.Text() + ". " + text; b.line.Text != text || b.line.Count != count {
			b.line.Text, b.line.Count, b.line.Urgent = text, count, true
			b.line.Refresh()
		}
		if name != r.open {
			return false
		}
	}
	for _, p := range b.parts {
		changed = p.refresh(touched) || changed
	}
	return changed
}

// draw puts the rows of the page into the body, and makes those that are new on it.
func (r *rows) draw() {
	r.first = max(0, min(r.first, (len(r.names)-1)/mostRows*mostRows))
	r.shown = r.names[r.first:min(len(r.names), r.first+mostRows)]
	for name := range r.boxes {
		if !slices.Contains(r.shown, name) {
			delete(r.boxes, name)
		}
	}
	r.body.Objects = []fyne.CanvasObject{}
	for i, name := range r.shown {
		b := r.boxes[name]
		if b == nil {
			b = r.box(name)
			r.boxes[name] = b
		}
		b.number.Set(strconv.Itoa(r.first+i+1), kit.Bold)
		if b.line != nil {
			r.drawLine(b, name)
		}
		r.refreshBox(name, everything)
		r.body.Objects = append(r.body.Objects, b.obj)
	}
	n := len(r.names)
	r.none.Hidden = n > 0
	r.sum.Set("", kit.Small)
	if n > 0 {
		r.sum.Set(r.f.e.T("rail.rows", "n", viet.Int(int64(n))), kit.Small)
	}
	r.pager.Hidden = n <= mostRows
	r.span.Set(r.f.e.T("rows.page", "from", viet.Int(int64(r.first+1)), "to", viet.Int(int64(r.first+len(r.shown))), "n", viet.Int(int64(n))), kit.Small)
	r.drawHeads()
	r.body.Refresh()
}

// drawLine opens a line, or closes it: what is in a closed one is not kept.
func (r *rows) drawLine(b *box, name string) {
	switch opened := name == r.open; {
	case opened && b.parts == nil:
		r.fill(b, name)
		b.line.Icon = theme.MenuDropDownIcon()
	case !opened && (b.parts != nil || b.obj == nil):
		b.parts, b.line.Icon = nil, theme.MenuExpandIcon()
		b.obj = kit.Box(kit.ColorSurface, kit.ColorHair, 1, kit.Column(0, b.line))
	default:
		return
	}
	b.line.Refresh()
}

// drawHeads writes the names of the columns once, as they are in the first row.
func (r *rows) drawHeads() {
	r.heads.Hidden = !r.table || len(r.shown) == 0
	if r.heads.Hidden {
		return
	}
	objects := []fyne.CanvasObject{kit.Space(1, 1)}
	for _, p := range r.boxes[r.shown[0]].parts {
		x := p.(*field)
		text := r.f.filling.Label(x.it, x.path)
		name := newLabel(kit.Small.Strong(), columnWidth(x.it))
		name.set(text, r.f.filling.Required(x.path))
		objects = append(objects, name.obj)
	}
	if r.it.MayAdd() {
		objects = append(objects, kit.Space(1, 1))
	}
	r.heads.Objects = []fyne.CanvasObject{kit.Columns(8, r.widths(), objects...)}
}

// head is what stands over the column of a question.
func (r *rows) head(x *field) string {
	if !r.table || len(r.names) == 0 {
		return ""
	}
	return r.f.filling.Label(x.it, x.it.Path(r.path+"/"+r.names[r.first]+"/"))
}

// box makes a row: of a table whole, of the others the line that opens.
func (r *rows) box(row string) *box {
	b := &box{number: kit.NewCut("", kit.Bold)}
	if r.table {
		b.parts = r.f.build(r.it.Items, r.path+"/"+row+"/", r)
		objects := []fyne.CanvasObject{kit.Fixed(0, kit.ControlHeight(), b.number)}
		for _, p := range b.parts {
			objects = append(objects, p.object())
		}
		if r.it.MayAdd() {
			objects = append(objects, r.remover(row))
		}
		b.obj = kit.Columns(8, r.widths(), objects...)
		return b
	}
	b.line = kit.NewNavItem("", theme.MenuExpandIcon(), func() { r.toggle(row) })
	return b
}

// fill makes what is in a line that opens.
func (r *rows) fill(b *box, row string) {
	b.parts = r.f.build(r.it.Items, r.path+"/"+row+"/", r)
	var cells []fyne.CanvasObject
	for _, p := range b.parts {
		cells = append(cells, p.object())
	}
	body := kit.Grid(12, cellWidth()*0.85, 3, cells...)
	if r.it.MayAdd() {
		body = kit.Column(8, body, kit.Row(8, 0, kit.Space(1, 1), kit.NewButton(r.f.e.T("row.remove"), theme.DeleteIcon(), func() { r.remove(row) }).Says(r.f.e.T("row.remove")).Little()))
	}
	b.obj = kit.Box(kit.ColorSurface, kit.ColorHair, 1, kit.Column(0, b.line, kit.Pad(12, 4, 12, 12, body)))
}

func (r *rows) remover(row string) fyne.CanvasObject {
	return kit.NewButton("", theme.DeleteIcon(), func() { r.remove(row) })
}

// remove takes a row out, and leaves the hand in the one beside it.
func (r *rows) remove(row string) {
	i := slices.Index(r.names, row)
	if r.open == row {
		r.open = ""
	}
	r.f.e.RemoveRow(r.path, row)
	r.f.Refresh()
	if i >= 0 && len(r.names) > 0 && r.f.here != nil && r.f.here.rows == r {
		r.enter(r.names[min(i, len(r.names)-1)])
	}
}

// each visits the repeats on the screen, those in open rows too.
func each(parts []part, visit func(r *rows)) {
	for _, p := range parts {
		r, ok := p.(*rows)
		if !ok || !r.cell.Visible() {
			continue
		}
		visit(r)
		for _, name := range r.shown {
			if r.table || name == r.open {
				each(r.boxes[name].parts, visit)
			}
		}
	}
}

// addRow adds a row to the repeat in which the hand is, or else to the next one, or else to the last.
func (f *Form) addRow() {
	var around, behind, last *rows
	for i, s := range f.sections {
		each(s.parts, func(r *rows) {
			if !r.it.MayAdd() {
				return
			}
			last = r
			if f.here != nil && strings.HasPrefix(f.here.path, r.path+"/") {
				around = r
			}
			if behind == nil && i >= f.at && (f.here == nil || f.here.cell.Position().Y <= r.cell.Position().Y || i > f.at) {
				behind = r
			}
		})
	}
	for _, r := range []*rows{around, behind, last} {
		if r != nil {
			r.add()
			return
		}
	}
}

// removeRow takes out the row in which the hand is.
func (f *Form) removeRow() {
	if f.here != nil && f.here.rows != nil && f.here.rows.it.MayAdd() {
		f.here.rows.remove(f.here.row())
	}
}
