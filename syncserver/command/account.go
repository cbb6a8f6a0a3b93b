package command

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"golang.org/x/term"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// envPassphrase may hold a new passphrase, for scripts; one on the command line could be read by everybody on the machine.
const envPassphrase = "BANLANG_NEW_PASSPHRASE"

// errNoPassphrase: none was given.
var errNoPassphrase = errors.New("no passphrase")

// account is what whoever works at the centre's machine does with the accounts of staff: the first administrator is made so.
func (r *run) account(ctx context.Context, args []string) error {
	if len(args) > 0 {
		verb, rest := args[0], args[1:]
		switch verb {
		case "add":
			return r.accountAdd(ctx, rest)
		case "list":
			return r.accountList(ctx, rest)
		case "passwd":
			return r.accountPasswd(ctx, rest)
		case "roles", "unit", "disable", "enable", "totp":
			return r.accountChange(ctx, verb, rest)
		}
	}
	return r.usage(form.Text{VI: "account cần biết làm gì: add, list, passwd, roles, unit, disable, enable, totp",
		EN: "account needs to be told what to do: add, list, passwd, roles, unit, disable, enable, totp"})
}

func rolesOf(text string) (roles []staff.Role) {
	for _, s := range split(text) {
		roles = append(roles, staff.Role(s))
	}
	return roles
}

func (r *run) accountAdd(ctx context.Context, args []string) error {
	o := &centre.AccountOrder{Add: &staff.Account{}}
	var roles string
	var first bool
	_, err := r.parse(args, 0, 0, func(f *flag.FlagSet) {
		f.StringVar(&o.Name, "name", "", "")
		f.StringVar(&o.Add.Person, "person", "", "")
		f.StringVar(&o.Add.Unit, "unit", "", "")
		f.StringVar(&roles, "roles", "", "")
		f.BoolVar(&first, "first", false, "")
	})
	if err != nil {
		return err
	}
	o.Add.Roles = rolesOf(roles)
	if o.Name == "" || o.Add.Person == "" || o.Add.Unit == "" || roles == "" {
		return r.usage(form.Text{VI: "cần --name, --person, --unit và --roles", EN: "--name, --person, --unit and --roles are needed"})
	}
	if err := r.newPassphrase(o, first); err != nil {
		return err
	}
	a, err := r.ask(ctx, true, centre.Request{Account: o})
	if err != nil {
		return err
	}
	r.say(form.Text{VI: "Đã mở tài khoản %s.", EN: "Account %s is made."}, o.Name)
	r.handOver(a.First)
	return nil
}

// newPassphrase asks for a passphrase, unless one is to be drawn.
func (r *run) newPassphrase(o *centre.AccountOrder, first bool) (err error) {
	if first {
		return nil
	}
	if o.Passphrase = os.Getenv(envPassphrase); o.Passphrase != "" {
		return nil
	}
	ask := func(t form.Text) (string, error) {
		fmt.Fprintf(r.err, t.In(r.lang), o.Name)
		return readSecret(os.Stdin, r.err)
	}
	o.Passphrase, err = ask(form.Text{VI: "Mật khẩu mới của %s: ", EN: "New passphrase of %s: "})
	if err != nil || !term.IsTerminal(int(os.Stdin.Fd())) {
		return err
	}
	again, err := ask(form.Text{VI: "Nhập lại mật khẩu của %s: ", EN: "The passphrase of %s again: "})
	if err == nil && again != o.Passphrase {
		err = fault.New(fault.BadInput, "account", errors.New("the two differ"))
	}
	return err
}

// maxSecret bounds what is read as a passphrase, in bytes.
const maxSecret = 1 << 10

// readSecret reads a line, unseen where a person types it.
func readSecret(in *os.File, prompt io.Writer) (string, error) {
	if term.IsTerminal(int(in.Fd())) {
		b, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(prompt)
		return string(b), err
	}
	line, err := bufio.NewReader(io.LimitReader(in, maxSecret)).ReadString('\n')
	fmt.Fprintln(prompt)
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", fault.New(fault.BadInput, "account", errNoPassphrase)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fault.New(fault.BadInput, "account", err)
	}
	return line, nil
}

