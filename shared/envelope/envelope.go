// Package envelope owns values that only some people may read. Seal makes, of an answer, a text that whoever holds the key
// of a recipient can open, and nobody else: not the officer who wrote it, not the centre. A Locker does the same for
// answers that are still in a draft, for the one officer who writes it. And it owns what everybody else is shown in their
// place (Shown).
//
// A sealed text is a value like any other to the record it stands in: it is kept, merged, sent on and erased without
// being understood. It is written by age (X25519, ChaCha20-Poly1305), in base64 behind a mark, so that the keys of this
// package are age's keys and the age program opens it too.
//
// What a sealed text is bound to: the record and the path that it was sealed for, row included. Copied to another record,
// row or question, by whoever may write there and would have it read out to him, it does not open.
//
// What it is not bound to: when it was written and by whom. An older value of the same place can be put back, and
// anybody can seal anything to a public key; both show in the history of the record, whose changes are chained and signed.
// Nor to the unit or compartment of the record, which may move; whoever it was sealed to then can open it ever after.
//
// What it tells everybody: that there is an answer, how many may open it, and which of four sizes it is of.
package envelope

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"filippo.io/age"

	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// Limits of what is sealed. What they allow together is below record.MaxValueBytes, to the last recipient.
const (
	MaxPlain      = 40_000 // bytes: the longest answer that a form takes, ten thousand letters of four bytes
	MaxRecipients = 8      // custodians and a unit, with some to spare
)

// rooms are the sizes to which answers are filled up: what is written on one line, so that a long name is as long as a
// short one and as an address; a paragraph; two pages; everything longer. Few, because each tells something; and the first
// costs a kilobyte, which is sealed a few times a month.
var rooms = []int{512, 2048, 8192, MaxPlain + 1}

// Place is where a value stands: what is sealed for one place does not open in another.
type Place struct {
	Record record.Dot
	Path   string // rows by the names that they keep, not by those of a draft ("/+1/")
}

// magic begins what is inside; its number is that of the layout: the place on a line, the answer, the end mark, zeros.
const magic = "banlang sealed 1\n"

// endMark ends the answer: it is the last byte that is not zero.
const endMark = 0x80

func (p Place) head() string {
	return magic + p.Record.String() + " " + strconv.QuoteToASCII(p.Path) + "\n"
}

const (
	sealedWord = "sealed:"
	lockedWord = "locked:"
	version    = "1"
)

// Seal seals an answer for a place to all the recipients: each of them can open it alone. The same answer gives another
// text each time. It is fault.NoRecipient when there is nobody to seal to, fault.LimitExceeded above a limit, and
// fault.BadFormValue when the answer is no text.
func Seal(at Place, plain string, to ...Recipient) (string, error) {
	const op = "envelope.Seal"
	switch {
	case len(to) == 0 || slices.Contains(to, Recipient{}):
		return "", fault.New(fault.NoRecipient, op, nil)
	case len(to) > MaxRecipients || len(plain) > MaxPlain || len(at.Path) > record.MaxPathBytes:
		return "", fault.New(fault.LimitExceeded, op, nil)
	case !viet.Valid(plain):
		return "", fault.New(fault.BadFormValue, op, nil)
	case at.Record.IsZero() || at.Path == "" || strings.Contains(at.Path, "/+"):
		return "", fault.New(fault.Internal, op, errors.New("sealed for no place"))
	}
	keys := make([]age.Recipient, len(to))
	for i, r := range to {
		key, err := age.ParseX25519Recipient(r.text)
		if err != nil {
			return "", fault.New(fault.Internal, op, err)
		}
		keys[i] = key
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, keys...)
	if err == nil {
		_, err = w.Write(filled(at, plain))
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		return "", fault.New(fault.Internal, op, err)
	}
	return written(sealedWord, sealed.Bytes()), nil
}

