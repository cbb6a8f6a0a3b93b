// Package telex composes Vietnamese from the keys of a plain keyboard, one key at a time: Telex and VNI. It keeps no state.
// It looks at the word before the cursor and at the key, and gives the word that stands there afterwards; so an old word is
// corrected like one that is being typed.
//
// How a key is understood:
//
//   - A tone key (s f r x j, or 1 to 5) works while the word can still become a Vietnamese syllable with this tone, wherever
//     in the word it is typed; z or 0 takes the tone away. The tone stands where spelling wants it, and moves as the word grows.
//   - A shape key (a e o w d, or 6 to 9) works on the last letter that it can change so that the word can still become a
//     syllable. In other words, those of Jrai and Bahnar above all, it works on the letter directly before it.
//   - The same key again takes its mark back and is a letter: "ass" gives "as", "a11" gives "a1".
//   - In Telex, w after the consonants that begin a syllable is ư; at the beginning of a word it is w.
//   - A letter that makes a syllable impossible gives a Telex tone key directly before it back as the letter it is: "left",
//     "hơjan". English words that happen to be syllables are changed, as every Vietnamese input method changes them: "test"
//     gives "tét".
//   - Everything else is appended. No key is lost and no letter changes its place.
//
// A syllable may begin with two consonants of the highlands (Ia Blứ, Krông) and end in k (Đắk): so names are spelled.
package telex

import (
	"slices"
	"unicode"
)

// Method is a way to write Vietnamese with plain keys.
type Method uint8

// The methods. The zero Method composes nothing.
const (
	Off Method = iota
	Telex
	VNI
)

// String gives the name that people know.
func (m Method) String() string { return [...]string{"Off", "Telex", "VNI"}[m] }

// Rules are the choices of the person who types.
type Rules struct {
	Method   Method
	NewTones bool // hoà, khoẻ, thuý instead of hòa, khỏe, thúy
}

// longest is how many letters a word may have that is composed; the longest syllable has seven.
const longest = 16

// mark is what a key puts on a word: a tone, or another shape of a letter.
type mark struct {
	tone  tone
	shape map[rune]rune // nil: the key is for a tone
}

// toneKeys are the keys of Telex in the order of the tones.
var toneKeys = []rune("fsrxj")

var marks = map[Method]map[rune]mark{
	Telex: {
		's': {tone: acute}, 'f': {tone: grave}, 'r': {tone: hook}, 'x': {tone: tilde}, 'j': {tone: dot}, 'z': {tone: level},
		'a': {shape: map[rune]rune{'a': 'â', 'ă': 'â'}},
		'e': {shape: map[rune]rune{'e': 'ê'}},
		'o': {shape: map[rune]rune{'o': 'ô', 'ơ': 'ô'}},
		'w': {shape: map[rune]rune{'a': 'ă', 'â': 'ă', 'o': 'ơ', 'ô': 'ơ', 'u': 'ư'}},
		'd': {shape: map[rune]rune{'d': 'đ'}},
	},
	VNI: {
		'1': {tone: acute}, '2': {tone: grave}, '3': {tone: hook}, '4': {tone: tilde}, '5': {tone: dot}, '0': {tone: level},
		'6': {shape: map[rune]rune{'a': 'â', 'ă': 'â', 'e': 'ê', 'o': 'ô', 'ơ': 'ô'}},
		'7': {shape: map[rune]rune{'o': 'ơ', 'ô': 'ơ', 'u': 'ư'}},
		'8': {shape: map[rune]rune{'a': 'ă', 'â': 'ă'}},
		'9': {shape: map[rune]rune{'d': 'đ'}},
	},
}

// Start gives where the word begins that ends at a place of a text: letters, with the marks that stand on them.
func Start(text []rune, at int) int {
	for at > 0 && (unicode.IsLetter(text[at-1]) || unicode.Is(unicode.Mn, text[at-1])) {
		at--
	}
	return at
}

// Key gives what becomes of the word before the cursor when a key is typed after it; where the key means nothing to it, the
// word and the key. Words are in NFC, and so is what comes back.
func (r Rules) Key(text string, key rune) string {
	w, ok := split(text)
	if r.Method == Off || !ok || len(w.letters) == 0 {
		return text + string(key)
	}
	m, is := marks[r.Method][unicode.ToLower(key)]
	var done bool
	switch {
	case is && m.shape == nil:
		done = r.typeTone(&w, m.tone, key)
	case is:
		done = r.typeShape(&w, m, key)
	}
	if done || r.typeLetter(&w, key) {
		return w.String()
	}
	return text + string(key)
}

