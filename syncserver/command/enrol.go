package command

import (
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/syncserver/centre"
)

// usualCompartments are what a commune's device holds.
const usualCompartments = "ordinary,tips,petitions"

// enrol makes enrolment files: one, or one for each line of a list.
func (r *run) enrol(ctx context.Context, args []string) error {
	var unit, name, compartments, feeds, address, list, out string
	var plain, code bool
	_, err := r.parse(args, 0, 0, func(f *flag.FlagSet) {
		f.StringVar(&unit, "unit", "", "")
		f.StringVar(&name, "name", "", "")
		f.StringVar(&compartments, "compartments", usualCompartments, "")
		f.StringVar(&feeds, "feeds", "", "")
		f.StringVar(&address, "address", "", "")
		f.StringVar(&list, "list", "", "")
		f.StringVar(&out, "out", "", "")
		f.BoolVar(&code, "code", false, "")
		f.BoolVar(&plain, "plain-loopback", false, "")
	})
	if err != nil {
		return err
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return r.usage(form.Text{VI: "cần --address HOST:PORT, như các máy sẽ gọi đến", EN: "--address HOST:PORT is needed, as the devices will dial it"})
	}
	q := &centre.Enrol{Address: address, Plain: plain, Code: code}
	switch {
	case list != "" && out != "" && unit+name == "" && !code:
		if q.Newcomers, err = readList(list, compartments); err != nil {
			return err
		}
		return r.enrolMany(ctx, q, out)
	case list == "" && unit != "" && name != "":
		n, err := newcomer(unit, name, compartments, feeds)
		if err != nil {
			return err
		}
		q.Newcomers = []centre.Newcomer{n}
		if code {
			return r.enrolCode(ctx, q, out)
		}
		return r.enrolOne(ctx, q, out)
	}
	return r.usage(form.Text{VI: "cần --unit và --name, hoặc --list và --out", EN: "--unit and --name are needed, or --list and --out"})
}

// newcomer reads a device to be: the compartments of its own unit, and other feeds beside them.
func newcomer(unit, name, compartments, feeds string) (n centre.Newcomer, err error) {
	n.Unit, n.Name = unit, name
	texts := split(feeds)
	for _, c := range split(compartments) {
		texts = append(texts, unit+"/"+c)
	}
	for _, t := range texts {
		f, err := centre.ParseFeed(t)
		if err != nil {
			return n, err
		}
		n.Feeds = append(n.Feeds, f)
	}
	slices.Sort(n.Feeds)
	n.Feeds = slices.Compact(n.Feeds)
	return n, nil
}

// split takes a list apart at commas, semicolons and spaces.
func split(s string) []string {
	return strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(",; ", c) })
}

// enrolCode prints a one-time code, or writes it to a file with the address where it is traded.
func (r *run) enrolCode(ctx context.Context, q *centre.Enrol, out string) error {
	a, err := r.ask(ctx, true, centre.Request{Enrol: q})
	if err != nil {
		return err
	}
	if out != "" {
		b, err := enrolment.CodeFile{Address: q.Address, Code: a.EnrolCode.Code}.Encode()
		if err != nil {
			return fault.New(fault.Internal, "enrol", err)
		}
		if err := writeNew(out, b); err != nil {
			return err
		}
	}
	r.say(form.Text{VI: "Mã đăng ký: %s\nDùng một lần, đến %s. Trên máy mới: desktop enrol --code MÃ --centre %s",
		EN: "Enrolment code: %s\nWorks once, until %s. On the new device: desktop enrol --code CODE --centre %s"}, a.EnrolCode.Code, r.when(int64(a.EnrolCode.Ends)), q.Address)
	return nil
}

func (r *run) enrolOne(ctx context.Context, q *centre.Enrol, out string) error {
	if out != "" {
		if _, err := os.Lstat(out); err == nil { // before a number is given away
			return fault.New(fault.BadInput, "enrol", &os.PathError{Op: "write", Path: out, Err: os.ErrExist})
		}
	}
	a, err := r.ask(ctx, true, centre.Request{Enrol: q})
	if err != nil {
		return err
	}
	b, err := a.Enrolled[0].Encode()
	if err != nil {
		return fault.New(fault.Internal, "enrol", err)
	}
	if out == "" {
		_, err := r.out.Write(b)
		return err
	}
	if err := writeNew(out, b); err != nil {
		return err
	}
	r.say(form.Text{VI: "Đã cấp máy %d, %s: %s\nTệp dùng một lần: chuyển tận tay, không gửi qua mạng chung.",
		EN: "Entered device %d, %s: %s\nThe file works once: hand it over in person, not over a public network."}, a.Enrolled[0].Replica, a.Enrolled[0].Name, out)
	return nil
}

// enrolMany enters all devices in one transaction, and writes one file for each: UNIT-NUMBER.json.
func (r *run) enrolMany(ctx context.Context, q *centre.Enrol, out string) error {
	if err := os.MkdirAll(out, 0o700); err != nil {
		return fault.New(fault.DiskIO, "enrol", err)
	}
	a, err := r.ask(ctx, true, centre.Request{Enrol: q})
	if err != nil {
		return err
	}
	for i := range a.Enrolled {
		f := &a.Enrolled[i]
		b, err := f.Encode()
		if err != nil {
			return fault.New(fault.Internal, "enrol", err)
		}
		if err := writeNew(filepath.Join(out, FileName(f.Unit, f.Replica)), b); err != nil {
			return err
		}
	}
	r.say(form.Text{VI: "Đã cấp %s máy; tệp đăng ký ở %s", EN: "Entered %s devices; their files are in %s"}, r.num(uint64(len(a.Enrolled))), out)
	return nil
}

// FileName is the name of an enrolment file in a bulk enrolment.
func FileName(unit string, replica record.ReplicaID) string {
	return fmt.Sprintf("%s-%d.json", unit, replica)
}

// writeNew writes a file that only its owner may read, durably, and never over another.
func writeNew(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fault.New(fault.BadInput, "enrol", err)
	}
	if err != nil {
		return fault.New(fault.DiskIO, "enrol", err)
	}
	_, err = f.Write(b)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fault.New(fault.DiskIO, "enrol", err)
	}
	return nil
}

// readList reads a table of devices: a line of column names (unit, name and, if it is there, compartments), then one
// line a device.
func readList(path, compartments string) ([]centre.Newcomer, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.New(fault.BadInput, "list", err)
	}
	defer f.Close()
	lines := csv.NewReader(io.LimitReader(f, enrolment.MaxBytes))
	lines.TrimLeadingSpace = true
	head, err := lines.Read()
	if err != nil {
		return nil, fault.New(fault.BadInput, "list", err)
	}
	head[0] = strings.TrimPrefix(head[0], "\ufeff")
	column := func(line []string, name, otherwise string) string {
		if i := slices.Index(head, name); i >= 0 && line[i] != "" {
			return line[i]
		}
		return otherwise
	}
	if !slices.Contains(head, "unit") || !slices.Contains(head, "name") {
		return nil, fault.New(fault.BadInput, "list", fmt.Errorf("columns %q, not unit and name", head))
	}
	var all []centre.Newcomer
	for {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fault.New(fault.BadInput, "list", err)
		}
		n, err := newcomer(column(line, "unit", ""), column(line, "name", ""), column(line, "compartments", compartments), "")
		if err != nil {
			at, _ := lines.FieldPos(0)
			return nil, fault.New(fault.BadInput, "list", fmt.Errorf("line %d: %w", at, err))
		}
		all = append(all, n)
	}
}
