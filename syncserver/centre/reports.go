package centre

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"banlang/shared/fault"
	"banlang/shared/sqlite"
	"banlang/shared/wholefile"
	"banlang/syncserver/hub"
	"banlang/syncserver/report/shelf"
)

// ReportsCopy is the copy of the frozen figures that belongs to a copy, and lies beside it.
type ReportsCopy struct {
	Name   string // of the file in Backups
	Size   int64
	SHA256 string
}

// Reports is the database of frozen figures (package shelf); nil where it cannot be opened. It is closed with the centre.
func (c *Centre) Reports() *sqlite.DB { return c.reports }

// openReports opens it, making it where there is none. One that cannot be opened stands in the way of no notebook.
func (c *Centre) openReports(ctx context.Context) {
	var err error
	if c.reports, err = sqlite.Open(ctx, sqlite.Options{Path: c.dir.Reports()}, shelf.Schema); err != nil {
		c.reports = nil
		c.log.Error("no frozen figures: notebooks are served, nothing can be frozen", "code", string(fault.CodeOf(err)))
	}
}

// Hub is the hub of the centre, for those who compute figures from its log.
func (c *Centre) Hub() *hub.Hub { return c.hub }

// CheckReports holds the frozen figures of a centre that does not run against their digests, and counts them.
func CheckReports(ctx context.Context, dir Dir) (n int, err error) {
	if there, err := exists(dir.Reports()); !there || err != nil {
		return 0, err
	}
	db, err := sqlite.Open(ctx, sqlite.Options{Path: dir.Reports()}, shelf.Schema)
	if err != nil {
		return 0, unsound(err)
	}
	n, err = checkShelf(ctx, db)
	return n, errors.Join(err, db.Close())
}

// checkShelf checks frozen figures; nil: they could not be opened.
func checkShelf(ctx context.Context, db *sqlite.DB) (n int, err error) {
	if db == nil {
		return 0, unsound(fault.New(fault.TornDatabase, "check", errors.New("reports.db cannot be opened")))
	}
	n, err = shelf.Check(ctx, db)
	return n, unsound(err)
}

// unsound says of damage that a check found it.
func unsound(err error) error {
	if errors.Is(err, fault.TornDatabase) {
		return fmt.Errorf("%w: %w", ErrUnsound, err)
	}
	return err
}

// reportsCopyOf is where the frozen figures lie that belong to a copy.
func reportsCopyOf(path string) string { return path + ".reports" }

// copyReports makes the verified copy of the frozen figures; nil where they cannot be opened.
func (c *Centre) copyReports(ctx context.Context, path string) (x *ReportsCopy, err error) {
	if c.reports == nil {
		return nil, nil //nolint:nilnil // as ReportsCopy says
	}
	if err := c.reports.CopyTo(ctx, path+unverified); err != nil {
		return nil, err
	}
	db, err := sqlite.Open(ctx, sqlite.Options{Path: path + unverified}, shelf.Schema)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(db.Check(ctx, false), db.Close()); err != nil {
		return nil, err
	}
	x = &ReportsCopy{Name: filepath.Base(path)}
	if x.Size, x.SHA256, err = sumFile(path + unverified); err != nil {
		return nil, err
	}
	return x, os.Rename(path+unverified, path)
}

// restoreReports puts the frozen figures of a copy in their place where those of the centre are gone. Those that are there stay: to
// them is only added, so they hold all that the copy has, and what was frozen after it.
func (d Dir) restoreReports(from string) error {
	there, err := exists(d.Reports())
	if there || err != nil {
		return err
	}
	beside := reportsCopyOf(from)
	if there, err = exists(beside); !there || err != nil {
		return err
	}
	fresh := d.Reports() + ".restoring"
	if err := errors.Join(copyFile(beside, fresh), os.Rename(fresh, d.Reports()), wholefile.SyncDir(string(d))); err != nil {
		return fault.New(fault.DiskIO, "restore", err)
	}
	return nil
}
