package hub

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"banlang/shared/ledger"
	"banlang/shared/planted"
	"banlang/shared/protocol"
	"banlang/shared/record"
)

// Reader is who a page is cut for.
type Reader struct {
	Replica record.ReplicaID
	Holds   record.Dot                     // the grant that it holds
	Own     map[record.RunID]record.Number // its own runs, which it holds up to these numbers
	Bytes   int                            // where the page is to end; 0: protocol.PageBytes
}

// maxRanges bounds the stretches of one key looked at for one page.
const maxRanges = 256

// maxScanned bounds the places read for one page, so that a reader to whom nothing is to be sent costs little at once.
const maxScanned = 2 * protocol.MaxItems

// readAhead is how many changes a full page usually has.
const readAhead = protocol.PageBytes / 512

// Page cuts the next page for a reader at a cursor: about what the reader wants; a record that is sent whole may
// exceed that, up to what a frame holds.
func (h *Hub) Page(ctx context.Context, rd Reader, from protocol.Cursor) (*protocol.Page, error) {
	var p *protocol.Page
	err := h.store.View(ctx, func(tx Tx) error {
		if rd.Bytes == 0 {
			rd.Bytes = protocol.PageBytes
		}
		c := &cutter{h: h, tx: tx, reader: rd, from: from, sent: map[record.Dot]bool{}}
		var err error
		p, err = c.cut()
		return err
	})
	return p, err
}

type cutter struct {
	h      *Hub
	tx     Tx
	reader Reader
	from   protocol.Cursor
	page   protocol.Page
	bytes  int
	sent   map[record.Dot]bool // with its values
	turns  int
	keys   []reading
	part   part

	decoder *record.Decoder
}

// part is how far a page got with a record that is too large for one: the next page goes on behind `upTo`. It is kept in
// the cursor, under a key of its own that names the record and the grant.
type part struct {
	key  string
	upTo ledger.Pos
}

// maxWhole is where a page stops within a record: with the largest change and cursor beside it, it still fits a frame.
const maxWhole = protocol.MaxFrameBytes / 2

// reading is one key of the cursor on its way through the log.
type reading struct {
	name   string   // in the cursor
	keys   []string // in the listing
	feed   record.Feed
	at     ledger.Pos
	ranges []Range
}

func (c *cutter) cut() (*protocol.Page, error) {
	g, err := ledger.Grant(c.tx, c.reader.Replica)
	if err != nil {
		return nil, err
	}
	if err := c.begin(g); err != nil {
		return nil, err
	}
	end, err := c.tx.End()
	if err != nil {
		return nil, err
	}
	if c.turns, err = c.tx.Turns(); err != nil {
		return nil, err
	}
	known := end
	for i := range c.keys {
		if known, err = c.load(&c.keys[i], known); err != nil {
			return nil, err
		}
	}
	hi, err := c.walk(known)
	if err != nil {
		return nil, err
	}
	c.page.Caught = hi == end
	return &c.page, c.finish(hi)
}

// begin puts the reader's grant in front, when it does not hold it, and takes the cursor's positions up.
func (c *cutter) begin(g *record.Change) error {
	mine := reading{name: protocol.KeyMine(), keys: []string{keyOf(c.reader.Replica), keyAll}}
	c.keys = append(c.keys, mine)
	if g != nil {
		c.page.Grant = g.Dot
		if g.Dot != c.reader.Holds {
			grants, err := ledger.Grants(c.tx, c.reader.Replica)
			if err != nil {
				return err
			}
			for _, x := range grants {
				c.send(x)
			}
		}
		for _, f := range g.Feeds {
			name := protocol.KeyFeed(g.Dot, f)
			if planted.On(planted.CursorWithoutGrant) {
				name = protocol.KeyFeed(record.Dot{}, "")
			}
			if !g.Revoked {
				c.keys = append(c.keys, reading{name: name, keys: []string{string(f)}, feed: f})
			}
		}
	}
	for i := range c.keys {
		c.keys[i].at = c.from.At[c.keys[i].name]
	}
	return nil
}

