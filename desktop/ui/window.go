// Package ui owns the window of the officer's program: its pages, drawn from what package app says. It decides nothing,
// holds no state of its own but widgets, and starts no goroutine: what app does beside the screen comes back through the
// post function, in the program fyne.Do.
//
// It imports neither fyne/app nor a database, so that its tests run without a screen and without cgo.
package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// Run opens the window of an App and returns when it is closed; the draft on the screen is durable then. Vi says whether
// its entries compose Vietnamese to begin with. It is called on the main goroutine.
func Run(a fyne.App, m *app.App, vi bool) error {
	w := Open(a, m, fyne.Do)
	w.readTyping(vi)
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
	help   *widget.PopUp // the list of keys, or a question; nil: neither is shown
	taught string        // the language that Fyne speaks
	closed error

	touched func() // is told of everything that somebody does here with mouse or keys
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
var keysBound = []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8, fyne.Key9,
	fyne.KeyReturn, fyne.KeyEnter, fyne.KeyB, fyne.KeyD, fyne.KeyDelete, fyne.KeyE, fyne.KeyF, fyne.KeyG, fyne.KeyH, fyne.KeyI, fyne.KeyK, fyne.KeyL,
	fyne.KeyM, fyne.KeyN, fyne.KeyO, fyne.KeyP, fyne.KeyQ, fyne.KeyR, fyne.KeyS, fyne.KeyW, fyne.KeyZ}

// Open makes the window of an App. Post runs a function on the window's goroutine.
func Open(a fyne.App, m *app.App, post func(func())) *Window {
	w := &Window{fy: a, win: a.NewWindow(m.T("app.name")), m: m, keys: kit.NewKeys()}
	w.keys.Touched, w.touched = m.Active, m.Active
	w.win.SetPadded(false)
	w.keys.Bind(w.win.Canvas(), keysBound...)
	w.win.SetCloseIntercept(w.close)
	w.win.Canvas().SetOnTypedKey(w.plainKey)
	if c, ok := w.win.Canvas().(desktop.Canvas); ok { // of the tests: it is none
		c.SetOnKeyDown(func(*fyne.KeyEvent) { w.touched() })
	}
	w.win.Resize(windowSize(m))
	w.win.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) { w.dropped(uris) })
	m.Start(post, w.draw)
	return w
}

// The preference that holds the size of the window, as "1280x690".
const prefSize = "window"

// windowSize is how large the window was last, within reason.
func windowSize(m *app.App) fyne.Size {
	var width, height int
	if n, _ := fmt.Sscanf(m.Preference(prefSize), "%dx%d", &width, &height); n == 2 && width >= 640 && height >= 400 && width < 10000 && height < 10000 {
		return fyne.NewSize(float32(width), float32(height))
	}
	return fyne.NewSize(1280, 690)
}

// plainKey is a key without Ctrl that no widget has taken.
func (w *Window) plainKey(e *fyne.KeyEvent) {
	w.m.Active()
	switch e.Name {
	case fyne.KeyF1:
		w.showKeys()
	case fyne.KeyEscape:
		w.escape()
	}
}

// escape leaves what is on top: the help, a form, the answers to choose from. Where nothing is, it unfolds a folded
// navigation.
func (w *Window) escape() {
	if w.help != nil {
		w.hideKeys()
		return
	}
	switch w.m.Page() {
	case app.PageForm, app.PageConflict, app.PageNew:
	default:
		if w.nav.toggle() {
			return
		}
	}
	w.keys.Do(kit.Ctrl(fyne.KeyW))
}

// dropped hands files that were dropped on the window to the page that is open.
func (w *Window) dropped(uris []fyne.URI) {
	files := make([]string, len(uris))
	for i, u := range uris {
		files[i] = u.Path()
	}
	switch p := w.page.(type) {
	case *formPage:
		p.form.Drop(files)
	case *enrolPage:
		p.take(files)
	}
}

