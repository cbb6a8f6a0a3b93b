package ui

import "banlang/desktop/ui/kit"

// nameTyping says the words around typing in the officer's language.
func (w *Window) nameTyping() {
	m := w.m
	w.keys.Typing.Words = kit.TypingWords{Letters: m.T("typing.letters"), Hint: m.T("typing.hint"), Undo: m.T("undo"), Redo: m.T("typing.redo"),
		Cut: m.T("typing.cut"), Copy: m.T("typing.copy"), Paste: m.T("typing.paste"), All: m.T("typing.all")}
}
