package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// navigation is the list of pages on the left.
type navigation struct {
	w                            *Window
	items                        []*kit.NavItem
	pages                        map[app.Page]*kit.NavItem
	flash, directives, attention *kit.NavItem
	narrow, unfolded             bool // there is room for icons alone; it was unfolded all the same
	obj                          *fyne.Container
}

func newNavigation(w *Window) *navigation {
	n := &navigation{w: w, pages: map[app.Page]*kit.NavItem{}}
	if w.m.Page() == app.PageSignIn || w.m.Page() == app.PageEnrol {
		n.obj = container.NewWithoutLayout()
		return n
	}
	open := func(p app.Page) func() { return func() { w.m.Go(p) } }
	n.add(app.PageToday, "nav.today", theme.HomeIcon(), open(app.PageToday))
	n.add(app.PageRecords, "nav.records", theme.ListIcon(), open(app.PageRecords))
	n.flash = n.add(app.PageFlash, "nav.flash", kit.IconBolt, open(app.PageFlash))
	n.directives = n.add(app.PageDirectives, "nav.directives", kit.IconTask, open(app.PageDirectives))
	n.attention = n.add(app.PageAsking, "nav.attention", theme.WarningIcon(), open(app.PageAsking))
	n.pages[app.PageConflict] = n.attention
	n.add(app.PageSync, "nav.sync", kit.IconSync, open(app.PageSync))
	n.add(app.PageSettings, "nav.settings", theme.SettingsIcon(), open(app.PageSettings))
	pages := make([]fyne.CanvasObject, len(n.items))
	for i, item := range n.items {
		pages[i] = item
	}
	lock := n.add(app.PageSignIn, "nav.lock", kit.IconLock, w.m.Lock)
	n.obj = kit.Fill(kit.ColorSurface,
		kit.Border(nil, nil, nil, kit.Hair(), kit.Pad(0, 8, 0, 8, kit.Border(nil, lock, nil, nil, kit.Column(0, pages...)))))
	n.draw()
	return n
}

func (n *navigation) add(p app.Page, key string, icon fyne.Resource, f func()) *kit.NavItem {
	item := kit.NewNavItem(n.w.m.T(key), icon, f)
	item.OnKey = n.key
	n.items = append(n.items, item)
	n.pages[p] = item
	return item
}

// here is the item of the page that is open.
func (n *navigation) here() *kit.NavItem {
	if item := n.pages[n.w.m.Page()]; item != nil {
		return item
	}
	return n.pages[app.PageRecords] // a form, or which one to fill in
}

// key goes from one line to the next, or away.
func (n *navigation) key(k fyne.KeyName) {
	c := n.w.win.Canvas()
	switch k {
	case fyne.KeyDown:
		c.FocusNext()
	case fyne.KeyUp:
		c.FocusPrevious()
	case fyne.KeyF1:
		n.w.showKeys()
	case fyne.KeyEscape:
		n.w.escape()
	}
}

// toggle unfolds the navigation of a narrow window and goes there, or folds it again; false where it is not folded.
func (n *navigation) toggle() bool {
	if n.narrow {
		n.unfolded = !n.unfolded
		n.w.win.Canvas().Content().Refresh()
		if n.unfolded {
			n.w.win.Canvas().Focus(n.here())
		} else {
			n.w.win.Canvas().Focus(n.w.page.first())
		}
	}
	return n.narrow
}

func (n *navigation) object() fyne.CanvasObject { return n.obj }

func (n *navigation) fold(narrow bool) {
	n.narrow = narrow
	folded := narrow && !n.unfolded
	for _, i := range n.items {
		if i.Folded != folded {
			i.Folded = folded
			i.Refresh()
		}
	}
}

func (n *navigation) draw() {
	if n.attention == nil {
		return
	}
	_, conflicts, attention := n.w.m.Counts()
	count := func(item *kit.NavItem, waiting int, urgent bool) {
		if text := countText(waiting); item.Count != text {
			item.Count, item.Urgent = text, urgent
			item.Refresh()
		}
	}
	count(n.flash, n.w.m.Flashes.Waiting(), false)
	count(n.directives, n.w.m.Directives.Unread(), false)
	count(n.attention, conflicts+attention, true)
	here := n.here()
	for _, i := range n.items {
		if i.Here != (i == here) {
			i.Here = i == here
			i.Refresh()
		}
	}
}
