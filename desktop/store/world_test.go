package store_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"banlang/desktop/notebook"
	"banlang/shared/clock"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/viet"
)

// world is a real notebook over a store, an officer who works on it, and pages and receipts as a centre would send them.
// The centre and a colleague are ledgers in memory with pens; the other half of the product takes no part.
type world struct {
	t         testing.TB
	rng       *rand.Rand
	now       clock.WallMillis
	key       seal.ReplicaKey
	centreKey seal.CentreKey
	nb        *notebook.Notebook
	centre    *author
	colleague *author
	pages     []*protocol.Page // all that the centre ever cut for this reader
	grant     record.Dot
	records   []record.Dot
	drafts    []notebook.DraftID
	saved     []record.Dot // records whose saving was acknowledged
}

// author writes real changes elsewhere.
type author struct {
	mem *ledger.Memory
	pen ledger.Pen
	log []*record.Change
}

const (
	ownReplica       record.ReplicaID = 24
	colleagueReplica record.ReplicaID = 25
)

// lines shows a record by its note.
type lines struct{}

func (lines) Line(_ record.FormRef, values map[string]string) notebook.Listing {
	return notebook.Listing{Title: values["note"], Date: "2026-11-16", Words: viet.Fold(values["note"])}
}

func (lines) Learn([]*record.Change) {}

func (lines) Known() []record.FormRef { return []record.FormRef{form} }

var (
	form  = record.FormRef{ID: "tin_bao", Version: 1}
	feeds = []record.Feed{"U1/ordinary", "U2/ordinary", "U1/tips"}
)

// bytesOf is a source of bytes that the seed decides.
type bytesOf struct{ *rand.Rand }

func (r bytesOf) Read(b []byte) (int, error) {
	for i := 0; i < len(b); i += 8 {
		var x [8]byte
		binary.LittleEndian.PutUint64(x[:], r.Uint64())
		copy(b[i:], x[:])
	}
	return len(b), nil
}

func newWorld(t testing.TB, s notebook.Store, rng *rand.Rand) *world {
	t.Helper()
	w := &world{t: t, rng: rng, now: 1_790_000_000_000}
	var err error
	if w.centreKey, err = seal.NewCentreKey(bytesOf{rng}); err != nil {
		t.Fatal(err)
	}
	if w.key, err = seal.NewReplicaKey(bytesOf{rng}); err != nil {
		t.Fatal(err)
	}
	sign := func(d record.Digest) [64]byte { return w.centreKey.Sign(seal.DomainChange, d[:]) }
	w.centre = &author{mem: ledger.NewMemory(), pen: ledger.Pen{Replica: record.Centre, Random: bytesOf{rng}, Sign: sign}}
	w.colleague = &author{mem: ledger.NewMemory(), pen: ledger.Pen{Replica: colleagueReplica, Random: bytesOf{rng}}}
	w.open(s)
	g := w.write(w.centre, record.Change{Kind: record.KindGrant, Grantee: ownReplica, Feeds: feeds[:1]}) // as it comes at enrolment
	if w.grant = g.Dot; w.nb.TakeGrant(ctx, g.Encoded()) != nil {
		t.Fatal("the grant was not taken")
	}
	return w
}

// open takes a store into use, as the program does at its start.
func (w *world) open(s notebook.Store) {
	w.nb = notebook.Open(s, notebook.Options{Replica: ownReplica, Key: w.key, Centre: w.centreKey.Public(), Forms: lines{},
		Wall: func() clock.WallMillis { return w.now }, Random: bytesOf{w.rng}})
}

// write lets somebody elsewhere write a change.
func (w *world) write(a *author, c record.Change) *record.Change {
	w.now += 1000
	if err := a.mem.Atomically(func() error { _, err := a.pen.Write(a.mem, w.now, &c); return err }); err != nil {
		w.t.Fatal(err)
	}
	a.log = append(a.log, &c)
	if c.Creates() {
		w.records = append(w.records, c.Dot)
	}
	return &c
}

