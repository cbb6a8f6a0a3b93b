package centre

import (
	"context"
	"encoding/json"
	"errors"

	"banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
	"banlang/syncserver/staff"
)

// Request is one thing that staff ask of a centre: exactly one member is set. It travels as JSON to a centre that runs
// in another process.
type Request struct {
	Enrol      *Enrol         `json:",omitempty"`
	Grant      *Grant         `json:",omitempty"`
	Release    *Release       `json:",omitempty"`
	Erase      *Erase         `json:",omitempty"`
	Backup     *Backup        `json:",omitempty"`
	Recipient  *Recipient     `json:",omitempty"` // to be published, or withdrawn
	Opening    *Opening       `json:",omitempty"`
	Loss       *Loss          `json:",omitempty"`
	Escrow     *EscrowOpening `json:",omitempty"`
	Escrows    bool           `json:",omitempty"`
	Recipients bool           `json:",omitempty"`
	Devices    bool           `json:",omitempty"`
	Status     bool           `json:",omitempty"`
	Check      bool           `json:",omitempty"`
	Drill      bool           `json:",omitempty"` // restore the newest copy for practice
	Again      int            `json:",omitempty"` // the number of a frozen report: whoever knows figures computes it again, not the Centre

	RestoreStaff string `json:",omitempty"` // the path of a copy whose register of staff is to be put in place: of a centre that is Unstaffed

	SendDirective   *SendDirective   `json:",omitempty"`
	DirectiveStatus *DirectiveStatus `json:",omitempty"`
	Rejected        bool             `json:",omitempty"`
	FlashList       *FlashList       `json:",omitempty"`
	FlashAck        *FlashAck        `json:",omitempty"`
	FlashWait       *FlashWait       `json:",omitempty"`

	Review *Review `json:",omitempty"`
	Choose *Choose `json:",omitempty"`

	AlterUnits *AlterUnits `json:",omitempty"`
	Units      bool        `json:",omitempty"`

	PutBoundaries *PutBoundaries `json:",omitempty"`
	Boundaries    bool           `json:",omitempty"`

	PublishForm *PublishForm `json:",omitempty"`
	RetireForm  string       `json:",omitempty"` // the id of a form
	Forms       bool         `json:",omitempty"`

	Account  *AccountOrder `json:",omitempty"`
	Accounts bool          `json:",omitempty"`

	Photos     bool   `json:",omitempty"`
	Photo      string `json:",omitempty"` // the name of one whose bytes are wanted
	PhotoAgain string `json:",omitempty"` // the name of one that is to be sent again

	Who    string        `json:",omitempty"` // who asks, for the audit: the account of the machine
	Viewer *staff.Viewer `json:"-"`          // who asks in a browser, and may (his page asked Can); nil: whoever works at the machine
}

// by is who asks.
func (r *Request) by() *staff.Viewer {
	if r.Viewer != nil {
		return r.Viewer
	}
	return staff.Keeper(r.Who)
}

// Reply answers it: the member of the request's name is set.
type Reply struct {
	Enrolled      []enrolment.File `json:",omitempty"`
	EnrolCode     *EnrolCodeMade   `json:",omitempty"` // of Enrol.Code
	Granted       *Granted         `json:",omitempty"`
	Released      *Released        `json:",omitempty"` // of Release
	Dot           *record.Dot      `json:",omitempty"` // of what was erased
	Backup        *BackupDone      `json:",omitempty"`
	Recipient     *Recipient       `json:",omitempty"` // as it was before
	Opening       *Sealed          `json:",omitempty"`
	Loss          *Reported        `json:",omitempty"`
	Escrow        []hub.Deposit    `json:",omitempty"`
	Escrows       []EscrowState    `json:",omitempty"`
	Recipients    []Recipient      `json:",omitempty"`
	Devices       []Account        `json:",omitempty"`
	Status        *Status          `json:",omitempty"`
	Check         *hub.Counts      `json:",omitempty"`
	Drill         *Drill           `json:",omitempty"`
	Restored      *StaffRestored   `json:",omitempty"` // of RestoreStaff
	Upgrade       *Upgrade         `json:",omitempty"` // of PublishForm
	Sent          *DirectiveSent   `json:",omitempty"` // of SendDirective
	Directives    []DirectiveState `json:",omitempty"`
	Flashes       []FlashState     `json:",omitempty"`
	FlashAck      *FlashAckDone    `json:",omitempty"`
	FlashWait     *FlashWait       `json:",omitempty"` // as it was before
	Reviewed      []Reviewed       `json:",omitempty"` // in the order of Review.Items
	Chosen        *Chosen          `json:",omitempty"`
	Altered       *UnitsAltered    `json:",omitempty"` // of AlterUnits
	Units         *UnitList        `json:",omitempty"`
	Boundaries    []byte           `json:",omitempty"` // all layers that are there now, as package boundary encodes them
	BoundariesPut *BoundariesPut   `json:",omitempty"` // of PutBoundaries
	Forms         []FormState      `json:",omitempty"`
	Accounts      []staff.Account  `json:",omitempty"`
	First         string           `json:",omitempty"` // of Account: the passphrase that was drawn
	People        *staff.Sound     `json:",omitempty"` // of Check
	Photos        []Photo          `json:",omitempty"`
	Photo         []byte           `json:",omitempty"`

	Again    json.RawMessage    `json:",omitempty"` // frozen.Outcome
	Reports  int                `json:",omitempty"` // of Check: frozen reports that are what their digests say
	Rejected []RejectedCreation `json:",omitempty"`

	Custodians int `json:",omitempty"` // of Check: how many there are; see MinCustodians
}

