package banlang_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"banlang/desktop/notebook"
	"banlang/desktop/replica"
	"banlang/shared/blob"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/sqlite/faultvfs"
	"banlang/shared/wsconn"
	"banlang/syncserver/hub"
	"banlang/syncserver/sqlitestore"
)

// Photos over a real websocket: cut, throttled, metered, and with a bad disk at the centre.

// photo puts a picture of a size into the notebook.
func (m *machine) photo(t *testing.T, size int) (blob.Ref, []byte) {
	t.Helper()
	random := rand.New(rand.NewPCG(uint64(m.photos.Add(1)), uint64(size)))
	b := picture(func() byte { return byte(random.Uint32()) }, size)
	r, err := m.nb.PutBlob(ctx, b, "image/jpeg")
	if err != nil {
		t.Fatal(err)
	}
	return r, b
}

// finish makes a record with a photo.
func (m *machine) finish(t *testing.T, r blob.Ref) {
	t.Helper()
	_, err := m.nb.Save(ctx, notebook.Entry{Form: record.FormRef{ID: "f", Version: 1}, Feed: "U1/ordinary", Officer: "a",
		Values: map[string]string{"a": "có ảnh", "photo": r.String()}})
	if err != nil {
		t.Fatal(err)
	}
}

// arrived reports whether the centre has a photo whole, with these bytes.
func (s *site) arrived(t *testing.T, r blob.Ref, want []byte) bool {
	t.Helper()
	var got []byte
	err := s.hub.Store().View(ctx, func(tx hub.Tx) (err error) { got, err = hub.Blob(tx, r); return err })
	if fault.CodeOf(err) == fault.NotFound {
		return false
	}
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("the centre has other bytes: %v", err)
	}
	return err == nil
}

func (m *machine) photosThere() bool {
	p, err := m.nb.Photos(ctx)
	return err == nil && p.Waiting == 0
}

// TestPhotoOverARealLink: it arrives, the status says how far it is, and what went over the link is counted, also over a
// restart of the program.
func TestPhotoOverARealLink(t *testing.T) {
	s := newSite(t)
	m := s.machine("a", "U1/ordinary")
	one, b1 := m.photo(t, 300_000)
	two, b2 := m.photo(t, 100)
	m.finish(t, one)
	m.finish(t, two)
	var seen []replica.Photos
	status, stop := m.engine.Watch()
	m.run(t)
	for limit := time.After(20 * time.Second); !m.photosThere(); {
		select {
		case <-status:
			seen = append(seen, m.engine.Status().Photos)
		case <-limit:
			t.Fatalf("never: %+v", m.engine.Status())
		}
	}
	stop()
	if !s.arrived(t, one, b1) || !s.arrived(t, two, b2) {
		t.Error("the machine believes that they are there")
	}
	for i, p := range seen {
		if p.Have > p.Size || p.Size != 0 && p.Size != 300_000 && p.Size != 100 || i > 0 && p.Done < seen[i-1].Done || p.Done > p.Total {
			t.Errorf("%+v after %+v", p, seen[max(i-1, 0)])
		}
	}
	m.until(t, "2 of 2", func() bool { p := m.engine.Status().Photos; return p.Done == 2 && p.Total == 2 })
	st := m.engine.Status()
	if st.ThisSession.Out < 300_000 || st.Month != st.ThisSession || st.Out != st.ThisSession.Out {
		t.Errorf("counted: %+v, this month %+v, since the start %d", st.ThisSession, st.Month, st.Out)
	}
	again := replica.New(m.nb, m.key, "test", m.dial)
	if err := again.Once(ctx); err != nil {
		t.Fatal(err)
	}
	if got := again.Status().Month; got.Out <= st.Month.Out-replicaStep {
		t.Errorf("after a restart this month has %+v, and had %+v", got, st.Month)
	}
}

// replicaStep is what the end of a process may take of the month's account.
const replicaStep = 512 << 10

