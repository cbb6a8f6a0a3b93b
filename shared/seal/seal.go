// Package seal owns keys and signatures: one type for each purpose, each with a text form that names it, and a domain
// of its own in every signature, so that no signature can be taken for another.
package seal

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Domain is what a signature is about. It is part of what is signed.
type Domain string

// The domains.
const (
	DomainHead    Domain = "banlang head 1"    // a notebook over its chain head
	DomainHello   Domain = "banlang hello 1"   // a notebook over the binding of a connection
	DomainReceipt Domain = "banlang receipt 1" // the centre over a receipt
	DomainTicket  Domain = "banlang ticket 1"  // the centre over the number of a device to be
	DomainDevice  Domain = "banlang device 1"  // the centre over the number and key of a device
	DomainEpoch   Domain = "banlang epoch 1"   // the centre over its epoch
	DomainChange  Domain = "banlang change 1"  // the centre over the digest of a change that it wrote
)

// ErrBadKey is the base of all errors about the text of a key.
var ErrBadKey = errors.New("seal: not a key of this kind")

// KeyID is the short name of a public key, as receipts carry it.
type KeyID [8]byte

const (
	replicaPublic = "blmay1-" // a notebook's public key
	replicaSecret = "blmaykin1-"
	centrePublic  = "bltt1-" // the centre's public key
	centreSecret  = "blttkin1-"
)

// ReplicaKey signs for one notebook. It never leaves it.
type ReplicaKey struct{ secret ed25519.PrivateKey }

// ReplicaPublic verifies what a notebook signed.
type ReplicaPublic struct{ key [ed25519.PublicKeySize]byte }

// CentreKey signs for the centre: receipts, epochs, and the certificate of its listener.
type CentreKey struct{ secret ed25519.PrivateKey }

// CentrePublic verifies what the centre signed; a device pins it at enrolment.
type CentrePublic struct{ key [ed25519.PublicKeySize]byte }

// NewReplicaKey draws a key from random (nil: the system's).
func NewReplicaKey(random io.Reader) (ReplicaKey, error) {
	k, err := generate(random)
	return ReplicaKey{k}, err
}

// NewCentreKey draws a key from random (nil: the system's).
func NewCentreKey(random io.Reader) (CentreKey, error) {
	k, err := generate(random)
	return CentreKey{k}, err
}

// generate draws the seed itself: ed25519.GenerateKey is free to ignore the reader it is given.
func generate(random io.Reader) (ed25519.PrivateKey, error) {
	if random == nil {
		random = rand.Reader
	}
	var seed [ed25519.SeedSize]byte
	if _, err := io.ReadFull(random, seed[:]); err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(seed[:]), nil
}

// Public is the key that others verify with.
func (k ReplicaKey) Public() (p ReplicaPublic) {
	copy(p.key[:], k.secret.Public().(ed25519.PublicKey))
	return p
}

// Public is the key that others verify with.
func (k CentreKey) Public() (p CentrePublic) {
	copy(p.key[:], k.secret.Public().(ed25519.PublicKey))
	return p
}

// Signer is the key for the listener's certificate.
func (k CentreKey) Signer() ed25519.PrivateKey { return k.secret }

// Sign signs a statement in a domain.
func (k ReplicaKey) Sign(d Domain, statement []byte) [64]byte { return sign(k.secret, d, statement) }

// Sign signs a statement in a domain.
func (k CentreKey) Sign(d Domain, statement []byte) [64]byte { return sign(k.secret, d, statement) }

// DraftKey is the key under which one officer's answers lie in the drafts of this notebook (envelope.Locker). It is derived
// of the secret (HKDF-SHA-256) for this purpose and this officer alone, and says nothing of either to another.
func (k ReplicaKey) DraftKey(officer string) (key [32]byte) {
	b, err := hkdf.Key(sha256.New, k.secret.Seed(), nil, "banlang draft 1\n"+officer, len(key))
	if err != nil {
		panic(err) // one block of the hash is always to be had
	}
	copy(key[:], b)
	return key
}

