package centre

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/seal"
	"banlang/shared/wholefile"
	"banlang/syncserver/staff"
)

// Dir is the data directory of a centre:
//
//	centre.key     the centre's secret, mode 0600. Whoever has it is the centre; keep a copy apart from the backups
//	hub.db         what the centre holds (package sqlitestore), with "-wal", "-shm" and "hub.db.lock" beside it
//	views.db       what staff look up; it follows hub.db and may be deleted (package projection)
//	staff.db       who works at the centre, and what they did (package staff); audit.heads and audit.keys beside it, outside
//	               every backup
//	erasures       the orders of erasure, outside every backup (Erasures)
//	openings       who had which sealed answer or key opened, when and why (Opening); outside every backup too
//	losses         which devices were lost and found (Loss); outside every backup too
//	unnoted        what was done while there was no register of staff, until it is in the audit
//	waiting.json   openings that were asked for in the console and wait for a second person (Consent)
//	proposals.json versions of forms that wait to be published (Proposal)
//	boundaries.bin boundaries of units, to draw (package boundary); made again from its source, so in no backup
//	reports.db     figures that were frozen (package shelf); a restore replaces it only where it is gone
//	scratch/       files on their way to a browser, and tables of replays; swept when the centre is opened
//	backups/       whole copies of hub.db and staff.db, with one register entry for both
//	drill/         the newest copy, restored for practice, while that lasts
//	console.pem    the certificate of the console with its key, mode 0600, where none is given
//	office.sock    where the running centre takes requests of its staff, mode 0600
type Dir string

func (d Dir) path(name ...string) string {
	return filepath.Join(append([]string{string(d)}, name...)...)
}

// Key is the path of the centre's secret.
func (d Dir) Key() string { return d.path("centre.key") }

// Database is the path of what the centre holds.
func (d Dir) Database() string { return d.path("hub.db") }

// Staff is where the register of staff is.
func (d Dir) Staff() staff.Files { return staff.In(string(d)) }

// ErasureLedger is the path of the orders of erasure.
func (d Dir) ErasureLedger() string { return d.path("erasures") }

// Views is the path of what staff look up.
func (d Dir) Views() string { return d.path("views.db") }

// Waiting is the path of the openings that wait for a second person.
func (d Dir) Waiting() string { return d.path("waiting.json") }

// Proposals is the path of the versions of forms that wait to be published.
func (d Dir) Proposals() string { return d.path("proposals.json") }

// Reports is the path of the figures that were frozen.
func (d Dir) Reports() string { return d.path("reports.db") }

// Openings is the path of the ledger of openings.
func (d Dir) Openings() string { return d.path("openings") }

// Losses is the path of the ledger of losses.
func (d Dir) Losses() string { return d.path("losses") }

// Unnoted is the path of what was done without a register of staff, and is not in its audit yet.
func (d Dir) Unnoted() string { return d.path("unnoted") }

// Boundaries is the path of the boundaries of units.
func (d Dir) Boundaries() string { return d.path("boundaries.bin") }

// Backups is where the whole copies are.
func (d Dir) Backups() string { return d.path("backups") }

// Console is the path of the certificate that the console has when none is given.
func (d Dir) Console() string { return d.path("console.pem") }

// Socket is where the running centre takes requests.
func (d Dir) Socket() string { return d.path("office.sock") }

// Why a directory cannot be used. Each is in the chain of a fault.
var (
	// ErrNoCentre: there is no centre in the directory.
	ErrNoCentre = errors.New("no centre in this directory")
	// ErrNoKey: the database is here, its key is not.
	ErrNoKey = errors.New("the centre's key is missing")
	// ErrForeignKey: the key is not the one that this database was made with.
	ErrForeignKey = errors.New("the key is not the one of this database")
	// ErrNoDatabase: there are traces of a database that is gone, so that a new one would hide a loss.
	ErrNoDatabase = errors.New("the database is gone, and backups or orders of erasure are left")
	// ErrNoRegister: the register of staff is gone, and heads of its audit are left, so that a new one would hide a loss. Whoever has no
	// copy of it moves the file of heads away.
	ErrNoRegister = errors.New("the register of staff is gone, and audit.heads is left")
)

// prepare makes the directory and the key when there is no centre yet and create says so, and returns the key.
func (d Dir) prepare(create bool) (seal.CentreKey, error) {
	const op = "centre.Open"
	none := seal.CentreKey{}
	database, err := exists(d.Database())
	if err != nil {
		return none, err
	}
	hasKey, err := exists(d.Key())
	switch {
	case err != nil:
		return none, err
	case database && !hasKey:
		return none, fault.New(fault.WrongKey, op, ErrNoKey)
	case !database:
		if err := d.mayCreate(create); err != nil {
			return none, err
		}
	}
	if err := os.MkdirAll(d.Backups(), 0o700); err != nil {
		return none, fault.New(fault.DiskIO, op, err)
	}
	if !hasKey {
		if err := d.makeKey(); err != nil {
			return none, fault.New(fault.DiskIO, op, err)
		}
	}
	return d.readKey()
}

// mayCreate refuses to begin anew where a centre was.
func (d Dir) mayCreate(create bool) error {
	const op = "centre.Open"
	if !create {
		return fault.New(fault.NotFound, op, ErrNoCentre)
	}
	entries, err := os.ReadDir(string(d))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fault.New(fault.DiskIO, op, err)
	}
	traces := slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		return e.Name() == filepath.Base(d.ErasureLedger()) || e.Name() == filepath.Base(d.Losses()) || e.Name() == filepath.Base(d.Staff().Database) || strings.HasPrefix(e.Name(), filepath.Base(d.Database())+asideMark) ||
			strings.HasPrefix(e.Name(), "hub.db-wal")
	})
	if copies, _ := d.backupFiles(); traces || len(copies) > 0 {
		return fault.New(fault.NotFound, op, ErrNoDatabase)
	}
	return nil
}

func exists(path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fault.New(fault.DiskIO, "centre", err)
	}
	return true, nil
}

// makeKey draws the centre's secret. Of two processes that do it at once, one wins, and the other reads its key.
func (d Dir) makeKey() error {
	key, err := seal.NewCentreKey(nil)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(string(d), "centre.key.new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(key.Secret() + "\n")
	if err = errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), d.Key()); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return wholefile.SyncDir(string(d))
}

func (d Dir) readKey() (seal.CentreKey, error) {
	b, err := os.ReadFile(d.Key())
	if err != nil {
		return seal.CentreKey{}, fault.New(fault.DiskIO, "centre.key", err)
	}
	key, err := seal.ParseCentreKey(string(b))
	if err != nil {
		return key, fault.New(fault.WrongKey, "centre.key", err)
	}
	return key, nil
}
