package telex

import (
	"slices"
	"strings"
)

// onsets are what a syllable begins with, longest first. Those of the second line are of the highlands: names of villages and
// people have them, with tones (Ia Blứ, Ia Hrú, Sré Pốk).
var onsets = byLength("ngh ch gh gi kh ng nh ph qu th tr b c d đ g h k l m n p q r s t v x " +
	"bl br dr đr gl gr hl hr kl kr ml mr pl pr sr tl")

// rhymes are what follows, by the vowels they begin with. A syllable that is being typed has the beginning of one, perhaps
// without its shapes yet. Those in k are of the highlands.
var rhymes = runes(`a ac ach ai ak am an ang anh ao ap at au ay ăc ăk ăm ăn ăng ăp ăt âc âk âm ân âng âp ât âu ây
	e ec ek em en eng eo ep et ê êch êk êm ên êng ênh êp êt êu
	i ia ich ik im in inh ip it iu iêc iêk iêm iên iêng iêp iêt iêu
	o oc oi ok om on ong ooc oong op ot oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăp oăt oe oem oen oeo oet
	ô ôc ôi ôk ôm ôn ông ôp ôt ơ ơi ơk ơm ơn ơp ơt
	u ua uc ui uk um un ung up ut uân uâng uât uây uê uêch uênh uêu uôc uôi uôk uôm uôn uông uôt
	uơ uy uya uych uyên uyêt uynh uyn uyp uyt uyu
	ư ưa ưc ưi ưk ưm ưn ưng ưt ưu ươc ươi ươk ươm ươn ương ươp ươt ươu
	y yêm yên yêng yêt yêu`)

// afterQu are the rhymes that only qu- has.
var afterQu = runes("ych yn ynh yp yt yu")

func byLength(list string) [][]rune {
	all := runes(list)
	slices.SortStableFunc(all, func(a, b []rune) int { return len(b) - len(a) })
	return all
}

func runes(list string) (all [][]rune) {
	for _, s := range strings.Fields(list) {
		all = append(all, []rune(s))
	}
	return all
}

// syllable is a word, or the beginning of one, that Vietnamese spelling allows.
type syllable struct {
	letters []letter
	onset   string
	rhyme   []letter // empty so far, perhaps
}

// parse takes letters apart into the beginning and the rhyme of a syllable; false if they cannot become one.
func parse(letters []letter) (syllable, bool) {
	for _, on := range onsets {
		if begins(letters, on) {
			s := syllable{letters, string(on), letters[len(on):]}
			if s.spelled() {
				return s, true
			}
		}
	}
	s := syllable{letters, "", letters}
	return s, s.spelled()
}

func begins(letters []letter, with []rune) bool {
	if len(letters) < len(with) {
		return false
	}
	for i, r := range with {
		if letters[i].r != r {
			return false
		}
	}
	return true
}

// spelled reports whether the rhyme can become one that goes with the beginning: c, g and ng before dark vowels, gh and ngh
// before bright ones. K goes before all: Bắc Kạn.
func (s syllable) spelled() bool {
	if len(s.rhyme) == 0 {
		return s.onset != "gi" && len(s.letters) > 0 // gi alone is g and i
	}
	front := bare(s.rhyme[0].r)
	bright := front == 'e' || front == 'i' || front == 'y'
	switch s.onset {
	case "q":
		return false
	case "c", "ng":
		if bright {
			return false
		}
	case "g":
		if front == 'e' || front == 'y' {
			return false
		}
	case "gh", "ngh":
		if !bright {
			return false
		}
	case "qu":
		if front == 'u' {
			return false
		}
		if among(s.rhyme, afterQu) {
			return true
		}
	}
	return among(s.rhyme, rhymes)
}

// among reports whether letters can become one of the rhymes.
func among(letters []letter, list [][]rune) bool {
	return slices.ContainsFunc(list, func(rhyme []rune) bool {
		if len(letters) > len(rhyme) {
			return false
		}
		for i, l := range letters {
			if l.r != rhyme[i] && l.r != bare(rhyme[i]) {
				return false
			}
		}
		return true
	})
}

// takes reports whether the syllable can bear a tone: one that ends in a stop bears only two of them.
func (s syllable) takes(t tone) bool {
	n := len(s.rhyme)
	stop := n > 1 && (strings.ContainsRune("cpkt", s.rhyme[n-1].r) || s.rhyme[n-1].r == 'h' && s.rhyme[n-2].r == 'c')
	return !stop || t == level || t == acute || t == dot
}

// waitsForVowel reports whether ư may follow. After gi it may; no syllable begins kư.
func (s syllable) waitsForVowel() bool {
	return len(s.rhyme) == 0 && s.onset != "k" || s.onset == "g" && len(s.rhyme) == 1 && s.rhyme[0].r == 'i'
}

// endsInUo reports whether uo at the end is uơ here: nothing else ends so.
func (s syllable) endsInUo() bool { return s.onset == "h" || s.onset == "th" || s.onset == "kh" }

// toneAt gives the letter that bears the tone; -1 while there is no vowel. That is the letter with a shape, the last of them;
// else the last vowel before a consonant, the middle one of three, and of two the first, unless the second is the heart of
// the rhyme. Oa, oe and uy are written in two ways.
func (s syllable) toneAt(newTones bool) int {
	first := len(s.letters) - len(s.rhyme)
	n, at := 0, -1
	for n < len(s.rhyme) && isVowel(s.rhyme[n].r) {
		if bare(s.rhyme[n].r) != s.rhyme[n].r {
			at = n
		}
		n++
	}
	switch {
	case n == 0:
		return -1
	case at >= 0:
	case n == 1:
		at = 0
	case n < len(s.rhyme):
		at = n - 1
	case n == 3:
		at = 1
	default:
		at = 0
		switch string([]rune{s.rhyme[0].r, s.rhyme[1].r}) {
		case "ie", "ye", "uo", "ue":
			at = 1
		case "oa", "oe", "uy":
			if newTones {
				at = 1
			}
		}
	}
	return first + at
}
