package kit

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"banlang/desktop/telex"
	"banlang/shared/viet"
)

// How the text of an entry changes. Everything that changes it goes through edit and splice, and not through Fyne's Entry:
//
//   - Fyne has no step that exchanges a part of the text. A composed letter would be a deletion and an insertion, which its
//     undo takes back one by one, and leaves half a word. History keeps whole texts instead.
//   - Fyne knows the cursor by its row on the screen. Since 2.7 it tells the place in the text (CursorTextOffset), which is
//     right on every row. It cannot be set, and a space that ended a full row has no place on the screen at all: Fyne puts
//     the next letter before it. Place and offset are for that.
//   - Fyne takes runes for letters. Backspace on ơ̆ would take the breve.
//
// Moving the cursor, selecting and drawing are Fyne's.

// spot is the place in the text where the last edit left the cursor. Fyne's row and column may name it no better than its
// neighbour; while both are still what they were after the edit, the spot holds.
type spot struct {
	row, column, at int
	text            string
}

// offset gives how many runes stand before the cursor.
func (e *Entry) offset() int {
	if s := e.spot; s.row == e.CursorRow && s.column == e.CursorColumn && s.text == e.Text {
		return s.at
	}
	return e.CursorTextOffset()
}

// place puts the cursor before a rune. Rows are those on the screen; where one begins, Fyne tells for its first column, and
// 0 for a row that is not there.
func (e *Entry) place(at int) {
	row, column := e.CursorRow, e.CursorColumn
	last, begin := 0, 0
	e.CursorColumn = 0
	for e.CursorRow = 1; ; e.CursorRow++ {
		next := e.CursorTextOffset()
		if next == 0 || next > at {
			break
		}
		last, begin = e.CursorRow, next
	}
	e.CursorRow, e.CursorColumn = last, at-begin
	if e.CursorRow != row || e.CursorColumn != column {
		e.Refresh()
	}
	e.spot = spot{e.CursorRow, e.CursorColumn, at, e.Text}
}

// Resize implements fyne.CanvasObject: where the text wraps otherwise, the cursor stays at its letter.
func (e *Entry) Resize(size fyne.Size) {
	at, moves := e.offset(), e.MultiLine && size.Width != e.Size().Width && e.SelectedText() == ""
	e.Entry.Resize(size)
	if moves {
		e.place(at)
	}
}

// put shows a text with the cursor before a rune of it. Nothing is selected afterwards.
func (e *Entry) put(text string, at int) {
	e.unselect()
	e.CursorColumn = max(0, e.CursorColumn+at-e.offset()) // mostly right: then the text is drawn once only
	e.Entry.SetText(text)
	e.place(at)
}

// splice exchanges the runes from one place to another for a text, and leaves the cursor behind it.
func (e *Entry) splice(from, to int, with string) {
	old := []rune(e.Text)
	head, tail := string(old[:from])+with, old[to:]
	for len(tail) > 0 && isMark(tail[0]) { // they belong to the letter before them
		head, tail = head+string(tail[0]), tail[1:]
	}
	head = viet.NFC(head)
	e.put(head+string(tail), utf8.RuneCountInString(head))
}

// unselect ends a selection, and leaves the cursor somewhere. Fyne may think that something is selected where nothing is:
// between the two places that a word broken at the end of a row has for one.
func (e *Entry) unselect() {
	if !e.selects {
		return
	}
	e.selects = false
	e.Entry.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	if e.held&shiftHeld != 0 {
		e.Entry.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	}
}

// forget ends a selection of nothing.
func (e *Entry) forget() {
	if e.selects && e.SelectedText() == "" {
		at := e.offset()
		e.unselect()
		e.place(at)
	}
}

// erase takes out what is selected. It gives where the cursor is then, and whether anything was selected.
func (e *Entry) erase() (at int, selected bool) {
	e.forget()
	at = e.offset()
	n := utf8.RuneCountInString(e.SelectedText())
	if n == 0 {
		return at, false
	}
	old := []rune(e.Text)
	e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	after := at <= len(old)-n && string(slices.Concat(old[:at], old[at+n:])) == e.Text
	before := at >= n && string(slices.Concat(old[:at-n], old[at:])) == e.Text
	if before && (!after || e.CursorTextOffset() <= at-n) {
		at -= n
	}
	e.place(at)
	return at, true
}

// kind is what an edit does; edits of one kind that follow each other directly are taken back as one.
type kind uint8

const (
	whole kind = iota // stands alone
	typing
	erasing
)

// edit makes a change, and afterwards remembers it and tells of it, once.
func (e *Entry) edit(k kind, change func()) {
	if e.Disabled() {
		return
	}
	before := moment{e.Text, e.offset()}
	told := e.OnChanged
	e.OnChanged = nil
	change()
	e.OnChanged = told
	if e.Text == before.text {
		return
	}
	e.past.add(k, before, moment{e.Text, e.offset()})
	if told != nil {
		told(e.Text)
	}
}

