// Package ui owns the window of the officer's program: its pages, drawn from what package app says. It decides nothing,
// holds no state of its own but widgets, and starts no goroutine: what app does beside the screen comes back through the
// post function, in the program fyne.Do.
//
// It imports neither fyne/app nor a database, so that its tests run without a screen and without cgo.
package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/notebook"
	"banlang/desktop/ui/kit"
)

// Run opens the window of an App and returns when it is closed; the draft on the screen is durable then. Vi says whether
// its entries compose Vietnamese to begin with. It is called on the main goroutine.
func Run(a fyne.App, m *app.App, vi bool) error {
	w := Open(a, m, fyne.Do)
	w.keys.Typing.Set(vi, w.keys.Typing.Rules())
	w.win.ShowAndRun()
	return w.closed
}

// Window is the window and its pages.
type Window struct {
	fy     fyne.App
	win    fyne.Window
	m      *app.App
	keys   *kit.Keys
	page   page
	nav    *navigation
	bar    *statusBar
	toast  *toastLine
	closed error
}

// page is one page of the window.
type page interface {
	object() fyne.CanvasObject
	// draw brings the page up to what app says of these parts.
	draw(p app.Part)
	// first is what has the focus when the page opens; nil: nothing.
	first() fyne.Focusable
}

// keysBound are all keys that mean something with Ctrl.
var keysBound = []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyF,
	fyne.KeyG, fyne.KeyL, fyne.KeyN, fyne.KeyS, fyne.KeyW, fyne.KeyE}

// Open makes the window of an App. Post runs a function on the window's goroutine.
func Open(a fyne.App, m *app.App, post func(func())) *Window {
	w := &Window{fy: a, win: a.NewWindow(m.T("app.name")), m: m, keys: kit.NewKeys()}
	w.win.SetPadded(false)
	w.keys.Bind(w.win.Canvas(), keysBound...)
	w.win.SetCloseIntercept(w.close)
	m.Start(post, w.draw)
	a.Settings().SetTheme(kit.Theme{Step: m.TextSize()})
	w.win.Resize(fyne.NewSize(1280, 690))
	w.draw(app.PartPage)
	return w
}

// close keeps the draft on the screen and ends the program.
func (w *Window) close() {
	w.closed = w.m.Close()
	w.win.Close()
}

// draw brings the window up to what app says.
func (w *Window) draw(p app.Part) {
	if p&app.PartPage != 0 || w.page == nil {
		w.build()
		return
	}
	if p&(app.PartNav|app.PartSync) != 0 {
		w.nav.draw()
		w.bar.draw()
	}
	if p&app.PartToast != 0 {
		w.toast.draw()
	}
	w.page.draw(p)
}

// build draws everything anew: another page, another language or another text size.
func (w *Window) build() {
	if t := (kit.Theme{Step: w.m.TextSize()}); w.fy.Settings().Theme() != fyne.Theme(t) {
		w.fy.Settings().SetTheme(t)
	}
	w.win.SetTitle(title(w.m))
	w.keys.Clear()
	w.nameTyping()
	w.bar, w.toast = newStatusBar(w), newToastLine(w)
	w.nav = newNavigation(w)
	w.commonKeys()
	w.page = w.newPage()
	body := w.page.object()
	foot := container.NewVBox(w.toast.object(), w.bar.object())
	foot.Layout = stacked{}
	if w.m.Page() == app.PageSignIn {
		w.win.SetContent(kit.Border(nil, foot, nil, nil, body))
	} else {
		w.win.SetContent(container.New(&frame{w: w}, w.nav.object(), body, foot))
	}
	if f := w.page.first(); f != nil {
		w.win.Canvas().Focus(f)
	}
}

func title(m *app.App) string {
	if m.Unit() == "" {
		return m.T("app.name")
	}
	return m.T("app.name") + " – " + m.Unit()
}

func (w *Window) newPage() page {
	switch w.m.Page() {
	case app.PageRecords:
		return newRecordsPage(w)
	case app.PageDrafts:
		return newDraftsPage(w)
	case app.PageSync:
		return newSyncPage(w)
	case app.PageSettings:
		return newSettingsPage(w)
	case app.PageNew:
		return newFormsPage(w)
	case app.PageForm:
		return newFormPage(w)
	case app.PageConflict:
		return newConflictPage(w)
	}
	return newSignInPage(w)
}

// commonKeys are the shortcuts of every page after sign-in.
func (w *Window) commonKeys() {
	if w.m.Page() == app.PageSignIn {
		return
	}
	w.keys.Set(fyne.KeyN, false, func() { w.m.Go(app.PageNew) })
	w.keys.Set(fyne.KeyG, false, w.m.SendNow)
	w.keys.Set(fyne.KeyF, false, func() { w.m.Go(app.PageRecords) })
}

