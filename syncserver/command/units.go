package command

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"banlang/shared/fault"
	"banlang/shared/form"
	tree "banlang/shared/units"
	"banlang/shared/viet"
	"banlang/syncserver/centre"
	"banlang/syncserver/units"
)

// Limits of what units prints, for people.
const (
	mostProblems    = 50
	mostDifferences = 40
)

// units is what staff do with the tree of units.
func (r *run) units(ctx context.Context, args []string) error {
	if len(args) > 0 {
		verbs := map[string]func(context.Context, []string) error{"import": r.unitsImport, "list": r.unitsList,
			"merge": r.unitsMerge, "split": r.unitsSplit}
		if do := verbs[args[0]]; do != nil {
			return do(ctx, args[1:])
		}
	}
	return r.usage(form.Text{VI: "units cần biết làm gì: import, list, merge, split", EN: "units needs to be told what to do: import, list, merge, split"})
}

// doing are the flags of everything that alters the tree.
type doing struct {
	on       string
	try, yes bool
}

func (d *doing) flags(f *flag.FlagSet) {
	f.StringVar(&d.on, "on", "", "")
	f.BoolVar(&d.try, "try", false, "")
	f.BoolVar(&d.yes, "yes", false, "")
}

// onDay reads --on, as people write it or as files do.
func (r *run) onDay(on string) (string, error) {
	if on == "" || viet.ValidDate(on) {
		return on, nil
	}
	iso, ok := viet.ParseDate(on)
	if !ok {
		return "", r.usage(form.Text{VI: "--on: %q không phải một ngày", EN: "--on: %q is no day"}, on)
	}
	return iso, nil
}

func (r *run) unitsImport(ctx context.Context, args []string) error {
	var d doing
	var whole bool
	var levels string
	rest, err := r.parse(args, 1, 1, func(f *flag.FlagSet) {
		d.flags(f)
		f.BoolVar(&whole, "whole", false, "")
		f.StringVar(&levels, "levels", "", "")
	})
	if err != nil {
		return err
	}
	q := centre.AlterUnits{Import: units.Import{Whole: whole, Levels: readLevels(levels)}}
	if q.Import.On, err = r.onDay(d.on); err != nil {
		return err
	}
	f, err := os.Open(rest[0])
	if err != nil {
		return fault.New(fault.BadInput, "units", err)
	}
	defer f.Close()
	if q.List, err = io.ReadAll(io.LimitReader(f, units.MaxFile+1)); err != nil {
		return fault.New(fault.BadInput, "units", err)
	}
	if len(q.List) > units.MaxFile {
		return fault.New(fault.LimitExceeded, "units", fmt.Errorf("%s has more than %d bytes", rest[0], units.MaxFile))
	}
	if q.List == nil {
		q.List = []byte{}
	}
	return r.alterUnits(ctx, &q, d)
}

// readLevels reads "province,cluster=Cụm|Cluster,commune": levels are called as usual where nothing is said.
func readLevels(s string) (levels []tree.Level) {
	for _, item := range strings.Split(s, ",") {
		id, names, named := strings.Cut(strings.TrimSpace(item), "=")
		if id == "" {
			continue
		}
		l := tree.Level{ID: id, VI: id, EN: id}
		for _, u := range tree.Usual {
			if u.ID == id {
				l = u
			}
		}
		if named {
			l.VI, l.EN, named = strings.Cut(names, "|")
			if !named {
				l.EN = l.VI
			}
		}
		levels = append(levels, l)
	}
	return levels
}

func (r *run) unitsMerge(ctx context.Context, args []string) error {
	var d doing
	var m units.Merge
	rest, err := r.parse(args, 1, -1, func(f *flag.FlagSet) {
		d.flags(f)
		f.StringVar(&m.Into, "into", "", "")
		f.StringVar(&m.Name, "name", "", "")
	})
	if err != nil {
		return err
	}
	if m.Into == "" || d.on == "" {
		return r.usage(form.Text{VI: "cần --into và --on", EN: "--into and --on are needed"})
	}
	if m.On, err = r.onDay(d.on); err != nil {
		return err
	}
	m.Units, m.Name = rest, viet.NFC(m.Name)
	return r.alterUnits(ctx, &centre.AlterUnits{Merge: &m}, d)
}

