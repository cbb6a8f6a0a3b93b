// Package record owns what is kept: changes, the one rule that merges them (Fold), and the names that both have.
//
// A change is one immutable edit by one officer on one notebook. It has a skeleton (who, when, which record, which
// paths, what it replaced), which is kept for ever, and a body (the values), which may be erased by law. The state of
// a record is a pure function of the set of its changes: no order of arrival, no clock and no form takes part, so any
// two replicas that hold the same set show the same record, byte for byte.
//
// The package does no I/O, holds no state and starts no goroutine.
package record

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/crypto/blake2b"
)

// ReplicaID is the number of a notebook, given by the centre at enrolment; people call it "máy 24".
type ReplicaID uint32

// Centre is the replica number of the centre itself. Only its verdicts, grants and erasures have effect.
const Centre ReplicaID = 1

// RunID names one opening of a notebook that wrote something. It is random, and stored before the first change under
// it; so two copies of one notebook never write under one run.
type RunID uint64

func (r RunID) String() string { return fmt.Sprintf("%016x", uint64(r)) }

// Number counts the changes of a notebook from 1, across its runs and without holes.
type Number uint64

// Dot is the identity of a change. The zero Dot names nothing.
type Dot struct {
	Run RunID
	N   Number
}

// IsZero reports whether d names nothing.
func (d Dot) IsZero() bool { return d == Dot{} }

// String is the exact name of d, as used in files and logs; ParseDot reads it.
func (d Dot) String() string { return d.Run.String() + "." + strconv.FormatUint(uint64(d.N), 10) }

// Compare orders dots by run, then number. The order has no meaning but being the same everywhere.
func (d Dot) Compare(e Dot) int {
	if c := cmp.Compare(d.Run, e.Run); c != 0 {
		return c
	}
	return cmp.Compare(d.N, e.N)
}

// ParseDot reads what Dot.String wrote.
func ParseDot(s string) (Dot, error) {
	run, n, ok := strings.Cut(s, ".")
	r, err1 := strconv.ParseUint(run, 16, 64)
	i, err2 := strconv.ParseUint(n, 10, 64)
	d := Dot{RunID(r), Number(i)}
	if !ok || err1 != nil || err2 != nil || i == 0 || d.String() != s { // one name, one text
		return Dot{}, fmt.Errorf("record: %q is no change name", s)
	}
	return d, nil
}

// UUID is the name of the record created by d outside this system: a UUID of version 8, derived, never stored.
func (d Dot) UUID() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(d.Run))
	binary.BigEndian.PutUint64(b[8:], uint64(d.N))
	h := sha256.Sum256(append([]byte("banlang record "), b[:]...))
	u := h[:16]
	u[6] = u[6]&0x0f | 0x80
	u[8] = u[8]&0x3f | 0x80
	x := hex.EncodeToString(u)
	return x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}

// HumanName is how people say a change or record: machine and number, "24-1271".
func HumanName(r ReplicaID, n Number) string { return fmt.Sprintf("%d-%d", r, n) }

// RowID names row i of the rows that a change adds; it stands in paths ("items/<row>/kind").
func (d Dot) RowID(i int) string { return d.String() + "." + strconv.Itoa(i) }

// NewRow begins the name of a row that does not exist yet: "items/+1/kind".
const NewRow = "+"

// NameRows gives the new rows in a path their names for ever: made from the change that adds them (RowID), so that no two
// machines ever make the same.
func NameRows(path string, by Dot) string {
	if !strings.Contains(path, "/"+NewRow) {
		return path
	}
	steps := strings.Split(path, "/")
	for i, s := range steps {
		if k, ok := strings.CutPrefix(s, NewRow); ok {
			steps[i] = by.String() + "." + k
		}
	}
	return strings.Join(steps, "/")
}

// Digest is a BLAKE2b-256 sum (RFC 7693). It takes a fourth of the time of SHA-256 on machines without instructions for
// that, as those of officers are: each change is summed where it is written, stored, sent on and read.
type Digest [blake2b.Size256]byte