// stacked stands objects below each other without gaps.
type stacked struct{}

func (stacked) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if o.Visible() {
			h := o.MinSize().Height
			o.Move(fyne.NewPos(0, y))
			o.Resize(fyne.NewSize(size.Width, h))
			y += h
		}
	}
}

func (stacked) MinSize(objects []fyne.CanvasObject) (s fyne.Size) {
	for _, o := range objects {
		if o.Visible() {
			s.Width, s.Height = max(s.Width, o.MinSize().Width), s.Height+o.MinSize().Height
		}
	}
	return s
}

// foldBelow is the width under which the navigation shows icons alone. In a form it always does: less to hit by mistake.
const foldBelow = 1100

// frame lays the navigation on the left, the foot below, and the page in what is left.
type frame struct{ w *Window }

func (f *frame) Layout(o []fyne.CanvasObject, size fyne.Size) {
	f.w.bar.narrow(size.Width < foldBelow)
	f.w.nav.fold(size.Width < foldBelow || f.w.m.Page() == app.PageForm)
	foot, side := o[2].MinSize().Height, o[0].MinSize().Width
	o[2].Move(fyne.NewPos(0, size.Height-foot))
	o[2].Resize(fyne.NewSize(size.Width, foot))
	o[0].Move(fyne.NewPos(0, 0))
	o[0].Resize(fyne.NewSize(side, size.Height-foot))
	o[1].Move(fyne.NewPos(side, 0))
	o[1].Resize(fyne.NewSize(size.Width-side, size.Height-foot))
}

func (f *frame) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(800, 440) }

// navigation is the list of pages on the left.
type navigation struct {
	w                                                     *Window
	items                                                 []*kit.NavItem
	records, drafts, conflicts, attention, sync, settings *kit.NavItem
	obj                                                   *fyne.Container
}

func newNavigation(w *Window) *navigation {
	n := &navigation{w: w}
	if w.m.Page() == app.PageSignIn {
		n.obj = container.NewWithoutLayout()
		return n
	}
	add := func(key string, icon fyne.Resource, f func()) *kit.NavItem {
		item := kit.NewNavItem(w.m.T(key), icon, f)
		n.items = append(n.items, item)
		return item
	}
	n.records = add("nav.records", theme.ListIcon(), func() { w.list(notebook.StateAny) })
	n.drafts = add("nav.drafts", theme.DocumentCreateIcon(), func() { w.m.Go(app.PageDrafts) })
	n.conflicts = add("nav.conflict", kit.IconSplit, func() { w.list(notebook.StateConflict) })
	n.attention = add("nav.attention", theme.WarningIcon(), func() { w.list(notebook.StateAttention) })
	n.sync = add("nav.sync", kit.IconSync, func() { w.m.Go(app.PageSync) })
	n.settings = add("nav.settings", theme.SettingsIcon(), func() { w.m.Go(app.PageSettings) })
	add("nav.signout", theme.LogoutIcon(), w.m.SignOut)
	var objects []fyne.CanvasObject
	for _, i := range n.items {
		objects = append(objects, i)
	}
	n.obj = container.NewStack(canvas.NewRectangle(kit.Color(kit.ColorSurface)),
		kit.Border(nil, nil, nil, kit.Hair(), kit.Pad(0, 8, 0, 8, kit.Column(0, objects...))))
	n.draw()
	return n
}

// here is the item of the page that is open.
func (n *navigation) here() *kit.NavItem {
	switch n.w.m.Page() {
	case app.PageDrafts:
		return n.drafts
	case app.PageConflict:
		return n.conflicts
	case app.PageSync:
		return n.sync
	case app.PageSettings:
		return n.settings
	}
	switch n.w.m.List.Query().State {
	case notebook.StateConflict:
		return n.conflicts
	case notebook.StateAttention:
		return n.attention
	}
	return n.records
}

// list opens the list with a state as its filter.
func (w *Window) list(s notebook.State) {
	w.m.List.SetState(s)
	w.m.Go(app.PageRecords)
}

func (n *navigation) object() fyne.CanvasObject { return n.obj }

func (n *navigation) fold(folded bool) {
	for _, i := range n.items {
		if i.Folded != folded {
			i.Folded = folded
			i.Refresh()
		}
	}
}

func (n *navigation) draw() {
	if n.drafts == nil {
		return
	}
	drafts, conflicts, attention := n.w.m.Counts()
	set := func(i *kit.NavItem, count int, urgent bool) {
		text := countText(count)
		if i.Count != text {
			i.Count, i.Urgent = text, urgent
			i.Refresh()
		}
	}
	set(n.drafts, drafts, false)
	set(n.conflicts, conflicts, true)
	set(n.attention, attention, true)
	here := n.here()
	for _, i := range n.items {
		if i.Here != (i == here) {
			i.Here = i == here
			i.Refresh()
		}
	}
}
