package command

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"maps"
	"os"
	"strings"

	"banlang/desktop/app"
	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// export writes the records that show, folded, as lines that import reads again.
func (c *Command) export(ctx context.Context, args []string) (err error) {
	format, path := "", ""
	rest, err := c.parse(args, func(f *flag.FlagSet) {
		f.StringVar(&format, "format", "jsonl", "")
		f.StringVar(&path, "out", "", "")
	})
	if err == nil {
		err = c.none(rest)
	}
	if err != nil {
		return err
	}
	if format != "jsonl" {
		return c.usage(form.Text{VI: "Chưa có dạng %q; hiện có: jsonl.", EN: "There is no format %q yet; there is: jsonl."}, format)
	}
	b, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	if path == "" {
		_, err = c.exportTo(ctx, b, c.Out)
		return err
	}
	n, err := c.exportFile(ctx, b, path)
	if err == nil {
		c.say(form.Text{VI: "Đã xuất %s bản ghi vào %s.", EN: "Wrote %s records to %s."}, viet.Int(int64(n)), path)
	}
	return err
}

// exportFile writes a new file, and never over an old one.
func (c *Command) exportFile(ctx context.Context, b *book, path string) (n int, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fault.New(fault.DiskIO, "export", err)
	}
	n, err = c.exportTo(ctx, b, f)
	return n, errors.Join(err, f.Sync(), f.Close())
}

// exportTo writes one line for each record, in the order in which they came here.
func (c *Command) exportTo(ctx context.Context, b *book, out io.Writer) (n int, err error) {
	k, err := readKeys(ctx, b.Notebook)
	if err != nil {
		return 0, err
	}
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	x := exporter{b.forms.Library, k, c.env()}
	x.env.Language = app.Vietnamese // a file says the same whatever the language of the screen
	err = b.Each(ctx, func(v *record.View) error {
		n++
		if err := ctx.Err(); err != nil {
			return err
		}
		return enc.Encode(x.line(v))
	})
	return n, errors.Join(err, w.Flush())
}

// exporter turns records into lines.
type exporter struct {
	forms *form.Library
	keys  *keys
	env   form.Env
}

// line is a record as a line: the values that are shown first, as they are stored; where others stand beside them, all;
// and what the form computes of them.
func (x *exporter) line(v *record.View) line {
	values := v.Values()
	l := line{Key: x.keys.of(v.ID), ID: v.ID.String(), Form: v.Form.String(), Values: map[string]string{}}
	if len(v.Feeds) > 0 {
		l.Unit = v.Feeds[0].Unit()
	}
	f, _, ok := x.forms.For(v.Form, values)
	if ok {
		l.Form, l.Computed = f.Ref.String(), x.computed(f, values)
	}
	for path, value := range values {
		l.Values[path] = x.shown(f, path, value)
	}
	for _, path := range v.Conflicts() {
		if l.Conflicts == nil {
			l.Conflicts = map[string][]string{}
		}
		for _, other := range v.Field(path) {
			l.Conflicts[path] = append(l.Conflicts[path], x.shown(f, path, other.Text))
		}
	}
	return l
}

// shown is a value as it is written out: a record by its key, and what is sealed as a mark.
func (x *exporter) shown(f *form.Form, path, value string) string {
	if f != nil {
		if field, ok := f.Field(path); ok && mayName(f, field) {
			names := strings.Split(value, " ")
			for i, name := range names {
				if rec, err := record.ParseDot(name); err == nil {
					names[i] = "@" + x.keys.of(rec)
				}
			}
			return strings.Join(names, " ")
		}
	}
	return envelope.Shown(value, fault.Lang(x.env.Language))
}

// computed is what the form makes of the values; nil when that is nothing, or cannot be computed.
func (x *exporter) computed(f *form.Form, values map[string]string) map[string]string {
	filled, err := f.Open(values, x.env)
	if err != nil {
		return nil
	}
	computed := filled.Shown()
	maps.DeleteFunc(computed, func(path, _ string) bool {
		field, ok := f.Field(path)
		return !ok || !field.Computed()
	})
	return computed
}
