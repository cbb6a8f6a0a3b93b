package main

import (
	"banlang/shared/form"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/viet"
	"banlang/syncserver/hub"
	"banlang/syncserver/report"
	"banlang/syncserver/sqlitestore"
)

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func since(p *paper) time.Duration { return time.Since(p.start) }

// figures recomputes the published figures from the records that the centre has merged.
func (s *story) figures(ctx context.Context) error {
	s.p.begin("Tính lại các số liệu đã đăng báo, từ những bản ghi đã hợp nhất ở trung tâm")
	records, err := s.merged(ctx)
	if err != nil {
		return err
	}
	s.p.done("trung tâm sao lưu khi vẫn chạy; bản sao có %s bản ghi", viet.Int(int64(len(records))))
	readings := report.Read(form.Builtin(), records) // the centre of the story publishes no other forms
	s.p.done("đã đọc từng bản ghi qua biểu mẫu của nó")
	facts, err := report.Published()
	if err != nil {
		return err
	}
	rows := report.Compare(slices.Values(readings), s.world.Tree().At("2022-12-31"), facts)
	s.p.line("\n%s", indent(report.Table(rows, "vi")))
	right, corrected, beyond := 0, 0, 0
	for _, row := range rows {
		switch row.Verdict {
		case report.Equal, report.Satisfies:
			right++
		case report.Corrected:
			corrected++
		case report.Beyond:
			beyond++
		}
	}
	if s.communes > 0 {
		s.p.line("   Chỉ một phần số xã tham gia: không đối chiếu.")
		return nil
	}
	s.held(right+corrected+beyond == len(rows) && corrected == 1 && beyond == 3,
		"%d số khớp với báo in; %d số báo in sai (97,23 %%) được tính lại thành 97,13 %%; %d số không tính được từ bản ghi", right, corrected, beyond)
	return nil
}

func indent(text string) string {
	out := []byte("   ")
	for i, c := range []byte(text) {
		out = append(out, c)
		if c == '\n' && i < len(text)-1 {
			out = append(out, "   "...)
		}
	}
	return string(out)
}

// merged folds every record of a verified copy of the centre's database. Accepted counts as approved, until reviews
// exist; a record that stands in two units counts in the first.
func (s *story) merged(ctx context.Context) ([]report.Record, error) {
	if _, err := do(ctx, s.syncserver, "backup", "--dir", s.centreDir()); err != nil {
		return nil, err
	}
	copies, err := filepath.Glob(filepath.Join(s.centreDir(), "backups", "*.db"))
	if err != nil || len(copies) == 0 {
		return nil, errors.Join(err, errors.New("không có bản sao"))
	}
	path := filepath.Join(s.dir, "ban-sao.db")
	if err := copyFile(slices.Max(copies), path); err != nil {
		return nil, err
	}
	store, err := sqlitestore.Open(ctx, path, sqlitestore.Options{Readers: 1})
	if err != nil {
		return nil, err
	}
	var records []report.Record
	err = store.View(ctx, func(tx hub.Tx) (err error) {
		records, err = foldAll(ctx, tx)
		return err
	})
	return records, errors.Join(err, store.Close())
}

func foldAll(ctx context.Context, tx hub.Tx) (records []report.Record, err error) {
	end, err := tx.End()
	if err != nil {
		return nil, err
	}
	err = tx.Each(1, end, func(_ ledger.Pos, raw []byte) (bool, error) {
		c, err := record.DecodeStored(raw)
		if err != nil || !c.Creates() {
			return err == nil && ctx.Err() == nil, errors.Join(err, ctx.Err())
		}
		v, err := ledger.ViewOf(tx, c.Dot)
		if err != nil || !v.Created || v.Hidden || len(v.Feeds) == 0 {
			return err == nil, err
		}
		records = append(records, report.Record{ID: v.ID.String(), Unit: v.Feeds[0].Unit(), Form: v.Form, Values: v.Values()})
		return true, ctx.Err()
	})
	return records, err
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