// watched is a connection of which a test sees, and may stop, every message that is sent.
type watched struct {
	replica.Conn
	before func(m protocol.Message) error // it is not sent when this fails
	after  func(m protocol.Message) error
}

func (c *watched) Send(ctx context.Context, frame []byte) error {
	m, err := protocol.Decode(bytes.Clone(frame))
	if err != nil {
		return err
	}
	for _, f := range []func() error{func() error { return c.before(m) }, func() error { return c.Conn.Send(ctx, frame) }, func() error { return c.after(m) }} {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

func nothing(protocol.Message) error { return nil }

// tap has every connection of a machine watched from now on.
func (m *machine) tap(before, after func(m protocol.Message) error) {
	m.engine = replica.New(m.nb, m.key, "test", func(ctx context.Context) (replica.Conn, error) {
		c, err := m.dial(ctx)
		if err != nil {
			return nil, err
		}
		return &watched{c, before, after}, nil
	})
}

// hurry ends every wait of an engine between two tries.
func (m *machine) hurry(t *testing.T) {
	status, stop := m.engine.Watch()
	done := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			select {
			case <-status:
				if m.engine.Status().Phase == replica.Offline {
					m.engine.SendNow()
				}
			case <-done:
				return
			}
		}
	})
	t.Cleanup(func() { close(done); stop(); wait.Wait() })
}

// TestPhotoCutAtEveryChunk: the link ends before the first chunk, after it, before the second …; every session goes on
// where the hub is.
func TestPhotoCutAtEveryChunk(t *testing.T) {
	s := newSite(t)
	m := s.machine("a", "U1/ordinary")
	r, want := m.photo(t, 600_000)
	m.finish(t, r)
	var session, offsets atomic.Int64
	var here int64
	cut := func(even int64) func(protocol.Message) error {
		return func(x protocol.Message) error {
			if x, ok := x.(*protocol.Hello); ok && even == 0 && x != nil {
				here = session.Add(1)
			}
			if x, ok := x.(*protocol.Chunk); ok && here%2 == even {
				offsets.Store(int64(x.Offset))
				return fault.New(fault.CutOff, "test", io.ErrUnexpectedEOF)
			}
			return nil
		}
	}
	m.tap(cut(0), cut(1))
	m.hurry(t)
	m.run(t)
	m.until(t, "the photo, cut again and again", m.photosThere)
	if !s.arrived(t, r, want) || session.Load() < 10 || offsets.Load() < 400_000 {
		t.Errorf("%d sessions, the last cut at %d", session.Load(), offsets.Load())
	}
}

// TestPhotoCutWithinChunks: the network ends after so many bytes, wherever that is.
func TestPhotoCutWithinChunks(t *testing.T) {
	s := newSite(t)
	m := s.machine("a", "U1/ordinary")
	r, want := m.photo(t, 500_000)
	m.finish(t, r)
	road := newRoad(t, strings.TrimPrefix(s.http.URL, "https://"), 23_456, 20_011)
	m.dial = func(ctx context.Context) (replica.Conn, error) { return wsconn.Dial(ctx, road.addr, s.pin) }
	m.tap(nothing, nothing)
	m.hurry(t)
	m.run(t)
	m.until(t, "the photo, over a road that ends", m.photosThere)
	if !s.arrived(t, r, want) || road.ended.Load() < 5 {
		t.Errorf("the road ended %d times", road.ended.Load())
	}
}

// road is a TCP road on which each connection ends after a number of bytes up, each next one somewhat later.
type road struct {
	addr  string
	ended atomic.Int64
}

func newRoad(t *testing.T, to string, first, more int64) *road {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &road{addr: l.Addr().String()}
	var wait sync.WaitGroup
	wait.Go(func() {
		for n := int64(0); ; n++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", to)
			if err != nil {
				c.Close()
				continue
			}
			wait.Go(func() { defer c.Close(); _, _ = io.Copy(c, far) })
			wait.Go(func() {
				defer c.Close()
				defer far.Close()
				if k, _ := io.CopyN(far, c, first+more*n); k == first+more*n {
					r.ended.Add(1)
				}
			})
		}
	})
	t.Cleanup(func() { l.Close(); wait.Wait() })
	return r
}

