// Package passphrase owns what both programs make of a passphrase: its one form however it was typed, when a new one is too
// easily guessed, and what one guess costs (Argon2id).
package passphrase

import (
	"fmt"
	"runtime/debug"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"banlang/shared/fault"
	"banlang/shared/viet"
)

// Cost is what one guess costs. Its JSON is part of the format of key files.
type Cost struct {
	Time      uint32 `json:"time"`
	MemoryKiB uint32 `json:"memory_kib"`
	Threads   uint8  `json:"threads"`
}

// The costs of what is new, and of what is read: an edited file can neither make guessing cheap nor take all memory.
var (
	Usual = Cost{Time: 3, MemoryKiB: 64 << 10, Threads: 2}
	Least = Cost{Time: 2, MemoryKiB: 19 << 10, Threads: 1}
	Most  = Cost{Time: 10, MemoryKiB: 64 << 10, Threads: 4}
)

// IsAllowed reports whether the cost is within the bounds.
func (c Cost) IsAllowed() bool {
	return c.Time >= Least.Time && c.Time <= Most.Time && c.MemoryKiB >= Least.MemoryKiB &&
		c.MemoryKiB <= Most.MemoryKiB && c.Threads >= Least.Threads && c.Threads <= Most.Threads
}

// Key makes a key of size bytes of a passphrase in any form. It takes the memory of the cost, which must be allowed, and gives
// it back at once: the machines are small.
func (c Cost) Key(passphrase string, salt []byte, size uint32) []byte {
	defer debug.FreeOSMemory()
	words := Canonical(passphrase)
	defer clear(words)
	return argon2.IDKey(words, salt, c.Time, c.MemoryKiB, c.Threads, size)
}

// Canonical is the one form of a passphrase, however it was typed: spaces at the ends gone, letters composed, and the tone
// of each syllable at its end, for keyboards disagree on where it stands (hòa, hoà). It is part of the format of what is made
// with it.
func Canonical(passphrase string) []byte {
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

// minDistinct is how many different letters there must be.
const minDistinct = 6

// worn are words that guessers try first, folded.
var worn = []string{"matkhau", "password", "passphrase", "congan", "banlang", "qwerty", "vietnam", "iloveyou", "anhyeuem", "abcdef"}

// Check refuses with fault.WeakPassphrase what is guessed easily: what has fewer than least letters, is short without the names
// of its owner and worn words, of few letters, or in the order of the keyboard's digits. The cause says why.
func Check(passphrase string, least int, names ...string) error {
	weak := func(why string) error {
		return fault.New(fault.WeakPassphrase, "a new passphrase", fmt.Errorf("%s", why))
	}
	if utf8.RuneCountInString(norm.NFC.String(strings.TrimSpace(passphrase))) < least {
		return weak("short")
	}
	folded := strings.ToLower(viet.Fold(passphrase))
	for _, name := range names {
		for _, word := range strings.Fields(viet.Fold(name)) {
			if utf8.RuneCountInString(word) > 2 {
				folded = strings.ReplaceAll(folded, word, "")
			}
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
