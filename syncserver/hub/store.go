// Package hub owns the one order of everything that the centre holds: it takes changes in, keeps and judges them, and
// says what each reader is to be sent. It knows neither sockets nor SQL.
//
// Everything that changes the log goes through Apply: one transaction for all the work that arrived together, so that
// many connections share one durable commit. Invariants (Check runs them on real data):
//
//  1. Whatever frames correctly is kept and counted as received, valid or not; a verdict says which.
//  2. An answer is given after the commit that it speaks of.
//  3. A reader is sent values only of records that are in one of its feeds now, and its own.
//  4. A blob that a change names and that is not whole is asked for, from every replica whose change it is.
//  5. Every listing lies within the log; every record that was moved, or that came in the wrong order, has a Turn.
//
// # Feeds by record
//
// The log is the list of changes in order of arrival. A change is listed for the readers whom it concerns. For each
// record there is one place, its turn: where its units changed last (its creation, a move, or a verdict on one). At the
// turn a record is sent whole to the feeds it is in now, and to those it was ever in as its bare moves; past the turn
// change by change to those it is in now; before it not at all. The turn of a record that never moved is its creation,
// and costs nothing to keep.
package hub

import (
	"context"

	"banlang/shared/blob"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/access"
)

// Range is a stretch of the log, both ends included.
type Range struct{ First, Last ledger.Pos }

// Turn says where the units of a record changed last, which feeds it is in now, and which it was ever in. A record
// without one was created at its turn. At 0 means that changes came before their record's creation.
type Turn struct {
	At   ledger.Pos
	Now  []record.Feed
	Ever []record.Feed
}

// Arrival says when a transaction appended the changes up to End, from behind the one before it.
type Arrival struct {
	End ledger.Pos
	At  record.Millis // by the centre's clock; 0: not known, by a program that did not keep it
}

// Filling is a body that arrived after its change. They are numbered from 1.
type Filling struct {
	N  int64
	At ledger.Pos // the place of the change
}

// Tx is one transaction over what a hub keeps: a ledger, the devices, and the shelf.
type Tx interface {
	ledger.Tx
	access.Register
	Shelf
}

// Shelf is what a hub keeps beside the changes.
type Shelf interface {
	// List notes that a stretch of the log is for the readers of a key: a feed, "@24" for one replica, "*" for all.
	List(key string, r Range) error
	// Listed returns stretches for a key that end after a place, ascending, at most limit.
	Listed(key string, after ledger.Pos, limit int) ([]Range, error)
	// Turn returns the turn of a record, if one is kept.
	Turn(rec record.Dot) (t Turn, ok bool, err error)
	PutTurn(rec record.Dot, t Turn) error
	// Turns counts the turns kept, so that the usual case (none) costs nothing.
	Turns() (int, error)
	// Wait notes that the change at a place cannot be judged yet; Judged takes it off; Waiting lists them,
	// ascending, from a place on, at most limit.
	Wait(p ledger.Pos) error
	Judged(p ledger.Pos) error
	Waiting(from ledger.Pos, limit int) ([]ledger.Pos, error)
	// CloseLog keeps the running hash of the log at its end, and when the transaction was that brought it there; ClosedLog
	// returns the last hash kept at or before a place.
	CloseLog(end ledger.Pos, hash [32]byte, at record.Millis) error
	ClosedLog(at ledger.Pos) (end ledger.Pos, hash [32]byte, err error)
	// Arrivals tells when changes reached the centre: the transactions that ended at a place or behind it, ascending, at
	// most limit. A change arrived with the first one that ends at its place or behind.
	Arrivals(from ledger.Pos, limit int) ([]Arrival, error)
	// Fill notes that a change that was held without its body has got it, which no place of the log tells; Fills returns
	// what was noted behind a number, ascending, at most limit.
	Fill(p ledger.Pos) error
	Fills(after int64, limit int) ([]Filling, error)
	// PutSigned keeps a notebook's signature over its chain.
	PutSigned(h record.HeadSignature) error
	// Want notes that a replica is to be asked for a blob that is known, or (not on) is no more; that ends by itself when
	// the blob is dropped. Wants lists what it is asked for, ascending after a name, at most limit; Asked, who is asked
	// for a blob, ascending.
	Want(from record.ReplicaID, r blob.Ref, on bool) error
	Wants(from record.ReplicaID, after blob.Ref, limit int) ([]blob.Ref, error)
	Asked(r blob.Ref) ([]record.ReplicaID, error)
	// PutDeposit keeps the sealed key of a notebook; the same one of the same replica again alters nothing. Of each replica the
	// latest MaxDeposits are kept.
	PutDeposit(d Deposit) error
	// Deposits returns those of a replica, latest first; of all replicas, by number, for 0.
	Deposits(of record.ReplicaID) ([]Deposit, error)
	// PutWipe keeps how far a machine is with an order, instead of what was kept of it before; WipeOf returns it, the zero Wipe
	// if there is none.
	PutWipe(w Wipe) error
	WipeOf(r record.ReplicaID) (Wipe, error)
	// Begun returns the open blobs of which a replica has sent the last bytes, and that have any.
	Begun(by record.ReplicaID) ([]ledger.Blob, error)
}

// Store keeps a hub. It has two real implementations: SQLite (package sqlitestore) and Memory, under one suite (package
// storetest).
type Store interface {
	// Update runs f in one durable transaction; one runs at a time. When it returns nil, the work survives power loss.
	// When f fails, or the commit does, nothing has happened, or (fault DiskIO, DiskFull) the outcome is unknown and
	// must be read again.
	Update(ctx context.Context, f func(Tx) error) error
	// View runs f over a consistent state; many may run at once.
	View(ctx context.Context, f func(Tx) error) error
	// Close releases the store; running calls end first.
	Close() error
}
