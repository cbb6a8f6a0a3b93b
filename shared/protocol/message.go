package protocol

import (
	"crypto/sha256"
	"maps"
	"slices"

	"banlang/shared/blob"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
)

// Message is one of the types below.
type Message interface{ kind() kind }

type kind uint8

const (
	kindHello    kind = 1
	kindWelcome  kind = 2
	kindPush     kind = 3
	kindAck      kind = 4
	kindPage     kind = 5
	kindTaken    kind = 6
	kindReceipts kind = 7
	kindPing     kind = 8
	kindPong     kind = 9
	kindBye      kind = 10
	kindAsk      kind = 11 // from here on: version 2
	kindWant     kind = 12
	kindChunk    kind = 13
	kindStored   kind = 14
	kindDeposit  kind = 15 // from here on: version 3
	kindKept     kind = 16
	kindWiping   kind = 17
	kindLeave    kind = 18
)

// HubID names a hub: random, drawn when its store was made, kept over restores.
type HubID uint64

// Claim says what a replica knows to be saved of a run.
type Claim struct {
	Run  record.RunID
	Last record.Number // told to exist by anybody
	Held record.Number // everything of the run up to here is held
	Own  bool          // written by this very notebook
}

// Cursor is how far a reader has read in one hub's log, kept with the data it covers. Its positions are named by key:
// what concerns everybody or this replica, and each feed of the grant it was read under. So a feed that is granted
// anew, by another grant, is read from the start.
type Cursor struct {
	Hub   HubID
	Epoch record.Epoch
	At    map[string]ledger.Pos
	Mark  Mark
}

// Mark is the furthest place of a hub's log that a client has proof of: it came with a page, or with a receipt. A hub
// that is shown a mark of its own which does not fit its log went back in time.
type Mark struct {
	Seen  ledger.Pos
	Hash  [8]byte // the running hash of the log there
	Proof [8]byte // the hub's over hub, epoch, Seen and Hash: nobody else can make it believe that
}

// Clone returns a copy that shares nothing.
func (c Cursor) Clone() Cursor {
	c.At = maps.Clone(c.At)
	return c
}

// Sum identifies the positions of a cursor.
func (c *Cursor) Sum() (s [8]byte) {
	var w writer
	x := *c
	x.Mark = Mark{}
	w.cursor(&x)
	h := sha256.Sum256(w.b)
	copy(s[:], h[:])
	return s
}

// Hello opens a session.
type Hello struct {
	VersionMin, VersionMax uint32
	Program                string // name and version, for staff
	Replica                record.ReplicaID
	PublicKey              string   // seal.ReplicaPublic, as text
	Code                   string   // ticket or certificate; empty while the hub knows the key
	Proof                  [64]byte // the replica's signature over the binding of this connection (seal.DomainHello)
	CentreEpoch            record.Epoch
	EpochSig               [64]byte   // the centre's over CentreEpoch, as it came in a Welcome
	Grant                  record.Dot // the grant that the replica holds as its latest
	Cursor                 Cursor
	Claims                 []Claim
	Forms                  []record.FormRef
	Extra                  []byte // fields of later versions; ignored
}

// Welcome answers it.
type Welcome struct {
	Version     uint32
	Hub         HubID
	Epoch       record.Epoch // of the hub's log
	CentreEpoch record.Epoch
	EpochSig    [64]byte // the centre's over CentreEpoch (seal.DomainEpoch)
	Certificate string   // of the replica's key, when the Hello brought a code
	Time        record.Millis
	Have        []ledger.Have // of the claimed runs
	Receipts    Receipts
	Forms       []record.FormRef
	Extra       []byte
}

// Push carries changes up.
type Push struct {
	Epoch  record.Epoch // of the hub's log, as the client knows it
	Number uint64       // 1, 2, 3 … in a session
	Urgent bool
	Items  []*record.Change // ascending by number within each run
	Heads  []record.HeadSignature
}

// Ack says that every push up to Number is durable at the hub.
type Ack struct{ Number uint64 }

// Page carries a stretch of the hub's log down.
type Page struct {
	From   [8]byte // sum of the cursor it begins at
	To     Cursor
	Grant  record.Dot // the grant it was cut for; zero: none
	Caught bool       // nothing newer was there when it was cut
	Items  []*record.Change
}

// Taken says that one more page is durable at the reader.
type Taken struct{}