// TestChangeOvertakesPhoto: a change that is finished while a photo is under way leaves before the next but one chunk.
func TestChangeOvertakesPhoto(t *testing.T) {
	s := newSite(t)
	m := s.machine("a", "U1/ordinary")
	r, want := m.photo(t, 400_000)
	m.finish(t, r)
	var written atomic.Bool
	chunks, behind := 0, -1 // how many chunks went between the change and its push
	m.tap(func(x protocol.Message) error {
		switch x := x.(type) {
		case *protocol.Chunk:
			if chunks++; chunks == 3 { // it is about to go on the wire
				m.write(t, 1, "U1/ordinary")
				written.Store(true)
				chunks = 0
			}
		case *protocol.Push:
			if written.Load() && behind < 0 {
				behind = chunks
			}
			_ = x
		}
		return nil
	}, nothing)
	m.run(t)
	m.until(t, "the photo, and the change", func() bool { return m.photosThere() && m.settled() })
	if behind < 0 || behind > 1 || !s.arrived(t, r, want) {
		t.Errorf("%d chunks went before the change", behind)
	}
}

// TestMeteredLink: text goes, photos wait; "send now" lets those go that wait, once.
func TestMeteredLink(t *testing.T) {
	s := newSite(t)
	m := s.machine("a", "U1/ordinary")
	var chunks atomic.Int64
	m.tap(func(x protocol.Message) error {
		if _, ok := x.(*protocol.Chunk); ok {
			chunks.Add(1)
		}
		return nil
	}, nothing)
	m.engine.SetMetered(true)
	one, b1 := m.photo(t, 50_000)
	m.finish(t, one)
	m.run(t)
	m.until(t, "the text", func() bool { p := m.engine.Status(); return m.settled() && p.Photos.Held && p.Session.Caught })
	if err := m.once(t); err != nil || chunks.Load() > 0 { // a sync that ends by itself does not wait for them
		t.Fatalf("%v; %d chunks went", err, chunks.Load())
	}
	m.engine.SendNow()
	m.until(t, "the photo, now", func() bool {
		return m.photosThere() && !m.engine.Status().Photos.Held && m.engine.Status().Session.Photos.Idle
	})
	if !s.arrived(t, one, b1) {
		t.Fatal("not there")
	}
	n := chunks.Load()
	two, b2 := m.photo(t, 60_000)
	m.finish(t, two)
	m.until(t, "the text of the next one", func() bool { return m.settled() && m.engine.Status().Photos.Held })
	if chunks.Load() != n || s.arrived(t, two, b2) {
		t.Error("it went over the metered link")
	}
	m.engine.SetMetered(false)
	m.until(t, "the next one, over another link", m.photosThere)
	if !s.arrived(t, two, b2) {
		t.Error("not there")
	}
}

// once is a sync that ends by itself, over the same road and metered likewise.
func (m *machine) once(t *testing.T) error {
	t.Helper()
	e := replica.New(m.nb, m.key, "test", m.dial)
	e.SetMetered(true)
	limit, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	return e.Once(limit)
}

var disks atomic.Int64

// badSite is a centre on a disk that can be made to fail.
func badSite(t *testing.T) (*site, *faultvfs.Disk) {
	t.Helper()
	name := fmt.Sprint(t.Name(), disks.Add(1))
	disk, err := faultvfs.Register(name)
	if err != nil {
		t.Fatal(err)
	}
	store, err := sqlitestore.Open(ctx, filepath.Join(t.TempDir(), "hub.db"), sqlitestore.Options{VFS: name})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { disk.Heal(); store.Close() })
	return newSiteOn(t, store), disk
}

