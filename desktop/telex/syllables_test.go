package telex_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"banlang/desktop/telex"
)

// The syllables of Vietnamese, made here from beginnings, rhymes and tones, and typed by an encoder that knows nothing of
// the composer.
const (
	onsetList  = "- b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
	rhymeList  = "a ai am an ang anh ao au ay ăm ăn ăng âm ân âng âu ây e em en eng eo ê êm ên ênh êu i ia im in inh iu iêm iên iêng iêu o oi om on ong oong oa oai oam oan oang oanh oao oay oăm oăn oăng oe oen oeo ô ôi ôm ôn ông ơ ơi ơm ơn u ua ui um un ung uân uâng uây uê uênh uôi uôm uôn uông uơ uy uya uyên uynh uyn uyu ư ưa ưi ưm ưn ưng ưu ươi ươm ươn ương ươu y yêm yên yêng yêu"
	stopList   = "ac ach ap at ăc ăp ăt âc âp ât ec ep et êch êp êt ich ip it iêc iêp iêt oc op ot ooc oac oach oap oat oăc oăt oet ôc ôp ôt ơp ơt uc up ut uât uêch uôc uôt uych uyêt uyt uyp ưc ưt ươc ươp ươt yêt"
	darkOnly   = "c g ng" // write k, gh, ngh before e and i
	brightOnly = "gh ngh"
)

