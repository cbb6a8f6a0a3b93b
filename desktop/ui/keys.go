package ui

import (
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// keyLines are the keys of a page, as people read them, with the key of what they do.
func keyLines(p app.Page) [][2]string {
	lines := [][2]string{{"Ctrl+M", "nav.today"}, {"Ctrl+F", "keys.find"}, {"Ctrl+N", "new"}, {"Ctrl+R", "flash.new"},
		{"Ctrl+I", "nav.directives"}, {"Ctrl+G", "sync.now"}, {"F2", "keys.typing"}, {"Ctrl+K", "typing.letters"}, {"Ctrl+Q", "nav.lock"}, {"Esc, Ctrl+W", "keys.leave"}, {"F1, Ctrl+H", "keys.title"}}
	switch p {
	case app.PageEnrol:
		return [][2]string{{"Enter", "keys.next"}, {"Tab, Shift+Tab", "keys.tab"}, {"Ctrl+O", "enrol.files.again"}, {"Esc, Ctrl+W", "enrol.stop"}, {"F1, Ctrl+H", "keys.title"}}
	case app.PageForm:
		return append([][2]string{{"Enter", "keys.next"}, {"Tab, Shift+Tab", "keys.tab"}, {"Ctrl+Enter", "form.finish"},
			{"Ctrl+Shift+Enter", "form.finish.next"}, {"Ctrl+S", "keys.saved"}, {"Ctrl+L", "form.addrow"}, {"Ctrl+Delete", "row.remove"},
			{"Ctrl+D", "rail.copy"}, {"Ctrl+O", "photo.add"}, {"F4", "keys.open"}, {"Ctrl+1…9", "rail.jump"}, {"Ctrl+Shift+Z", "rail.undo"}}, lines...)
	case app.PageRecords:
		return append([][2]string{{"Enter", "keys.first"}, {"Up, Down", "keys.rows"}, {"Enter, Ctrl+E", "keys.edit"}, {"Ctrl+B", "detail.copy"},
			{"Ctrl+P", "detail.print"}, {"Delete", "detail.delete"}, {"PgUp, PgDn", "keys.scroll"}, {"Esc", "keys.back"}}, lines...)
	case app.PageConflict:
		return append([][2]string{{"Ctrl+1, Ctrl+2", "keys.choose"}, {"Ctrl+3", "conflict.other"}, {"Ctrl+4", "conflict.ask"}}, lines...)
	case app.PageAsking:
		return append([][2]string{{"Up, Down", "keys.rows"}, {"Enter, Ctrl+Enter", "keys.act"}, {"Tab", "keys.field"}}, lines...)
	case app.PageDirectives:
		return append([][2]string{{"Up, Down", "keys.directives"}, {"Enter", "directive.open"}, {"Tab, Shift+Tab", "keys.tab"}, {"Ctrl+Enter", "keys.accept"},
			{"Ctrl+S", "keys.saved"}, {"Ctrl+Shift+Z", "rail.undo"}}, lines...)
	}
	return lines
}

// showKeys lists the keys of the page over it.
func (w *Window) showKeys() {
	if w.help != nil {
		w.hideKeys()
		return
	}
	m := w.m
	var cells []fyne.CanvasObject
	for _, l := range keyLines(m.Page()) {
		key := kit.Box(kit.ColorPaper, kit.ColorLine, 1, kit.Pad(8, 2, 8, 2, kit.Line(l[0], kit.Small.Strong().In(kit.ColorInk))))
		cells = append(cells, kit.NewCell(kit.Row(10, 1, kit.Fixed(150, 0, kit.Row(0, -1, key)), kit.NewCut(sentence(m.T(l[1])), kit.Body)), false))
	}
	done := kit.NewButton(m.T("keys.close"), theme.CancelIcon(), w.hideKeys).WithKey("Esc")
	body := kit.Column(12, kit.Row(12, 0, kit.NewCut(m.T("keys.title"), kit.Title), done), kit.Hair(), kit.Grid(8, 320, 2, cells...))
	w.cover(760, body, done)
}

// ask asks the officer before something is done. What is at hand is to leave it; so does every key that leaves.
func (w *Window) ask(q app.Question) {
	keep := kit.NewButton(w.m.T("void.keep"), theme.CancelIcon(), w.hideKeys).WithKey("Esc")
	do := kit.NewButton(q.Action, theme.DeleteIcon(), func() { w.hideKeys(); q.Do() }).As(kit.Danger)
	w.cover(560, kit.Column(12, kit.NewPara(q.Title, kit.Section), kit.NewPara(q.Text, kit.Body), kit.Row(24, 0, kit.Space(1, 1), keep, do)), keep, do)
}

// cover shows something over the page, as wide as wanted where there is room, with the hand at the first of its buttons.
func (w *Window) cover(wide float32, body fyne.CanvasObject, buttons ...*kit.Button) {
	w.hideKeys()
	for _, b := range buttons { // the one with the focus gets every key
		b.OnKey = func(key fyne.KeyName) bool {
			leaves := key == fyne.KeyEscape || key == fyne.KeyF1
			if leaves {
				w.hideKeys()
			}
			return leaves
		}
	}
	c := w.win.Canvas()
	wide = min(wide, c.Size().Width-120)
	kit.Lay(body, wide)
	w.help = widget.NewModalPopUp(kit.Watched(kit.Box(kit.ColorPaper, kit.ColorPrimary, 2, kit.Pad(22, 18, 22, 22, kit.Fixed(wide, 0, body)))), c)
	w.help.Show()
	c.Focus(buttons[0])
}

// sentence begins a word of the catalogue as a line of its own does.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// hideKeys takes away what covers the page.
func (w *Window) hideKeys() {
	if w.help != nil {
		w.help.Hide()
		w.help = nil
	}
}

// uncover takes away whatever lies over the page: the list of keys or a question, and what the page itself has opened, a calendar, a menu
// or letters to choose from. Another content of the window leaves them where they are, with the keys going to them.
func (w *Window) uncover() {
	w.hideKeys()
	overlays := w.win.Canvas().Overlays()
	for o := overlays.Top(); o != nil; o = overlays.Top() { // to hide what Fyne lists here would not take a PopUp away
		overlays.Remove(o)
	}
}
