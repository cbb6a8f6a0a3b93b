package centre

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/sqlite"
	"banlang/shared/wholefile"
	"banlang/syncserver/audit"
	"banlang/syncserver/hub"
	"banlang/syncserver/sqlitestore"
)

// Copy is the register entry of a verified whole copy; it lies beside the copy as "<name>.json".
type Copy struct {
	Name   string // of the file in Backups
	Time   record.Millis
	Epoch  record.Epoch
	End    ledger.Pos // of the log
	Size   int64
	SHA256 string
	Log    string                         `json:",omitempty"` // the running hash of the log at its end, in hexadecimal digits
	Runs   map[record.RunID]record.Number // what it holds of each run without holes
	Staff  *StaffCopy                     `json:",omitempty"` // nil: there was no register of staff then, or none that could be opened

	Reports *ReportsCopy `json:",omitempty"` // nil: there were no frozen figures then, or none that could be opened
}

// StaffCopy is the copy of the register of staff that belongs to a copy, and lies beside it.
type StaffCopy struct {
	Name    string // of the file in Backups
	Size    int64
	SHA256  string
	Entries int64  // of its audit
	Head    string // of its audit
}

// BackupDone says what a backup did.
type BackupDone struct {
	Path    string
	End     ledger.Pos
	Size    int64
	Checked hub.Counts
	Removed []string // older copies, removed after this one was verified
	Kept    int
	Safe    int // runs of which more is safe than before
}

const unverified = ".unverified"

// backup writes a copy while others go on, opens it and checks all of it, registers it, removes the copies beyond those
// that are kept, and only then tells devices what every kept copy holds.
func (c *Centre) backup(ctx context.Context, r *Backup) (*BackupDone, error) {
	if r.Keep < 1 {
		return nil, fault.New(fault.BadInput, "backup", fmt.Errorf("keep %d", r.Keep))
	}
	c.staff.Lock()
	defer c.staff.Unlock()
	copied, done, err := c.copyOut(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.dir.register(copied); err != nil {
		return nil, fault.New(fault.DiskIO, "backup", err)
	}
	kept, removed, err := c.dir.keep(r.Keep)
	if err != nil {
		return nil, fault.New(fault.DiskIO, "backup", err)
	}
	if len(kept) >= r.Keep {
		if err := c.dir.dropFormer(kept); err != nil {
			return nil, err
		}
	}
	done.Removed, done.Kept = removed, len(kept)
	err = c.act(ctx, func(a *hub.Act) (err error) {
		done.Safe, err = raiseSafe(a.Tx(), kept)
		return err
	})
	return done, err
}

// copyOut makes the verified copy.
func (c *Centre) copyOut(ctx context.Context) (*Copy, *BackupDone, error) {
	now := record.Millis(c.wall())
	name, err := c.dir.freshName(time.UnixMilli(now).UTC())
	if err != nil {
		return nil, nil, err
	}
	path := filepath.Join(c.dir.Backups(), name)
	if err := c.store.Backup(ctx, path+unverified); err != nil {
		return nil, nil, err
	}
	x := &Copy{Name: name, Time: now}
	counts, err := verifyCopy(ctx, path+unverified, c.key.Public(), x)
	if err == nil {
		x.Size, x.SHA256, err = sumFile(path + unverified)
	}
	if err == nil {
		x.Staff, err = c.copyStaff(ctx, staffCopyOf(path))
	}
	if err == nil {
		x.Reports, err = c.copyReports(ctx, reportsCopyOf(path))
	}
	if err == nil {
		err = os.Rename(path+unverified, path)
	}
	if err != nil { // what is not sound is kept for people to look at, and never counts
		return nil, nil, err
	}
	return x, &BackupDone{Path: path, End: x.End, Size: x.Size, Checked: counts}, nil
}

// staffCopyOf is where the register of staff lies that belongs to a copy.
func staffCopyOf(path string) string { return path + ".staff" }

// copyStaff makes the verified copy of the register of staff; nil where there is none to copy, or none that is sound: what notebooks
// sent is copied all the same, and the last copy of the register stays.
func (c *Centre) copyStaff(ctx context.Context, path string) (*StaffCopy, error) {
	people := c.Staff()
	if people == nil {
		return nil, nil //nolint:nilnil // as StaffCopy says
	}
	found, err := people.CopyTo(ctx, path+unverified)
	if errors.Is(err, audit.ErrBroken) || errors.Is(err, fault.TornDatabase) {
		c.log.Error("the register of staff is not sound, and not in the copy: run check", "code", string(fault.CodeOf(err)))
		return nil, nil //nolint:nilnil // as StaffCopy says
	}
	if err != nil {
		return nil, err
	}
	s := &StaffCopy{Name: filepath.Base(path), Entries: found.Audit.Entries, Head: found.Audit.Head}
	if s.Size, s.SHA256, err = sumFile(path + unverified); err != nil {
		return nil, err
	}
	return s, os.Rename(path+unverified, path)
}

// verifyCopy opens a copy, checks all of it, and fills in what it holds.
func verifyCopy(ctx context.Context, path string, key seal.CentrePublic, x *Copy) (n hub.Counts, err error) {
	s, err := sqlitestore.Open(ctx, path, sqlitestore.Options{Readers: 1})
	if err != nil {
		return n, err
	}
	defer func() { err = errors.Join(err, s.Close(), os.Remove(path+".lock")) }()
	if n, err = checkStore(ctx, s, key); err != nil {
		return n, err
	}
	return n, s.View(ctx, func(tx hub.Tx) (err error) {
		if x.Epoch, err = ledger.CentreEpoch(tx); err != nil {
			return err
		}
		if x.End, err = tx.End(); err != nil {
			return err
		}
		if x.Log, err = logAt(tx, x.End); err != nil {
			return err
		}
		x.Runs = map[record.RunID]record.Number{}
		return tx.Runs(func(r ledger.Run) bool {
			if r.Prefix > 0 {
				x.Runs[r.ID] = r.Prefix
			}
			return true
		})
	})
}

// freshName names a copy by its time; a second one within a second gets a number.
func (d Dir) freshName(t time.Time) (string, error) {
	base := "hub-" + t.Format("20060102T150405Z")
	for i := 1; ; i++ {
		name := base + ".db"
		if i > 1 {
			name = fmt.Sprintf("%s-%d.db", base, i)
		}
		taken, err := exists(filepath.Join(d.Backups(), name))
		again, err2 := exists(filepath.Join(d.Backups(), name+unverified))
		if err = errors.Join(err, err2); err != nil || !taken && !again {
			return name, err
		}
	}
}

func sumFile(path string) (size int64, sum string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return size, hex.EncodeToString(h.Sum(nil)), err
}

// register writes the entry of a copy durably; from then on it counts.
func (d Dir) register(x *Copy) error {
	return putJSON(filepath.Join(d.Backups(), x.Name+".json"), x)
}

// registered lists the copies with an entry whose file is there in its full size, newest first.
func (d Dir) registered() (copies []*Copy, err error) {
	names, err := d.backupFiles()
	for _, name := range names {
		x, err := entryOf(filepath.Join(d.Backups(), name))
		if err != nil {
			return nil, err
		}
		if x != nil {
			copies = append(copies, x)
		}
	}
	slices.SortFunc(copies, func(a, b *Copy) int { return cmp.Or(cmp.Compare(b.Time, a.Time), cmp.Compare(b.Name, a.Name)) })
	return copies, err
}

// backupFiles names the copies that are there, registered or not.
func (d Dir) backupFiles() (names []string, err error) {
	entries, err := os.ReadDir(d.Backups())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.DiskIO, "backups", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "hub-") && strings.HasSuffix(e.Name(), ".db") {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// entryOf reads the register entry of a copy; nil when it has none, or it or its register of staff has another size.
func entryOf(path string) (*Copy, error) {
	b, err := os.ReadFile(path + ".json")
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.DiskIO, "backups", err)
	}
	x := &Copy{}
	if err := json.Unmarshal(b, x); err != nil {
		return nil, fault.New(fault.BadInput, "backups", fmt.Errorf("%s.json: %w", path, err))
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fault.New(fault.DiskIO, "backups", err)
	}
	if info.Size() != x.Size {
		return nil, nil
	}
	if x.Staff != nil {
		info, err := os.Stat(filepath.Join(filepath.Dir(path), x.Staff.Name))
		switch {
		case errors.Is(err, os.ErrNotExist):
			return nil, nil
		case err != nil:
			return nil, fault.New(fault.DiskIO, "backups", err)
		case info.Size() != x.Staff.Size:
			return nil, nil
		}
	}
	return x, nil
}

