// Package faultvfs owns the bad disk of the tests, and is for tests only. It is a thin
// layer over SQLite's own file layer that can record all that SQLite writes, to show
// what a power cut at any moment would have left, and can make the n-th operation fail.
//
// The rules of its power cut: what was synced is there. What was written and not synced
// is there, or is not, or is there in part, each sector of 512 bytes by itself. Files
// appear and disappear at once. This is harsher than most disks for contents and milder
// than some for names.
//
// Only databases, WALs and rollback journals pass through it; locks, shared memory and
// mapped reads stay SQLite's own, and several connections may use one disk.
package faultvfs

/*
#include <stdlib.h>
#include "shim.h"
*/
import "C"

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"unsafe"

	_ "github.com/mattn/go-sqlite3" // whose SQLite the shim stands on
)

// SectorBytes is what a disk writes whole or not at all.
const SectorBytes = 512

// A Code is the result code of SQLite that an operation fails with.
type Code int

// Some codes of https://sqlite.org/rescode.html.
const (
	Full          Code = 13 // SQLITE_FULL
	CantOpen      Code = 14
	IOErrRead     Code = 10 | 1<<8
	IOErrWrite    Code = 10 | 3<<8
	IOErrFsync    Code = 10 | 4<<8
	IOErrTruncate Code = 10 | 6<<8
	IOErrDelete   Code = 10 | 10<<8
)

// A Kind is a kind of operation.
type Kind int

// The kinds of operations.
const (
	Any      Kind = C.FV_ANY
	Open     Kind = C.FV_OPEN
	Read     Kind = C.FV_READ
	Write    Kind = C.FV_WRITE
	Truncate Kind = C.FV_TRUNCATE
	Sync     Kind = C.FV_SYNC
	Delete   Kind = C.FV_DELETE
)

const (
	base Kind = C.FV_BASE // a file as it was when it entered the recording
	mark Kind = C.FV_MARK
)

// A Disk is a file layer of SQLite. It lives until the process ends. Its methods may be
// called from any goroutine.
type Disk struct{ c *C.fv_disk }

// Register makes a disk which connections use by opening with "vfs=<name>". Each name
// can be registered once in a process.
func Register(name string) (*Disk, error) {
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	c := C.fv_register(text)
	if c == nil {
		return nil, fmt.Errorf("faultvfs: cannot register %q", name)
	}
	return &Disk{c}, nil
}

// Fail makes the n-th operation of a kind from now on (the first is 1) fail with the
// code; sticky: that one and all after it. A failing write leaves its first half in the
// file. It replaces the fault that was set before.
func (d *Disk) Fail(n int, code Code, kind Kind, sticky bool) {
	s := C.int(0)
	if sticky {
		s = 1
	}
	C.fv_fail(d.c, C.int(n), C.int(code), C.int(kind), s)
}

// Failed reports whether an operation has failed since the last Fail.
func (d *Disk) Failed() bool { return C.fv_hits(d.c) > 0 }

// Heal lets all operations pass again.
func (d *Disk) Heal() { C.fv_heal(d.c) }

// StartRecording records from now on. What the files hold now counts as durable.
func (d *Disk) StartRecording() { C.fv_start(d.c) }

// Mark puts a value into the recording: what has been promised to somebody at this
// moment.
func (d *Disk) Mark(value int64) { C.fv_mark(d.c, C.longlong(value)) }

// StopRecording ends the recording and returns it.
func (d *Disk) StopRecording() *Recording {
	c := C.fv_stop(d.c)
	defer C.fv_free(c)
	names := make([]string, c.n_names)
	for i, name := range unsafe.Slice(c.names, c.n_names) {
		names[i] = filepath.Base(C.GoString(name))
	}
	r := &Recording{ops: make([]op, c.n_ops)}
	for i, o := range unsafe.Slice(c.ops, c.n_ops) {
		r.ops[i] = op{kind: Kind(o.kind), at: int64(o.at), data: C.GoBytes(o.data, o.n)}
		if r.ops[i].kind != mark {
			r.ops[i].file = names[o.file]
		}
	}
	for len(r.ops) > 0 && r.ops[0].kind == base {
		r.start, r.ops = append(r.start, r.ops[0]), r.ops[1:]
	}
	return r
}

// A Recording is what happened on a disk, operation by operation.
type Recording struct {
	start []op // the files as they were at the beginning
	ops   []op
}

type op struct {
	kind Kind
	file string // its base name
	at   int64  // where a write begins, the size of a truncate, the value of a mark
	data []byte
}

// Len returns the number of operations: power can be cut before the first (0), …, after
// the last (Len).
func (r *Recording) Len() int { return len(r.ops) }

// Marked returns the last value marked in the first at operations, and whether there is
// one.
func (r *Recording) Marked(at int) (value int64, ok bool) {
	for i := at - 1; i >= 0; i-- {
		if r.ops[i].kind == mark {
			return r.ops[i].at, true
		}
	}
	return 0, false
}

// Cut returns the files, by base name, as they could look after a power cut behind the
// first at operations. What became of writes not synced is drawn from rng: the same
// numbers give the same files. The files are the caller's.
func (r *Recording) Cut(rng *rand.Rand, at int) map[string][]byte {
	durable := map[string][]byte{}
	for _, o := range r.start {
		durable[o.file] = bytes.Clone(o.data)
	}
	var pending []op
	for _, o := range r.ops[:at] {
		switch o.kind {
		case base:
			durable[o.file] = bytes.Clone(o.data)
		case Open:
			if durable[o.file] == nil {
				durable[o.file] = []byte{}
			}
		case Write, Truncate:
			pending = append(pending, o)
		case Sync:
			pending = settle(durable, pending, o.file)
		case Delete:
			delete(durable, o.file)
			pending = drop(pending, o.file)
		}
	}
	share := rng.IntN(5) * 25 // percent of the writes that reached the disk
	for _, o := range pending {
		if rng.IntN(100) < share {
			o.apply(durable, rng)
		}
	}
	return durable
}

// settle makes durable what is pending for the file, and returns the rest.
func settle(durable map[string][]byte, pending []op, file string) []op {
	rest := pending[:0]
	for _, o := range pending {
		if o.file == file {
			o.apply(durable, nil)
		} else {
			rest = append(rest, o)
		}
	}
	return rest
}

// drop forgets what is pending for a file that is no more.
func drop(pending []op, file string) []op {
	rest := pending[:0]
	for _, o := range pending {
		if o.file != file {
			rest = append(rest, o)
		}
	}
	return rest
}

// apply carries out a write or truncate; with an rng, one write in three is torn.
func (o op) apply(files map[string][]byte, rng *rand.Rand) {
	content := files[o.file]
	if o.kind == Truncate {
		files[o.file] = content[:min(o.at, int64(len(content)))]
		return
	}
	end := o.at + int64(len(o.data))
	if missing := end - int64(len(content)); missing > 0 {
		content = append(content, make([]byte, missing)...)
	}
	torn := rng != nil && rng.IntN(3) == 0
	for from := o.at; from < end; {
		to := min(end, (from/SectorBytes+1)*SectorBytes)
		if !torn || rng.IntN(2) == 0 {
			copy(content[from:to], o.data[from-o.at:to-o.at])
		}
		from = to
	}
	files[o.file] = content
}
