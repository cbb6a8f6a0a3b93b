package notebook_test

import (
	"context"
	"errors"
	"testing"

	"banlang/desktop/notebook"
	"banlang/shared/blob"
	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
)

var ctx = context.Background()

// forms knows one form, whose title is its only value.
type forms struct{}

func (forms) Line(_ record.FormRef, values map[string]string) notebook.Listing {
	return notebook.Listing{Title: values["a"], Words: values["a"]}
}

func (forms) Learn([]*record.Change) {}

func (forms) Known() []record.FormRef { return []record.FormRef{{ID: "f", Version: 1}} }

// desk is a notebook in memory that was enrolled for U1 and has not met its centre yet.
type desk struct {
	*notebook.Notebook
	store  *notebook.Memory
	centre seal.CentreKey
}

func newDesk(t *testing.T) desk {
	t.Helper()
	centre, err := seal.NewCentreKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	key, err := seal.NewReplicaKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := notebook.NewMemory()
	d := desk{notebook.Open(s, notebook.Options{Replica: 24, Key: key, Centre: centre.Public(), Forms: forms{}, Wall: clock.System}), s, centre}
	grant := &record.Change{Dot: record.Dot{Run: 7, N: 1}, Replica: record.Centre, Kind: record.KindGrant, Grantee: 24, Feeds: []record.Feed{"U1/ordinary"}}
	err = grant.Seal(nil, func(x record.Digest) [64]byte { return centre.Sign(seal.DomainChange, x[:]) })
	if err := errors.Join(err, d.TakeGrant(ctx, grant.Encoded())); err != nil {
		t.Fatal(err)
	}
	return d
}

func entry(feed record.Feed, value string) notebook.Entry {
	return notebook.Entry{Form: record.FormRef{ID: "f", Version: 1}, Feed: feed, Values: map[string]string{"a": value}}
}