// keep removes the oldest registered copies beyond n, but never the last one that has the register of staff, nor the last that has
// frozen figures. What has no entry is left alone.
func (d Dir) keep(n int) (kept []*Copy, removed []string, err error) {
	copies, err := d.registered()
	if err != nil || len(copies) <= n {
		return copies, nil, err
	}
	kept = slices.Clone(copies[:n])
	staffed := slices.IndexFunc(copies, func(x *Copy) bool { return x.Staff != nil })
	shelved := slices.IndexFunc(copies, func(x *Copy) bool { return x.Reports != nil })
	for i, x := range copies[n:] {
		if n+i == staffed || n+i == shelved {
			kept = append(kept, x)
			continue
		}
		path := filepath.Join(d.Backups(), x.Name)
		err := errors.Join(os.Remove(path), os.Remove(path+".json"))
		if x.Staff != nil {
			err = errors.Join(err, os.Remove(filepath.Join(d.Backups(), x.Staff.Name)))
		}
		if x.Reports != nil {
			err = errors.Join(err, os.Remove(filepath.Join(d.Backups(), x.Reports.Name)))
		}
		if err != nil {
			return nil, removed, err
		}
		removed = append(removed, x.Name)
	}
	return kept, removed, wholefile.SyncDir(d.Backups())
}

// dropFormer removes the copies of before an upgrade that are older than all that are kept, as backups are removed: for what was erased
// since is in them.
func (d Dir) dropFormer(kept []*Copy) (err error) {
	first := slices.MinFunc(kept, func(a, b *Copy) int { return cmp.Compare(a.Time, b.Time) }).Time
	for _, path := range []string{d.Database(), d.Staff().Database, d.Reports()} {
		err = errors.Join(err, sqlite.DropFormer(path, func(made time.Time) bool { return made.UnixMilli() < first }))
	}
	return err
}

// raiseSafe sets what of each run every kept copy holds. It never goes down.
func raiseSafe(tx hub.Tx, kept []*Copy) (raised int, err error) {
	if len(kept) == 0 {
		return 0, nil
	}
	var rows []ledger.Run
	err = tx.Runs(func(r ledger.Run) bool {
		safe := r.Prefix
		for _, x := range kept {
			safe = min(safe, x.Runs[r.ID])
		}
		if safe > r.Safe {
			r.Safe = safe
			rows = append(rows, r)
		}
		return true
	})
	for _, r := range rows {
		if err := tx.PutRun(r); err != nil {
			return 0, err
		}
	}
	return len(rows), err
}
