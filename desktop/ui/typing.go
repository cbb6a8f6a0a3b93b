package ui

import (
	"strings"

	"banlang/desktop/telex"
	"banlang/desktop/ui/kit"
)

// The preference that holds how Vietnamese is typed: "vi telex", "en vni" …
const prefTyping = "typing"

// typingMethods are those that the officer may choose, with what they are kept as.
var typingMethods = [...]struct {
	method     telex.Method
	kept, text string
}{{telex.Telex, "telex", "settings.typing.telex"}, {telex.VNI, "vni", "settings.typing.vni"}, {telex.Off, "off", "settings.typing.off"}}

// readTyping takes up how the officer typed last; vi is what holds when he has never said.
func (w *Window) readTyping(vi bool) {
	t := w.keys.Typing
	lang, name, chosen := strings.Cut(w.m.Preference(prefTyping), " ")
	rules := telex.Rules{Method: telex.Telex}
	for _, m := range typingMethods {
		if m.kept == name {
			rules.Method = m.method
		}
	}
	if chosen {
		vi = lang == "vi"
	}
	t.Set(vi, rules)
	t.OnChanged = w.keepTyping
}

// keepTyping keeps how the officer types.
func (w *Window) keepTyping() {
	t, lang := w.keys.Typing, "en"
	if t.Vietnamese() {
		lang = "vi"
	}
	for _, m := range typingMethods {
		if m.method == t.Rules().Method {
			w.m.Prefer(prefTyping, lang+" "+m.kept)
		}
	}
}

// setMethod chooses a method; Vietnamese is composed by it from now on.
func (w *Window) setMethod(m telex.Method) {
	t := w.keys.Typing
	rules := t.Rules()
	rules.Method = m
	t.Set(m != telex.Off, rules)
	w.keepTyping()
	w.build()
}

// nameTyping says the words around typing in the officer's language.
func (w *Window) nameTyping() {
	m := w.m
	w.keys.Typing.Words = kit.TypingWords{Letters: m.T("typing.letters"), Hint: m.T("typing.hint"), Undo: m.T("undo"), Redo: m.T("typing.redo"),
		Cut: m.T("typing.cut"), Copy: m.T("typing.copy"), Paste: m.T("typing.paste"), All: m.T("typing.all")}
}
