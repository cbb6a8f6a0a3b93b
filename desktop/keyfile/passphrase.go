package keyfile

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"banlang/shared/fault"
	"banlang/shared/viet"
)

// The shortest passphrases, in letters: beside the machine's secret, and where nothing else protects the slot.
const (
	MinLength      = 12
	MinLengthAlone = 16
	minDistinct    = 6
)

// Advice is what stands under the field for a new passphrase; alone says that the machine has no key store.
func Advice(lang fault.Lang, alone bool) string {
	n := MinLength
	if alone {
		n = MinLengthAlone
	}
	if lang == fault.English {
		return fmt.Sprintf("At least %d letters. Four words that have nothing to do with each other are easy to remember and hard to guess. "+
			"Accents and spaces count. No names, no dates, nothing that is written down elsewhere.", n)
	}
	return fmt.Sprintf("Ít nhất %d chữ. Bốn từ không liên quan nhau thì dễ nhớ mà khó đoán. "+
		"Có dấu và khoảng trắng cũng được. Không dùng tên, ngày sinh, hay chữ đã ghi ở nơi khác.", n)
}

// canonical is the one form of a passphrase, however it was typed: spaces at the ends gone, letters composed, and the tone
// of each syllable at its end, for keyboards disagree on where it stands (hòa, hoà). It is part of the format.
func canonical(passphrase string) []byte {
	var b, tone strings.Builder
	flush := func() {
		b.WriteString(tone.String())
		tone.Reset()
	}
	for _, r := range norm.NFD.String(strings.TrimSpace(passphrase)) {
		switch {
		case isTone(r):
			tone.WriteRune(r)
			continue
		case !unicode.IsLetter(r) && !unicode.IsMark(r):
			flush()
		}
		b.WriteRune(r)
	}
	flush()
	return norm.NFC.Bytes([]byte(b.String()))
}

// isTone reports whether the mark is one of the five tones.
func isTone(r rune) bool { return strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", r) }

// worn are words that guessers try first, folded.
var worn = []string{"matkhau", "password", "passphrase", "congan", "banlang", "qwerty", "vietnam", "iloveyou", "anhyeuem", "abcdef"}

// checkStrength refuses with fault.WeakPassphrase what is guessed easily: what is short without the officer's own names and
// worn words, of few letters, or in the order of the keyboard's digits. The cause says why.
func checkStrength(passphrase string, o Officer, alone bool) error {
	least := MinLength
	if alone {
		least = MinLengthAlone
	}
	weak := func(why string) error {
		return fault.New(fault.WeakPassphrase, "keyfile: a new passphrase", fmt.Errorf("%s", why))
	}
	if utf8.RuneCountInString(norm.NFC.String(strings.TrimSpace(passphrase))) < least {
		return weak("short")
	}
	folded := strings.ToLower(viet.Fold(passphrase))
	for _, word := range append(strings.Fields(viet.Fold(o.Name)), viet.Fold(o.ID)) {
		if utf8.RuneCountInString(word) > 2 {
			folded = strings.ReplaceAll(folded, word, "")
		}
	}
	rest := strings.Join(strings.Fields(folded), "")
	for _, word := range worn {
		rest = strings.ReplaceAll(rest, word, "")
	}
	runes := []rune(rest)
	if len(runes) < least*2/3 {
		return weak("names and worn words")
	}
	distinct, steps := map[rune]bool{}, 0
	for i, r := range runes {
		distinct[r] = true
		if i > 0 && (r-runes[i-1] == 1 || runes[i-1]-r == 1) {
			steps++
		}
	}
	switch {
	case len(distinct) < minDistinct:
		return weak("few letters")
	case steps > len(runes)/2:
		return weak("in a row")
	}
	return nil
}
