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

const (
	keyPrefix   = "BLK1"
	keySumBytes = 2
	keyGroup    = 5
)

var keyCode = base32.StdEncoding.WithPadding(base32.NoPadding)

// Secret is the key as text that can be read out and typed: "BLK1-" and groups of 5 letters and digits, with a checksum.
func (k *Key) Secret() string {
	sum := blake2b.Sum256(k[:])
	text := keyCode.EncodeToString(append(k[:len(k):len(k)], sum[:keySumBytes]...))
	var b strings.Builder
	b.WriteString(keyPrefix)
	for i := 0; i < len(text); i += keyGroup {
		b.WriteString("-" + text[i:min(i+keyGroup, len(text))])
	}
	return b.String()
}

// ParseKey reads Key.Secret, however it is spaced, in upper or lower case. Anything else is fault.BadInput; the error holds
// nothing of the text.
func ParseKey(text string) (*Key, error) {
	bare := strings.Map(func(r rune) rune {
		if strings.ContainsRune("- \t\r\n", r) {
			return -1
		}
		return r
	}, strings.ToUpper(text))
	rest, ok := strings.CutPrefix(bare, keyPrefix)
	raw, err := keyCode.DecodeString(rest)
	var k Key
	if ok && err == nil && len(raw) == len(k)+keySumBytes {
		copy(k[:], raw)
		if sum := blake2b.Sum256(k[:]); bytes.Equal(sum[:keySumBytes], raw[len(k):]) {
			return &k, nil
		}
	}
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
		_, err = io.WriteString(w, key.Secret())
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
	text, err := io.ReadAll(io.LimitReader(r, 1024))
	if err != nil {
		return nil, fault.New(fault.WrongDataKey, op, err)
	}
	key, err := ParseKey(string(text))
	if err != nil || key.ID() != b.ID {
		return nil, fault.New(fault.WrongDataKey, op, errors.New("another key than the file names"))
	}
	return key, nil
}