// Enrol enters devices and makes their enrolment files.
type Enrol struct {
	Address   string // host:port that the devices will dial
	Plain     bool   // without TLS, on loopback only: the files carry no pin
	Newcomers []Newcomer
	Code      bool // only a one-time code for the only newcomer; its device says which address it dialled
}

// Newcomer is a device to be.
type Newcomer struct {
	Unit  string
	Name  string
	Feeds []record.Feed
}

// Grant says what a device may hold from now on, all of it; or cuts it off.
type Grant struct {
	Replica record.ReplicaID
	Feeds   []record.Feed
	Revoke  bool
}

// Granted says what it held before.
type Granted struct {
	Device string // its name
	Before []record.Feed
	Now    []record.Feed
}

// Release takes back the rejection of a change, by its exact name or by the one that people use ("24-1271").
type Release struct {
	Change string
	Reason string `json:",omitempty"` // for the audit
}

// Released says what stands from now on.
type Released struct {
	Dot  record.Dot // of the change
	Unit string     // whose the record is by now
	Form string     // its id
}

// Erase orders the values of a record, or of some of its paths, to be destroyed. The record is named as in Release.
type Erase struct {
	Record string
	Paths  []string
	Reason string // for the audit
}

// Backup asks for a whole copy; Keep is how many are kept, this one included.
type Backup struct{ Keep int }

// Status is how a centre is.
type Status struct {
	Epoch      record.Epoch
	Hub        string
	End        ledger.Pos
	Devices    int
	Waiting    int
	Alarms     int64
	Sessions   int
	Started    record.Millis
	LastBackup record.Millis // 0: never
	Backups    int
	Erasures   int
	Failed     fault.Code
}

// Office takes requests of staff: a Centre, or one that runs in another process.
type Office interface {
	// Do does one request and returns when it is durable. A fault says that nothing was done, or (DiskIO, DiskFull,
	// CutOff) that the outcome is unknown.
	Do(ctx context.Context, r Request) (Reply, error)
}

var _ Office = (*Centre)(nil)

// Do implements Office. Run must be running. What was asked is in the audit before it is answered: what was altered, once it is
// done, and what was read, before anything is shown. So what alters something is done and noted to its end, also when whoever
// asked has gone; and without a register of staff (Unstaffed) only what is not noted is done, a backup, and what takes a device its
// leave.
func (c *Centre) Do(ctx context.Context, r Request) (Reply, error) {
	if why := c.Unstaffed(); why != nil && !r.looks() && !r.protects() && r.Backup == nil && r.RestoreStaff == "" {
		return Reply{}, why
	}
	if err := ctx.Err(); err != nil {
		return Reply{}, err
	}
	if !r.looks() && r.Backup == nil { // a copy of everything may be given up
		ctx = context.WithoutCancel(ctx)
	}
	a, err := c.do(ctx, r)
	if err != nil {
		return a, err
	}
	if entries := noted(r, a); c.Staff() != nil || r.protects() { // a backup without a register is not noted
		if err := c.note(context.WithoutCancel(ctx), entries); err != nil {
			return Reply{}, err
		}
	}
	return a, nil
}

// looks reports whether a request alters nothing and names no citizen: it is not noted.
func (r *Request) looks() bool {
	return r.Recipients || r.Escrows || r.Devices || r.Status || r.Check || r.DirectiveStatus != nil || r.Units || r.Boundaries || r.Forms || r.Photos || r.Rejected
}

