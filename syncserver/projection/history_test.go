package projection_test

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/syncserver/hub"
	"banlang/syncserver/projection"
	"banlang/syncserver/sqlitestore"
)

// TestEqualsARebuild: after random histories of a centre, restores of backups included, the tables are what a rebuild makes,
// and what each record says when it is opened by itself.
func TestEqualsARebuild(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("memory ", seed), func(t *testing.T) {
			m := hub.NewMemory()
			w := newWorld(t, m, seed)
			var backup *hub.Memory
			for i := range 8 {
				w.happen(15)
				w.must(w.views.Check(ctx))
				w.compare()
				switch i % 4 {
				case 1:
					backup = m.Clone()
				case 3:
					m = backup
					w.restore(m)
				}
			}
		})
	}
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("sqlite ", seed), func(t *testing.T) {
			dir := memoryDir(t)
			s := openStore(t, filepath.Join(dir, "hub.db"))
			w := newWorld(t, s, 100+seed)
			w.happen(25)
			w.must(w.views.Check(ctx))
			w.must(s.Backup(ctx, filepath.Join(dir, "backup.db")))
			w.happen(25)
			w.must(w.views.Check(ctx))
			w.compare()
			w.restore(openStore(t, filepath.Join(dir, "backup.db")))
			w.happen(25)
			w.must(w.views.Check(ctx))
			w.compare()
		})
	}
}

