package keyfile

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"io"
	"strings"

	"filippo.io/age"
	"golang.org/x/crypto/blake2b"

	"banlang/shared/fault"
)

// Key is the key of a notebook.
type Key [32]byte

// ID names the key without telling anything of it: 16 hexadecimal digits.
func (k *Key) ID() string {
	id, err := hkdf.Key(sha256.New, k[:], nil, "banlang keyfile id 1", 8)
	if err != nil {
		panic(err) // only lengths can be wrong
	}
	return hex.EncodeToString(id)
}

// String never shows the key; Secret does.
func (k *Key) String() string { return "key " + k.ID() }

// Wipe overwrites the key.
func (k *Key) Wipe() { clear(k[:]) }

func (k *Key) isZero() bool { return *k == Key{} }

// clone is a copy that is overwritten apart from this one.
func (k *Key) clone() *Key {
	c := &Key{}
	copy(c[:], k[:])
	return c
}

const (
	keyPrefix   = "BLK1"
	keySumBytes = 2
	keyGroup    = 5
)

var keyCode = base32.StdEncoding.WithPadding(base32.NoPadding)

// Secret is the key as text that can be read out and typed: "BLK1-" and groups of 5 letters and digits, with a checksum. A
// text cannot be overwritten.
func (k *Key) Secret() string {
	text := k.text()
	defer clear(text)
	return string(text)
}

// text is Secret, for who overwrites it after use.
func (k *Key) text() []byte {
	sum := blake2b.Sum256(k[:])
	var raw [len(k) + keySumBytes]byte
	copy(raw[copy(raw[:], k[:]):], sum[:])
	code := make([]byte, keyCode.EncodedLen(len(raw)))
	keyCode.Encode(code, raw[:])
	clear(raw[:])
	defer clear(code)
	text := make([]byte, 0, len(keyPrefix)+len(code)+len(code)/keyGroup+1) // all of it: growing would leave copies
	text = append(text, keyPrefix...)
	for i := 0; i < len(code); i += keyGroup {
		text = append(append(text, '-'), code[i:min(i+keyGroup, len(code))]...)
	}
	return text
}

// ParseKey reads Key.Secret, however it is spaced, in upper or lower case. Anything else is fault.BadInput; the error holds
// nothing of the text.
func ParseKey(text string) (*Key, error) {
	b := []byte(text)
	defer clear(b)
	return parseKey(b)
}

// parseKey is ParseKey for a text that its caller overwrites.
func parseKey(text []byte) (*Key, error) {
	bare := make([]byte, 0, len(text))
	for _, c := range text {
		if !strings.ContainsRune("- \t\r\n", rune(c)) {
			bare = append(bare, c)
		}
	}
	for i, c := range bare {
		if 'a' <= c && c <= 'z' {
			bare[i] = c - 'a' + 'A'
		}
	}
	defer clear(bare)
	rest, ok := bytes.CutPrefix(bare, []byte(keyPrefix))
	raw := make([]byte, keyCode.DecodedLen(len(rest)))
	defer clear(raw)
	n, err := keyCode.Decode(raw, rest)
	k := &Key{}
	if ok && err == nil && n == len(k)+keySumBytes {
		copy(k[:], raw)
		if sum := blake2b.Sum256(k[:]); bytes.Equal(sum[:keySumBytes], raw[len(k):n]) {
			return k, nil
		}
	}
	k.Wipe()
	return nil, fault.New(fault.BadInput, "keyfile.ParseKey", errors.New("not a key that begins with "+keyPrefix))
}

// box is a key sealed to recipients.
type box struct {
	ID  string `json:"id"`  // of the key
	Box []byte `json:"box"` // age file, with the text of the key
}

func sealKey(key *Key, recipients []string) (box, error) {
	var to []age.Recipient
	for _, text := range recipients {
		r, err := age.ParseX25519Recipient(text)
		if err != nil {
			return box{}, fault.New(fault.BadInput, "keyfile: a recipient", err)
		}
		to = append(to, r)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to...)
	if err == nil {
		text := key.text()
		_, err = w.Write(text)
		clear(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return box{}, fault.New(fault.Internal, "keyfile: sealing the key", err)
	}
	return box{key.ID(), out.Bytes()}, nil
}

// open opens the box with the secret half of a recipient. fault.WrongDataKey says that it is none, or that what is in the
// box is another key than it says.
func (b box) open(secret string) (*Key, error) {
	const op = "keyfile: opening the key"
	identity, err := age.ParseX25519Identity(secret)
	if err != nil {
		return nil, fault.New(fault.Internal, op, errors.New("not an identity"))
	}
	r, err := age.Decrypt(bytes.NewReader(b.Box), identity)
	if err != nil {
		return nil, fault.New(fault.WrongDataKey, op, err)
	}
	text := make([]byte, 1024) // more than a key takes; growing would leave copies
	defer clear(text)
	n, err := io.ReadFull(r, text)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fault.New(fault.WrongDataKey, op, err)
	}
	key, err := parseKey(text[:n])
	if err != nil || key.ID() != b.ID {
		return nil, fault.New(fault.WrongDataKey, op, errors.New("another key than the file names"))
	}
	return key, nil
}
