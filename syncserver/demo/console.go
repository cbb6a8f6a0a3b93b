package main

import (
	"context"
	"crypto/rand"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"banlang/syncserver/demo/madeup"
)

// importUnits has the centre publish the tree of the made-up units, so that officers and staff read names.
func (s *story) importUnits(ctx context.Context) error {
	list, err := os.Create(filepath.Join(s.dir, "don-vi.csv"))
	if err != nil {
		return err
	}
	w := csv.NewWriter(list)
	_ = w.Write([]string{"code", "parent", "name", "level"}) // w.Error says it, here and below
	for _, u := range s.world.Units() {
		level := "commune"
		switch u.Parent {
		case "":
			level = "country"
		case madeup.Top:
			level = "province"
		}
		_ = w.Write([]string{u.Code, u.Parent, u.Name, level})
	}
	w.Flush()
	if err := errors.Join(w.Error(), list.Close()); err != nil {
		return err
	}
	_, err = do(ctx, s.syncserver, "units", "import", "--dir", s.centreDir(), "--yes", list.Name())
	return err
}

// staffOf are those who sign in to the console of the demonstration.
func staffOf(commune madeup.Unit) []struct{ name, person, unit, roles string } {
	return []struct{ name, person, unit, roles string }{
		{"tra", "Vũ Ngọc Trà", madeup.Top, "review,direct,compile"},
		{"tri", "Quách Đình Trí", madeup.Top, "administer"},
		{"lan", "Giang Thu Lan", madeup.Top, "supervise"},
		{"ha", "Lê Thị Mai Hạ", commune.Code, "record,review,direct"},
	}
}

// openConsole makes accounts and says how to look at the centre in a browser.
func (s *story) openConsole(ctx context.Context) error {
	passphrase := strings.ToLower(rand.Text()[:16])
	if err := os.Setenv("BANLANG_NEW_PASSPHRASE", passphrase); err != nil {
		return err
	}
	var names []string
	for _, a := range staffOf(s.machines[0].Unit) {
		if _, err := do(ctx, s.syncserver, "account", "add", "--dir", s.centreDir(), "--name", a.name, "--person", a.person, "--unit", a.unit, "--roles", a.roles); err != nil {
			return err
		}
		names = append(names, a.name+" ("+a.roles+")")
	}
	s.p.line("Trang của trung tâm: %s", s.centre.console)
	s.p.line("  tài khoản: %s; mật khẩu của lần chạy này: %s", strings.Join(names, ", "), passphrase)
	s.p.line("  trình duyệt sẽ hỏi về chứng chỉ tự làm: đây là máy này, cứ tiếp tục")
	return nil
}