func (r *run) unitsSplit(ctx context.Context, args []string) error {
	var d doing
	s := units.Split{}
	below := map[string][]string{}
	var bad error
	rest, err := r.parse(args, 1, 1, func(f *flag.FlagSet) {
		d.flags(f)
		f.Func("part", "", func(v string) error {
			code, name, _ := strings.Cut(v, "=")
			s.Parts = append(s.Parts, units.Part{Code: code, Name: viet.NFC(name)})
			return nil
		})
		f.Func("below", "", func(v string) error {
			child, code, ok := strings.Cut(v, "=")
			if !ok {
				return fmt.Errorf("%q: CODE=PART", v)
			}
			below[code] = append(below[code], child)
			return nil
		})
	})
	if err != nil {
		return err
	}
	if d.on == "" || len(s.Parts) == 0 {
		return r.usage(form.Text{VI: "cần --on và từ hai --part MÃ=TÊN", EN: "--on and at least two --part CODE=NAME are needed"})
	}
	if s.On, bad = r.onDay(d.on); bad != nil {
		return bad
	}
	s.Unit = rest[0]
	for i := range s.Parts {
		s.Parts[i].Below = below[s.Parts[i].Code]
		delete(below, s.Parts[i].Code)
	}
	for code := range below {
		return r.usage(form.Text{VI: "--below: %q không phải một --part", EN: "--below: %q is no --part"}, code)
	}
	return r.alterUnits(ctx, &centre.AlterUnits{Split: &s}, d)
}

// alterUnits shows what an alteration would mean, and does it with --yes.
func (r *run) alterUnits(ctx context.Context, q *centre.AlterUnits, d doing) error {
	q.Try = true
	a, err := r.ask(ctx, false, centre.Request{AlterUnits: q})
	if err != nil {
		return err
	}
	switch tried := a.Altered; {
	case len(tried.Problems) > 0:
		r.refuseUnits(tried.Problems)
		return errRefused
	case tried.Bytes == 0:
		r.say(form.Text{VI: "Cây đơn vị đã đúng như vậy; không có gì phải làm.", EN: "The tree of units says so already; there is nothing to do."})
		return nil
	default:
		r.sayDifferences(tried)
		q.Try, q.Upon = false, tried.Upon
	}
	if d.try || !d.yes {
		r.say(form.Text{VI: "Chưa đổi gì. Nếu đúng, chạy lại với --yes.", EN: "Nothing was altered. If that is meant, run this again with --yes."})
		if d.try {
			return nil
		}
		return errRefused
	}
	switch a, err = r.ask(ctx, false, centre.Request{AlterUnits: q}); {
	case fault.CodeOf(err) == fault.Busy:
		r.warn(form.Text{VI: "Trong lúc đó đã có người khác ban hành điều mới. Chưa đổi gì. Chạy lại lệnh này để xem điều gì sẽ thay đổi.",
			EN: "Something else was published meanwhile. Nothing was altered. Run this again to see what would become of the tree."})
		return errRefused
	case err != nil:
		return err
	}
	r.say(form.Text{VI: "Đã ban hành cây đơn vị mới (%s byte). Các máy nhận ở lần liên lạc tới; bản ghi giữ mã đơn vị lúc được ghi.",
		EN: "The new tree of units is published (%s bytes). Devices receive it at their next contact; records keep the unit they were written under."}, r.num(uint64(a.Altered.Bytes)))
	return nil
}

