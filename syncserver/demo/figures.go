package main

import (
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"banlang/shared/clock"
	"banlang/shared/form"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/shared/viet"
	"banlang/syncserver/hub"
	"banlang/syncserver/judge"
	"banlang/syncserver/projection"
	"banlang/syncserver/report"
	"banlang/syncserver/report/pivot"
	"banlang/syncserver/sqlitestore"
)

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func since(p *paper) time.Duration { return time.Since(p.start) }

// figures recomputes the published figures from the records that the centre has merged: by the tables that its console looks
// up, and again from the readings of the single records, which must say the same.
func (s *story) figures(ctx context.Context) error {
	s.p.begin("Tính lại các số liệu đã đăng báo, từ những bản ghi đã hợp nhất ở trung tâm")
	store, err := s.copied(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }() // of a copy, which nobody needs again
	facts, err := report.Published()
	if err != nil {
		return err
	}
	view := s.world.Tree().At("2022-12-31")
	rows, err := s.fromTables(ctx, store, view, facts)
	if err != nil {
		return err
	}
	s.p.done("trung tâm sao lưu khi vẫn chạy; các bảng được dựng từ nhật ký của bản sao")
	var records []report.Record
	err = store.View(ctx, func(tx hub.Tx) (err error) {
		records, err = foldAll(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	readings := report.Read(form.Builtin(), records) // the centre of the story publishes no other forms
	same := 0
	for i, again := range report.Compare(slices.Values(readings), view, facts) {
		if hidden := rows[i].Computed == pivot.HiddenText; hidden || again.Computed == rows[i].Computed {
			same++
		}
	}
	s.held(same == len(facts), "%s bản ghi được đếm lại từng cái một: %d/%d số giống số tính bằng bảng, hoặc được che", viet.Int(int64(len(records))), same, len(facts))
	s.p.line("\n%s", indent(report.Table(rows, "vi")))
	s.judge(rows)
	return nil
}

// judge holds all figures together against what was printed.
func (s *story) judge(rows []report.Row) {
	count := map[report.Verdict]int{}
	for _, row := range rows {
		count[row.Verdict]++
	}
	right, corrected, beyond := count[report.Equal]+count[report.Satisfies], count[report.Corrected], count[report.Beyond]
	s.held(right+corrected+beyond == len(rows) && corrected == 1 && beyond == 3,
		"%d số khớp với báo in; %d số báo in sai (97,23 %%) được tính lại thành 97,13 %%; %d số không tính được từ bản ghi", right, corrected, beyond)
}

// fromTables computes the figures from projections of the log, in a file beside it.
func (s *story) fromTables(ctx context.Context, store *sqlitestore.Store, view *units.View, facts []report.Fact) (rows []report.Row, err error) {
	key, err := seal.NewCentreKey(nil) // nothing is signed here
	if err != nil {
		return nil, err
	}
	forms := form.Builtin()
	h, err := hub.Open(ctx, store, hub.Options{Key: key, Forms: judge.Forms{Library: forms}, Wall: clock.System})
	if err != nil {
		return nil, err
	}
	tables, err := projection.Open(ctx, projection.Options{Path: filepath.Join(s.dir, "views.db"), Hub: h, Forms: forms})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, tables.Close()) }()
	if err := tables.Rebuild(ctx); err != nil {
		return nil, err
	}
	err = tables.View(ctx, func(tx *sqlite.Tx) error {
		rows, err = computed(tx, view, facts)
		return err
	})
	return rows, err
}

// computed holds the facts against the tables, as somebody above all units sees them: of tips and petitions some figures may be
// hidden.
func computed(tx *sqlite.Tx, view *units.View, facts []report.Fact) (rows []report.Row, err error) {
	for _, fact := range facts {
		figure := report.Figure{Question: fact.Question()}
		if fact.Indicator == "" {
			rows = append(rows, fact.Against(figure))
			continue
		}
		c, err := pivot.One(tx, view, pivot.Query{Indicator: fact.Indicator, Root: fact.Root, Period: figure.Question.Period})
		if err != nil {
			return nil, err
		}
		figure.Value, figure.Records, figure.Unread = c.Value, c.Records, c.Unread
		row := fact.Against(figure)
		if c.Hidden {
			row.Computed, row.Verdict = c.Text(), report.Different
		}
		rows = append(rows, row)
	}
	return rows, nil
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

// copied opens a copy of the centre's database, from a backup that the centre made while it ran.
func (s *story) copied(ctx context.Context) (*sqlitestore.Store, error) {
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
	return sqlitestore.Open(ctx, path, sqlitestore.Options{Readers: 1})
}

// foldAll folds every record of the log. A record that stands in two units counts in the first.
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
