package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"unicode"

	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/syncserver/centre"
)

// maxKeyFile bounds the file of a key: a line, and comments.
const maxKeyFile = 64 << 10

// recipient is what staff do with the keys that devices seal to, and with what was sealed.
func (r *run) recipient(ctx context.Context, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case "new":
			return r.recipientNew(ctx, args[1:])
		case "withdraw":
			return r.recipientWithdraw(ctx, args[1:])
		case "list":
			return r.recipientList(ctx, args[1:])
		case "open":
			return r.recipientOpen(ctx, args[1:])
		}
	}
	return r.usage(form.Text{VI: "recipient cần biết làm gì: new, list, withdraw, open", EN: "recipient needs to be told what to do: new, list, withdraw, open"})
}

// whom reads "custodian" or "unit CODE".
func (r *run) whom(rest []string) (*centre.Recipient, error) {
	switch {
	case len(rest) == 1 && rest[0] == "custodian":
		return &centre.Recipient{}, nil
	case len(rest) == 2 && rest[0] == "unit" && rest[1] != "":
		q := &centre.Recipient{Unit: rest[1]}
		_, err := q.Topic()
		return q, err
	}
	return nil, r.usage(form.Text{VI: "cho ai: custodian, hay unit CODE", EN: "for whom: custodian, or unit CODE"})
}

func (r *run) nameOf(unit string) string {
	if unit == "" {
		return form.Text{VI: "người giữ khóa", EN: "custodian"}.In(r.lang)
	}
	return form.Text{VI: "đơn vị ", EN: "unit "}.In(r.lang) + unit
}

// recipientNew makes a key, writes its file, and only then has it published: nothing is ever sealed to a key that is not
// on the disk.
func (r *run) recipientNew(ctx context.Context, args []string) error {
	file := ""
	rest, err := r.parse(args, 1, 2, func(f *flag.FlagSet) { f.StringVar(&file, "key", "", "") })
	if err != nil {
		return err
	}
	q, err := r.whom(rest)
	if err != nil {
		return err
	}
	if file == "" {
		return r.usage(form.Text{VI: "cần --key FILE: chìa khóa được ghi vào đó", EN: "--key FILE is needed: the key is written there"})
	}
	office, closing, err := r.office(ctx, false) // before anything is written
	if err != nil {
		return err
	}
	before, err := r.made(ctx, office, q, file)
	if err = errors.Join(err, closing()); err != nil {
		return err
	}
	r.say(form.Text{VI: "Từ nay các máy niêm phong cho %s bằng chìa khóa %s.\nChìa khóa để mở nằm trong %s, chỉ ở đó. Chép ra hai USB, cất ở hai nơi có khóa, rồi xóa khỏi máy này.\nMất tệp này thì không ai mở được những gì đã niêm phong; ai có tệp này thì mở được tất cả.",
		EN: "From now on devices seal for the %s to %s.\nThe key that opens is in %s, and nowhere else. Copy it to two USB sticks, lock them away in two places, and delete it here.\nWithout this file nobody can open what was sealed; whoever has it can open everything."}, r.nameOf(q.Unit), q.Key, file)
	if before != "" {
		r.say(form.Text{VI: "Thay cho %s. Giữ chìa khóa cũ: chỉ nó mở được những gì đã niêm phong trước đây.",
			EN: "Instead of %s. Keep the old key: what was sealed before opens with it alone."}, before)
	}
	return nil
}

// made makes the key of q and returns the one that it replaces.
func (r *run) made(ctx context.Context, office centre.Office, q *centre.Recipient, file string) (before string, err error) {
	id, err := envelope.New()
	if err != nil {
		return "", fault.New(fault.Internal, "recipient", err)
	}
	q.Key = id.Recipient().String()
	if err := writeNew(file, fmt.Appendf(nil, "# Bản Làng, %s\n# %s\n%s\n", r.nameOf(q.Unit), q.Key, id.Secret())); err != nil {
		return "", err
	}
	a, err := office.Do(ctx, centre.Request{Recipient: q})
	if err != nil {
		fmt.Fprintf(r.err, form.Text{VI: "%s đã được ghi; chìa khóa đó chỉ có hiệu lực nếu recipient list nêu %s.\n",
			EN: "%s was written; its key counts only if recipient list names %s.\n"}.In(r.lang), file, q.Key)
		return "", err
	}
	return a.Recipient.Key, nil
}