var toneOrder = []string{"", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"}

// eachSyllable goes through all syllables.
func eachSyllable(f func(onset, rhyme, tone string)) {
	for _, onset := range strings.Fields(onsetList) {
		for _, list := range []string{rhymeList, stopList} {
			for _, rhyme := range strings.Fields(list) {
				if !written(onset, rhyme) {
					continue
				}
				for _, tone := range toneOrder {
					if list == stopList && tone != "" && tone != "\u0301" && tone != "\u0323" {
						continue
					}
					f(strings.Trim(onset, "-"), rhyme, tone)
				}
			}
		}
	}
}

// written reports whether a beginning and a rhyme go together in writing.
func written(onset, rhyme string) bool {
	head := []rune(rhyme)[0]
	bright, i, y := strings.ContainsRune("eêiy", head), head == 'i', head == 'y'
	has := func(list, x string) bool { return slices.Contains(strings.Fields(list), x) }
	switch {
	case has(darkOnly, onset) && bright && !(onset == "g" && i), has(brightOnly, onset) && (!bright || y), onset == "gi" && (i || y):
		return false
	case onset == "g" && i && rhyme != "i" && rhyme != "in": // gìn giữ; the others read gi-
		return false
	case onset == "qu":
		return !strings.ContainsRune("uưo", head) && rhyme != "ô" && rhyme != "ôi"
	case y && rhyme != "y":
		return onset == "-"
	case rhyme == "uơ":
		return has("h kh th", onset)
	}
	return true
}

// spell writes a syllable in NFC, the tone where the old rule wants it.
func spell(onset, rhyme, tone string) string {
	return norm.NFC.String(onset + bear(onset, rhyme, tone))
}

func bear(onset, rhyme, tone string) string {
	r := []rune(rhyme)
	at := strings.IndexAny(rhyme, "ơêâôă") // the heart of the rhyme bears the tone, whatever else is there
	if at < 0 {
		at = strings.IndexRune(rhyme, 'ư')
	}
	if at >= 0 {
		at = len([]rune(rhyme[:at]))
	} else {
		vowels := len(r) - len(strings.TrimLeft(rhyme, "aeiouy"))
		switch {
		case vowels == 1:
			at = 0
		case vowels < len(r) || vowels == 3:
			at = map[bool]int{true: vowels - 1, false: 1}[vowels < len(r)]
		default:
			at = 0
		}
	}
	return string(r[:at+1]) + tone + string(r[at+1:])
}

// keysOf are the keys of shapes and tones.
type keysOf struct {
	shape func(plain rune, mark rune) string
	tone  map[string]string
}

var keyTables = map[telex.Method]keysOf{
	telex.Telex: {func(plain, mark rune) string {
		if mark == '\u0306' || mark == '\u031b' {
			return "w"
		}
		return string(plain)
	}, map[string]string{"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}},
	telex.VNI: {func(plain, mark rune) string {
		if plain == 'd' {
			return "9"
		}
		return map[rune]string{'\u0302': "6", '\u031b': "7", '\u0306': "8"}[mark]
	}, map[string]string{"\u0300": "2", "\u0301": "1", "\u0309": "3", "\u0303": "4", "\u0323": "5"}},
}

// encode gives the keys of a syllable: every mark directly after its letter, the tone at the end, or all marks at the end.
func encode(m telex.Method, onset, rhyme, tone, way string) string {
	table := keyTables[m]
	var out, end strings.Builder
	plain := func(s string) {
		var had string
		for _, r := range norm.NFD.String(strings.ReplaceAll(s, "đ", "d\u0335")) {
			switch {
			case unicode.IsLetter(r):
				out.WriteRune(r)
				had = string(r)
			default:
				if k, is := table.tone[string(r)]; is {
					if way == "inline" {
						out.WriteString(k)
					}
					continue
				}
				k := table.shape([]rune(had)[0], r)
				if way == "end" {
					if !(r == '\u031b' && strings.Contains(end.String(), k)) { // one key for ươ
						end.WriteString(k)
					}
					continue
				}
				out.WriteString(k)
			}
		}
	}
	plain(onset)
	if m == telex.Telex && strings.HasPrefix(rhyme, "oo") { // o three times: the third takes ô back
		out.WriteString("o")
	}
	plain(bear(onset, rhyme, tone))
	if way != "inline" {
		end.WriteString(table.tone[tone])
	}
	return out.String() + end.String()
}

// Every syllable comes out of its keys, in whatever way they are typed, small or in capitals, by both rules.
func TestEverySyllable(t *testing.T) {
	n, bad := 0, 0
	eachSyllable(func(onset, rhyme, tone string) {
		want := spell(onset, rhyme, tone)
		for _, m := range []telex.Method{telex.Telex, telex.VNI} {
			for _, way := range []string{"inline", "shapes", "end"} {
				keys := encode(m, onset, rhyme, tone, way)
				for _, shout := range []bool{false, true} {
					if shout && way != "inline" {
						continue
					}
					k, w := keys, want
					if shout {
						k, w = strings.ToUpper(k), strings.ToUpper(w)
					}
					n++
					if got := typed(telex.Rules{Method: m}, k); got != w && bad < 40 {
						bad++
						t.Errorf("%v %s: %s, want %s", m, k, got, w)
					}
				}
			}
		}
	})
	t.Logf("%d words", n)
	if n < 100_000 {
		t.Errorf("only %d", n)
	}
}

// The new rule differs in oa, oe and uy alone, where no consonant follows.
func TestNewTones(t *testing.T) {
	eachSyllable(func(onset, rhyme, tone string) {
		want := spell(onset, rhyme, tone)
		if slices.Contains([]string{"oa", "oe", "uy"}, rhyme) {
			want = norm.NFC.String(onset + rhyme + tone)
		}
		keys := encode(telex.Telex, onset, rhyme, tone, "shapes")
		if got := typed(telex.Rules{Method: telex.Telex, NewTones: true}, keys); got != want {
			t.Errorf("%s: %s, want %s", keys, got, want)
		}
	})
}

// An old word is corrected: from whatever tone it has to any other, and back to none.
func TestEveryToneBecomesEveryOther(t *testing.T) {
	eachSyllable(func(onset, rhyme, tone string) {
		have, want := spell(onset, rhyme, tone), spell(onset, rhyme, "\u0301")
		if tone == "\u0301" {
			want = norm.NFC.String(onset+rhyme) + "s" // the same key takes it back
		}
		if got := telexRules.Key(have, 's'); got != want {
			t.Errorf("%s and s: %s, want %s", have, got, want)
		}
		if tone != "" {
			if got, want := vniRules.Key(have, '0'), norm.NFC.String(onset+rhyme); got != want {
				t.Errorf("%s and 0: %s, want %s", have, got, want)
			}
		}
	})
}

// plain gives the letters of a word without marks.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ':
			return 'd'
		case r == 'Đ':
			return 'D'
		}
		return r
	}, norm.NFD.String(s))
}