// sentence is some Vietnamese of about n words.
func sentence(rng *rand.Rand, n int) string {
	words := strings.Fields("bản khuổi xã đồn công an tuần tra đêm phát hiện hai người lạ mặt đi xe máy không biển số về phía suối bà con báo tin kịp thời đã nhắc nhở ghi biên bản tuyên truyền pháp luật giao thông ma túy vận động giao nộp súng kíp trẻ em nghỉ học mùa màng")
	var b strings.Builder
	for range n {
		b.WriteString(words[rng.IntN(len(words))])
		b.WriteByte(' ')
	}
	return b.String()
}

// any is some record, its own or another's.
func (w *world) any() record.Dot { return w.records[w.rng.IntN(len(w.records))] }

// cut makes the next page: records and edits of the colleague, and what the centre decided.
func (w *world) cut() *protocol.Page {
	p := &protocol.Page{Caught: w.rng.IntN(3) == 0}
	var from protocol.Cursor
	if n := len(w.pages); n > 0 {
		from = w.pages[n-1].To
	}
	p.From = from.Sum()
	for range 1 + w.rng.IntN(8) {
		note := record.Edit{Path: "note", Value: sentence(w.rng, 25)}
		c := record.Change{Kind: record.KindEdit, Officer: "bình", Form: form, Edits: []record.Edit{note}}
		if w.rng.IntN(2) == 0 || len(w.records) == 0 {
			c.Edits = []record.Edit{{Path: record.PathFeed, Value: string(feeds[w.rng.IntN(len(feeds))])}, note}
		} else {
			c.Record = w.any()
		}
		p.Items = append(p.Items, w.write(w.colleague, c))
	}
	switch w.rng.IntN(6) {
	case 0:
		g := w.write(w.centre, record.Change{Kind: record.KindGrant, Grantee: ownReplica, Feeds: feeds[:1+w.rng.IntN(len(feeds))]})
		w.grant = g.Dot
		p.Items = append([]*record.Change{g}, p.Items...)
	case 1:
		p.Items = append(p.Items, w.write(w.centre, record.Change{Kind: record.KindErase, Record: w.any()}))
	case 2:
		p.Items = append(p.Items, w.write(w.centre, record.Change{Kind: record.KindVerdict, Record: w.any(), Target: w.any(), Rejected: true, Reason: "bad_value"}))
	}
	p.Grant = w.latest()
	p.To = protocol.Cursor{Hub: 7, Epoch: record.Epoch{Number: 1, Random: 9}, At: map[string]ledger.Pos{protocol.KeyMine(): ledger.Pos(len(w.pages) + 1)}}
	w.pages = append(w.pages, p)
	return p
}

// latest is the grant that counts: the one with the greatest name of those that nothing replaces.
func (w *world) latest() (d record.Dot) {
	g, err := ledger.Grant(w.centre.mem, ownReplica)
	if err != nil || g == nil {
		w.t.Fatal("no grant", err)
	}
	return g.Dot
}

// behind is the page that comes next for the notebook: by its own cursor, as a hub would see it.
func (w *world) behind() (*protocol.Page, error) {
	h, err := w.nb.Session(ctx).Hello()
	if err != nil {
		return nil, err
	}
	at := int(h.Cursor.At[protocol.KeyMine()])
	if at < len(w.pages) {
		return decoded(w.t, w.pages[at]), nil
	}
	return decoded(w.t, w.cut()), nil
}

// decoded is a page as it comes over the link.
func decoded(t testing.TB, p *protocol.Page) *protocol.Page {
	x := *p
	x.To = p.To.Clone()
	x.Items = make([]*record.Change, len(p.Items))
	for i, c := range p.Items {
		var err error
		if x.Items[i], err = record.Decode(c.Encoded()); err != nil {
			t.Fatal(err)
		}
	}
	return &x
}

// receipts makes the centre's word for everything that the notebook has written.
func (w *world) receipts() (*protocol.Receipts, error) {
	runs, err := w.nb.Runs(ctx)
	if err != nil {
		return nil, err
	}
	m := &protocol.Receipts{}
	for _, r := range runs {
		rc := record.Receipt{Epoch: record.Epoch{Number: 1, Random: 9}, Run: r.ID, N: r.Prefix, Head: r.Head, Time: int64(w.now), Key: w.centreKey.Public().ID()}
		rc.Sig = w.centreKey.Sign(seal.DomainReceipt, rc.Statement())
		m.Receipts = append(m.Receipts, rc)
	}
	return m, nil
}

