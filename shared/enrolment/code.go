package enrolment

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"

	"golang.org/x/crypto/blake2b"
	"golang.org/x/crypto/chacha20poly1305"

	"banlang/shared/fault"
)

// A one-time code is what a device has of a centre before it has the centre's keys. Two values are derived from it: a name, by
// which the device asks, and a key, which is never sent. Who listens, or answers in place of the centre, learns the name and
// nothing else: an answer counts only when it was made with the key, and only who has the key can claim the code.

// Code is a one-time code: 130 random bits and a check, as 28 symbols that people can copy.
type Code struct{ symbols string }

const (
	codeSize   = 26 // symbols of 5 bits
	checkSize  = 2  // behind them; they show most slips
	claimBytes = 32
)

// CodeSymbols is how many symbols of a code people copy.
const CodeSymbols = codeSize + checkSize

// NewCode draws a code.
func NewCode() (Code, error) {
	s, err := Draw(codeSize)
	if err != nil {
		return Code{}, fault.New(fault.Internal, "enrolment.NewCode", err)
	}
	return Code{s + check(s)}, nil
}

func check(code string) string {
	sum := blake2b.Sum256([]byte("banlang code 1\n" + code))
	return string([]byte{symbols[sum[0]%32], symbols[sum[1]%32]})
}

// ParseCode reads a code as people type it (Bare). One that was never made is fault.EnrolCodeStale.
func ParseCode(typed string) (Code, error) {
	s := Bare(typed)
	if len(s) != CodeSymbols || check(s[:codeSize]) != s[codeSize:] {
		return Code{}, fault.New(fault.EnrolCodeStale, "enrolment.ParseCode", nil)
	}
	return Code{s}, nil
}

// String writes it for people, in groups of four.
func (c Code) String() string { return Grouped(c.symbols) }

// ID is the name by which a device asks. It says nothing of the code.
func (c Code) ID() (id [16]byte) {
	sum := blake2b.Sum256([]byte("banlang enrol name 1\n" + c.symbols))
	copy(id[:], sum[:])
	return id
}

// Key is the key of the answer.
func (c Code) Key() Key { return Key(blake2b.Sum256([]byte("banlang enrol key 1\n" + c.symbols))) }

// Key is what both ends of an enrolment have and nobody else.
type Key [32]byte

// Ask is how a device asks for its enrolment file. It holds no secret.
type Ask struct {
	ID      []byte `json:"id"`      // Code.ID
	Claim   []byte `json:"claim"`   // drawn by the device, and kept until it is enrolled: the same claim gets the same answer again
	Address string `json:"address"` // host:port that the device dialled, and will
	Proof   []byte `json:"proof"`   // that the device has the code
}

// How a code is traded: an Ask is posted over TLS to Path, where notebooks dial the centre. The answer is what Ask.Seal made, or
// a Refusal with a status of 400 and above.
const (
	Path      = "/enrol"
	MaxAsk    = 4 << 10              // bytes of an Ask as JSON
	MaxAnswer = MaxBytes + (1 << 10) // bytes of an answer
)

// Refusal says why there is no file: fault.EnrolCodeStale, EnrolCodeUsed, BadInput, or Busy (again later).
type Refusal struct {
	Code fault.Code `json:"code"`
}

// NewClaim draws a claim.
func NewClaim() ([]byte, error) {
	b := make([]byte, claimBytes)
	_, err := rand.Read(b)
	return b, err
}

// NewAsk makes the request of a device that has a code.
func NewAsk(c Code, claim []byte, address string) Ask {
	id := c.ID()
	a := Ask{ID: id[:], Claim: claim, Address: address}
	a.Proof = a.proof(c.Key())
	return a
}

func (a *Ask) proof(k Key) []byte {
	h, err := blake2b.New256(k[:])
	if err != nil {
		panic(err) // only a longer key is refused
	}
	fmt.Fprintf(h, "banlang enrol ask 1\n%x\n%x\n%s", a.ID, a.Claim, a.Address)
	return h.Sum(nil)
}

// bound is what an answer is for: any request of this claim.
func (a *Ask) bound() []byte {
	return fmt.Appendf(nil, "banlang enrol answer 1\n%x\n%x", a.ID, a.Claim)
}

// Check says whether a request has the form of one: fault.BadInput.
func (a *Ask) Check() error {
	_, _, err := net.SplitHostPort(a.Address)
	if len(a.ID) != 16 || len(a.Claim) != claimBytes || len(a.Proof) != 32 || len(a.Address) > 300 || err != nil {
		return fault.New(fault.BadInput, "enrolment.Ask", errors.New("not a request"))
	}
	return nil
}

// Proven reports whether whoever made the request has the key of the code that it names.
func (a *Ask) Proven(k Key) bool { return hmac.Equal(a.Proof, a.proof(k)) }

// Seal enciphers the answer to a request, so that only who has the code can read it, and can tell that it was made by who has it.
func (a *Ask) Seal(k Key, answer []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(k[:])
	if err != nil {
		panic(err) // only another length is refused
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, fault.New(fault.Internal, "enrolment.Seal", err)
	}
	return aead.Seal(nonce, nonce, answer, a.bound()), nil
}

// Open reads the answer. What was not made with the code for this claim is fault.EnrolForged: somebody else answered.
func (a *Ask) Open(k Key, sealed []byte) ([]byte, error) {
	const op = "enrolment.Open"
	aead, err := chacha20poly1305.NewX(k[:])
	if err != nil {
		panic(err) // only another length is refused
	}
	if len(sealed) < aead.NonceSize() {
		return nil, fault.New(fault.EnrolForged, op, errors.New("no answer of the centre"))
	}
	answer, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], a.bound())
	if err != nil {
		return nil, fault.New(fault.EnrolForged, op, errors.New("not answered by who made the code"))
	}
	return answer, nil
}

// CodeFormat names this version of the file that carries a code.
const CodeFormat = "banlang-code-1"

// CodeFile carries a code and where it is to be traded, so that nobody has to type them.
type CodeFile struct {
	Format  string `json:"format"`
	Address string `json:"address"` // host:port of the centre
	Code    string `json:"code"`
}

// Encode writes the file.
func (f CodeFile) Encode() ([]byte, error) {
	f.Format = CodeFormat
	b, err := json.MarshalIndent(f, "", "  ")
	return append(b, '\n'), err
}

// ParseCodeFile reads what Encode wrote; ok is false for a file that is none, whatever else it may be.
func ParseCodeFile(b []byte) (f CodeFile, ok bool) {
	d := json.NewDecoder(bytes.NewReader(b))
	return f, d.Decode(&f) == nil && f.Format == CodeFormat
}