// lost says how a key was lost or moved; empty if it was not: the letters before stay in their order, and the key is one more
// letter, or is seen as a mark.
func lost(method telex.Method, before string, key rune, after string) string {
	was, is, k := plain(before), plain(after), plain(string(key))
	if !norm.NFC.IsNormalString(after) {
		return "not in NFC"
	}
	if is == was+k || is == was && after != before {
		return ""
	}
	if u := map[string]string{"w": "u", "W": "U"}[k]; method == telex.Telex && u != "" && is == was+u {
		return "" // ư
	}
	if rest, ok := strings.CutPrefix(is, was); ok && method == telex.Telex && len(rest) == len(k)+1 && strings.ContainsAny(rest[:1], "sfrxjSFRXJ") && rest[1:] == k {
		return "" // a tone that is a letter again
	}
	return "lost or moved"
}

// No key is lost and no letter changes its place, whatever is typed after whatever word.
func TestNoKeyIsLost(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	telexKeys, vniKeys := []rune("aaeeoouuiywwddsfrxjznghtcmpkqbčñƀŏơ\u0306AEOWDSFJ"), []rune("aeouiydnghtcmpkq0123456789ĕĭŭƀƠĐ")
	for range 6_000 {
		for r, keys := range map[telex.Rules][]rune{telexRules: telexKeys, vniRules: vniKeys, {Method: telex.Telex, NewTones: true}: telexKeys} {
			var word string
			for range 1 + rnd.IntN(14) {
				k := keys[rnd.IntN(len(keys))]
				next := r.Key(norm.NFC.String(word), k)
				if unicode.Is(unicode.Mn, k) {
					next = norm.NFC.String(next)
				}
				if what := lost(r.Method, norm.NFC.String(word), k, norm.NFC.String(next)); what != "" {
					t.Fatalf("%v: %q and %c gives %q: %s", r.Method, word, k, next, what)
				}
				word = next
			}
		}
	}
}

// A key that is held down takes its mark back once, and then is a letter again and again.
func TestAHeldKey(t *testing.T) {
	for _, begin := range []string{"", "a", "e", "o", "u", "i", "tieng", "nguo", "d", "xo", "t", "hoa", "tuo", "h"} {
		for r, keys := range map[telex.Rules]string{telexRules: "aeodwsfrxjz", vniRules: "0123456789"} {
			for _, k := range keys {
				held := typed(r, begin+strings.Repeat(string(k), 30))
				if !strings.HasSuffix(held, strings.Repeat(string(k), 27)) {
					t.Errorf("%v %s and %c held: %s", r.Method, begin, k, held)
				}
			}
		}
	}
}

// Off, every key is itself.
func TestOff(t *testing.T) {
	if got := typed(telex.Rules{}, "tieengs Vieetj a1"); got != "tieengs Vieetj a1" {
		t.Error(got)
	}
}

// What is written in Jrai and Bahnar stays when somebody goes on typing after it.
func TestHighlandLettersStay(t *testing.T) {
	for _, w := range []string{"č", "ñ", "ƀ", "ŏ", "ĕ", "ŭ", "ĭ", "ơ\u0306", "ư\u0306", "ê\u0306", "ô\u0306", "â\u0306", "b\u0306", "j\u0306",
		"čơ", "kơčŏ", "tơlơi", "pơmĭn", "djơ\u0306", "Ƀing", "gơñu", "anŭn", "mơnuĭh", "ayŏng", "adơi", "rơ\u0306ih", "kư\u0306m"} {
		for _, k := range "bcghiklmnptuvyq" {
			if got := telexRules.Key(w, k); got != w+string(k) {
				t.Errorf("%s and %c gives %s", w, k, got)
			}
		}
		for _, r := range []telex.Rules{telexRules, vniRules} {
			for _, k := range "aeodwsfrxjz0123456789" {
				if what := lost(r.Method, w, k, r.Key(w, k)); what != "" {
					t.Errorf("%s and %c gives %s: %s", w, k, r.Key(w, k), what)
				}
			}
		}
	}
	for keys, want := range map[string]string{"Čuw": "Čư", "ƀoong": "ƀông", "ñaw": "ñă", "kơčow": "kơčơ", "ŏdd": "ŏđ"} {
		if got := typed(telexRules, keys); got != want {
			t.Errorf("%s: %s, want %s", keys, got, want)
		}
	}
}

func BenchmarkKey(b *testing.B) {
	for b.Loop() {
		typed(telexRules, "nghieengs")
	}
}
