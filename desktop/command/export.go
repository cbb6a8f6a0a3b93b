package command

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"

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
		_, err = exportTo(ctx, b, c.Out)
		return err
	}
	n, err := exportFile(ctx, b, path)
	if err == nil {
		c.say(form.Text{VI: "Đã xuất %s bản ghi vào %s.", EN: "Wrote %s records to %s."}, viet.Int(int64(n)), path)
	}
	return err
}

// exportFile writes a new file, and never over an old one.
func exportFile(ctx context.Context, b *book, path string) (n int, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fault.New(fault.DiskIO, "export", err)
	}
	n, err = exportTo(ctx, b, f)
	return n, errors.Join(err, f.Sync(), f.Close())
}

// exportTo writes one line for each record, in the order in which they came here.
func exportTo(ctx context.Context, b *book, out io.Writer) (n int, err error) {
	k, err := readKeys(ctx, b.Notebook)
	if err != nil {
		return 0, err
	}
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	err = b.Each(ctx, func(v *record.View) error {
		n++
		if err := ctx.Err(); err != nil {
			return err
		}
		return enc.Encode(exported(v, k))
	})
	return n, errors.Join(err, w.Flush())
}

// exported is a record as a line: the values that are shown first; where others stand beside them, all. Of a sealed value
// it says that it is sealed, in Vietnamese whatever the language of the screen.
func exported(v *record.View, k *keys) line {
	l := line{Key: k.of(v.ID), ID: v.ID.String(), Form: v.Form.ID, Version: v.Form.Version, Values: map[string]string{}}
	if len(v.Feeds) > 0 {
		l.Unit = v.Feeds[0].Unit()
	}
	f := newest(v.Form.ID, v.Form.Version)
	show := func(path, value string) string {
		value = envelope.Shown(value, fault.Vietnamese)
		if f == nil {
			return value
		}
		if field, ok := f.Field(path); ok && field.Type == form.TypeVenue {
			if rec, err := record.ParseDot(value); err == nil {
				return "@" + k.of(rec)
			}
		}
		return value
	}
	for path, value := range v.Values() {
		if value != "" && !record.IsSystem(path) {
			l.Values[path] = show(path, value)
		}
	}
	for _, path := range v.Conflicts() {
		if l.Conflicts == nil {
			l.Conflicts = map[string][]string{}
		}
		for _, x := range v.Field(path) {
			l.Conflicts[path] = append(l.Conflicts[path], show(path, x.Text))
		}
	}
	return l
}