func (r *run) refuseUnits(problems []units.Problem) {
	for i := range problems[:min(len(problems), mostProblems)] {
		fmt.Fprintln(r.err, problems[i].In(r.lang))
	}
	if more := len(problems) - mostProblems; more > 0 {
		r.warn(form.Text{VI: "… và %d chỗ nữa.", EN: "… and %d more."}, more)
	}
	r.warn(form.Text{VI: "Chưa đổi gì.", EN: "Nothing was altered."})
}

// kinds are what becomes of units, in the order in which it is counted.
var kinds = []struct {
	kind string
	text form.Text
}{
	{units.Added, form.Text{VI: "mới", EN: "new"}}, {units.Ended, form.Text{VI: "hết hiệu lực", EN: "ended"}},
	{units.Altered, form.Text{VI: "thay đổi", EN: "altered"}}, {units.Removed, form.Text{VI: "bỏ hẳn", EN: "removed"}},
}

func (r *run) sayDifferences(a *centre.UnitsAltered) {
	var counts []string
	for _, k := range kinds {
		n := 0
		for i := range a.Differences {
			if a.Differences[i].Kind == k.kind {
				n++
			}
		}
		counts = append(counts, k.text.In(r.lang)+" "+r.num(uint64(n)))
	}
	fmt.Fprintln(r.out, strings.Join(counts, ", "))
	w := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	for i := range a.Differences[:min(len(a.Differences), mostDifferences)] {
		d := &a.Differences[i]
		word := d.Kind
		for _, k := range kinds {
			if k.kind == d.Kind {
				word = k.text.In(r.lang)
			}
		}
		var fields []string
		for _, f := range d.Fields {
			fields = append(fields, fmt.Sprintf("%s: %s → %s", f.Field, orDash(f.Before), orDash(f.After)))
		}
		if len(d.Into) > 0 {
			fields = append(fields, "→ "+strings.Join(d.Into, ", "))
		}
		fmt.Fprintln(w, "  "+row(word, d.Code, d.Name, r.day(d.From), strings.Join(fields, "; ")))
	}
	_ = w.Flush() // it only prints
	if more := len(a.Differences) - mostDifferences; more > 0 {
		r.say(form.Text{VI: "  … và %s đơn vị nữa", EN: "  … and %s more units"}, r.num(uint64(more)))
	}
}

// row is a line of a table, without blanks at its end.
func row(cells ...string) string { return strings.TrimRight(strings.Join(cells, "\t"), "\t") }

// unitsList shows the tree of a day, or writes all of it as a list that import takes.
func (r *run) unitsList(ctx context.Context, args []string) error {
	var on, under string
	var csv, reporting bool
	_, err := r.parse(args, 0, 0, func(f *flag.FlagSet) {
		f.StringVar(&on, "on", "", "")
		f.StringVar(&under, "under", "", "")
		f.BoolVar(&csv, "csv", false, "")
		f.BoolVar(&reporting, "reporting", false, "")
	})
	if err != nil {
		return err
	}
	if on, err = r.onDay(on); err != nil {
		return err
	}
	t, err := r.tree(ctx)
	if err != nil {
		return err
	}
	if csv {
		_, err := r.out.Write(units.WriteCSV(t.All()))
		return err
	}
	if on == "" {
		on = time.Now().In(viet.Zone).Format(time.DateOnly)
	}
	v := t.At(on)
	if reporting {
		v = t.Reporting(on)
	}
	if under != "" && !v.Has(under) {
		return fault.New(fault.NotFound, "units", fmt.Errorf("unit %q", under))
	}
	titles := map[string]string{}
	for _, l := range t.Levels() {
		titles[l.ID] = form.Text{VI: l.VI, EN: l.EN}.In(r.lang)
	}
	w := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	for _, u := range v.All() {
		if under == "" || v.Within(u.Code, under) {
			fmt.Fprintln(w, strings.Repeat("  ", len(v.Path(u.Code))-1)+row(u.Code, u.Name, titles[u.Level], u.Phone))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	r.say(form.Text{VI: "%s đơn vị ngày %s", EN: "%s units on %s"}, r.num(uint64(len(v.All()))), r.day(on))
	return nil
}
