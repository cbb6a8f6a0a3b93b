// Package staff owns who may do what at the centre: the accounts of staff, how they sign in, their sessions, the one table that
// decides about every act, and the one-time codes by which devices are enrolled. What they did is in its audit.
//
// It knows neither HTTP nor records. A page asks Session for the Viewer of a request, and the Viewer for everything else.
package staff

import (
	"context"

	"banlang/shared/clock"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/syncserver/audit"
)

// Account is one account, without anything secret.
type Account struct {
	Name       string // by which he signs in: a-z, 0-9, "." "-" "_"
	Person     string // what he is called
	Unit       string // whose he is
	Roles      []Role
	Disabled   bool
	Code       bool // signs in with a code too
	Recovery   int  // recovery codes that are left
	MustRenew  bool // has yet to choose a passphrase of his own
	Created    clock.WallMillis
	CreatedBy  string
	LastSignIn clock.WallMillis // 0: never
}

// Session is what a sign-in gives.
type Session struct {
	Token  string // for the cookie; it is nowhere else
	Ends   clock.WallMillis
	Viewer *Viewer
}

// Staff is the open register of a centre's staff. Its methods may be called from any goroutine.
type Staff struct{ _ int }

// Options are what it stands on; the zero value is right for the program.
type Options struct {
	Wall clock.Wall // nil: the machine's
}

// Open opens the database (made when it is not there), with its audit beside it. The key is the centre's: passphrases are
// hashed and secrets enciphered under what is derived of it, so that the file alone (a backup) is of no use to anybody.
func Open(ctx context.Context, path string, key seal.CentreKey, o Options) (*Staff, error) {
	panic("to come")
}

// Close closes it.
func (s *Staff) Close() error { panic("to come") }

// UseTree says where the present tree of units is asked for. Before that every unit stands for itself.
func (s *Staff) UseTree(today func() Tree) { panic("to come") }

// Audit is the log of what staff did.
func (s *Staff) Audit() *audit.Log { panic("to come") }

// Login signs somebody in. Name, passphrase and code (of his telephone, or a recovery code; "" when he has none) are as typed;
// from is the network address, without port. An older session of the same browser is to be ended by the caller (Logout).
//
// fault.SignInFailed says that one of the three does not fit, and not which; it takes as long for an account that does not
// exist. fault.SignInWait, with a *Wait in its chain: too many did not fit, or too many sign in at once.
func (s *Staff) Login(ctx context.Context, name, passphrase, code, from string) (*Session, error) {
	panic("to come")
}

// Session returns who is behind a token, and counts as use: IdleTime begins anew. fault.SignedOut: nobody is, any more.
func (s *Staff) Session(ctx context.Context, token, from string) (*Viewer, error) { panic("to come") }

// Peek is Session for what a page asks by itself, without anybody at it: it does not count as use.
func (s *Staff) Peek(ctx context.Context, token, from string) (*Viewer, error) { panic("to come") }

// Confirm takes the passphrase once more, for acts that ask for it, and gives the session a new token. Faults as of Login.
func (s *Staff) Confirm(ctx context.Context, token, passphrase, from string) (*Session, error) {
	panic("to come")
}

// Logout ends a session; one that is over already is none.
func (s *Staff) Logout(ctx context.Context, token, from string) error { panic("to come") }

// Renew gives an account the passphrase that its owner chose, ends its other sessions and gives this one a new token.
// fault.WeakPassphrase, and the faults of Login for the old one.
func (s *Staff) Renew(ctx context.Context, token, old, passphrase, from string) (*Session, error) {
	panic("to come")
}

// EnrolCode begins with codes for the account of a session: the secret as text to be typed, and as a URI for a QR code. Nothing
// changes until ConfirmCode. fault.ConfirmFirst.
func (s *Staff) EnrolCode(ctx context.Context, token, from string) (secret, uri string, err error) {
	panic("to come")
}

// ConfirmCode takes the first code; from then on sign-in needs one. It returns the recovery codes, which are shown once.
func (s *Staff) ConfirmCode(ctx context.Context, token, code, from string) (recovery []string, err error) {
	panic("to come")
}

// Accounts lists the accounts that somebody may see (ReadAccounts), by unit and name.
func (s *Staff) Accounts(ctx context.Context, by *Viewer) ([]Account, error) { panic("to come") }

// Create makes an account of a (Name, Person, Unit, Roles) and returns its first passphrase, to be handed over in person; with
// passphrase not "" that one counts, and need not be renewed. fault.NotAllowed, ConfirmFirst, BadInput, WeakPassphrase.
func (s *Staff) Create(ctx context.Context, by *Viewer, a Account, passphrase string) (first string, err error) {
	panic("to come")
}

// Change sets person, unit, roles and Disabled of an account, and ends its sessions when more than the person changed. Nobody
// changes his own.
func (s *Staff) Change(ctx context.Context, by *Viewer, a Account) error { panic("to come") }

// Reset gives an account a new first passphrase (as Create) and ends its sessions.
func (s *Staff) Reset(ctx context.Context, by *Viewer, name, passphrase string) (first string, err error) {
	panic("to come")
}

// DropCode lets an account sign in without a code, until it enrols again: the telephone is lost.
func (s *Staff) DropCode(ctx context.Context, by *Viewer, name string) error { panic("to come") }

// EndSessions signs an account out everywhere, and returns of how many sessions.
func (s *Staff) EndSessions(ctx context.Context, by *Viewer, name string) (int, error) {
	panic("to come")
}

// Newcomer is a device to be, for which a code is made.
type Newcomer struct {
	Unit  string
	Name  string
	Feeds []record.Feed
}

// NewEnrolCode makes a one-time code, which is good for EnrolTime: "K7QD-…", seven groups of four. It is kept nowhere.
func (s *Staff) NewEnrolCode(ctx context.Context, by *Viewer, n Newcomer) (code string, ends clock.WallMillis, err error) {
	panic("to come")
}

// TakeEnrolCode trades a code for what enrol makes of it (the enrolment file), once. The claim is a random text that the device
// keeps until it is enrolled (at least 16 bytes): who asks again with the same claim, because the answer was lost, gets the same
// answer. fault.EnrolCodeStale: mistyped, too old, withdrawn; fault.EnrolCodeUsed: by another machine.
func (s *Staff) TakeEnrolCode(ctx context.Context, code, claim, from string, enrol func(Newcomer) ([]byte, error)) ([]byte, error) {
	panic("to come")
}