func (r *run) recipientWithdraw(ctx context.Context, args []string) error {
	rest, err := r.parse(args, 1, 2, nil)
	if err != nil {
		return err
	}
	q, err := r.whom(rest)
	if err != nil {
		return err
	}
	a, err := r.ask(ctx, false, centre.Request{Recipient: q})
	if err != nil {
		return err
	}
	r.say(form.Text{VI: "Đã rút chìa khóa %s của %s. Các máy không niêm phong cho khóa này nữa; ô cần nó bị khóa cho đến khi có khóa mới.\nGiữ tệp chìa khóa: chỉ nó mở được những gì đã niêm phong.",
		EN: "Key %s of the %s is withdrawn. Devices seal to it no more; fields that need one cannot be written until there is a new one.\nKeep the key file: what was sealed opens with it alone."}, a.Recipient.Key, r.nameOf(q.Unit))
	return nil
}

func (r *run) recipientList(ctx context.Context, args []string) error {
	if _, err := r.parse(args, 0, 0, nil); err != nil {
		return err
	}
	a, err := r.ask(ctx, false, centre.Request{Recipients: true})
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, form.Text{VI: "Niêm phong cho\tChìa khóa", EN: "Sealed for\tKey"}.In(r.lang))
	for _, x := range a.Recipients {
		fmt.Fprintf(w, "%s\t%s\n", r.nameOf(x.Unit), x.Key)
	}
	return w.Flush()
}

// recipientOpen prints what is sealed at one place. The key stays in this process: the centre hands out what is sealed,
// and notes it first.
func (r *run) recipientOpen(ctx context.Context, args []string) error {
	var file, by, reason string
	rest, err := r.parse(args, 2, 2, func(f *flag.FlagSet) {
		f.StringVar(&file, "key", "", "")
		f.StringVar(&by, "by", "", "")
		f.StringVar(&reason, "reason", "", "")
	})
	if err != nil {
		return err
	}
	present := people(by)
	if file == "" || reason == "" || len(present) < centre.MinPresent {
		return r.usage(form.Text{VI: "mở niêm phong cần --key FILE, --reason LÝ-DO, và --by TÊN,TÊN của hai người cùng có mặt",
			EN: "an opening needs --key FILE, --reason TEXT, and --by NAME,NAME of the two people who are present"})
	}
	id, err := readKey(file)
	if err != nil {
		return err
	}
	a, err := r.ask(ctx, false, centre.Request{Opening: &centre.Opening{Record: rest[0], Path: rest[1], By: present, Reason: reason, Key: id.Recipient().String()}})
	if err != nil {
		return err
	}
	r.say(form.Text{VI: "Hai người phải cùng có mặt: %s.\nLần mở này đã được ghi vào %s: ngày giờ, người, lý do, bản ghi và ô.\n",
		EN: "Two people must be present: %s.\nThis opening is noted in %s: when, who, why, which record and field.\n"},
		strings.Join(present, ", "), centre.Dir(r.dir).Openings())
	return r.show(id, a.Opening, rest[1])
}

// show prints every answer that opens, and returns why others do not.
func (r *run) show(id envelope.Identity, s *centre.Sealed, path string) (failed error) {
	for i := range s.Values {
		v := &s.Values[i]
		plain, err := envelope.Open(id, envelope.Place{Record: s.Record, Path: path}, v.Text)
		if err != nil {
			failed = err
			continue
		}
		r.say(form.Text{VI: "%s %s (máy %d, %s, %s):\n%s", EN: "%s %s (device %d, %s, %s):\n%s"},
			s.Record, path, v.Replica, r.when(v.Time), orDash(v.Officer), harmless(plain))
	}
	return failed
}

// harmless takes out of a text what a terminal would obey: whoever sealed it may have put that there.
func harmless(s string) string {
	return strings.Map(func(c rune) rune {
		if c != '\n' && c != '\t' && !unicode.IsGraphic(c) {
			return unicode.ReplacementChar
		}
		return c
	}, s)
}

func readKey(path string) (envelope.Identity, error) {
	f, err := os.Open(path)
	if err != nil {
		return envelope.Identity{}, fault.New(fault.NotFound, "recipient", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return envelope.Identity{}, fault.New(fault.BadInput, "recipient", err)
	}
	return envelope.ParseIdentity(string(b))
}