// handOver prints a passphrase that was drawn.
func (r *run) handOver(first string) {
	if first != "" {
		r.say(form.Text{VI: "Mật khẩu lần đầu, trong %d giờ: %s\nChuyển tận tay. Người nhận phải đặt mật khẩu riêng khi đăng nhập.",
			EN: "First passphrase, for %d hours: %s\nHand it over in person. Its owner must choose another at the first sign-in."}, staff.FirstTime/(60*60*1000), first)
	}
}

func (r *run) accountPasswd(ctx context.Context, args []string) error {
	var first bool
	rest, err := r.parse(args, 1, 1, func(f *flag.FlagSet) { f.BoolVar(&first, "first", false, "") })
	if err != nil {
		return err
	}
	o := &centre.AccountOrder{Name: rest[0], Reset: true}
	if err := r.newPassphrase(o, first); err != nil {
		return err
	}
	a, err := r.ask(ctx, false, centre.Request{Account: o})
	if err != nil {
		return err
	}
	r.say(form.Text{VI: "Đã đặt lại mật khẩu của %s; mọi phiên làm việc của tài khoản đã kết thúc.", EN: "%s has another passphrase; all sessions of the account are over."}, o.Name)
	r.handOver(a.First)
	return nil
}

func (r *run) accountChange(ctx context.Context, verb string, args []string) error {
	n := 1
	if verb == "roles" || verb == "unit" {
		n = 2
	}
	rest, err := r.parse(args, n, n, nil)
	if err != nil {
		return err
	}
	o := &centre.AccountOrder{Name: rest[0]}
	closed := verb == "disable"
	switch verb {
	case "roles":
		if o.Roles = rolesOf(rest[1]); o.Roles == nil {
			return r.usage(form.Text{VI: "thiếu vai trò", EN: "a role is missing"})
		}
	case "unit":
		o.Unit = rest[1]
	case "totp":
		o.DropCode = true
	default:
		o.Disable = &closed
	}
	if _, err := r.ask(ctx, false, centre.Request{Account: o}); err != nil {
		return err
	}
	r.say(form.Text{VI: "Đã đổi tài khoản %s; các phiên làm việc của tài khoản đã kết thúc.", EN: "Account %s is changed; its sessions are over."}, o.Name)
	return nil
}

func (r *run) accountList(ctx context.Context, args []string) error {
	var asJSON bool
	_, err := r.parse(args, 0, 0, func(f *flag.FlagSet) { f.BoolVar(&asJSON, "json", false, "") })
	if err != nil {
		return err
	}
	a, err := r.ask(ctx, false, centre.Request{Accounts: true})
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(r.out).Encode(a.Accounts)
	}
	w := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, form.Text{VI: "Tên\tNgười\tĐơn vị\tVai trò\tMã điện thoại\tĐăng nhập cuối\tTình trạng", EN: "Name\tPerson\tUnit\tRoles\tTelephone\tLast sign-in\tState"}.In(r.lang))
	for _, x := range a.Accounts {
		roles := make([]string, len(x.Roles))
		for i, role := range x.Roles {
			roles[i] = string(role)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", x.Name, harmless(x.Person), x.Unit, strings.Join(roles, ","), r.yes(x.Code), r.when(int64(x.LastSignIn)), r.stateOf(&x))
	}
	return w.Flush()
}

func (r *run) yes(is bool) string {
	if is {
		return form.Text{VI: "có", EN: "yes"}.In(r.lang)
	}
	return "—"
}

func (r *run) stateOf(a *staff.Account) string {
	switch {
	case a.Disabled:
		return form.Text{VI: "đã khóa", EN: "closed"}.In(r.lang)
	case a.MustRenew:
		return form.Text{VI: "chưa đặt mật khẩu riêng", EN: "has not chosen a passphrase yet"}.In(r.lang)
	}
	return form.Text{VI: "dùng", EN: "in use"}.In(r.lang)
}