func sumOf(b []byte) Digest { return blake2b.Sum256(b) }

// String is a short form for people and logs.
func (d Digest) String() string { return hex.EncodeToString(d[:6]) }

// Feed names who may read a record: a unit and a compartment of it, "GL014/ordinary". Staff and devices are granted
// feeds. A record is in the feed of its unit (in several while a move is in conflict), and in those of the units that it
// is addressed to.
type Feed string

// NewFeed joins a unit's code and a compartment.
func NewFeed(unit, compartment string) Feed { return Feed(unit + "/" + compartment) }

// Unit is the code of the unit that the feed belongs to.
func (f Feed) Unit() string { u, _, _ := strings.Cut(string(f), "/"); return u }

// Compartment is the part of the unit's records that the feed holds.
func (f Feed) Compartment() string { _, c, _ := strings.Cut(string(f), "/"); return c }

// FormRef names one immutable version of a form, by what its XML says: whoever has it can tell that it is the one.
type FormRef struct {
	ID      string
	Version uint64 // the first eight bytes of the digest of its XML
}

// String names the version exactly: "tip@00f3a1…", the version in 16 hexadecimal digits. ParseFormRef reads it.
func (f FormRef) String() string { return fmt.Sprintf("%s@%016x", f.ID, f.Version) }

// ParseFormRef reads what FormRef.String wrote.
func ParseFormRef(s string) (FormRef, error) {
	i := strings.LastIndexByte(s, '@')
	if i < 0 {
		return FormRef{}, fmt.Errorf("record: %q is no version of a form", s)
	}
	version, err := strconv.ParseUint(s[i+1:], 16, 64)
	f := FormRef{s[:i], version}
	if err != nil || f.String() != s { // one version, one text
		return FormRef{}, fmt.Errorf("record: %q is no version of a form", s)
	}
	return f, nil
}

// Kind says what a change is. A kind that this version does not know is stored, chained and forwarded, never refused.
type Kind uint8

// The kinds. All but edits have effect only when the centre wrote them.
const (
	KindEdit    Kind = 1 // sets paths of a record, creates it when Record is zero
	KindVerdict Kind = 2 // accepts or rejects another change
	KindErase   Kind = 3 // orders the values of a record, or of some of its paths, to be destroyed everywhere
	KindGrant   Kind = 4 // says which feeds a replica may hold
	KindPublish Kind = 5 // tells everybody what holds of a topic from now on
)

// System paths. Their values route or hide a record and belong to the skeleton. A path is a system path when its last
// segment begins with an underscore; rows have their own ("items/<row>/_life").
const (
	PathFeed = "_unit" // value: a Feed
	PathLife = "_life" // value: LifeDeleted or LifeKept
)

// FeedPath is the system path that addresses a record to one more unit: its value is a feed of that unit, or empty when it
// is addressed to it no longer. A record is in the feeds of all its feed paths, by the same rules.
func FeedPath(unit string) string { return addressed + unit + "/" + PathFeed }

const addressed = "to/"

// IsFeedPath reports whether the value at path says where its record is: PathFeed, or a FeedPath.
func IsFeedPath(path string) bool {
	unit, to := strings.CutPrefix(path, addressed)
	return path == PathFeed || to && strings.HasSuffix(unit, "/"+PathFeed)
}

// The values of a PathLife.
const (
	LifeDeleted = "deleted"
	LifeKept    = "kept"
)

// IsSystem reports whether the value at path is part of the skeleton.
func IsSystem(path string) bool {
	i := strings.LastIndexByte(path, '/') + 1
	return i < len(path) && path[i] == '_'
}

// Edit sets one path of a record.
type Edit struct {
	Path     string
	Value    string // empty: cleared. Body, except at system paths
	Replaces []Dot  // the live values that the officer saw at this path when he first changed it
	Seen     []Dot  // deletes and reviews only: every live value they cover
}

// BodyState says whether the values of a change are here.
type BodyState uint8

// The states of a body.
const (
	BodyHere   BodyState = iota // present
	BodyNone                    // the change never had values
	BodyAbsent                  // dropped here, or not received yet
	BodyErased                  // destroyed by law; never comes back
)

