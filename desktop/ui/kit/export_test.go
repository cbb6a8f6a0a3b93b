package kit

// Offset is where the cursor is in the text, in runes.
func Offset(e *Entry) int { return e.offset() }

// Between reports whether the cursor is in a place that the screen cannot show.
func Between(e *Entry) bool { return e.offset() != e.CursorTextOffset() }

// Chord lets Ctrl+Shift switch, whatever the machine.
func Chord(t *Typing, on bool) { t.chord = on }

// HighlandLetters are those of the palette.
func HighlandLetters() [2][]string { return highland }