// TestDiskFullAtTheCentre: the disk is full at one chunk after another. No session ends by it, text goes on when there is
// room, nothing was lost, and the photo arrives when it is tried again.
func TestDiskFullAtTheCentre(t *testing.T) {
	s, disk := badSite(t)
	for k := 1; k <= 4; k++ {
		m := s.machine("a", "U1/ordinary")
		r, want := m.photo(t, 100_000+k)
		m.finish(t, r)
		chunks := 0
		m.tap(func(x protocol.Message) error {
			if _, ok := x.(*protocol.Chunk); ok {
				if chunks++; chunks == k {
					disk.Fail(1, faultvfs.Full, faultvfs.Write, true)
				}
			}
			return nil
		}, nothing)
		stop := m.started(t)
		m.until(t, "the refusal", func() bool { return m.engine.Status().Photos.Refused == fault.DiskFull })
		disk.Heal()
		before := m.engine.Status().Session.Pushed
		m.write(t, 1, "U1/ordinary")
		m.until(t, "text in the same session", func() bool { return m.settled() && m.engine.Status().Session.Pushed == before+1 })
		if m.photosThere() || s.arrived(t, r, want) {
			t.Error("there all the same")
		}
		stop()
		m.tap(nothing, nothing)
		if err := m.engine.Once(ctx); err != nil {
			t.Fatal(err)
		}
		if !m.photosThere() || !s.arrived(t, r, want) {
			t.Errorf("full at chunk %d: not there after the next sync", k)
		}
	}
	s.check(t)
}

// check is the centre's own, on all that it holds.
func (s *site) check(t *testing.T) {
	t.Helper()
	err := s.hub.Store().View(ctx, func(tx hub.Tx) error {
		if err := ledger.Check(tx); err != nil {
			return err
		}
		_, err := hub.Check(tx, s.key.Public())
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestPhotoSpoiledAtTheCentre: bytes that were altered at rest, while a photo was under way, are found with its last chunk;
// those of a whole one by the check, and it is asked for again.
func TestPhotoSpoiledAtTheCentre(t *testing.T) {
	s, _ := badSite(t)
	m := s.machine("a", "U1/ordinary")
	r, want := m.photo(t, 200_000)
	m.finish(t, r)
	chunks := 0
	m.tap(func(x protocol.Message) error {
		if _, ok := x.(*protocol.Chunk); ok {
			if chunks++; chunks == 4 {
				s.spoil(t, r)
			}
		}
		return nil
	}, nothing)
	if err := m.engine.Once(ctx); err != nil {
		t.Fatal(err)
	}
	if s.hub.Spoiled() != 1 || !s.arrived(t, r, want) {
		t.Fatalf("found %d times", s.hub.Spoiled())
	}
	s.check(t)
	s.spoil(t, r)
	if err := s.hub.Store().View(ctx, func(tx hub.Tx) error { return ledger.Check(tx) }); err == nil {
		t.Fatal("the check finds nothing")
	}
	j := &hub.Job{Act: func(a *hub.Act) error { return a.AskAgain(r) }}
	if err := s.server.Do(ctx, j); err != nil {
		t.Fatal(err)
	}
	if err := m.engine.Once(ctx); err != nil {
		t.Fatal(err)
	}
	if !s.arrived(t, r, want) {
		t.Error("not sent again")
	}
	s.check(t)
}

// spoil alters a bit of the first bytes of a photo in the centre's store, past all rules.
func (s *site) spoil(t *testing.T, r blob.Ref) {
	t.Helper()
	err := s.hub.Store().Update(ctx, func(tx hub.Tx) error {
		b, _, err := tx.Blob(r)
		if err != nil {
			return err
		}
		var held []byte
		for len(held) < b.Got {
			p, err := tx.Piece(r, len(held), blob.MaxBytes)
			if err != nil {
				return err
			}
			held = append(held, p...)
		}
		held[10] ^= 1
		got := b
		got.Got = 0
		if err := tx.PutBlob(got); err != nil {
			return err
		}
		return tx.AddPiece(r, held)
	})
	if err != nil {
		t.Error(err)
	}
}