// TypedRune implements fyne.Focusable: a key makes a letter, or changes the word before the cursor.
func (e *Entry) TypedRune(r rune) {
	e.Keys.touch()
	e.held |= otherHeld
	if unicode.IsControl(r) {
		return
	}
	if unicode.IsSpace(r) || unicode.IsPunct(r) && r != '\'' {
		e.past.open = whole // a step of undo is a word and what stands before it
	}
	e.edit(typing, func() {
		at, replaced := e.erase()
		from, with := at, string(r)
		if rules := e.rules(); !replaced && rules.Method != telex.Off {
			text := []rune(e.Text)
			from = telex.Start(text, at)
			with = rules.Key(string(text[from:at]), r)
		}
		e.splice(from, at, with)
	})
}

// Insert puts a text where the cursor is, instead of what is selected.
func (e *Entry) Insert(text string) {
	e.edit(typing, func() {
		at, _ := e.erase()
		e.splice(at, at, text)
	})
}

// back takes the letter before the cursor with all its marks, or what is selected; whole words if wanted.
func (e *Entry) back(word bool) {
	e.edit(erasing, func() {
		at, selected := e.erase()
		if selected || at == 0 {
			return
		}
		text := []rune(e.Text)
		from := at - 1
		for from > 0 && isMark(text[from]) {
			from--
		}
		if word {
			from = wordBefore(text, at)
		}
		if unicode.IsSpace(text[from]) {
			e.past.open = whole
		}
		e.splice(from, at, "")
	})
}

// forth takes the letter after the cursor with all its marks, or what is selected; whole words if wanted.
func (e *Entry) forth(word bool) {
	e.edit(erasing, func() {
		at, selected := e.erase()
		text := []rune(e.Text)
		if selected || at == len(text) {
			return
		}
		to := at + 1
		if word {
			to = wordAfter(text, at)
		}
		for to < len(text) && isMark(text[to]) {
			to++
		}
		e.splice(at, to, "")
	})
}

func wordBefore(text []rune, at int) int {
	for at > 0 && unicode.IsSpace(text[at-1]) {
		at--
	}
	for at > 0 && !unicode.IsSpace(text[at-1]) {
		at--
	}
	return at
}

func wordAfter(text []rune, at int) int {
	for at < len(text) && unicode.IsSpace(text[at]) {
		at++
	}
	for at < len(text) && !unicode.IsSpace(text[at]) {
		at++
	}
	return at
}

func isMark(r rune) bool { return unicode.Is(unicode.Mn, r) }

// paste puts in what a clipboard holds: in NFC, without what no key types, on one line where there is one.
func (e *Entry) paste(c fyne.Clipboard) {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(c.Content())
	if !e.MultiLine {
		text = strings.ReplaceAll(text, "\n", " ")
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.IsControl(r) && r != '\n':
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if text == "" {
		return
	}
	e.edit(whole, func() {
		at, _ := e.erase()
		e.splice(at, at, text)
	})
}

func (e *Entry) cut(c fyne.Clipboard) {
	if selected := e.SelectedText(); selected != "" && !e.Password {
		c.SetContent(selected)
		e.edit(whole, func() { e.erase() })
	}
}

// SetText shows a text in NFC; what was there before cannot be taken back.
func (e *Entry) SetText(text string) {
	e.past = history{}
	e.Entry.SetText(viet.NFC(text))
	e.drawFigure()
}

// Undo takes the last step back: a word, what was erased, or what was pasted.
func (e *Entry) Undo() {
	if m, ok := e.past.back(); ok {
		e.restore(m)
	}
}

// Redo makes a step again that was taken back.
func (e *Entry) Redo() {
	if m, ok := e.past.forth(); ok {
		e.restore(m)
	}
}

func (e *Entry) restore(m moment) {
	told := e.OnChanged
	e.OnChanged = nil
	e.put(m.text, m.at)
	e.OnChanged = told
	if told != nil {
		told(e.Text)
	}
}

// moment is a text and where the cursor was in it, in runes.
type moment struct {
	text string
	at   int
}

type step struct{ before, after moment }

// history is what can be taken back, and made again.
type history struct {
	steps []step
	done  int  // how many of them are not taken back
	open  kind // what may still be added to the last one
}

// mostSteps is how many steps can be taken back.
const mostSteps = 200

func (h *history) add(k kind, before, after moment) {
	h.steps = h.steps[:h.done]
	if last := len(h.steps) - 1; last >= 0 && k != whole && k == h.open && h.steps[last].after == before {
		h.steps[last].after = after
		return
	}
	h.steps, h.open = append(h.steps, step{before, after}), k
	if len(h.steps) > mostSteps {
		h.steps = h.steps[1:]
	}
	h.done = len(h.steps)
}

func (h *history) back() (moment, bool) {
	h.open = whole
	if h.done == 0 {
		return moment{}, false
	}
	h.done--
	return h.steps[h.done].before, true
}

func (h *history) forth() (moment, bool) {
	h.open = whole
	if h.done == len(h.steps) {
		return moment{}, false
	}
	h.done++
	return h.steps[h.done-1].after, true
}
