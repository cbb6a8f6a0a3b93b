package protocol

import (
	"bytes"
	"errors"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
)

// frames are one message of each kind, with something in every field.
func frames(t testing.TB) (fs [][]byte) {
	ref, bytes := photo(t, 1, 100)
	cursor := Cursor{Hub: 3, Epoch: record.Epoch{Number: 2, Random: 9}, At: map[string]ledger.Pos{KeyMine(): 3, "x": 1 << 40}, Mark: Mark{Seen: 7}}
	receipts := Receipts{Mark: Mark{Seen: 9}, Receipts: []record.Receipt{{Run: 7, N: 3, Safe: 1, Time: 5}}}
	for _, m := range []Message{
		&Hello{VersionMin: 1, VersionMax: 1, Program: "desktop 1", Replica: 24, PublicKey: "blmay1-x", Cursor: cursor, Grant: record.Dot{Run: 1, N: 2},
			Claims: []Claim{{7, 3, 2, true}, {8, 1, 1, false}}, Forms: []record.FormRef{{ID: "tip", Version: 1}}, Extra: []byte{1}},
		&Welcome{Version: 1, Hub: 3, Have: []ledger.Have{{Run: 7, Prefix: 1, Islands: []ledger.Span{{First: 3, Last: 4}}}}, Receipts: receipts},
		&Push{Number: 1, Urgent: true, Items: []*record.Change{change(t, 7, 1, 20), change(t, 7, 2, 20)}, Heads: []record.HeadSignature{{Run: 7, N: 2}}},
		&Ack{3}, &Page{To: cursor, Caught: true, Items: []*record.Change{change(t, 7, 1, 0).Without(record.BodyAbsent)}}, &Taken{}, &receipts,
		&Ping{1}, &Pong{1}, &Bye{fault.Busy, 30}, &Ask{}, &Want{Items: []Wanted{{ref, 3}}}, &Want{}, &Chunk{Ref: ref, Offset: 3, Data: bytes[3:50]},
		&Stored{Ref: ref, Have: 50}, &Stored{Ref: ref, Have: ref.Size, Whole: true}, &Stored{Ref: ref, Refused: fault.DiskFull},
		&Deposit{}, &Deposit{Sum: EscrowSum{1}, Boxes: [][]byte{{2}, {3, 4}}}, &Kept{EscrowSum{1}, true}, &Wiping{3, true}, &Leave{3, true},
	} {
		b, err := Append(nil, m)
		if err != nil {
			t.Fatal(err)
		}
		fs = append(fs, b)
	}
	return fs
}

// FuzzDecode: no bytes make the decoder panic; what it takes can be said again, and is heard as the same.
func FuzzDecode(f *testing.F) {
	for _, b := range frames(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Decode(b)
		if err != nil {
			if !errors.Is(err, ErrBadFrame) || m != nil {
				t.Fatalf("%T, %v", m, err)
			}
			return
		}
		again, err := Append(nil, m)
		if err != nil {
			t.Fatalf("heard, and cannot be said: %v", err)
		}
		m2, err := Decode(again)
		if err != nil {
			t.Fatalf("said, and cannot be heard: %v", err)
		}
		if third, err := Append(nil, m2); err != nil || !bytes.Equal(again, third) {
			t.Fatalf("another message (%v)", err)
		}
	})
}

// FuzzDecodeCursor: a cursor read from a store is the one that was written, or an error.
func FuzzDecodeCursor(f *testing.F) {
	c := Cursor{Hub: 3, Epoch: record.Epoch{Number: 2, Random: 9}, At: map[string]ledger.Pos{"*": 3}, Mark: Mark{Seen: 7}}
	f.Add(c.Encode())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := DecodeCursor(b)
		if err != nil {
			if !errors.Is(err, ErrBadFrame) {
				t.Fatal(err)
			}
			return
		}
		again, err := DecodeCursor(c.Encode())
		if err != nil || again.Sum() != c.Sum() || again.Mark != c.Mark || len(again.At) != len(c.At) {
			t.Fatalf("%+v, then %+v, %v", c, again, err)
		}
	})
}

// FuzzSession: whatever frames a hostile end sends, in whatever order, a half of a session answers or ends: it never
// panics, and never owes more than its windows.
func FuzzSession(f *testing.F) {
	for i := range 40 {
		f.Add([]byte{byte(i), byte(i * 7), byte(i * 31), 1, 2, 3, 4, 5, 6, 7, 8})
	}
	all := frames(f)
	f.Fuzz(func(t *testing.T, order []byte) {
		p := newPair(t)
		p.shelf.write(7, 2, 10)
		p.take(true, 100)
		p.shelf.vault = vault{boxes: [][]byte{{1}}, order: Order{3, OrderReady}}
		p.connect()
		for _, x := range order[:min(len(order), 60)] {
			m, err := Decode(all[int(x)%len(all)])
			if err != nil {
				t.Fatal(err)
			}
			if p.cerr == nil {
				p.cerr = p.c.Receive(p.now, m)
				p.clientSends()
			}
			if p.serr == nil {
				var work Message
				if work, p.serr = p.s.Receive(p.now, m); work != nil {
					switch m := work.(type) {
					case *Hello:
						p.s.Welcomed(p.centre.welcome(m), p.centre.grant)
					case *Ask:
						p.s.Wants(p.centre.wants(m.After))
					case *Chunk:
						p.s.Stored(p.centre.store(m))
					case *Deposit, *Wiping:
						p.s.Keys(p.centre.safe.answer(m))
					}
				}
				p.hubSays()
			}
			if len(p.s.out) > 0 || len(p.s.flying) > PageWindow || len(p.c.sent) > PushWindow || len(p.c.lane.flying) > ChunkWindow {
				t.Fatalf("owes %d messages, %d pages; %d pushes", len(p.s.out), len(p.s.flying), len(p.c.sent))
			}
		}
	})
}
