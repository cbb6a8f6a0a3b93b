package command

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"

	"banlang/desktop/notebook"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// account is the status for programs. Numbers are those of the notebook's own changes; receipts are as the centre
// signed them, so that anybody can verify them.
type account struct {
	Replica   record.ReplicaID `json:"replica"`
	Unit      string           `json:"unit"`
	Name      string           `json:"name"`
	Centre    string           `json:"centre"` // the key that receipts are signed with
	Saved     record.Number    `json:"saved"`
	AtCentre  record.Number    `json:"at_centre"`
	Drafts    int              `json:"drafts"`
	Alarms    int              `json:"alarms"`
	Records   int              `json:"records"` // that the officer sees
	Conflicts int              `json:"conflicts"`
	Rejected  int              `json:"rejected"`
	Runs      []runAccount     `json:"runs"`
}

// runAccount is one opening of the notebook that wrote.
type runAccount struct {
	Run     string          `json:"run"`
	First   record.Number   `json:"first"`
	Last    record.Number   `json:"last"`
	Head    string          `json:"head"` // of the chain at Last, hexadecimal
	Receipt *receiptAccount `json:"receipt,omitempty"`
}

// receiptAccount is a receipt in its parts; bytes are hexadecimal. The statement that is signed is, little-endian: the
// epoch's number and random part, the run, n (8 bytes each), the head (32), safe, time (8 each), the key's id (8). What
// is signed is a byte 17, "banlang receipt 1", and the statement.
type receiptAccount struct {
	EpochNumber uint64        `json:"epoch_number"`
	EpochRandom string        `json:"epoch_random"`
	N           record.Number `json:"n"`
	Head        string        `json:"head"`
	Safe        record.Number `json:"safe"`
	Time        record.Millis `json:"time"`
	Key         string        `json:"key"`
	Sig         string        `json:"sig"`
}

// status is the command.
func (c *Command) status(ctx context.Context, args []string) (err error) {
	asJSON := false
	rest, err := c.parse(args, func(f *flag.FlagSet) { f.BoolVar(&asJSON, "json", false, "") })
	if err == nil {
		err = c.none(rest)
	}
	if err != nil {
		return err
	}
	b, err := c.openToSend(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	a, s, err := accountOf(ctx, b)
	if err != nil {
		return err
	}
	if asJSON {
		enc := json.NewEncoder(c.Out)
		enc.SetIndent("", "  ")
		return enc.Encode(a)
	}
	c.say(form.Text{VI: "Máy %d, %s. Trung tâm: %s.", EN: "Machine %d, %s. Centre: %s."}, a.Replica, a.Name, b.file.Address)
	c.sayAccount(s)
	c.say(form.Text{VI: "Bản ghi: %s · nháp: %s · ý kiến khác nhau: %s · cần xem lại: %s.",
		EN: "Records: %s · drafts: %s · conflicts: %s · to look at: %s."},
		viet.Int(int64(a.Records)), viet.Int(int64(a.Drafts)), viet.Int(int64(a.Conflicts)), viet.Int(int64(a.Rejected)))
	return nil
}

func accountOf(ctx context.Context, b *book) (a account, s notebook.Status, err error) {
	if s, err = b.Status(ctx); err != nil {
		return a, s, err
	}
	a = account{Replica: b.file.Replica, Unit: b.file.Unit, Name: b.file.Name, Centre: b.file.Centre,
		Saved: s.Saved, AtCentre: s.AtCentre, Drafts: s.Drafts, Alarms: s.Alarms, Runs: []runAccount{}}
	for _, q := range []struct {
		state notebook.State
		into  *int
	}{{notebook.StateAny, &a.Records}, {notebook.StateConflict, &a.Conflicts}, {notebook.StateAttention, &a.Rejected}} {
		recs, err := b.Search(ctx, notebook.Query{State: q.state, Limit: math.MaxInt})
		if err != nil {
			return a, s, err
		}
		*q.into = len(recs)
	}
	runs, err := b.Runs(ctx)
	for _, r := range runs {
		x := runAccount{Run: r.ID.String(), First: r.First, Last: r.Prefix, Head: hex.EncodeToString(r.Head[:])}
		if rc := r.Receipt; rc.N > 0 {
			x.Receipt = &receiptAccount{EpochNumber: rc.Epoch.Number, EpochRandom: fmt.Sprintf("%016x", rc.Epoch.Random), N: rc.N,
				Head: hex.EncodeToString(rc.Head[:]), Safe: rc.Safe, Time: rc.Time, Key: hex.EncodeToString(rc.Key[:]), Sig: hex.EncodeToString(rc.Sig[:])}
		}
		a.Runs = append(a.Runs, x)
	}
	return a, s, err
}

// check is the command: the file and its log first, for nothing that is read from a damaged file says anything.
func (c *Command) check(ctx context.Context, args []string) (err error) {
	rest, err := c.parse(args, nil)
	if err == nil {
		err = c.none(rest)
	}
	if err != nil {
		return err
	}
	b, err := c.openToSend(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	c.say(form.Text{VI: "Sổ của máy %d, %s", EN: "Notebook of machine %d, %s"}, b.file.Replica, b.file.Name)
	if err := b.store.Check(ctx, false); err != nil {
		return c.unsound(ctx, form.Text{VI: "tệp hoặc chuỗi lần ghi", EN: "the file or the chain of changes"}, err)
	}
	s, err := b.Status(ctx)
	if err != nil {
		return err
	}
	c.good(form.Text{VI: "tệp nguyên vẹn (%s kB)", EN: "the file is whole (%s kB)"}, viet.Int(c.size()/1000))
	c.good(form.Text{VI: "chuỗi lần ghi của máy liền mạch từ 1 đến %s", EN: "this machine's chain of changes is whole from 1 to %s"}, viet.Int(int64(s.Saved)))
	k, err := b.Check(ctx)
	if err != nil {
		return c.unsound(ctx, form.Text{VI: "biên nhận hoặc danh sách", EN: "the receipts or the list"}, err)
	}
	c.good(form.Text{VI: "biên nhận: %s, đúng chữ ký trung tâm và đúng chuỗi, cho %s lần ghi", EN: "receipts: %s, signed by the centre over this chain, for %s changes"},
		viet.Int(int64(k.Receipts)), viet.Int(int64(k.Vouched)))
	c.good(form.Text{VI: "danh sách bằng bản dựng lại: %s bản ghi từ %s lần ghi", EN: "the list equals a rebuild: %s records from %s changes"},
		viet.Int(int64(k.Records)), viet.Int(int64(k.Changes)))
	if s.Alarms > 0 {
		return c.unsound(ctx, form.Text{VI: "báo động", EN: "alarms"}, fmt.Errorf("%d", s.Alarms))
	}
	return nil
}

func (c *Command) size() (n int64) {
	if info, err := os.Stat(c.path()); err == nil {
		n = info.Size()
	}
	return n
}

func (c *Command) good(t form.Text, args ...any) {
	c.say(form.Text{VI: "  ✓ " + t.VI, EN: "  ✓ " + t.EN}, args...)
}

// unsound says which part does not hold. A check that was stopped has found nothing.
func (c *Command) unsound(ctx context.Context, part form.Text, err error) error {
	if ctx.Err() != nil {
		return err
	}
	c.say(form.Text{VI: "  ✗ %s: %v", EN: "  ✗ %s: %v"}, part.In(c.lang), err)
	c.blame(fault.New(fault.TornDatabase, "check", err))
	return told(ExitUnsound, err)
}
