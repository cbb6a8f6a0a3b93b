package banlang_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"banlang/shared/units"
	"banlang/syncserver/command"
)

// TestTheTreeOfUnitsReachesDevices follows a list that staff import and a merger: a device that was there has the new names
// after its next contact, one that comes late has them with the first, and so has a centre whose database went back to
// before, when a device has been in touch.
func TestTheTreeOfUnitsReachesDevices(t *testing.T) {
	s := serving(t, t.TempDir())
	a, b := s.enrol("SL01", "A"), s.enrol("SL02", "B")
	list := filepath.Join(t.TempDir(), "units.csv")
	text := "Mã,Tên,Cấp,Mã cấp trên\nSL,Tỉnh Sơn La,Tỉnh,VN\nSL01,Xã Đứa Mòn,Xã,SL\nSL02,Xã Ẳng Nưa,Xã,SL\n"
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s.staff(command.ExitDone, "backup")
	copies, err := filepath.Glob(filepath.Join(s.dir, "backups", "*.db"))
	if err != nil || len(copies) != 1 {
		t.Fatal(copies, err)
	}
	staff(t, command.ExitDone, "units", "import", "--dir", s.dir, list, "--yes")
	a.sync()
	if got := a.tree().At("2025-06-30").Name("SL01"); got != "Xã Đứa Mòn" {
		t.Errorf("the commune is called %q", got)
	}
	staff(t, command.ExitDone, "units", "merge", "--dir", s.dir, "SL01", "SL02", "--into", "SL10", "--name", "Xã Mường Lầm", "--on", "2025-07-01", "--yes")
	for _, o := range []*officer{a, b} {
		o.sync()
		if v := o.tree().At("2025-07-01"); v.Name(v.Home("SL01")) != "Xã Mường Lầm" || v.Has("SL02") {
			t.Errorf("device %d: SL01 counts in %q", o.file.Replica, v.Home("SL01"))
		}
	}
	s.end()
	staff(t, command.ExitDone, "restore", "--dir", s.dir, "--from", copies[0])
	s = serving(t, s.dir, "--listen", s.addr)
	a.sync()
	if out, _ := staff(t, command.ExitDone, "units", "list", "--dir", s.dir, "--on", "2025-07-01"); !strings.Contains(out, "Xã Mường Lầm") {
		t.Errorf("the restored centre says\n%s", out)
	}
}

// tree is the tree of units that the notebook holds.
func (o *officer) tree() *units.Tree {
	o.t.Helper()
	held, err := o.nb.Publications(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	t, err := units.Learn(held)
	if err != nil {
		o.t.Fatal(err)
	}
	return t
}