// typeTone puts a tone on a syllable, takes it off, or takes it back. It reports whether the key meant that.
func (r Rules) typeTone(w *word, t tone, key rune) bool {
	s, ok := parse(w.letters)
	at := s.toneAt(r.NewTones)
	switch {
	case !ok || at < 0 || t == level && w.tone == level || !s.takes(t):
		return false
	case t == w.tone:
		w.tone = level
		w.add(key)
	default:
		w.tone, w.at = t, at
	}
	return true
}

// typeShape changes the shape of a letter, or takes it back. It reports whether the key meant that.
func (r Rules) typeShape(w *word, m mark, key rune) bool {
	s, ok := parse(w.letters)
	if !ok {
		return w.reshapeLast(m, key)
	}
	for _, letters := range shapings(s, m.shape) {
		if next, ok := parse(letters); ok {
			w.letters = letters
			w.settle(next, r.NewTones)
			return true
		}
	}
	if w.unshape(m.shape) {
		w.add(key)
		return true
	}
	if unicode.ToLower(key) == 'w' && s.waitsForVowel() {
		letters := append(slices.Clone(w.letters), letter{'ư', unicode.IsUpper(key)})
		if _, ok := parse(letters); ok {
			w.letters = letters
			return true
		}
	}
	return false
}

// shapings are the ways in which a key for a shape could change a syllable, the likeliest first.
func shapings(s syllable, shape map[rune]rune) (ways [][]letter) {
	first := len(s.letters) - len(s.rhyme)
	with := func(changes map[int]rune) {
		letters := slices.Clone(s.letters)
		for i, r := range changes {
			letters[i].r = r
		}
		ways = append(ways, letters)
	}
	for i := first; i+1 < len(s.letters); i++ {
		u, o := s.letters[i].r, s.letters[i+1].r
		switch {
		case bare(u) != 'u' || bare(o) != 'o':
		case shape['u'] != 0 && u == 'u' && o == 'o' && i+2 == len(s.letters) && s.endsInUo(): // thuở, huơ: the o alone
		case shape['u'] != 0 && o != 'ơ':
			with(map[int]rune{i: 'ư', i + 1: 'ơ'})
		case shape['o'] == 'ô' && u == 'ư':
			with(map[int]rune{i: 'u', i + 1: 'ô'})
		}
	}
	for i := len(s.letters) - 1; i >= 0; i-- {
		r := s.letters[i].r
		beforeHorn := r == 'u' && i+1 < len(s.letters) && s.letters[i+1].r == 'ơ' // thuơ: done
		if to := shape[r]; to != 0 && !beforeHorn && (i >= first || r == 'd') {
			with(map[int]rune{i: to})
		}
	}
	return ways
}

// typeLetter appends a letter and brings the syllable in order: the tone moves, and uơ and ưo before more letters are ươ. It
// reports false where the letter is simply appended.
func (r Rules) typeLetter(w *word, key rune) bool {
	if !unicode.IsLetter(key) {
		return false
	}
	_, was := parse(w.letters)
	next := word{slices.Clone(w.letters), w.tone, w.at}
	next.add(key)
	for i := len(next.letters) - 3; i >= 0; i-- {
		u, o := next.letters[i].r, next.letters[i+1].r
		if u == 'u' && o == 'ơ' || u == 'ư' && o == 'o' {
			horned := slices.Clone(next.letters)
			horned[i].r, horned[i+1].r = 'ư', 'ơ'
			if _, ok := parse(horned); ok {
				next.letters = horned
			}
		}
	}
	if s, ok := parse(next.letters); ok && s.takes(next.tone) {
		next.settle(s, r.NewTones)
		*w = next
		return true
	}
	if r.Method != Telex || !was || w.tone == level || w.at != len(w.letters)-1 {
		return false
	}
	w.letters = append(w.letters, letter{toneKeys[w.tone-1], w.shouts()})
	w.tone = level
	w.add(key)
	return true
}
