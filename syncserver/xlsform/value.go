package xlsform

import "strings"

// value is what one column, or one family of columns, holds in a row: a text, or values by key in the order of the
// sheet (the languages of label::…, the attributes of bind::…). The zero value is an empty cell.
type value struct {
	text string
	by   attrs
}

// attrs are values by key, in order. nil says that there are none to speak of; attrs{} that there could be.
type attrs []attr

type attr struct {
	key string
	value
}

func plain(s string) value { return value{text: s} }

// nested reports whether v holds values by key.
func (v value) nested() bool { return v.by != nil }

func (v value) isZero() bool { return v.text == "" && len(v.by) == 0 }

// String is the text of v. What was meant to be a text and is not reads as pyxform prints it.
func (v value) String() string {
	if !v.nested() {
		return v.text
	}
	var b strings.Builder
	b.WriteByte('{')
	for i, a := range v.by {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(pythonQuoted(a.key) + ": ")
		if a.nested() {
			b.WriteString(a.value.String())
		} else {
			b.WriteString(pythonQuoted(a.text))
		}
	}
	b.WriteByte('}')
	return b.String()
}

// pythonQuoted writes s between the quotes that Python prefers.
func pythonQuoted(s string) string {
	quote := "'"
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		quote = `"`
	}
	r := strings.NewReplacer(`\`, `\\`, quote, `\`+quote, "\n", `\n`, "\r", `\r`, "\t", `\t`)
	return quote + r.Replace(s) + quote
}

func (a attrs) find(key string) int {
	for i := range a {
		if a[i].key == key {
			return i
		}
	}
	return -1
}

func (a attrs) has(key string) bool { return a.find(key) >= 0 }

// get returns the value of key, the zero value if there is none.
func (a attrs) get(key string) value {
	if i := a.find(key); i >= 0 {
		return a[i].value
	}
	return value{}
}

func (a attrs) text(key string) string { return a.get(key).String() }

// set gives key a value, in its old place if it had one.
func (a *attrs) set(key string, v value) {
	if i := a.find(key); i >= 0 {
		(*a)[i].value = v
		return
	}
	*a = append(*a, attr{key, v})
}

func (a *attrs) setText(key, s string) { a.set(key, plain(s)) }

func (a *attrs) drop(key string) {
	if i := a.find(key); i >= 0 {
		*a = append((*a)[:i:i], (*a)[i+1:]...)
	}
}

// clone shares nothing with a.
func (a attrs) clone() attrs {
	if a == nil {
		return nil
	}
	out := make(attrs, len(a))
	for i := range a {
		out[i] = attr{a[i].key, value{a[i].text, a[i].by.clone()}}
	}
	return out
}

// over lays a over base: the keys of base first, each with the value of a if it has one.
func (a attrs) over(base attrs) attrs {
	if a == nil && base == nil {
		return nil
	}
	out := append(attrs{}, base...)
	for _, x := range a {
		out.set(x.key, x.value)
	}
	return out
}

// merge joins two values of one family. A text beside values by key is the one of the default language, unless that
// language has a value already.
func merge(a, b value, language string) value {
	switch {
	case a.isZero():
		return b
	case b.isZero():
		return a
	}
	if !a.nested() {
		if b.by.has(language) {
			return b
		}
		a = value{by: attrs{{language, a}}}
	}
	if !b.nested() {
		if a.by.has(language) {
			return a
		}
		b = value{by: attrs{{language, b}}}
	}
	for _, x := range b.by {
		a.by.set(x.key, merge(a.by.get(x.key), x.value, language))
	}
	return a
}

// under wraps a text in keys, the outermost first.
func under(keys []string, text string) value {
	v := plain(text)
	for i := len(keys) - 1; i >= 0; i-- {
		v = value{by: attrs{{keys[i], v}}}
	}
	return v
}