// load reads what is listed for a key behind its position, and returns how far that reaches for certain: of a list that
// was cut nothing is known beyond its end.
func (c *cutter) load(k *reading, end ledger.Pos) (ledger.Pos, error) {
	for _, key := range k.keys {
		rs, err := c.tx.Listed(key, k.at, maxRanges)
		if err != nil {
			return 0, err
		}
		if len(rs) == maxRanges {
			end = min(end, rs[maxRanges-1].Last)
		}
		k.ranges = append(k.ranges, rs...)
	}
	for i := range k.ranges {
		k.ranges[i].First = max(k.ranges[i].First, k.at+1)
	}
	k.ranges = union(k.ranges)
	return end, nil
}

// union joins stretches that touch; the result is ascending.
func union(rs []Range) (out []Range) {
	slices.SortFunc(rs, func(a, b Range) int { return cmp.Compare(a.First, b.First) })
	for _, r := range rs {
		if k := len(out) - 1; k >= 0 && r.First <= out[k].Last+1 {
			out[k].Last = max(out[k].Last, r.Last)
			continue
		}
		out = append(out, r)
	}
	return out
}

// walk goes through the log up to end, or until the page is full, and returns how far it got.
func (c *cutter) walk(end ledger.Pos) (ledger.Pos, error) {
	var all []Range
	for i := range c.keys {
		all = append(all, c.keys[i].ranges...)
	}
	all, err := c.withoutOwn(union(all))
	if err != nil {
		return 0, err
	}
	places := 0
	for _, r := range all {
		places += int(r.Last-r.First) + 1
	}
	c.decoder = record.NewDecoder(min(places, readAhead))
	scanned := 0
	for _, r := range all {
		if r.First > end {
			break
		}
		at := r.First
		err := c.tx.Each(r.First, min(r.Last, end), func(p ledger.Pos, raw []byte) (bool, error) {
			at = p
			scanned++
			err := c.bring(p, raw)
			return err == nil && !c.full(scanned) && c.part.key == "", err
		})
		if err != nil {
			return 0, err
		}
		if c.part.key != "" {
			return at - 1, nil
		}
		if c.full(scanned) {
			return at, nil
		}
	}
	return end, nil
}

// maxOwnRuns bounds the runs that withoutOwn looks for.
const maxOwnRuns = 64

// withoutOwn takes out what the reader wrote and surely holds, so that a notebook that pushes much does not make the hub
// read all of it again. Where a record ever moved, its turn decides, and everything is read.
func (c *cutter) withoutOwn(all []Range) ([]Range, error) {
	if c.turns > 0 || len(all) == 0 || len(c.reader.Own) > maxOwnRuns {
		return all, nil
	}
	var own []Range
	for run, upTo := range c.reader.Own {
		spans, err := c.tx.Spans(run)
		if err != nil {
			return nil, err
		}
		for _, s := range spans {
			if last := min(s.Last, upTo); last >= s.First {
				own = append(own, Range{s.At, s.At + ledger.Pos(last-s.First)})
			}
		}
	}
	return without(all, union(own)), nil
}

// without takes the stretches of b out of those of a; both are ascending and do not touch.
func without(a, b []Range) (out []Range) {
	for _, r := range a {
		for len(b) > 0 && b[0].Last < r.First {
			b = b[1:]
		}
		for i := 0; i < len(b) && b[i].First <= r.Last; i++ {
			if b[i].First > r.First {
				out = append(out, Range{r.First, b[i].First - 1})
			}
			r.First = b[i].Last + 1
		}
		if r.First <= r.Last {
			out = append(out, r)
		}
	}
	return out
}

func (c *cutter) full(scanned int) bool {
	return c.bytes >= c.reader.Bytes || len(c.page.Items) >= protocol.MaxItems || scanned >= maxScanned
}

// bring sends what one place of the log brings to the reader.
func (c *cutter) bring(p ledger.Pos, raw []byte) error {
	x, err := c.decoder.DecodeStored(raw)
	if err != nil {
		return err
	}
	for i := range c.keys {
		k := &c.keys[i]
		if !k.covers(p) {
			continue
		}
		if k.feed == "" {
			c.send(x)
		} else if err := c.bringFeed(p, x, k.feed); err != nil {
			return err
		}
	}
	return nil
}

