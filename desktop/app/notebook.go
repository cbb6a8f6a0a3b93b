package app

import (
	"context"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/fault"
	"banlang/shared/record"
)

// What the program needs of a notebook, by what it does with it. *notebook.Notebook is all of them; its contracts hold.

// Reader shows what is kept.
type Reader interface {
	Search(ctx context.Context, q notebook.Query) ([]record.Dot, error)
	Lines(ctx context.Context, recs []record.Dot) ([]notebook.Line, error)
	Count(ctx context.Context) (int, error)
	Behind(ctx context.Context) (int, error)
	Receipted(ctx context.Context, own []record.Dot) (map[record.Dot]record.Millis, error)
	View(ctx context.Context, rec record.Dot) (*record.View, error)
	History(ctx context.Context, rec record.Dot) ([]*record.Change, error)
	Feeds(ctx context.Context) ([]record.Feed, error)
	Publications(ctx context.Context) ([]*record.Change, error)
}

// Writer writes changes.
type Writer interface {
	Save(ctx context.Context, entries ...notebook.Entry) ([]record.Dot, error)
	Finalize(ctx context.Context, id notebook.DraftID, e notebook.Entry) (record.Dot, error)
	Delete(ctx context.Context, officer string, shown *record.View) error
	Restore(ctx context.Context, officer string, shown *record.View) error
	Resolve(ctx context.Context, officer string, shown *record.View, path, value string) error
}

// Drafts keeps what is being written.
type Drafts interface {
	SaveDraft(ctx context.Context, d notebook.Draft) (notebook.DraftID, error)
	DropDraft(ctx context.Context, id notebook.DraftID) error
	Drafts(ctx context.Context) ([]notebook.Draft, error)
}

// Account says whose notebook it is, keeps small settings, and tells of what changed.
type Account interface {
	Replica() record.ReplicaID
	Setting(ctx context.Context, name string) ([]byte, error)
	PutSetting(ctx context.Context, name string, v []byte) error
	Status(ctx context.Context) (notebook.Status, error)
	Lately(ctx context.Context) (notebook.Lately, error)
	SavedSince(ctx context.Context, since record.Millis) (int, error)
	Watch() (changed <-chan struct{}, stop func())
}

// Notebook is what the program needs of a notebook.
type Notebook interface {
	Reader
	Writer
	Drafts
	Account
}

var _ Notebook = (*notebook.Notebook)(nil)

// Phase says what the way to the centre is doing.
type Phase uint8

// The phases.
const (
	Offline    Phase = iota // no way to the centre now; NextTry says when it is looked for again
	Connecting              // looking for one
	Sending                 // own changes go up: Pushed of ToPush
	Receiving               // what others wrote comes down: Taken so far
	Idle                    // in touch, nothing to do
)

// SyncStatus is what the engine that talks to the centre is doing: a snapshot.
type SyncStatus struct {
	Phase                 Phase
	ToPush, Pushed, Taken uint64        // changes, in this session
	PhotosThere           int           // photos that came to the centre in this session
	PhotoSent, PhotoBytes int64         // of the photo that is on its way
	LastContact, NextTry  time.Time     // zero: never, not planned
	Fault                 fault.Code    // why the last session ended; empty: in good order
	Lost                  bool          // the centre has said that this machine was lost
	In, Out               int64         // bytes over the link since the program began
	Month                 int64         // bytes over the link this month
	ClockOff              time.Duration // the centre's clock minus this machine's, when they last met
}

// Sync is the engine that talks to the centre.
type Sync interface {
	// Status returns at once.
	Status() SyncStatus
	// Watch returns a channel that receives after every alteration of the status; signals that nobody takes are not
	// queued. Stop ends it.
	Watch() (changed <-chan struct{}, stop func())
	// SendNow asks for a session at once, photos included; it returns at once.
	SendNow()
	// Metered says whether the network costs money: photos then wait, all else goes.
	Metered(yes bool)
}

// noSync stands for a machine without any way to the centre.
type noSync struct{}

func (noSync) Status() SyncStatus               { return SyncStatus{} }
func (noSync) Watch() (<-chan struct{}, func()) { return nil, func() {} }
func (noSync) SendNow()                         {}
func (noSync) Metered(bool)                     {}

// noPrefs keeps nothing.
type noPrefs struct{}

func (noPrefs) Get(string) string        { return "" }
func (noPrefs) Put(string, string) error { return nil }
