package envelope

import (
	"crypto/cipher"
	"crypto/rand"

	"golang.org/x/crypto/chacha20poly1305"

	"banlang/shared/fault"
)

// Locker keeps the answers of one officer that are to be sealed, while they are in a draft: he goes on writing them, so
// they cannot be sealed yet, and nobody else reads them. Its key is derived of the notebook's own (seal.ReplicaKey.DraftKey),
// which lies in the same file: until officers have keys of their own, it protects against colleagues, copies of single
// rows and what is left of deleted ones, not against whoever has the whole file.
type Locker struct{ aead cipher.AEAD }

// NewLocker makes the Locker of a key. The same key opens what was locked before.
func NewLocker(key [32]byte) Locker {
	aead, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		panic(err) // the key has its size
	}
	return Locker{aead}
}

// Lock locks an answer for a path of a draft. The same answer gives another text each time.
func (l Locker) Lock(path, plain string) string {
	nonce := make([]byte, l.aead.NonceSize(), l.aead.NonceSize()+len(plain)+l.aead.Overhead())
	_, _ = rand.Read(nonce) // never fails
	return written(lockedWord, l.aead.Seal(nonce, nonce, []byte(plain), []byte(path)))
}

// Unlock returns what was locked for the path, whole or not at all. What another officer or notebook locked, for another
// path, or what is damaged is fault.LockedDraft: no key tells these apart.
func (l Locker) Unlock(path, locked string) (string, error) {
	b, code := read(lockedWord, locked)
	if code == "" && len(b) >= l.aead.NonceSize() {
		n := l.aead.NonceSize()
		if plain, err := l.aead.Open(nil, b[:n], b[n:], []byte(path)); err == nil {
			return string(plain), nil
		}
	}
	return "", fault.New(fault.LockedDraft, "envelope.Unlock", nil)
}