// covers reports whether a place is listed for the key. Places are asked for in ascending order.
func (k *reading) covers(p ledger.Pos) bool {
	for len(k.ranges) > 0 && k.ranges[0].Last < p {
		k.ranges = k.ranges[1:]
	}
	return len(k.ranges) > 0 && k.ranges[0].First <= p
}

// bringFeed sends a place of the log to a reader of a feed, by the turn of its record.
func (c *cutter) bringFeed(p ledger.Pos, x *record.Change, f record.Feed) error {
	rec := x.RecordID()
	if c.turns == 0 {
		c.send(x)
		return nil
	}
	t, ok, err := c.tx.Turn(rec)
	if err != nil {
		return err
	}
	switch {
	case !ok:
		c.send(x)
	case p > t.At && slices.Contains(t.Now, f):
		c.send(x)
	case p == t.At:
		return c.whole(rec, !c.reads(t.Now))
	}
	return nil
}

// reads reports whether the reader reads one of the feeds.
func (c *cutter) reads(feeds []record.Feed) bool {
	return slices.ContainsFunc(c.keys, func(k reading) bool { return slices.Contains(feeds, k.feed) })
}

// whole sends all changes about a record; to those who may no longer see its values, only where it went, without them.
// A record that is too large for one page goes on in the next.
func (c *cutter) whole(rec record.Dot, bare bool) error {
	places, err := ledger.Places(c.tx, rec)
	if err != nil || c.part.key != "" {
		return err
	}
	key := protocol.KeyPart(c.page.Grant, rec, bare)
	last := c.from.At[key]
	for _, p := range places {
		if p <= c.from.At[key] {
			continue
		}
		if len(c.page.Items) >= protocol.MaxItems || c.bytes >= maxWhole {
			c.part = part{key, last}
			return nil
		}
		last = p
		x, err := c.tx.At(p)
		if err != nil {
			return err
		}
		if !bare {
			c.send(x)
		} else if c.moves(x) {
			c.send(x.Without(record.BodyAbsent))
		}
	}
	return nil
}

// moves reports whether a change says where its record is: its creation, a move, or a verdict on one.
func (c *cutter) moves(x *record.Change) bool {
	if x.Kind == record.KindVerdict {
		p, err := c.tx.Find(x.Target)
		if p == 0 || err != nil {
			return false
		}
		if x, err = c.tx.At(p); err != nil {
			return false
		}
	}
	return x.Routes()
}

// send puts a change into the page, unless it is there (with its values, if this is with them), or is the reader's own
// and surely held.
func (c *cutter) send(x *record.Change) {
	whole, there := c.sent[x.Dot]
	if whole || there && x.Body == record.BodyAbsent || x.Dot.N <= c.reader.Own[x.Dot.Run] || planted.On(planted.OwnNotEchoed) && x.Replica == c.reader.Replica {
		return
	}
	c.sent[x.Dot] = x.Body != record.BodyAbsent
	c.page.Items = append(c.page.Items, x)
	c.bytes += len(x.Encoded())
}

// finish moves the cursor to where the page ends.
func (c *cutter) finish(hi ledger.Pos) error {
	to := protocol.Cursor{Hub: c.from.Hub, Epoch: c.from.Epoch, At: map[string]ledger.Pos{}, Mark: c.from.Mark}
	for i := range c.keys {
		k := &c.keys[i]
		to.At[k.name] = max(k.at, hi)
	}
	if c.part.key != "" {
		to.At[c.part.key] = c.part.upTo
	}
	m, err := c.h.mark(c.tx, hi)
	if err != nil {
		return err
	}
	if m.Seen > to.Mark.Seen {
		to.Mark = m
	}
	maps.DeleteFunc(to.At, func(_ string, p ledger.Pos) bool { return p == 0 })
	c.page.To = to
	return nil
}