// Receipts are the centre's; sent with the welcome, after commits, and when Safe grows. The mark is of the log in which
// everything that they vouch for lies.
type Receipts struct {
	Mark     Mark
	Receipts []record.Receipt
}

// Ping asks for a Pong with the same number.
type Ping struct{ Number uint64 }

// Pong answers it.
type Pong struct{ Number uint64 }

// Bye ends a session.
type Bye struct {
	Code       fault.Code
	RetryAfter uint32 // seconds; 0: as the client sees fit
}

// Ask asks which blobs of the client's own changes the hub lacks, after a name; the zero Ref: from the first on.
type Ask struct{ After blob.Ref }

// Want answers it, ascending by name.
type Want struct {
	Items []Wanted
	More  bool // there are others behind the last of Items: ask again after it
}

// Wanted is a blob that the hub lacks.
type Wanted struct {
	Ref  blob.Ref
	Have uint32 // bytes that it has, from the first on
}

// Chunk carries bytes of a wanted blob up.
type Chunk struct {
	Ref    blob.Ref
	Offset uint32 // of the first byte
	Data   []byte // 1 to MaxChunkBytes
}

// Stored answers a Chunk, after the commit: what the hub has now. When Have is not the end of the chunk, the chunk was not
// taken, and the next one is to begin there.
type Stored struct {
	Ref     blob.Ref
	Have    uint32     // bytes durable at the hub, from the first on
	Whole   bool       // all of them, and they are those that the name says
	Refused fault.Code // nothing was taken. NotFound: nobody wants this blob; any other: no photos now, text goes on
}

// Deposit is about the key of the client's notebook, sealed to the centre. Without boxes it asks whether the hub holds what
// has this sum; with them, it gives it.
type Deposit struct {
	Sum   EscrowSum
	Boxes [][]byte // age files, at most MaxBoxes and MaxEscrowBytes together
}

// Kept answers a Deposit, after the commit.
type Kept struct {
	Sum  EscrowSum
	Held bool // it is durable at the hub. False after boxes: it was not taken
}

// Wiping is about an order to destroy the keys of the client's machine. Not done: everything is at the centre, may they go?
// Done: they are gone.
type Wiping struct {
	Order uint64 // its serial
	Done  bool
}

// Leave answers a Wiping, after the commit.
type Leave struct {
	Order uint64
	Given bool // the order holds still, and the hub lacks nothing of this machine
}

func (*Hello) kind() kind    { return kindHello }
func (*Welcome) kind() kind  { return kindWelcome }
func (*Push) kind() kind     { return kindPush }
func (*Ack) kind() kind      { return kindAck }
func (*Page) kind() kind     { return kindPage }
func (*Taken) kind() kind    { return kindTaken }
func (*Receipts) kind() kind { return kindReceipts }
func (*Ping) kind() kind     { return kindPing }
func (*Pong) kind() kind     { return kindPong }
func (*Bye) kind() kind      { return kindBye }
func (*Ask) kind() kind      { return kindAsk }
func (*Want) kind() kind     { return kindWant }
func (*Chunk) kind() kind    { return kindChunk }
func (*Stored) kind() kind   { return kindStored }
func (*Deposit) kind() kind  { return kindDeposit }
func (*Kept) kind() kind     { return kindKept }
func (*Wiping) kind() kind   { return kindWiping }
func (*Leave) kind() kind    { return kindLeave }

// Keys of a cursor. They never leave a hub and its readers.
const keyMine = "*"

// KeyMine is the cursor's key for what concerns this replica or everybody.
func KeyMine() string { return keyMine }

// KeyFeed is the cursor's key for a feed read under a grant.
func KeyFeed(grant record.Dot, f record.Feed) string { return grant.String() + " " + string(f) }

// KeyPart is the cursor's key for a record that is too large for one page, while it is being read under a grant: with its
// values, or bare.
func KeyPart(grant, rec record.Dot, bare bool) string {
	name := "whole "
	if bare {
		name = "bare "
	}
	return name + grant.String() + " " + rec.String()
}

// sortedKeys returns the cursor's keys in the order in which they are encoded.
func (c *Cursor) sortedKeys() []string { return slices.Sorted(maps.Keys(c.At)) }

// EpochStatement is what the centre signs about its epoch.
func EpochStatement(e record.Epoch) []byte {
	var w writer
	w.epoch(e)
	return w.b
}
