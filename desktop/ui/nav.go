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

// navigation is the list of pages on the left.
type navigation struct {
	w         *Window
	items     []*kit.NavItem
	pages     map[app.Page]*kit.NavItem
	attention *kit.NavItem
	obj       *fyne.Container
}

func newNavigation(w *Window) *navigation {
	n := &navigation{w: w, pages: map[app.Page]*kit.NavItem{}}
	if w.m.Page() == app.PageSignIn {
		n.obj = container.NewWithoutLayout()
		return n
	}
	go_ := func(p app.Page) func() { return func() { w.m.Go(p) } }
	n.add(app.PageToday, "nav.today", theme.HomeIcon(), go_(app.PageToday))
	n.add(app.PageRecords, "nav.records", theme.ListIcon(), func() { w.list(notebook.StateAny) })
	n.attention = n.add(app.PageConflict, "nav.attention", theme.WarningIcon(), func() { w.list(notebook.StateAttention) })
	n.add(app.PageSync, "nav.sync", kit.IconSync, go_(app.PageSync))
	n.add(app.PageSettings, "nav.settings", theme.SettingsIcon(), go_(app.PageSettings))
	pages := make([]fyne.CanvasObject, len(n.items))
	for i, item := range n.items {
		pages[i] = item
	}
	lock := n.add(app.PageSignIn, "nav.lock", kit.IconLock, w.m.Lock)
	n.obj = container.NewStack(canvas.NewRectangle(kit.Color(kit.ColorSurface)),
		kit.Border(nil, nil, nil, kit.Hair(), kit.Pad(0, 8, 0, 8, kit.Border(nil, lock, nil, nil, kit.Column(0, pages...)))))
	n.draw()
	return n
}

func (n *navigation) add(p app.Page, key string, icon fyne.Resource, f func()) *kit.NavItem {
	item := kit.NewNavItem(n.w.m.T(key), icon, f)
	n.items = append(n.items, item)
	n.pages[p] = item
	return item
}

// here is the item of the page that is open.
func (n *navigation) here() *kit.NavItem {
	if n.w.m.Page() == app.PageRecords && n.w.m.List.Query().State == notebook.StateAttention {
		return n.attention
	}
	if item := n.pages[n.w.m.Page()]; item != nil {
		return item
	}
	return n.pages[app.PageRecords] // a form, or which one to fill in
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
	if n.attention == nil {
		return
	}
	_, conflicts, attention := n.w.m.Counts()
	if text := countText(conflicts + attention); n.attention.Count != text {
		n.attention.Count, n.attention.Urgent = text, true
		n.attention.Refresh()
	}
	here := n.here()
	for _, i := range n.items {
		if i.Here != (i == here) {
			i.Here = i == here
			i.Refresh()
		}
	}
}