func (c *Centre) do(ctx context.Context, r Request) (a Reply, err error) {
	switch {
	case r.Account != nil:
		a.First, err = c.account(ctx, r.Who, r.Account)
	case r.Accounts:
		a.Accounts, err = c.Staff().Accounts(ctx, staff.Keeper(r.Who))
	case r.Enrol != nil && r.Enrol.Code:
		a.EnrolCode, err = c.enrolCode(ctx, r.Enrol, r.by())
	case r.Enrol != nil:
		a.Enrolled, err = c.enrol(ctx, r.Enrol)
	case r.Grant != nil:
		a.Granted, err = c.grant(ctx, r.Grant)
	case r.Release != nil:
		a.Released, err = c.release(ctx, r.Release)
	case r.Erase != nil:
		a.Dot, err = c.erase(ctx, r.by(), r.Erase)
	case r.Backup != nil:
		a.Backup, err = c.backup(ctx, r.Backup)
	case r.Devices:
		a.Devices, err = c.Accounts(ctx)
	case r.Status:
		a.Status, err = c.status(ctx)
	case r.Check:
		err = c.checkAll(ctx, &a)
	case r.Drill:
		a.Drill, err = c.drill(ctx)
	case r.SendDirective != nil:
		a.Sent, err = c.sendDirective(ctx, r.SendDirective)
	case r.DirectiveStatus != nil:
		a.Directives, err = c.Directives(ctx, r.DirectiveStatus)
	case r.Rejected:
		a.Rejected, err = c.RejectedCreations(ctx)
	case r.FlashList != nil:
		a.Flashes, err = c.Flashes(ctx, r.FlashList)
	case r.FlashWait != nil:
		a.FlashWait, err = c.flashWait(ctx, r.FlashWait)
	case r.FlashAck != nil:
		a.FlashAck, err = c.flashAck(ctx, r.FlashAck)
	case r.Review != nil:
		a.Reviewed, err = c.review(ctx, r.Review)
	case r.Choose != nil:
		a.Chosen, err = c.choose(ctx, r.Choose)
	case r.AlterUnits != nil:
		a.Altered, err = c.alterUnits(ctx, r.AlterUnits)
	case r.Units:
		a.Units, err = c.listUnits(ctx)
	case r.PutBoundaries != nil:
		a.Boundaries, a.BoundariesPut, err = c.putBoundaries(r.PutBoundaries)
	case r.Boundaries:
		a.Boundaries, err = c.packedBoundaries()
	case r.PublishForm != nil:
		a.Upgrade, err = c.publishForm(ctx, r.PublishForm)
	case r.RetireForm != "":
		err = c.retireForm(ctx, r.RetireForm)
	case r.Forms:
		a.Forms, err = c.listForms(ctx)
	case r.Photos:
		a.Photos, err = c.photos(ctx)
	case r.Photo != "":
		a.Photo, err = c.photo(ctx, r.Photo)
	case r.PhotoAgain != "":
		err = c.photoAgain(ctx, r.PhotoAgain)
	default:
		return c.doKeys(ctx, &r)
	}
	return a, err
}

// checkAll fills in what a check found, up to the first thing that does not hold.
func (c *Centre) checkAll(ctx context.Context, a *Reply) (err error) {
	if a.Check, err = c.check(ctx); err == nil {
		a.People, err = c.checkStaff(ctx)
	}
	if err == nil {
		a.Reports, err = checkShelf(ctx, c.reports)
	}
	if err == nil {
		a.Custodians, err = c.custodians(ctx)
	}
	return err
}

// doKeys does what is about keys: those that answers are sealed to, and those of notebooks; and puts the register of staff back.
func (c *Centre) doKeys(ctx context.Context, r *Request) (a Reply, err error) {
	switch {
	case r.RestoreStaff != "":
		a.Restored, err = c.restoreStaff(ctx, r.RestoreStaff)
	case r.Recipient != nil:
		a.Recipient, err = c.publish(ctx, r.Recipient)
	case r.Opening != nil:
		a.Opening, err = c.opening(ctx, r.Opening)
	case r.Recipients:
		a.Recipients, err = c.recipients(ctx)
	case r.Loss != nil:
		a.Loss, err = c.report(ctx, r.Loss)
	case r.Escrow != nil:
		a.Escrow, err = c.escrow(ctx, r.Escrow)
	case r.Escrows:
		a.Escrows, err = c.escrows(ctx)
	default:
		err = fault.New(fault.BadInput, "centre.Do", errors.New("an empty request"))
	}
	return a, err
}
