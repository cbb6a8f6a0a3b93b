// Package blob owns how bytes that are no text (photos) are named: by what they are, so that the same bytes have one name
// everywhere, whoever holds them can be believed, and nothing about them can be altered. A value of a record is such a
// name; the bytes travel by themselves, behind all text.
//
// The package does no I/O and knows neither records nor links.
package blob

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/blake2b"
)

// MaxBytes bounds one blob: a photo that was made smaller has a twentieth of it.
const MaxBytes = 4 << 20

// Ref names a blob. Refs are equal when they name the same bytes as the same kind of file; the zero Ref names nothing.
type Ref struct {
	Digest [blake2b.Size256]byte // BLAKE2b-256 of the bytes
	Size   uint32                // of the bytes, 1 to MaxBytes
	Ext    Ext                   // what kind of file they are
}

// Ext is the usual ending of a kind of file, without the dot: one to four lower-case letters and digits, then zeros.
type Ext [4]byte

func (e Ext) String() string { return string(bytes.TrimRight(e[:], "\x00")) }

// media lists the kinds of files that are put into records, with their media types.
var media = [...]struct{ ext, kind string }{{"jpg", "image/jpeg"}, {"png", "image/png"}, {"webp", "image/webp"}}

// Errors of names and bytes.
var (
	ErrName  = errors.New("blob: not the name of a blob")
	ErrSize  = errors.New("blob: empty, or over the limit")
	ErrMedia = errors.New("blob: not a kind of file that is taken")
	ErrBytes = errors.New("blob: the bytes are not those of the name")
)

// Of names bytes of a media type ("image/jpeg").
func Of(b []byte, mediaType string) (Ref, error) {
	if len(b) == 0 || len(b) > MaxBytes {
		return Ref{}, fmt.Errorf("%w: %d bytes", ErrSize, len(b))
	}
	r := Ref{Digest: blake2b.Sum256(b), Size: uint32(len(b))}
	for _, m := range media {
		if m.kind == mediaType {
			copy(r.Ext[:], m.ext)
			return r, nil
		}
	}
	return Ref{}, fmt.Errorf("%w: %q", ErrMedia, mediaType)
}

// MediaType is the media type of the file; of a kind that this version does not know, that of bytes.
func (r Ref) MediaType() string {
	for _, m := range media {
		if m.ext == r.Ext.String() {
			return m.kind
		}
	}
	return "application/octet-stream"
}

// IsZero reports whether r names nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// prefix begins the text of every name. It is the digest's, as in b2sum.
const prefix = "b2-"

// String is the name as a value of a record, and as the name of a file on any system: "b2-<digest, 64 hexadecimal
// digits>-<size>.jpg". Parse reads it.
func (r Ref) String() string {
	return prefix + hex.EncodeToString(r.Digest[:]) + "-" + strconv.FormatUint(uint64(r.Size), 10) + "." + r.Ext.String()
}

// Parse reads what Ref.String wrote, and nothing else: one blob, one text.
func Parse(s string) (Ref, error) {
	if r, ok := parse(s); ok {
		return r, nil
	}
	return Ref{}, fmt.Errorf("%w: %.100q", ErrName, s)
}

// Is reports whether a value is the name of a blob. It is quick with values that are not.
func Is(s string) bool {
	_, ok := parse(s)
	return ok
}

func parse(s string) (r Ref, ok bool) {
	const digits = 2 * blake2b.Size256
	s, ok = strings.CutPrefix(s, prefix)
	if !ok || len(s) < digits || len(s) > digits+16 {
		return Ref{}, false
	}
	if _, err := hex.Decode(r.Digest[:], []byte(s[:digits])); err != nil || strings.ToLower(s[:digits]) != s[:digits] {
		return Ref{}, false
	}
	size, ext, _ := strings.Cut(strings.TrimPrefix(s[digits:], "-"), ".")
	n, err := strconv.ParseUint(size, 10, 32)
	if err != nil || len(ext) > len(r.Ext) {
		return Ref{}, false
	}
	r.Size = uint32(n)
	copy(r.Ext[:], ext)
	return r, r.valid() && r.String() == prefix+s
}

func (r Ref) valid() bool {
	ext := r.Ext.String()
	for _, c := range []byte(ext) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return ext != "" && r.Size > 0 && r.Size <= MaxBytes
}

// KeyBytes is the length of a Key.
const KeyBytes = blake2b.Size256 + 4 + 4

// Key is the name in few bytes, for stores and links: digest, size (big endian), kind. Keys sort as Compare does.
type Key [KeyBytes]byte

// Key returns the key of r; the zero Ref has the zero Key.
func (r Ref) Key() (k Key) {
	copy(k[:], r.Digest[:])
	binary.BigEndian.PutUint32(k[len(r.Digest):], r.Size)
	copy(k[len(r.Digest)+4:], r.Ext[:])
	return k
}

// FromKey reads a Key; b must have KeyBytes.
func FromKey(b []byte) (r Ref, err error) {
	if len(b) != KeyBytes {
		return Ref{}, fmt.Errorf("%w: a key of %d bytes", ErrName, len(b))
	}
	copy(r.Digest[:], b)
	r.Size = binary.BigEndian.Uint32(b[len(r.Digest):])
	copy(r.Ext[:], b[len(r.Digest)+4:])
	if !r.IsZero() && (!r.valid() || !bytes.HasPrefix(r.Ext[:], []byte(r.Ext.String())) || r.Key() != Key(b)) {
		return Ref{}, fmt.Errorf("%w: a key of no blob", ErrName)
	}
	return r, nil
}

// Compare orders names by digest, then size, then kind. The order has no meaning but being the same everywhere.
func (r Ref) Compare(s Ref) int {
	a, b := r.Key(), s.Key()
	return bytes.Compare(a[:], b[:])
}

// Holds reports whether these are the bytes that r names.
func (r Ref) Holds(b []byte) bool { return len(b) == int(r.Size) && blake2b.Sum256(b) == r.Digest }

// Check is Holds for bytes that are read piece by piece: read returns at most so many bytes from an offset on, and at least
// one where there is one. ErrBytes says that they are others than those named.
func (r Ref) Check(read func(from, most int) ([]byte, error)) error {
	const piece = 64 << 10
	sum, err := blake2b.New256(nil)
	if err != nil {
		return err
	}
	at := 0
	for at < int(r.Size) {
		b, err := read(at, min(piece, int(r.Size)-at))
		if err != nil {
			return err
		}
		if len(b) == 0 {
			break
		}
		sum.Write(b)
		at += len(b)
	}
	if at != int(r.Size) || [blake2b.Size256]byte(sum.Sum(nil)) != r.Digest {
		return fmt.Errorf("%w: %s", ErrBytes, r)
	}
	return nil
}
