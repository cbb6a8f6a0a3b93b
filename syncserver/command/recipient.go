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
	"banlang/shared/record"
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

// whom reads "custodian", "custodian NAME" or "unit CODE".
func (r *run) whom(rest []string) (*centre.Recipient, error) {
	switch {
	case len(rest) == 1 && rest[0] == "custodian":
		return &centre.Recipient{}, nil
	case len(rest) == 2 && rest[0] == "custodian" && rest[1] != "":
		q := &centre.Recipient{Name: rest[1]}
		_, err := q.Topic()
		return q, err
	case len(rest) == 2 && rest[0] == "unit" && rest[1] != "":
		q := &centre.Recipient{Unit: rest[1]}
		_, err := q.Topic()
		return q, err
	}
	return nil, r.usage(form.Text{VI: "cho ai: custodian, custodian TÊN, hay unit CODE", EN: "for whom: custodian, custodian NAME, or unit CODE"})
}

func (r *run) nameOf(q *centre.Recipient) string {
	if q.Unit != "" {
		return form.Text{VI: "đơn vị ", EN: "unit "}.In(r.lang) + q.Unit
	}
	return strings.TrimSpace(form.Text{VI: "người giữ khóa ", EN: "custodian "}.In(r.lang) + q.Name)
}

// sayCustodians says when there are fewer custodians than there should be, what that means, and what to do.
func (r *run) sayCustodians(n int) {
	switch {
	case n >= centre.MinCustodians:
	case n == 0:
		r.say(form.Text{VI: "Chưa có người giữ khóa nào: quên mật khẩu thì trung tâm không mở lại được sổ trên máy đó.\nViệc tiếp theo: đặt hai người, mỗi người một tên:\n  syncserver recipient new custodian --dir %[1]s --key chia-khoa-1.key\n  syncserver recipient new custodian TÊN --dir %[1]s --key chia-khoa-2.key",
			EN: "There is no custodian: when a passphrase is forgotten the centre cannot open the notebook on that machine again.\nNext step: name two, each with a key of his own:\n  syncserver recipient new custodian --dir %[1]s --key first.key\n  syncserver recipient new custodian NAME --dir %[1]s --key second.key"}, r.dir)
	default:
		r.say(form.Text{VI: "Mới có một người giữ khóa: mất chìa khóa của người đó thì trung tâm không mở lại được sổ của ai quên mật khẩu.\nViệc tiếp theo: đặt thêm một người:\n  syncserver recipient new custodian TÊN --dir %s --key chia-khoa-2.key",
			EN: "There is only one custodian: should his key be lost, the centre cannot open a notebook whose passphrase is forgotten.\nNext step: name another:\n  syncserver recipient new custodian NAME --dir %s --key second.key"}, r.dir)
	}
}

// custodians says how many custodians devices seal to now.
func (r *run) custodians(ctx context.Context, office centre.Office) (n int, err error) {
	a, err := office.Do(ctx, centre.Request{Recipients: true})
	for _, x := range a.Recipients {
		if x.Unit == "" {
			n++
		}
	}
	return n, err
}

// recipientNew makes a key, writes its file, and only then has it published: nothing is ever sealed to a key that is not
// on the disk.
func (r *run) recipientNew(ctx context.Context, args []string) (err error) {
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
	defer func() { err = errors.Join(err, closing()) }()
	before, err := r.made(ctx, office, q, file)
	if err != nil {
		return err
	}
	r.say(form.Text{VI: "Từ nay các máy niêm phong cho %s bằng chìa khóa %s.\nChìa khóa để mở nằm trong %s, chỉ ở đó. Chép ra hai USB, cất ở hai nơi có khóa, rồi xóa khỏi máy này.\nMất tệp này thì không ai mở được những gì đã niêm phong; ai có tệp này thì mở được tất cả.",
		EN: "From now on devices seal for the %s to %s.\nThe key that opens is in %s, and nowhere else. Copy it to two USB sticks, lock them away in two places, and delete it here.\nWithout this file nobody can open what was sealed; whoever has it can open everything."}, r.nameOf(q), q.Key, file)
	if before != "" {
		r.say(form.Text{VI: "Thay cho %s. Giữ chìa khóa cũ: nó mở được những gì đã niêm phong trước đây.",
			EN: "Instead of %s. Keep the old key: it opens what was sealed before."}, before)
	}
	if q.Unit != "" {
		return nil
	}
	n, err := r.custodians(ctx, office)
	if err == nil {
		r.sayCustodians(n)
	}
	return err
}