// step does one thing that happens on a notebook, in one transaction, and says whether that is one that need not wait for
// the disk.
func (w *world) step() (soon bool, err error) {
	w.now += 5000
	switch n := w.rng.IntN(16); {
	case n < 10:
		return false, w.officer(n)
	case n == 10:
		return false, w.nb.PutSetting(ctx, "ngôn ngữ", fmt.Append(nil, w.now))
	case n == 11:
		_, err := w.nb.Project(ctx)
		return true, err
	case n == 12:
		m, err := w.receipts()
		if err != nil {
			return false, err
		}
		more := w.rng.IntN(2) == 0
		return more, w.nb.Session(ctx).TakeReceipts(m, more)
	}
	p, err := w.behind()
	if err != nil {
		return false, err
	}
	return !p.Caught, w.nb.Session(ctx).TakePage(p)
}

// officer does one of ten things.
func (w *world) officer(n int) error {
	switch {
	case n < 3:
		return w.save()
	case n < 6:
		return w.draft()
	case n < 8 && len(w.drafts) > 0:
		return w.finalize()
	case n == 8 && len(w.drafts) > 0:
		id := w.drafts[0]
		err := w.nb.DropDraft(ctx, id)
		if err == nil {
			w.drafts = w.drafts[1:]
		}
		return err
	case n == 9 && len(w.records) > 0:
		return w.delete()
	}
	return w.save()
}

// save writes some records and edits at once.
func (w *world) save() error {
	var entries []notebook.Entry
	for range 1 + w.rng.IntN(3) {
		e := notebook.Entry{Form: form, Feed: feeds[0], Officer: "an", Urgent: w.rng.IntN(3) == 0,
			Values: map[string]string{"note": sentence(w.rng, 20), "count": fmt.Sprint(w.rng.IntN(99))}}
		if len(w.saved) > 0 && w.rng.IntN(2) == 0 {
			e.Record, e.Feed = w.saved[w.rng.IntN(len(w.saved))], ""
		}
		entries = append(entries, e)
	}
	recs, err := w.nb.Save(ctx, entries...)
	w.saved = append(w.saved, recs...)
	w.records = append(w.records, recs...)
	return err
}

// draft keeps a new draft, or a later state of one.
func (w *world) draft() error {
	d := notebook.Draft{Form: form, Feed: feeds[0], Officer: "an"}
	if len(w.drafts) > 0 && w.rng.IntN(2) == 0 {
		d.ID = w.drafts[w.rng.IntN(len(w.drafts))]
	}
	d.Set("note", sentence(w.rng, 15), nil)
	id, err := w.nb.SaveDraft(ctx, d)
	if err == nil && d.ID == 0 {
		w.drafts = append(w.drafts, id)
	}
	return err
}

func (w *world) finalize() error {
	drafts, err := w.nb.Drafts(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(drafts, func(d notebook.Draft) bool { return d.ID == w.drafts[0] })
	rec, err := w.nb.Finalize(ctx, w.drafts[0], drafts[i].Entry())
	if err != nil {
		return err
	}
	w.drafts = w.drafts[1:]
	w.saved, w.records = append(w.saved, rec), append(w.records, rec)
	return nil
}

func (w *world) delete() error {
	v, err := w.nb.View(ctx, w.any())
	if err != nil || v.Form.ID == "" {
		return err
	}
	return w.nb.Delete(ctx, "an", v)
}

// clone lets several notebooks go on from one state of the world.
func (w *world) clone(t testing.TB) *world {
	x := *w
	x.t, x.nb = t, nil
	x.pages, x.records, x.drafts, x.saved = clipped(w.pages), clipped(w.records), clipped(w.drafts), clipped(w.saved)
	return &x
}

func clipped[T any](s []T) []T { return s[:len(s):len(s)] }