// filled is what stands inside: its size depends on the place and the room, not on the answer.
func filled(at Place, plain string) []byte {
	room, _ := slices.BinarySearch(rooms, len(plain)+1)
	head := at.head()
	b := make([]byte, len(head)+rooms[room])
	n := copy(b, head)
	n += copy(b[n:], plain)
	b[n] = endMark
	return b
}

// Open opens what was sealed for this place with the key of one of its recipients, whole or not at all. It is
// fault.WrongSealKey when the key is nobody's it was sealed to, fault.StraySeal when it was sealed for another place,
// fault.TornSeal when it is damaged or was never sealed, and fault.BadProtocol when a later version sealed it.
func Open(id Identity, at Place, sealed string) (string, error) {
	const op = "envelope.Open"
	b, code := read(sealedWord, sealed)
	switch {
	case code != "":
		return "", fault.New(code, op, nil)
	case len(sealed) > record.MaxValueBytes:
		return "", fault.New(fault.LimitExceeded, op, nil)
	case id.key == nil:
		return "", fault.New(fault.WrongSealKey, op, nil)
	}
	var inside []byte
	r, err := age.Decrypt(bytes.NewReader(b), id.key)
	if err == nil {
		inside, err = io.ReadAll(r)
	}
	var nobody *age.NoIdentityMatchError
	switch {
	case errors.As(err, &nobody):
		return "", fault.New(fault.WrongSealKey, op, nil)
	case err != nil:
		return "", fault.New(fault.TornSeal, op, nil)
	}
	plain, code := taken(at, string(inside))
	if code != "" {
		return "", fault.New(code, op, nil)
	}
	return plain, nil
}

// taken is the answer that filled put inside for this place; the code says why there is none.
func taken(at Place, inside string) (string, fault.Code) {
	if !strings.HasPrefix(inside, magic) {
		return "", fault.TornSeal
	}
	text, here := strings.CutPrefix(inside, at.head())
	if !here {
		return "", fault.StraySeal
	}
	end := strings.LastIndexByte(text, endMark)
	if end < 0 || strings.Trim(text[end+1:], "\x00") != "" || !viet.Valid(text[:end]) {
		return "", fault.TornSeal
	}
	return text[:end], ""
}

// IsSealed reports whether a value is a sealed one, of this version or a later one. It does not look inside.
func IsSealed(text string) bool { return marked(sealedWord, text) }

// IsLocked reports whether an answer of a draft is a locked one, of this version or a later one.
func IsLocked(text string) bool { return marked(lockedWord, text) }

var markers = map[fault.Lang]string{fault.Vietnamese: "(đã niêm phong)", fault.English: "(sealed)"}

// Shown is what may be shown, printed or exported of a value: itself, or for a sealed or locked one that it is sealed.
func Shown(text string, lang fault.Lang) string {
	switch {
	case !IsSealed(text) && !IsLocked(text):
		return text
	case lang == fault.English:
		return markers[fault.English]
	}
	return markers[fault.Vietnamese]
}

// IsMarker reports whether a text is what Shown says in place of a sealed value, in whatever language: an export that is
// read again says nothing by it.
func IsMarker(text string) bool {
	return text == markers[fault.Vietnamese] || text == markers[fault.English]
}

// Text forms: a word, the version, and base64 without padding.

var encoding = base64.RawURLEncoding.Strict()

func written(word string, b []byte) string {
	return word + version + ":" + encoding.EncodeToString(b)
}

const digits, letters = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

func marked(word, text string) bool {
	rest, ok := strings.CutPrefix(text, word)
	number, body, cut := strings.Cut(rest, ":")
	return ok && cut && number != "" && body != "" && strings.Trim(number, digits) == "" && strings.Trim(body, letters) == ""
}

// read returns the bytes of a text form; the code says why there are none.
func read(word, text string) ([]byte, fault.Code) {
	body, ours := strings.CutPrefix(text, word+version+":")
	switch {
	case !marked(word, text):
		return nil, fault.TornSeal
	case !ours:
		return nil, fault.BadProtocol
	}
	b, err := encoding.DecodeString(body)
	if err != nil {
		return nil, fault.TornSeal
	}
	return b, ""
}
