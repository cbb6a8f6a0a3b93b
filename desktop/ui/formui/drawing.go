package formui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	taken "banlang/desktop/photo"
	"banlang/desktop/ui/kit"
)

// handWords are the keys of what stands at a question for a picture, by how it is answered.
var handWords = map[app.Hand]struct{ add, other, name, hint string }{
	app.NoHand:    {"photo.add", "photo.other", "photo.name", "photo.drop"},
	app.Annotates: {"photo.add", "photo.other", "photo.name", "draw.photo.hint"},
	app.Signs:     {"draw.sign", "draw.open", "draw.signature", "draw.hint"},
	app.Sketches:  {"draw.sketch", "draw.open", "draw.sketch.name", "draw.hint"},
}

// board is the drawing of a question while a hand draws on it, with what can be done to it below.
type board struct {
	p     *photo
	face  *kit.Board
	last  *kit.Button // takes the last stroke back
	clear *kit.Button
	done  *kit.Button
	shown app.Drawing
	drawn bool
}

// Most of the window that a board takes.
const (
	boardWide = 0.86
	boardHigh = 0.5
)

// begin opens the board, with the hand on it.
func (p *photo) begin() {
	p.f.e.OpenDrawing(p.x.path, p.hand)
	p.found = nil
	p.board = &board{p: p}
	p.board.show()
	if p.board != nil {
		p.f.canvas.Focus(p.focus())
		p.f.scroll.Reveal(p.x.cell)
	}
}

// penKey is a key at the button that opens the board.
func (p *photo) penKey(k fyne.KeyName) bool {
	if k == fyne.KeyEscape {
		p.f.OnEscape()
		return true
	}
	return false
}

// show brings the board up to what is drawn. When the answer has become another one, the board goes.
func (b *board) show() {
	e, p := b.p.f.e, b.p
	now, ok := e.Drawing(p.x.path)
	if !ok {
		p.close()
		return
	}
	if b.drawn && now.Ready == b.shown.Ready && now.Trouble == b.shown.Trouble {
		if now.Under != b.shown.Under || !slices.EqualFunc(now.Strokes, b.shown.Strokes, sameStroke) {
			b.shown = now
			b.face.Set(now.Drawing)
			b.buttons()
		}
		return
	}
	b.shown, b.drawn = now, true
	b.draw()
}

// sameStroke reports whether two strokes are one: none is altered once it is drawn.
func sameStroke(a, b taken.Stroke) bool { return len(a) == len(b) && &a[0] == &b[0] }

func (b *board) draw() {
	e, p := b.p.f.e, b.p
	had := b.face != nil && slices.Contains([]fyne.Focusable{b.face, b.done}, p.f.canvas.Focused())
	b.make()
	var objects []fyne.CanvasObject
	if b.shown.Ready {
		objects = append(objects, kit.Row(0, 1, b.face, kit.Space(1, 1)))
	}
	switch t := b.shown.Trouble; {
	case t.Some():
		objects = append(objects, kit.NewPara(t.Message+" "+t.Next, kit.Error))
	case !b.shown.Ready:
		objects = append(objects, kit.NewPara(e.T("draw.reading"), kit.Body))
	default:
		objects = append(objects, kit.NewPara(e.T("draw.how"), kit.Small))
	}
	objects = append(objects, kit.Row(8, 3, b.done, b.last, b.clear, kit.Space(1, 1)))
	p.obj.Objects = objects
	p.obj.Refresh()
	b.buttons()
	p.f.again()
	if had {
		p.f.canvas.Focus(b.focus())
	}
}

// focus is where the hand goes.
func (b *board) focus() fyne.Focusable {
	if b.shown.Ready {
		return b.face
	}
	return b.done
}

// make makes the board and its buttons.
func (b *board) make() {
	e, p := b.p.f.e, b.p
	window := p.f.canvas.Size()
	b.face = kit.NewBoard(b.shown.Drawing, fyne.NewSize(min(720, window.Width*boardWide-60), max(200, window.Height*boardHigh)))
	b.face.Keys, b.face.Says = p.f.keys, p.f.filling.Label(p.x.it, p.x.path)
	b.face.OnFocus, b.face.OnLeft = func() { p.f.got(p.x) }, func() { e.Leave(p.x.path) }
	b.face.OnStroke = func(s taken.Stroke) { e.Stroke(p.x.path, s) }
	b.face.OnUndo = func() { e.TakeBackStroke(p.x.path) }
	b.face.OnEscape = b.leave
	b.face.OnDone = func() { p.close(); p.f.next(p.x) }
	b.done = kit.NewButton(e.T("draw.done"), theme.ConfirmIcon(), b.leave).Little()
	b.last = kit.NewButton(e.T("draw.back"), theme.ContentUndoIcon(), b.face.OnUndo).Little().WithKey("Ctrl+Z")
	b.clear = kit.NewButton(e.T("draw.clear"), theme.DeleteIcon(), func() { e.ClearDrawing(p.x.path); p.f.canvas.Focus(b.focus()) }).Little()
	for _, x := range []*kit.Button{b.done, b.last, b.clear} {
		x.OnFocus, x.OnLeft = b.face.OnFocus, b.face.OnLeft
		x.OnKey = func(k fyne.KeyName) bool {
			if k == fyne.KeyEscape {
				b.leave()
			}
			return k == fyne.KeyEscape
		}
	}
}

// buttons are only for what can be done.
func (b *board) buttons() {
	able := func(x *kit.Button, can bool) {
		if x.Disabled() == can {
			if x.Enable(); !can {
				x.Disable()
			}
		}
	}
	able(b.last, len(b.shown.Strokes) > 0)
	able(b.clear, len(b.shown.Strokes) > 0 || b.shown.Under != nil && b.p.draws() || !b.shown.Ready && b.p.draws())
}

// leave takes the board away and stays at the question.
func (b *board) leave() {
	b.p.close()
	b.p.f.canvas.Focus(b.p.focus())
}