// TestShownBeforeTheFirstContact: with the grant of the enrolment file, what an officer writes before the first session
// is in his list, and nothing can be written outside his units.
func TestShownBeforeTheFirstContact(t *testing.T) {
	d := newDesk(t)
	recs, err := d.Save(ctx, entry("U1/ordinary", "một"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Save(ctx, entry("U2/ordinary", "hai")); !errors.Is(err, fault.WrongUnit) {
		t.Errorf("outside the units: %v", err)
	}
	found, err := d.Search(ctx, notebook.Query{Limit: 10})
	if err != nil || len(found) != 1 || found[0] != recs[0] {
		t.Errorf("%v %v, want %v", found, err, recs[:1])
	}
	var seen []record.Dot
	if err := d.Each(ctx, func(v *record.View) error { seen = append(seen, v.ID); return nil }); err != nil || len(seen) != 1 || seen[0] != recs[0] {
		t.Errorf("%v %v, want %v", seen, err, recs[:1])
	}
	if fs, err := d.Feeds(ctx); err != nil || len(fs) != 1 || fs[0] != "U1/ordinary" {
		t.Errorf("%v %v", fs, err)
	}
}

// TestASealedValueIsInNoIndex: it is kept, and the list knows nothing of it.
func TestASealedValueIsInNoIndex(t *testing.T) {
	d := newDesk(t)
	recs, err := d.Save(ctx, entry("U1/ordinary", "sealed:1:Ab-9"), entry("U1/ordinary", "sealed: một"))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []notebook.Row{{}, {Title: "sealed: một", Words: "sealed: một"}} {
		lines, err := d.Lines(ctx, recs[i:i+1])
		if err != nil || len(lines) != 1 || lines[0].Title != want.Title || lines[0].Words != want.Words {
			t.Errorf("the list has %+v, %v", lines, err)
		}
	}
	if found, err := d.Search(ctx, notebook.Query{Text: "sealed", Limit: 10}); err != nil || len(found) != 1 || found[0] != recs[1] {
		t.Errorf("found %v, %v", found, err)
	}
	if v, err := d.View(ctx, recs[0]); err != nil || v.Text("a") != "sealed:1:Ab-9" {
		t.Errorf("kept: %v, %v", v, err)
	}
}

// TestSaveNoting: what is noted of the records is saved with them, or not at all.
func TestSaveNoting(t *testing.T) {
	d := newDesk(t)
	note := func(recs []record.Dot) (string, []byte) { return "note", []byte(recs[0].String()) }
	_, err := d.SaveNoting(ctx, note, entry("U1/ordinary", "một"), notebook.Entry{Record: record.Dot{Run: 1, N: 1}, Values: map[string]string{"a": "b"}})
	if !errors.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
	if v, err := d.Setting(ctx, "note"); v != nil || err != nil {
		t.Errorf("%q %v", v, err)
	}
	recs, err := d.SaveNoting(ctx, note, entry("U1/ordinary", "một"))
	if err != nil {
		t.Fatal(err)
	}
	if v, err := d.Setting(ctx, "note"); string(v) != recs[0].String() || err != nil {
		t.Errorf("%q %v", v, err)
	}
}

// TestCheck: a sound notebook is accounted for; a forged receipt, one over another chain, and a row that is not as its
// record are found.
func TestCheck(t *testing.T) {
	d := newDesk(t)
	recs, err := d.Save(ctx, entry("U1/ordinary", "một"), entry("U1/ordinary", "hai"))
	if err != nil {
		t.Fatal(err)
	}
	run := recs[0].Run
	receipt := func(n record.Number, alter func(*record.Receipt)) {
		t.Helper()
		err := d.store.Update(ctx, func(tx notebook.Tx) error {
			r, err := tx.Run(run)
			if err != nil {
				return err
			}
			first, err := tx.At(2) // after the grant
			if err != nil {
				return err
			}
			rc := record.Receipt{Run: run, N: n, Head: first.Head(record.Digest{}), Key: d.centre.Public().ID()}
			if n == 2 {
				rc.Head = r.Head
			}
			rc.Sig = d.centre.Sign(seal.DomainReceipt, rc.Statement())
			alter(&rc)
			r.Receipt = rc
			return tx.PutRun(r)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	sound := func(n record.Number) {
		t.Helper()
		receipt(n, func(*record.Receipt) {})
		if k, err := d.Check(ctx); err != nil || k != (notebook.Checked{Changes: 3, Records: 2, Receipts: 1, Vouched: n}) {
			t.Errorf("%+v %v", k, err)
		}
	}
	unsound := func(what string) {
		t.Helper()
		if _, err := d.Check(ctx); !errors.Is(err, notebook.ErrUnsound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	sound(1)
	sound(2)
	receipt(2, func(rc *record.Receipt) { rc.Sig[0] ^= 1 })
	unsound("a forged receipt")
	receipt(1, func(rc *record.Receipt) {
		rc.Head[0] ^= 1
		rc.Sig = d.centre.Sign(seal.DomainReceipt, rc.Statement())
	})
	unsound("a receipt over another chain")
	sound(2)
	err = d.store.Update(ctx, func(tx notebook.Tx) error {
		r, _, err := tx.Row(recs[1])
		r.Visible = false
		return errors.Join(err, tx.PutRow(r))
	})
	if err != nil {
		t.Fatal(err)
	}
	unsound("a row that hides its record")
	if runs, err := d.Runs(ctx); err != nil || len(runs) != 1 || !runs[0].Own || runs[0].Prefix != 2 {
		t.Errorf("%+v %v", runs, err)
	}
}

// TestAColleagueNamesTheSamePhoto: a page brings a colleague's record with a photo that an own record names, just before the
// hub says that it wants nothing: that is about the own record, which was there when it was asked.
func TestAColleagueNamesTheSamePhoto(t *testing.T) {
	d := newDesk(t)
	s := d.Session(ctx)
	r, err := d.PutBlob(ctx, []byte{0xff, 0xd8, 0xff, 0xda, 0, 2, 7, 0xff, 0xd9}, "image/jpeg")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Save(ctx, entry("U1/ordinary", r.String())); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Claims(); err != nil {
		t.Fatal(err)
	}
	theirs := &record.Change{Dot: record.Dot{Run: 30, N: 1}, Replica: 30, Kind: record.KindEdit, Form: record.FormRef{ID: "f", Version: 1},
		Edits: []record.Edit{{Path: record.PathFeed, Value: "U1/ordinary"}, {Path: "a", Value: r.String()}}}
	if err := theirs.Seal(nil, nil); err != nil {
		t.Fatal(err)
	}
	from := protocol.Cursor{}
	p := &protocol.Page{From: from.Sum(), To: protocol.Cursor{Hub: 5, At: map[string]ledger.Pos{"*": 2}}, Grant: record.Dot{Run: 7, N: 1}, Items: []*record.Change{theirs}}
	if err := s.TakePage(p); err != nil {
		t.Fatal(err)
	}
	if ask, err := s.Asks(true); !ask || err != nil {
		t.Fatal(ask, err)
	}
	if _, err := s.TakeWant(blob.Ref{}, &protocol.Want{}); err != nil {
		t.Fatal(err)
	}
	if state, err := d.BlobState(ctx, r); state != notebook.BlobAtCentre || err != nil {
		t.Errorf("state %v, %v", state, err)
	}
}
