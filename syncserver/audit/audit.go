// Package audit owns the chain of what staff did: who, what, why, from where. Entries are only added; each is hashed over the
// one before it, so that one that was altered or taken out is found, and named. It has one table and its triggers, in a
// database that its owner opens.
//
// An entry names records and units by their codes and holds no answer of any record. What was searched for is enciphered under
// the key of its day, and the key is destroyed after KeepTerms; the chain is over what was enciphered and stays whole.
//
// Two files stand beside the database, outside every backup: the heads that the chain had, so that a chain that was cut short
// or written anew is noticed, and the keys of the terms.
package audit

import (
	"context"
	"time"

	"banlang/shared/clock"
)

// Entry is one line of the audit.
type Entry struct {
	Seq     int64            // its place in the chain, from 1; given by the log
	At      clock.WallMillis // given by the log when 0
	Account string           // whose; "" for who works at the centre's machine, and for the centre itself
	From    string           // network address, or name of the machine's account
	Act     string           // what: "record.read", "session.begin"
	Unit    string           // whose record, device or account it was about
	Form    string
	Record  string // dot of the record, or whatever else it was about: number of a device, name of an account
	Reason  string // one line, as the person gave it
	Count   int64  // how many records: of a list, an export
	Terms   string // what was searched for; "" after its key is gone (Expired)
	Expired bool   // there were terms, and their key is gone
}

// Limits.
const (
	// KeepTerms is how long search terms can be read.
	KeepTerms = 90 * 24 * time.Hour
	// MaxText bounds each text of an entry in bytes; what is longer is cut.
	MaxText = 1000
	// MaxPage bounds a page of List.
	MaxPage = 500
)

// Filter chooses entries; zero members choose all.
type Filter struct {
	Account, Act, Form, Record string           // equal to it; an Act that ends in "." stands for all that begin so
	Units                      []string         // of one of these, not nil
	From, To                   clock.WallMillis // From <= At < To
	Before                     int64            // older than this place: the next page
	Limit                      int              // 0: MaxPage
}

// State is what a look at the whole chain found.
type State struct {
	Entries int64
	Head    string           // of the last entry, 64 hexadecimal digits: to be written down elsewhere
	Last    clock.WallMillis // when it was made; 0: there is none
}

// Log is the audit of a centre. Its methods may be called from any goroutine.
type Log struct{ _ int }

// Write adds entries durably, in one transaction.
func (l *Log) Write(ctx context.Context, entries ...Entry) error { panic("to come") }

// List returns entries, newest first, with their terms as far as those can still be read.
func (l *Log) List(ctx context.Context, f Filter) ([]Entry, error) { panic("to come") }

// Verify walks the whole chain. A break is ErrBroken, with the place of the first entry that does not hold.
func (l *Log) Verify(ctx context.Context) (State, error) { panic("to come") }