// made makes the key of q and returns the one that it replaces.
func (r *run) made(ctx context.Context, office centre.Office, q *centre.Recipient, file string) (before string, err error) {
	id, err := envelope.New()
	if err != nil {
		return "", fault.New(fault.Internal, "recipient", err)
	}
	q.Key = id.Recipient().String()
	if err := writeNew(file, fmt.Appendf(nil, "# Bản Làng, %s\n# %s\n%s\n", r.nameOf(q), q.Key, id.Secret())); err != nil {
		return "", err
	}
	a, err := office.Do(ctx, centre.Request{Recipient: q})
	if errors.Is(err, fault.LimitExceeded) {
		fmt.Fprintf(r.err, form.Text{VI: "Đã đủ %d người giữ khóa. Rút một người trước: syncserver recipient withdraw custodian TÊN --dir %s\n",
			EN: "There are %d custodians, as many as there may be. Withdraw one first: syncserver recipient withdraw custodian NAME --dir %s\n"}.In(r.lang), envelope.MaxCustodians, r.dir)
	}
	if err != nil {
		fmt.Fprintf(r.err, form.Text{VI: "%s đã được ghi; chìa khóa đó chỉ có hiệu lực nếu recipient list nêu %s.\n",
			EN: "%s was written; its key counts only if recipient list names %s.\n"}.In(r.lang), file, q.Key)
		return "", err
	}
	return a.Recipient.Key, nil
}

func (r *run) recipientWithdraw(ctx context.Context, args []string) (err error) {
	rest, err := r.parse(args, 1, 2, nil)
	if err != nil {
		return err
	}
	q, err := r.whom(rest)
	if err != nil {
		return err
	}
	office, closing, err := r.office(ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closing()) }()
	a, err := office.Do(ctx, centre.Request{Recipient: q})
	if err != nil {
		return err
	}
	r.say(form.Text{VI: "Đã rút chìa khóa %s của %s. Các máy không niêm phong cho khóa này nữa.\nGiữ tệp chìa khóa: nó mở được những gì đã niêm phong.",
		EN: "Key %s of the %s is withdrawn. Devices seal to it no more.\nKeep the key file: it opens what was sealed."}, a.Recipient.Key, r.nameOf(q))
	n := 0
	if q.Unit == "" {
		if n, err = r.custodians(ctx, office); err != nil {
			return err
		}
	}
	if n == 0 {
		r.say(form.Text{VI: "Ô cần chìa khóa này bị khóa cho đến khi có khóa mới.", EN: "Fields that need such a key cannot be written until there is a new one."})
	}
	if q.Unit == "" {
		r.sayCustodians(n)
	}
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
		fmt.Fprintf(w, "%s\t%s\n", r.nameOf(&x), x.Key)
	}
	return w.Flush()
}

// recipientOpen prints what is sealed at one place. The key stays in this process: the centre hands out what is sealed,
// and notes it first.
func (r *run) recipientOpen(ctx context.Context, args []string) error {
	var file, by, reason, box string
	set := func(f *flag.FlagSet) {
		f.StringVar(&file, "key", "", "")
		f.StringVar(&by, "by", "", "")
		f.StringVar(&reason, "reason", "", "")
		f.StringVar(&box, "file", "", "")
	}
	rest, err := r.parseFlags(args, set)
	if err == nil && box != "" {
		return r.openBox(box, file, rest)
	}
	if err == nil {
		rest, err = r.parse(args, 2, 2, set)
	}
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

// openBox prints what is sealed in a file that the console handed out. It needs no centre: it is for the machine of whoever has the key.
func (r *run) openBox(box, key string, rest []string) error {
	if key == "" || len(rest) > 0 {
		return r.usage(form.Text{VI: "mở một tệp niêm phong cần --file FILE --key FILE, không cần gì khác", EN: "opening a sealed file needs --file FILE --key FILE, and nothing else"})
	}
	id, err := readKey(key)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(box)
	if err != nil {
		return fault.New(fault.NotFound, "recipient", err)
	}
	b, err := envelope.ParseBox(text)
	if err != nil {
		return err
	}
	s := &centre.Sealed{}
	if s.Record, err = record.ParseDot(b.Record); err != nil {
		return fault.New(fault.BadInput, "recipient", err)
	}
	for _, v := range b.Values {
		s.Values = append(s.Values, record.Value{Text: v.Text, Officer: v.Officer, Replica: v.Replica, Time: v.Time})
	}
	return r.show(id, s, b.Path)
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
