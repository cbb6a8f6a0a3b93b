package command

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"banlang/shared/fault"
	"banlang/shared/form"
	tree "banlang/shared/units"
	"banlang/shared/viet"
	"banlang/syncserver/boundary"
	"banlang/syncserver/centre"
)

// boundaries is what staff do with the boundaries of units.
func (r *run) boundaries(ctx context.Context, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case "import":
			return r.boundariesImport(ctx, args[1:])
		case "list":
			return r.boundariesList(ctx, args[1:])
		case "drop":
			return r.boundariesDrop(ctx, args[1:])
		case "draw":
			return r.boundariesDraw(ctx, args[1:])
		}
	}
	return r.usage(form.Text{VI: "boundaries cần biết làm gì: import, list, drop, draw", EN: "boundaries needs to be told what to do: import, list, drop, draw"})
}

// boundariesImport reads a file, says how its units fit the tree, and keeps it with --yes.
func (r *run) boundariesImport(ctx context.Context, args []string) error {
	var name, from, to string
	var byName, yes bool
	rest, err := r.parse(args, 1, 1, func(f *flag.FlagSet) {
		f.StringVar(&name, "name", "", "")
		f.StringVar(&from, "from", "", "")
		f.StringVar(&to, "to", "", "")
		f.BoolVar(&byName, "by-name", false, "")
		f.BoolVar(&yes, "yes", false, "")
	})
	if err != nil {
		return err
	}
	l, err := readBoundaries(rest[0])
	if err != nil {
		return err
	}
	if l.Name = viet.NFC(name); name == "" {
		l.Name, _, _ = strings.Cut(filepath.Base(rest[0]), ".")
	}
	if l.From, err = r.onDay(from); err == nil {
		l.To, err = r.onDay(to)
	}
	if err != nil {
		return err
	}
	t, err := r.tree(ctx)
	if err != nil {
		return err
	}
	v := t.At(time.Now().In(viet.Zone).Format(time.DateOnly))
	if l.From != "" {
		v = t.At(l.From)
	}
	m := l.Match(v)
	if r.sayMatch(l, &m, byName); byName {
		l.Rename(m.ByName)
	}
	if !yes {
		r.say(form.Text{VI: "Chưa đổi gì. Nếu đúng, chạy lại với --yes.", EN: "Nothing was altered. If that is meant, run this again with --yes."})
		return errRefused
	}
	q := &centre.PutBoundaries{}
	if q.Layer, err = boundary.Encode([]*boundary.Layer{l}); err != nil {
		return fault.New(fault.Internal, "boundaries", err)
	}
	if _, err := r.ask(ctx, false, centre.Request{PutBoundaries: q}); err != nil {
		return err
	}
	r.say(form.Text{VI: "Đã giữ ranh giới “%s”: %s đơn vị, %s byte.", EN: "The boundaries “%s” are kept: %s units, %s bytes."}, l.Name,
		r.num(uint64(len(l.Shapes))), r.num(uint64(len(q.Layer))))
	return nil
}

func readBoundaries(path string) (*boundary.Layer, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.New(fault.BadInput, "boundaries", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, boundary.MaxFile+1))
	if err != nil {
		return nil, fault.New(fault.BadInput, "boundaries", err)
	}
	return boundary.Read(b)
}

// sayMatch says how the units of a file fit the tree, and which do not.
func (r *run) sayMatch(l *boundary.Layer, m *boundary.Match, byName bool) {
	r.say(form.Text{VI: "%s đơn vị trong tệp; đúng mã %s, tìm được theo tên %s, không rõ %s; đơn vị cùng cấp chưa có ranh giới %s",
		EN: "%s units in the file; known by code %s, found by name %s, unknown %s; units of the level without a boundary %s"},
		r.num(uint64(len(l.Shapes))), r.num(uint64(m.Same)), r.num(uint64(len(m.ByName))), r.num(uint64(len(m.Unknown))), r.num(uint64(len(m.Without))))
	pairs := func(t form.Text, all []boundary.Pair) {
		for _, p := range all[:min(len(all), mostDifferences)] {
			r.say(t, p.Code, p.Name, p.Unit, p.UnitName)
		}
	}
	pairs(form.Text{VI: "  %s trong tệp là “%s”; đơn vị %s là “%s”", EN: "  %s is “%s” in the file; unit %s is “%s”"}, m.Renamed)
	pairs(form.Text{VI: "  %s “%s” trong tệp có lẽ là %s “%s”", EN: "  %s “%s” of the file may be %s “%s”"}, m.ByName)
	if len(m.ByName) > 0 && !byName {
		r.say(form.Text{VI: "  Để nhận các đơn vị tìm được theo tên: --by-name", EN: "  To take over those found by name: --by-name"})
	}
	for _, x := range []struct {
		t     form.Text
		codes []string
	}{{form.Text{VI: "  không rõ: %s", EN: "  unknown: %s"}, m.Unknown}, {form.Text{VI: "  chưa có ranh giới: %s", EN: "  without a boundary: %s"}, m.Without}} {
		if len(x.codes) > 0 {
			more := ""
			if len(x.codes) > mostDifferences {
				more = " …"
			}
			r.say(x.t, strings.Join(x.codes[:min(len(x.codes), mostDifferences)], " ")+more)
		}
	}
}

