package keyfile

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"filippo.io/age"
	"golang.org/x/crypto/chacha20poly1305"

	"banlang/shared/fault"
	"banlang/shared/passphrase"
)

// usualCost is that of new slots.
var usualCost = passphrase.Usual

// slot is the key pair of an officer: the public half, and the secret half under his passphrase.
type slot struct {
	Officer   Officer         `json:"officer"`
	Cost      passphrase.Cost `json:"cost"`
	Salt      []byte          `json:"salt"`
	Device    string          `json:"device"`    // name of the machine's secret that is needed too; "" is none
	Recipient string          `json:"recipient"` // the public half
	Sealed    []byte          `json:"sealed"`    // nonce, and XChaCha20-Poly1305 of the secret half
}

const saltSize = 16

// newSlot draws a key pair for an officer; it is not locked yet.
func newSlot(o Officer) (s slot, secret string, err error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return slot{}, "", fault.New(fault.Internal, "keyfile: a key pair", err)
	}
	return slot{Officer: o, Recipient: identity.Recipient().String()}, identity.String(), nil
}

// lock puts the secret half under a passphrase, and under the machine's secret where the system can keep one.
func (s *slot) lock(c *content, secrets Secrets, passphrase, secret string) error {
	device, name := newDevice(c.Notebook, secrets)
	if err := checkStrength(passphrase, s.Officer, name == ""); err != nil {
		return err
	}
	s.Cost, s.Device, s.Salt = usualCost, name, make([]byte, saltSize)
	nonce := make([]byte, chacha20poly1305.NonceSizeX)
	for _, p := range [][]byte{s.Salt, nonce} {
		if _, err := rand.Read(p); err != nil {
			return fault.New(fault.Internal, "keyfile: locking a slot", err)
		}
	}
	aead, err := s.aead(passphrase, device)
	if err != nil {
		return err
	}
	s.Sealed = aead.Seal(nonce, nonce, []byte(secret), s.bound(c))
	return nil
}

// open gives the secret half. A passphrase that does not fit, and a slot that was edited, cannot be told apart:
// fault.WrongPassphrase.
func (s *slot) open(c *content, passphrase string, device []byte) (secret string, err error) {
	const op = "keyfile: opening a slot"
	if !s.Cost.IsAllowed() || len(s.Salt) != saltSize || len(s.Sealed) < chacha20poly1305.NonceSizeX {
		return "", fault.New(fault.TornKeyFile, op, fmt.Errorf("%+v with a salt of %d bytes", s.Cost, len(s.Salt)))
	}
	aead, err := s.aead(passphrase, device)
	if err != nil {
		return "", err
	}
	nonce, sealed := s.Sealed[:chacha20poly1305.NonceSizeX], s.Sealed[chacha20poly1305.NonceSizeX:]
	plain, err := aead.Open(nil, nonce, sealed, s.bound(c))
	if err != nil {
		return "", fault.New(fault.WrongPassphrase, op, nil)
	}
	defer clear(plain)
	return string(plain), nil // age reads identities as texts, which cannot be overwritten
}

// aead is the cipher under a passphrase and the machine's secret.
func (s *slot) aead(passphrase string, device []byte) (cipher.AEAD, error) {
	const op = "keyfile: the key of a slot"
	guess := s.Cost.Key(passphrase, s.Salt, chacha20poly1305.KeySize)
	both := slices.Concat(guess, device)
	defer clear(both)
	clear(guess)
	key, err := hkdf.Key(sha256.New, both, s.Salt, "banlang keyfile slot 1", chacha20poly1305.KeySize)
	if err != nil {
		return nil, fault.New(fault.Internal, op, err)
	}
	defer clear(key)
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fault.New(fault.Internal, op, err)
	}
	return aead, nil
}

// bound is what a slot is bound to: the file, and all of the slot that is legible.
func (s *slot) bound(c *content) []byte {
	legible := *s
	legible.Sealed = nil
	text, err := json.Marshal(struct {
		Version  int    `json:"version"`
		Notebook string `json:"notebook"`
		Slot     slot   `json:"slot"`
	}{c.Version, c.Notebook, legible})
	if err != nil {
		panic(err) // plain fields
	}
	return text
}
