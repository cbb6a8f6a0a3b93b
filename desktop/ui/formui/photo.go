package formui

import (
	"bytes"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// photo is a question for a picture: the thumbnail of the one that is there, and the list of those that can be taken in, or the
// board that it is drawn on.
type photo struct {
	f      *Form
	x      *field
	hand   app.Hand
	button *kit.Button // takes a picture in, or draws one
	pen    *kit.Button // draws over the picture that is there
	board  *board      // nil: nobody draws
	list   *fyne.Container
	found  []app.Found
	at     int
	shown  app.Picture
	drawn  bool
	obj    *fyne.Container
}

// mostFound is how many pictures are offered at once, the latest.
const mostFound = 8

func (f *Form) newPhoto(x *field) input {
	p := &photo{f: f, x: x, hand: app.HandOf(x.it), list: kit.Column(2), obj: kit.Column(6)}
	p.button = kit.NewButton("", theme.ContentAddIcon(), p.open).WithKey("Ctrl+O")
	p.button.OnKey = p.key
	p.pen = kit.NewButton(f.e.T("draw.over"), theme.DocumentCreateIcon(), p.begin).Little()
	if p.draws() {
		p.button = kit.NewButton("", theme.DocumentCreateIcon(), p.begin)
	}
	for _, b := range []*kit.Button{p.button, p.pen} {
		b.OnFocus, b.OnLeft = func() { f.got(x) }, func() { f.e.Leave(x.path) }
		if b.OnKey == nil {
			b.OnKey = p.penKey
		}
	}
	return p
}

// draws reports whether the answer is drawn on paper: then no picture is taken in.
func (p *photo) draws() bool { return p.hand == app.Signs || p.hand == app.Sketches }

func (p *photo) object() fyne.CanvasObject { return p.obj }
func (p *photo) wrong(bool)                {}

func (p *photo) focus() fyne.Focusable {
	switch {
	case p.board != nil:
		return p.board.focus()
	case p.hand == app.Annotates && p.shown.Some:
		return p.pen
	}
	return p.button
}

// close takes the list away, or the board.
func (p *photo) close() {
	if p.found != nil || p.board != nil {
		p.found, p.board = nil, nil
		p.drawn = false
		p.show()
	}
}

// show draws what is known of the picture, if that is something else than before.
func (p *photo) show() {
	if p.board != nil {
		p.board.show()
		return
	}
	now := p.f.e.Picture(p.x.path)
	if p.drawn && now.Name == p.shown.Name && now.Line == p.shown.Line && now.Busy == p.shown.Busy && now.Some == p.shown.Some &&
		now.Trouble == p.shown.Trouble && bytes.Equal(now.JPEG, p.shown.JPEG) {
		return
	}
	p.shown, p.drawn = now, true
	p.draw()
}

func (p *photo) draw() {
	e, words := p.f.e, handWords[p.hand]
	p.button.SetText(e.T(words.add))
	if p.shown.Some {
		p.button.SetText(e.T(words.other))
	}
	var objects []fyne.CanvasObject
	switch {
	case p.shown.Busy:
		objects = append(objects, kit.NewPara(e.T("photo.busy", "name", p.shown.Name), kit.Body))
	case p.shown.Trouble.Some() && !p.shown.Some:
		t := p.shown.Trouble
		objects = append(objects, kit.NewPara(t.Message+" "+t.Next, kit.Error))
	}
	if p.shown.Some {
		remove := kit.NewButton(e.T("photo.remove"), theme.DeleteIcon(), func() { e.RemovePicture(p.x.path) }).Little()
		name := p.shown.Name
		if p.draws() {
			name = e.T(words.name)
		}
		row := []fyne.CanvasObject{kit.Thumb(p.shown.JPEG), kit.Column(2, kit.NewCut(name, kit.Bold), kit.NewPara(p.shown.Line, kit.Small))}
		if p.hand == app.Annotates {
			row = append(row, p.pen)
		}
		row = append(row, p.button.Little(), remove)
		objects = append(objects, kit.Box(kit.ColorPaper, kit.ColorHair, 1, kit.Pad(10, 8, 10, 8, kit.Row(12, 1, row...))))
	} else {
		p.button.Small = false
		objects = append(objects, kit.Row(12, 1, p.button, kit.NewPara(e.T(words.hint), kit.Small)))
	}
	p.drawList()
	objects = append(objects, p.list)
	p.obj.Objects = objects
	p.obj.Refresh()
	p.f.again()
}

func (p *photo) drawList() {
	p.list.Objects = nil
	for i, x := range p.found {
		if i == mostFound {
			break
		}
		item := kit.NewNavItem(p.f.e.SayFound(x), theme.FileImageIcon(), func() { p.take(i) })
		item.Here = i == p.at
		p.list.Objects = append(p.list.Objects, item)
	}
	if p.found != nil && len(p.found) == 0 {
		p.list.Objects = append(p.list.Objects, kit.NewPara(p.f.e.T("photo.none"), kit.Small))
	}
	p.list.Hidden = len(p.list.Objects) == 0
}

// open looks for pictures and lists them.
func (p *photo) open() {
	p.f.canvas.Focus(p.button)
	p.f.e.FindPictures(func(found []app.Found) {
		p.found, p.at = append([]app.Found{}, found...), 0
		p.draw()
	})
}

func (p *photo) take(i int) {
	file := p.found[i].File
	p.close()
	p.f.e.AddPicture(p.x.path, file)
}

// key is a key while the button has the focus.
func (p *photo) key(k fyne.KeyName) bool {
	open := len(p.found) > 0
	switch k {
	case fyne.KeyDown:
		p.at = min(p.at+1, min(len(p.found), mostFound)-1)
	case fyne.KeyUp:
		p.at = max(0, p.at-1)
	case fyne.KeySpace, fyne.KeyF4:
		if !open {
			p.open()
			return true
		}
		p.take(p.at)
		return true
	case fyne.KeyReturn, fyne.KeyEnter:
		if open {
			p.take(p.at)
			return true
		}
		p.close()
		p.f.next(p.x)
		return true
	case fyne.KeyEscape:
		if p.found == nil {
			p.f.OnEscape()
		}
		p.close()
		return true
	default:
		return false
	}
	if open {
		p.drawList()
		p.list.Refresh()
	}
	return open
}

// photos are the questions for pictures on the screen.
func (f *Form) photos() (all []*photo) {
	for _, x := range f.fields {
		if p, ok := x.in.(*photo); ok && x.cell.Visible() && !p.draws() {
			all = append(all, p)
		}
	}
	return all
}

// nextPhoto is the question for a picture in which the hand is, or the first that has none, or the first.
func (f *Form) nextPhoto() *photo {
	all := f.photos()
	for _, p := range all {
		if p.x == f.here {
			return p
		}
	}
	for _, p := range all {
		if !p.shown.Some && !p.shown.Busy {
			return p
		}
	}
	if len(all) > 0 {
		return all[0]
	}
	return nil
}

func (f *Form) openPictures() {
	if p := f.nextPhoto(); p != nil {
		p.open()
	}
}

// Drop takes in a picture that was dropped on the window. It reports whether the form asks for one.
func (f *Form) Drop(files []string) bool {
	p := f.nextPhoto()
	if p == nil || len(files) == 0 {
		return false
	}
	p.close()
	f.e.AddPicture(p.x.path, files[0])
	return true
}