// close keeps the draft on the screen and ends the program. While a draft cannot be written it asks.
func (w *Window) close() {
	if t := w.m.SaveAll(); t.Some() {
		w.askToLose(t)
		return
	}
	w.end()
}

// askToLose says what could not be saved, and lets a person try again or let it go.
func (w *Window) askToLose(t app.Trouble) {
	m := w.m
	again := kit.NewButton(m.T("close.again"), theme.ViewRefreshIcon(), func() { w.hideKeys(); w.close() }).As(kit.Primary).WithKey("Enter")
	lose := kit.NewButton(m.T("close.lose"), theme.DeleteIcon(), w.end).As(kit.Danger)
	w.cover(620, kit.Column(12, kit.NewCut(m.T("close.title"), kit.Title), troubleText(m, t), kit.Row(10, 1, again, kit.Space(1, 1), lose)), again, lose)
}

func (w *Window) end() {
	size := w.win.Canvas().Size()
	w.m.Prefer(prefSize, fmt.Sprintf("%.0fx%.0f", size.Width, size.Height))
	w.closed = w.m.Close()
	w.win.Close()
}

// draw brings the window up to what app says.
func (w *Window) draw(p app.Part) {
	if p&app.PartRaise != 0 {
		w.win.Show()
		restore(w.win)
		w.win.RequestFocus()
	}
	if p&app.PartPage != 0 || w.page == nil {
		w.build()
		return
	}
	if p&(app.PartNav|app.PartSync) != 0 {
		w.nav.draw()
		w.bar.draw()
	}
	if p&app.PartClock != 0 {
		w.bar.drawClock()
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
	if w.taught != w.m.Language() {
		w.taught = w.m.Language()
		teachFyne(w.m)
	}
	w.win.SetTitle(title(w.m))
	w.keys.Clear()
	w.uncover()
	if p, ok := w.page.(interface{ keepSeat() }); ok {
		p.keepSeat()
	}
	w.nameTyping()
	w.bar, w.toast = newStatusBar(w), newToastLine(w)
	w.nav = newNavigation(w)
	w.commonKeys()
	w.page = w.newPage()
	body := w.page.object()
	foot := container.NewVBox(w.toast.object(), w.bar.object())
	foot.Layout = stacked{}
	if w.m.Page() == app.PageSignIn || w.m.Page() == app.PageEnrol {
		w.win.SetContent(kit.WithTips(kit.Border(nil, foot, nil, nil, body), func() { w.touched() }))
	} else {
		w.win.SetContent(kit.WithTips(container.New(&frame{w: w}, w.nav.object(), body, foot), func() { w.touched() }))
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
	case app.PageToday:
		return newTodayPage(w)
	case app.PageFlash:
		return newFlashPage(w)
	case app.PageDirectives:
		return newDirectivesPage(w)
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
	case app.PageAsking:
		return newAskingPage(w)
	case app.PageEnrol:
		return newEnrolPage(w)
	}
	return newSignInPage(w)
}

// commonKeys are the shortcuts of every page after sign-in.
func (w *Window) commonKeys() {
	if w.m.Page() == app.PageSignIn || w.m.Page() == app.PageEnrol {
		return
	}
	w.keys.Set(fyne.KeyN, false, func() { w.m.Go(app.PageNew) })
	w.keys.Set(fyne.KeyG, false, w.m.SendNow)
	w.keys.Set(fyne.KeyF, false, func() { w.m.Go(app.PageRecords) })
	w.keys.Set(fyne.KeyH, false, w.showKeys)
	w.keys.Set(fyne.KeyI, false, func() { w.m.Go(app.PageDirectives) })
	w.keys.Set(fyne.KeyM, false, func() { w.m.Go(app.PageToday) })
	w.keys.Set(fyne.KeyQ, false, w.m.Lock)
	w.keys.Set(fyne.KeyR, false, func() { w.m.New(app.FlashForm) })
	w.keys.Set(fyne.KeyW, false, func() { w.m.Go(app.PageToday) })
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