// StaffKey is the key for one purpose of the centre's register of staff: what is enciphered or hashed under it is of no use to
// who has a copy of the register without the centre's key. It is derived as DraftKey is.
func (k CentreKey) StaffKey(purpose string) (key [32]byte) {
	b, err := hkdf.Key(sha256.New, k.secret.Seed(), nil, "banlang staff 1\n"+purpose, len(key))
	if err != nil {
		panic(err) // one block of the hash is always to be had
	}
	copy(key[:], b)
	return key
}

// Verify reports whether sig is this notebook's, over exactly this statement in this domain.
func (p ReplicaPublic) Verify(d Domain, statement []byte, sig [64]byte) bool {
	return ed25519.Verify(p.key[:], message(d, statement), sig[:])
}

// Verify reports whether sig is the centre's, over exactly this statement in this domain.
func (p CentrePublic) Verify(d Domain, statement []byte, sig [64]byte) bool {
	return ed25519.Verify(p.key[:], message(d, statement), sig[:])
}

// ID is the short name of the key.
func (p CentrePublic) ID() (id KeyID) {
	h := sha256.Sum256(p.key[:])
	copy(id[:], h[:])
	return id
}

// Raw is the key as certificates carry it.
func (p CentrePublic) Raw() ed25519.PublicKey { return ed25519.PublicKey(p.key[:]) }

// IsZero reports whether p is no key.
func (p ReplicaPublic) IsZero() bool { return p == ReplicaPublic{} }

// IsZero reports whether p is no key.
func (p CentrePublic) IsZero() bool { return p == CentrePublic{} }

// IsZero reports whether k is no key.
func (k ReplicaKey) IsZero() bool { return k.secret == nil }

func sign(k ed25519.PrivateKey, d Domain, statement []byte) (sig [64]byte) {
	copy(sig[:], ed25519.Sign(k, message(d, statement)))
	return sig
}

// message puts the domain's length first, so that no domain is the beginning of another.
func message(d Domain, statement []byte) []byte {
	return append(append([]byte{byte(len(d))}, d...), statement...)
}

func (p ReplicaPublic) String() string { return write(replicaPublic, p.key[:]) }
func (p CentrePublic) String() string  { return write(centrePublic, p.key[:]) }

// String never shows a secret; Secret does.
func (k ReplicaKey) String() string { return "secret of " + k.Public().String() }

// String never shows a secret; Secret does.
func (k CentreKey) String() string { return "secret of " + k.Public().String() }

// Secret is the text to be kept in the notebook.
func (k ReplicaKey) Secret() string { return write(replicaSecret, k.secret.Seed()) }

// Secret is the text to be kept in the centre's key file.
func (k CentreKey) Secret() string { return write(centreSecret, k.secret.Seed()) }

// ParseReplicaPublic reads ReplicaPublic.String.
func ParseReplicaPublic(s string) (p ReplicaPublic, err error) {
	err = read(replicaPublic, s, p.key[:])
	return p, err
}

// ParseCentrePublic reads CentrePublic.String.
func ParseCentrePublic(s string) (p CentrePublic, err error) {
	err = read(centrePublic, s, p.key[:])
	return p, err
}

// ParseReplicaKey reads ReplicaKey.Secret.
func ParseReplicaKey(s string) (ReplicaKey, error) {
	var seed [ed25519.SeedSize]byte
	if err := read(replicaSecret, s, seed[:]); err != nil {
		return ReplicaKey{}, err
	}
	return ReplicaKey{ed25519.NewKeyFromSeed(seed[:])}, nil
}

// ParseCentreKey reads CentreKey.Secret.
func ParseCentreKey(s string) (CentreKey, error) {
	var seed [ed25519.SeedSize]byte
	if err := read(centreSecret, s, seed[:]); err != nil {
		return CentreKey{}, err
	}
	return CentreKey{ed25519.NewKeyFromSeed(seed[:])}, nil
}

func write(prefix string, b []byte) string {
	return prefix + base64.RawURLEncoding.EncodeToString(b)
}

func read(prefix, s string, into []byte) error {
	rest, ok := strings.CutPrefix(strings.TrimSpace(s), prefix)
	if !ok {
		return fmt.Errorf("%w: it does not begin with %s", ErrBadKey, prefix)
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	if err != nil || len(b) != len(into) || strings.ContainsAny(rest, "\r\n") { // which the decoder skips
		return fmt.Errorf("%w: %d characters", ErrBadKey, len(rest))
	}
	copy(into, b)
	return nil
}