// tree asks for the tree of units.
func (r *run) tree(ctx context.Context) (*tree.Tree, error) {
	a, err := r.ask(ctx, false, centre.Request{Units: true})
	if err != nil {
		return nil, err
	}
	return tree.New(a.Units.Levels, a.Units.Units), nil
}

// layers asks for the boundaries.
func (r *run) layers(ctx context.Context) ([]*boundary.Layer, error) {
	a, err := r.ask(ctx, false, centre.Request{Boundaries: true})
	if err != nil {
		return nil, err
	}
	return boundary.Decode(a.Boundaries)
}

func (r *run) boundariesList(ctx context.Context, args []string) error {
	if _, err := r.parse(args, 0, 0, nil); err != nil {
		return err
	}
	layers, err := r.layers(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, form.Text{VI: "Tên\tTừ ngày\tĐến trước ngày\tĐơn vị", EN: "Name\tFrom\tUntil before\tUnits"}.In(r.lang))
	for _, l := range layers {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", l.Name, r.day(l.From), r.day(l.To), r.num(uint64(len(l.Shapes))))
	}
	return w.Flush()
}

func (r *run) boundariesDrop(ctx context.Context, args []string) error {
	rest, err := r.parse(args, 1, 1, nil)
	if err != nil {
		return err
	}
	if _, err := r.ask(ctx, false, centre.Request{PutBoundaries: &centre.PutBoundaries{Drop: viet.NFC(rest[0])}}); err != nil {
		return err
	}
	r.say(form.Text{VI: "Đã bỏ ranh giới “%s”.", EN: "The boundaries “%s” are dropped."}, rest[0])
	return nil
}

// boundariesDraw draws the units of a level below one, to look at what was imported.
func (r *run) boundariesDraw(ctx context.Context, args []string) error {
	var out, under, level, on string
	_, err := r.parse(args, 0, 0, func(f *flag.FlagSet) {
		f.StringVar(&out, "out", "", "")
		f.StringVar(&under, "under", tree.Root, "")
		f.StringVar(&level, "level", "commune", "")
		f.StringVar(&on, "on", time.Now().In(viet.Zone).Format(time.DateOnly), "")
	})
	if err != nil {
		return err
	}
	if on, err = r.onDay(on); err != nil {
		return err
	}
	if out == "" {
		return r.usage(form.Text{VI: "cần --out FILE.svg", EN: "--out FILE.svg is needed"})
	}
	t, err := r.tree(ctx)
	if err != nil {
		return err
	}
	layers, err := r.layers(ctx)
	if err != nil {
		return err
	}
	v := t.At(on)
	var codes []string
	for _, u := range v.Level(level) {
		if v.Within(u.Code, under) {
			codes = append(codes, u.Code)
		}
	}
	l := boundary.Pick(layers, codes, on)
	if l == nil {
		return fault.New(fault.NotFound, "boundaries", fmt.Errorf("level %s under %s on %s", level, under, on))
	}
	m := l.Draw(codes, boundary.Drawing{Islands: under == tree.Root})
	var svg strings.Builder
	if err := m.WriteSVG(&svg, boundary.Look{Label: v.Name(under), Title: v.Name}); err != nil {
		return fault.New(fault.Internal, "boundaries", err)
	}
	if err := writeNew(out, []byte(svg.String())); err != nil {
		return err
	}
	r.say(form.Text{VI: "%s: %s đơn vị, %s chưa có ranh giới", EN: "%s: %s units, %s without a boundary"}, out, r.num(uint64(len(m.Paths))), r.num(uint64(len(m.Missing))))
	return nil
}
