package command

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"filippo.io/age"

	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/syncserver/centre"
	"banlang/syncserver/hub"
)

// escrow is what staff do with the sealed keys of notebooks.
func (r *run) escrow(ctx context.Context, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case "list":
			return r.escrowList(ctx, args[1:])
		case "get":
			return r.escrowGet(ctx, args[1:])
		}
	}
	return r.usage(form.Text{VI: "escrow cần biết làm gì: list, get", EN: "escrow needs to be told what to do: list, get"})
}

func (r *run) escrowList(ctx context.Context, args []string) error {
	asJSON := false
	if _, err := r.parse(args, 0, 0, func(f *flag.FlagSet) { f.BoolVar(&asJSON, "json", false, "") }); err != nil {
		return err
	}
	a, err := r.ask(ctx, false, centre.Request{Escrows: true})
	if err != nil {
		return err
	}
	if asJSON {
		return r.json(a.Escrows)
	}
	w := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, form.Text{VI: "Máy\tTên\tKhóa dự phòng đến lúc\tĐang giữ", EN: "Device\tName\tReserve key came\tKept"}.In(r.lang))
	for _, e := range a.Escrows {
		fmt.Fprintf(w, "%d\t%s\t%s\t%d\n", e.Replica, e.Name, r.when(e.Latest), e.Kept)
	}
	return w.Flush()
}

// escrowGet writes the sealed keys of a device to files; with the key of a recipient, the keys themselves to one file, for
// "desktop officers reset". That key stays in this process.
func (r *run) escrowGet(ctx context.Context, args []string) error {
	q, file, out, by := &centre.EscrowOpening{}, "", "", ""
	rest, err := r.parse(args, 1, 1, func(f *flag.FlagSet) {
		f.StringVar(&file, "key", "", "")
		f.StringVar(&out, "out", "", "")
		f.StringVar(&by, "by", "", "")
		f.StringVar(&q.Reason, "reason", "", "")
	})
	if err != nil {
		return err
	}
	if q.Replica, err = r.device(rest[0]); err != nil {
		return err
	}
	q.By = people(by)
	if out == "" || q.Reason == "" || len(q.By) < centre.MinPresent {
		return r.usage(form.Text{VI: "cần --out TỆP, --reason LÝ-DO, và --by TÊN,TÊN của hai người cùng có mặt",
			EN: "--out FILE, --reason TEXT, and --by NAME,NAME of the two people who are present are needed"})
	}
	var id envelope.Identity
	if file != "" {
		if id, err = readKey(file); err != nil {
			return err
		}
		q.Key = id.Recipient().String()
	}
	a, err := r.ask(ctx, false, centre.Request{Escrow: q})
	if err != nil {
		return err
	}
	r.say(form.Text{VI: "Hai người phải cùng có mặt: %s.\nLần lấy khóa này đã được ghi vào %s: ngày giờ, người, lý do, máy.",
		EN: "Two people must be present: %s.\nThis is noted in %s: when, who, why, which device."}, strings.Join(q.By, ", "), centre.Dir(r.dir).Openings())
	if file == "" {
		return r.writeBoxes(a.Escrow, out)
	}
	return r.writeKeys(a.Escrow, id, out)
}

// writeBoxes writes each sealed key to a file of its own, the latest to the one that was named.
func (r *run) writeBoxes(kept []hub.Deposit, out string) error {
	n := 1
	for _, d := range kept {
		for _, box := range d.Boxes {
			path := out
			if n > 1 {
				path = fmt.Sprintf("%s.%d", out, n)
			}
			if err := writeNew(path, box); err != nil {
				return err
			}
			r.say(form.Text{VI: "%s: niêm phong, đến lúc %s", EN: "%s: sealed, came %s"}, path, r.when(d.At))
			n++
		}
	}
	return nil
}

// maxKeyText bounds the text of a key.
const maxKeyText = 1 << 10

// writeKeys opens what opens with the key of a recipient, and writes the keys of the notebook, the latest first. What was
// sealed to another one is passed over; when nothing opens it is fault.WrongSealKey.
func (r *run) writeKeys(kept []hub.Deposit, id envelope.Identity, out string) error {
	recipient, err := age.ParseX25519Identity(id.Secret())
	if err != nil {
		return fault.New(fault.BadInput, "escrow", err)
	}
	var b bytes.Buffer
	defer func() { clear(b.Bytes()) }()
	seen := map[string]bool{}
	for _, d := range kept {
		for _, box := range d.Boxes {
			plain, err := age.Decrypt(bytes.NewReader(box), recipient)
			if err != nil {
				continue
			}
			text, err := io.ReadAll(io.LimitReader(plain, maxKeyText))
			if err != nil {
				return fault.New(fault.TornSeal, "escrow", err)
			}
			if !seen[string(text)] {
				fmt.Fprintf(&b, "# %s\n%s\n", r.when(d.At), text)
			}
			seen[string(text)] = true
		}
	}
	if b.Len() == 0 {
		return fault.New(fault.WrongSealKey, "escrow", nil)
	}
	if err := writeNew(out, b.Bytes()); err != nil {
		return err
	}
	r.say(form.Text{VI: "Khóa của sổ nằm trong %s. Ai có tệp này và có máy thì mở được sổ: mang tận tay đến máy, chạy desktop officers reset MÃ --key TỆP, rồi xóa tệp.",
		EN: "The key of the notebook is in %s. Whoever has this file and the machine can open the notebook: take it there by hand, run desktop officers reset ID --key FILE, then delete the file."}, out)
	return nil
}

// people reads a list of names.
func people(by string) []string {
	names := strings.FieldsFunc(by, func(c rune) bool { return c == ',' || c == ';' })
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}