// Change is one immutable edit. A *Change may be shared freely once it is sealed (Seal, Decode); nobody alters it.
type Change struct {
	Dot        Dot
	Replica    ReplicaID
	Kind       Kind
	Parent     Dot    // first change of a run only: the last own change before it (zero: the notebook's first)
	ParentHead Digest // first change of a run only: the chain head at Parent
	Time       Millis
	Officer    string // short stable id of the person signed in; empty for programs
	Record     Dot    // the record concerned; zero on the change that creates one, and on kinds without a record
	Form       FormRef
	Grant      Dot   // the grant that the writer acted under
	FeedSeen   []Dot // the live feed values that the writer saw
	Edits      []Edit
	Replaces   []Dot // verdict, grant, publish: the earlier ones that this one replaces

	Target   Dot    // verdict: the change judged
	Rejected bool   // verdict
	Reason   string // verdict: a code of package fault or form, never free text about a citizen

	Grantee ReplicaID // grant
	Feeds   []Feed    // grant
	Revoked bool      // grant: the replica is cut off; what comes after is rejected until released

	Topic   string // publish
	Payload []byte // publish: what holds of the topic; empty: nothing any more

	Paths []string // erase: the paths whose values go; none: all of the record

	Opaque []byte // the payload of a kind that this version does not know; skeleton, so no later version puts values in it

	// Sig is the centre's signature over the digest, on changes that it wrote itself; zero on all others. It is no part
	// of the digest.
	Sig [64]byte

	Salt [16]byte // random, part of the body: makes the digest of an erased body unguessable
	Body BodyState

	raw    []byte // flag, length, skeleton, body: as stored and as sent
	digest Digest

	unsummed bool // decoded by DecodeStored: the digest is computed when it is asked for
}

// Millis is a point in time: milliseconds since 1970-01-01 UTC, as the writer's own clock had it.
type Millis = int64

// RecordID is the record that the change concerns: its own dot when it creates one.
func (c *Change) RecordID() Dot {
	if c.Record.IsZero() && c.Kind == KindEdit {
		return c.Dot
	}
	return c.Record
}

// Creates reports whether the change creates a record.
func (c *Change) Creates() bool { return c.Kind == KindEdit && c.Record.IsZero() }

// First reports whether the change opens its run.
func (c *Change) First() bool { return c.Dot.N == c.Parent.N+1 }

// Edit returns the edit of path, or nil.
func (c *Change) Edit(path string) *Edit {
	for i := range c.Edits {
		if c.Edits[i].Path == path {
			return &c.Edits[i]
		}
	}
	return nil
}

// Routes reports whether the change says where its record is. A creation always does, even when it forgets to.
func (c *Change) Routes() bool {
	return c.Kind == KindEdit && (c.Creates() || slices.ContainsFunc(c.Edits, func(e Edit) bool { return IsFeedPath(e.Path) }))
}

// PutsIn lists the feeds that the change puts its record in, sorted, each once.
func (c *Change) PutsIn() (feeds []Feed) {
	for i := range c.Edits {
		if e := &c.Edits[i]; e.Value != "" && IsFeedPath(e.Path) {
			feeds = append(feeds, Feed(e.Value))
		}
	}
	slices.Sort(feeds)
	return slices.Compact(feeds)
}

// Digest is the sum over the skeleton and the digest of the body. It stays the same when the body is dropped or erased.
func (c *Change) Digest() Digest {
	if c.unsummed {
		return c.sum()
	}
	return c.digest
}

// Head is the chain head at c, given the head before it: the head at the number before, or ParentHead for the first
// change of a run. A signature or receipt over a head vouches for every change up to it.
func (c *Change) Head(before Digest) Digest {
	if c.First() {
		before = c.ParentHead
	}
	var b [2 * blake2b.Size256]byte
	copy(b[:], before[:])
	d := c.Digest()
	copy(b[blake2b.Size256:], d[:])
	return sumOf(b[:])
}
