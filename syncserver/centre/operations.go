package centre

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"banlang/shared/fault"
	"banlang/syncserver/projection"
)

// Operations are what whoever runs a centre looks at. They name no citizen and no record.
type Operations struct {
	Status
	Vitals  Vitals
	Copies  []*Copy        // registered, the newest first
	Drill   *Drill         // the last one; nil: there was none
	Views   projection.Lag // zero without Options.Views
	Files   []File         // what takes room, in the order of the page
	Free    uint64         // bytes that are left on the disk; HasFree: it could be asked
	HasFree bool

	Custodians int // how many there are
}

// FewCustodians reports whether there are fewer than there should be.
func (o *Operations) FewCustodians() bool { return o.Custodians < MinCustodians }

// File is how much room something in the directory takes, what stands beside it included.
type File struct {
	Name  string // "hub.db", "views.db", "staff.db", "backups"
	Bytes int64
}

// Operations reads them. It may be called by anybody while the centre runs.
func (c *Centre) Operations(ctx context.Context) (*Operations, error) {
	o := &Operations{}
	s, err := c.status(ctx)
	if err != nil {
		return nil, err
	}
	o.Status = *s
	if o.Vitals, err = c.Vitals(ctx); err != nil {
		return nil, err
	}
	if o.Copies, err = c.dir.registered(); err != nil {
		return nil, err
	}
	if o.Drill, err = c.dir.LastDrill(); err != nil {
		return nil, err
	}
	if c.views != nil {
		if o.Views, err = c.views.Lag(ctx); err != nil {
			return nil, err
		}
	}
	if o.Custodians, err = c.custodians(ctx); err != nil {
		return nil, err
	}
	o.Free, o.HasFree = freeBytes(string(c.dir))
	o.Files, err = c.dir.sizes()
	return o, err
}

// sizes says what takes room.
func (d Dir) sizes() (all []File, err error) {
	for _, path := range []string{d.Database(), d.Views(), d.Staff().Database, d.Backups()} {
		f := File{Name: filepath.Base(path)}
		under := path + "*"
		if strings.HasSuffix(path, string(filepath.Separator)+"backups") {
			under = filepath.Join(path, "*")
		}
		names, err := filepath.Glob(under)
		if err != nil {
			return nil, fault.New(fault.Internal, "sizes", err)
		}
		for _, name := range names {
			if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() { // what is gone by now takes no room
				f.Bytes += info.Size()
			}
		}
		all = append(all, f)
	}
	return all, nil
}
