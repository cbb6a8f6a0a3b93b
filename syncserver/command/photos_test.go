package command_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"banlang/shared/blob"
	"banlang/shared/clock"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/hub"
)

// photographed plays device 11 with a photo of 30,000 bytes, of which some arrive: photographed DIR FILE BYTES. It keeps the
// photo in the file and sets PHOTO to its name.
func photographed(ts *testscript.TestScript, _ bool, args []string) {
	const size = 30_000
	arrive, err := strconv.Atoi(args[2])
	ts.Check(err)
	random := rand.New(rand.NewPCG(uint64(arrive), 1))
	photo := make([]byte, size)
	for i := range photo {
		photo[i] = byte(random.Uint32())
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), photo, 0o600))
	r, err := blob.Of(photo, "image/jpeg")
	ts.Check(err)
	ts.Setenv("PHOTO", r.String())

	h, _, done := opened(ts, centre.Dir(ts.MkAbs(args[0])))
	defer done()
	c := &record.Change{Kind: record.KindEdit, Form: record.FormRef{ID: "awareness_session", Version: 1}, Officer: "diem.pq.24",
		Edits: []record.Edit{{Path: record.PathFeed, Value: "GL014/ordinary"}, {Path: "photo", Value: r.String()}}}
	pen, mem := ledger.Pen{Replica: 11}, ledger.NewMemory()
	ts.Check(mem.Atomically(func() error { _, err := pen.Write(mem, clock.System(), c); return err }))
	jobs := []*hub.Job{{Push: &protocol.Push{Epoch: h.Epoch(), Items: []*record.Change{c}}}}
	for at := 0; at < arrive; at += protocol.MinChunkBytes {
		end := min(arrive, at+protocol.MinChunkBytes)
		jobs = append(jobs, &hub.Job{Chunk: &protocol.Chunk{Ref: r, Offset: uint32(at), Data: photo[at:end]}, From: 11})
	}
	h.Apply(context.Background(), jobs)
	for _, j := range jobs {
		ts.Check(j.Err)
	}
}

// spoiled flips a bit of a photo within a database: spoiled DATABASE PHOTOFILE.
func spoiled(ts *testscript.TestScript, _ bool, args []string) {
	db := []byte(ts.ReadFile(args[0]))
	at := bytes.Index(db, []byte(ts.ReadFile(args[1]))[2000:2064])
	if at < 0 {
		ts.Fatalf("the photo is not in the database")
	}
	db[at] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), db, 0o600))
}