func openStore(t *testing.T, path string) *sqlitestore.Store {
	s, err := sqlitestore.Open(ctx, path, sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// restore has the centre go on from a store of before, as after a loss, and takes back what the notebooks hold: some of it
// without its values first.
func (w *world) restore(s hub.Store) {
	w.t.Helper()
	w.open(s)
	w.staff(func(a *hub.Act) error { return a.NewEpoch() })
	for _, d := range w.devices {
		w.hello(d)
		for _, c := range d.log {
			if w.rng.IntN(3) == 0 {
				w.push(c.Without(record.BodyAbsent))
			}
		}
	}
	w.must(w.views.Check(ctx))
	for _, d := range w.devices {
		w.push(d.log...)
	}
	w.must(w.views.Check(ctx))
	w.compare()
}

// happen lets things happen at the centre, and now and then brings the tables forward.
func (w *world) happen(n int) {
	w.t.Helper()
	for range n {
		w.step()
		if w.rng.IntN(6) == 0 {
			w.must(w.views.CatchUp(ctx))
		}
	}
}

func (w *world) step() {
	w.t.Helper()
	d := w.devices[w.rng.IntN(len(w.devices))]
	if len(w.records) < 5 || w.rng.IntN(3) == 0 {
		w.push(w.write(d, w.any()))
		return
	}
	rec := w.records[w.rng.IntN(len(w.records))]
	what := w.rng.IntN(14)
	if w.spare && (what == 3 || what == 4) {
		what = 13
	}
	switch v := w.seen(rec); what {
	case 0:
		w.edit(d, rec, record.PathFeed, w.pick("U1/ordinary", "U2/ordinary", "U3/ordinary"))
	case 1, 2:
		w.edit(d, rec, record.PathLife, w.pick(record.LifeDeleted, record.LifeDeleted, record.LifeKept))
	case 3:
		w.staff(func(a *hub.Act) error { return a.Erase(rec) })
	case 4:
		w.staff(func(a *hub.Act) error { return a.Erase(rec, "note") })
	case 5:
		w.publish()
	case 6:
		w.review(rec, w.pick(record.ReviewApproved, record.ReviewReturned))
	case 7: // beside each other: a conflict, or one that a judge rejects
		w.push(w.write(d, record.Change{Record: rec, Form: v.Form, Edits: edits([]string{"occurred_on", w.pick("2026-11-12", "2027-01-03", "hôm qua")})}))
	case 8:
		for _, r := range v.Rejected {
			w.staff(func(a *hub.Act) error { return a.Release(r.Target) })
			break
		}
	case 9: // a change before the record that it concerns
		c := w.write(d, w.any())
		e := w.write(d, record.Change{Record: c.Dot, Form: c.Form, Edits: edits([]string{"note", "đến trước"})})
		w.push(e)
		w.must(w.views.CatchUp(ctx))
		w.push(c)
	case 10: // of a form that is published later
		w.push(w.write(d, w.of(testForm(w.published+1), "ngay", "2026-05-01", "sau", "12.25", "Q0", "xa")))
	default:
		w.edit(d, rec, "note", w.pick("Suối cạn", "", "lũ về"), "occurred_on", w.pick("2026-10-01", "2026-12-31", ""))
	}
}

// any is a new record.
func (w *world) any() record.Change {
	unit := w.pick("U1", "U2", "U3")
	day := w.pick("2026-11-12", "2026-11-30", "2025-01-01")
	switch w.rng.IntN(6) {
	case 0:
		return w.record(unit+"/tips", "tip", "occurred_on", day, "channel", "hom_thu", "area", "suối", "assessed_value", "co_gia_tri")
	case 1:
		return w.record(unit+"/ordinary", "weapon_handover", "occurred_on", day, "items/r1/kind", "gun_hunting", "items/r1/quantity", "2",
			"items/r2/kind", "explosive_g", "items/r2/quantity", "180.5")
	case 2, 3:
		return w.of(testForm(max(w.published, 1)), "ngay", day, "sau", w.pick("12", "sâu lắm", "7.5"), "mau/r1/ten", "a", "mau/r1/RoW", "4", "mau/r2/RoW", "5")
	}
	return w.record(unit+"/ordinary", "awareness_session", "occurred_on", day, "method", w.pick("truc_tiep", "xe_loa"), "participants_total",
		fmt.Sprint(w.rng.IntN(90)), "note", w.pick("Bà con hỏi nhiều", "suối Đrang"))
}

// of is a record in a version of the form of this test, which may be published or not.
func (w *world) of(p *form.Publication, pairs ...string) record.Change {
	c := w.record("U1/ordinary", p.ID, pairs...)
	c.Form = p.Ref()
	return c
}

func (w *world) pick(texts ...string) string { return texts[w.rng.IntN(len(texts))] }

// compare holds the tables against each record opened by itself.
func (w *world) compare() {
	w.t.Helper()
	existing := 0
	for _, rec := range w.records {
		v := w.seen(rec)
		if !v.Created {
			continue
		}
		existing++
		f, _, known := w.forms.For(v.Form, v.Values())
		if _, own := w.forms.Lookup(v.Form); !known || !own || v.Hidden {
			continue
		}
		l, err := f.Open(v.Values(), form.Env{})
		w.must(err)
		want := map[string]string{}
		for path, text := range l.Shown() {
			if field, _ := f.Field(path); !field.Sealed() {
				want[path] = text
			}
		}
		got := w.answers(rec, f)
		for path, text := range want {
			if got[path] != text {
				w.t.Fatalf("%v %s: the table says %q, the record %q", rec, path, got[path], text)
			}
		}
		if len(got) != len(want) {
			w.t.Fatalf("%v: the table says %v, the record %v", rec, got, want)
		}
	}
	w.must(w.views.View(ctx, func(tx *sqlite.Tx) error {
		row, err := tx.One("SELECT count(*) FROM records")
		if err == nil && int(row.Int64(0)) != existing {
			err = fmt.Errorf("%d records, want %d", row.Int64(0), existing)
		}
		return err
	}))
}

// answers reads what the tables say of a record, by path. Numbers are as the form writes them.
func (w *world) answers(rec record.Dot, f *form.Form) map[string]string {
	w.t.Helper()
	got := map[string]string{}
	w.must(w.views.View(ctx, func(tx *sqlite.Tx) error {
		columns, err := projection.Columns(tx, f.ID())
		if err != nil {
			return err
		}
		for _, c := range columns {
			row := "''"
			if c.Repeat != "" {
				row = "row"
			}
			rows := tx.Query(fmt.Sprintf("SELECT %s, typeof(x.%[2]s), CAST(x.%[2]s AS TEXT) FROM %[3]s x JOIN records USING (rec) WHERE dot = ? AND x.%[2]s IS NOT NULL",
				row, projection.Quote(c.Name), projection.Quote(c.Table)), rec.String())
			for rows.Next() {
				path := strings.TrimPrefix(c.Repeat+"/"+rows.Text(0)+"/"+c.Question, "//")
				field, _ := f.Field(path)
				text := rows.Text(2)
				if field.Type == form.TypeDecimal && rows.Text(1) == "integer" {
					n, _ := strconv.ParseInt(text, 10, 64)
					text = strconv.FormatFloat(float64(n)/1000, 'f', -1, 64)
				}
				if _, twice := got[path]; twice {
					return fmt.Errorf("%s: two values", path)
				}
				got[path] = text
			}
			if err := rows.Err(); err != nil {
				return err
			}
		}
		return nil
	}))
	return got
}
