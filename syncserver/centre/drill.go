package centre

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
	"banlang/syncserver/sqlitestore"
	"banlang/syncserver/staff"
)

// Drill says what came of restoring the newest copy beside the centre, for practice. The last one is kept in Backups.
type Drill struct {
	Copy    string        // its name; "" where there was none
	Copied  record.Millis // when it was made
	Time    record.Millis // of the drill
	Took    int64         // ms
	End     ledger.Pos    // of the copy's log
	Log     string        // the running hash of the log there: the register says it, and the restored database too
	Entries int64         // of the copy's audit
	Audit   string        // its head, the same of both
	Checked hub.Counts    // in the restored database
	Failed  fault.Code    `json:",omitempty"` // "": all of it was as the register says
}

// scratch is where a drill restores to.
func (d Dir) scratch() Dir { return Dir(d.path("drill")) }

func (d Dir) lastDrill() string { return filepath.Join(d.Backups(), "drill.json") }

// LastDrill reads what came of the last drill; nil: there was none.
func (d Dir) LastDrill() (*Drill, error) {
	b, err := os.ReadFile(d.lastDrill())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	x := &Drill{}
	if err == nil {
		err = json.Unmarshal(b, x)
	}
	if err != nil {
		return nil, fault.New(fault.DiskIO, "drill", err)
	}
	return x, nil
}

// drill restores the newest copy into a directory of its own, just as Restore would, holds what stands there against the register
// entry, and deletes it. The centre goes on meanwhile, and nothing of it is touched. What came of it is kept, good or bad.
//
// No copy is fault.NotFound; one that is not as registered fault.TornDatabase with ErrAltered; a second drill fault.Busy; too little
// room fault.DiskFull.
func (c *Centre) drill(ctx context.Context) (*Drill, error) {
	if !c.drilling.TryLock() {
		return nil, fault.New(fault.Busy, "drill", nil)
	}
	defer c.drilling.Unlock()
	x := &Drill{Time: record.Millis(c.wall())}
	began := c.wall()
	err := c.practise(ctx, x)
	x.Took = int64(c.wall() - began)
	if err != nil {
		x.Failed = fault.CodeOf(err)
	}
	if kept := c.dir.keepDrill(x); err == nil {
		err = kept
	}
	return x, err
}

func (c *Centre) practise(ctx context.Context, x *Drill) (err error) {
	there := c.dir.scratch()
	if err := os.RemoveAll(string(there)); err != nil { // what a power cut left of one
		return fault.New(fault.DiskIO, "drill", err)
	}
	defer func() {
		if gone := os.RemoveAll(string(there)); err == nil && gone != nil {
			err = fault.New(fault.DiskIO, "drill", gone)
		}
	}()
	of, err := c.layOut(there)
	if err != nil {
		return err
	}
	x.Copy, x.Copied, x.End, x.Log = of.Name, of.Time, of.End, of.Log
	if of.Staff != nil {
		x.Entries, x.Audit = of.Staff.Entries, of.Staff.Head
		found, err := staff.Check(ctx, staff.Files{Database: filepath.Join(there.Backups(), of.Staff.Name)})
		if err != nil {
			return err
		}
		if found.Audit.Entries != of.Staff.Entries || found.Audit.Head != of.Staff.Head {
			return fault.New(fault.TornDatabase, "drill", fmt.Errorf("%w: its audit", ErrAltered))
		}
	}
	done, err := Restore(ctx, there, filepath.Join(there.Backups(), of.Name), c.log)
	if err != nil {
		return err
	}
	x.Checked = done.Checked
	return holds(ctx, there, of)
}

// layOut puts the newest copy into the directory, with the key and the orders of erasure beside it, as whoever restores would.
func (c *Centre) layOut(there Dir) (*Copy, error) {
	c.staff.Lock() // no backup takes the copy away meanwhile
	defer c.staff.Unlock()
	copies, err := c.dir.registered()
	if err != nil {
		return nil, err
	}
	if len(copies) == 0 {
		return nil, fault.New(fault.NotFound, "drill", errors.New("no copy"))
	}
	of := copies[0]
	if free, ok := freeBytes(string(c.dir)); ok && free < 2*uint64(of.Size) {
		return nil, fault.New(fault.DiskFull, "drill", fmt.Errorf("%d bytes are free, %d are needed", free, 2*of.Size))
	}
	files := []string{of.Name, of.Name + ".json"}
	if of.Staff != nil {
		files = append(files, of.Staff.Name)
	}
	if of.Reports != nil {
		files = append(files, of.Reports.Name)
	}
	err = os.MkdirAll(there.Backups(), 0o700)
	for _, name := range files {
		err = errors.Join(err, lay(filepath.Join(c.dir.Backups(), name), filepath.Join(there.Backups(), name)))
	}
	err = errors.Join(err, lay(c.dir.Key(), there.Key()))
	for from, to := range map[string]string{c.dir.ErasureLedger(): there.ErasureLedger(), c.dir.Losses(): there.Losses()} {
		if ordered, bad := exists(from); ordered || bad != nil {
			err = errors.Join(err, bad, lay(from, to))
		}
	}
	if err != nil {
		return nil, fault.New(fault.DiskIO, "drill", err)
	}
	return of, nil
}

// lay has a file that nobody writes under a second name, or where that cannot be (another disk) a copy of it.
func lay(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	return copyFile(from, to)
}

// holds compares what was restored with what the register says of the copy. Behind the copy's end stand the new history and the
// orders of erasure that came after it.
func holds(ctx context.Context, there Dir, of *Copy) (err error) {
	s, err := sqlitestore.Open(ctx, there.Database(), sqlitestore.Options{Readers: 1})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.View(ctx, func(tx hub.Tx) error {
		log, err := logAt(tx, of.End)
		if err != nil {
			return err
		}
		if of.Log != "" && log != of.Log { // "": it was registered by a program that did not note it
			return fault.New(fault.TornDatabase, "drill", fmt.Errorf("%w: its log", ErrAltered))
		}
		held := map[record.RunID]record.Number{}
		if err := tx.Runs(func(r ledger.Run) bool { held[r.ID] = r.Prefix; return true }); err != nil {
			return err
		}
		for run, n := range of.Runs {
			if held[run] < n {
				return fault.New(fault.TornDatabase, "drill", fmt.Errorf("%w: run %v", ErrAltered, run))
			}
		}
		return nil
	})
}

// logAt is the running hash of the log at a place, in hexadecimal digits; "" where none was kept there.
func logAt(tx hub.Tx, p ledger.Pos) (string, error) {
	end, hash, err := tx.ClosedLog(p)
	if err != nil || end != p {
		return "", err
	}
	return hex.EncodeToString(hash[:]), nil
}

// keepDrill keeps what came of a drill.
func (d Dir) keepDrill(x *Drill) error {
	if err := putJSON(d.lastDrill(), x); err != nil {
		return fault.New(fault.DiskIO, "drill", err)
	}
	return nil
}
