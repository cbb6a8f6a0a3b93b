package command

import (
	"cmp"
	"context"
	"errors"
	"flag"

	"banlang/desktop/keyfile"
	"banlang/desktop/store"
	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/form"
)

// envNewPassphrase gives the passphrase that is to be set, for scripts.
const envNewPassphrase = "BANLANG_NEW_PASSPHRASE"

// officers is the command: who can open the notebook; taking somebody out, which changes the key too, since he has had it in
// his hands; and a new passphrase for somebody who has forgotten his, set with the custodian's key.
func (c *Command) officers(ctx context.Context, args []string) error {
	custodian := ""
	rest, err := c.parse(args, func(f *flag.FlagSet) { f.StringVar(&custodian, "key", "", "") })
	if err != nil {
		return err
	}
	if err := c.there(); err != nil {
		return err
	}
	file, err := keyfile.Open(keyfile.Path(c.path()), c.Keys)
	if errors.Is(err, fault.NotFound) {
		c.say(form.Text{VI: "Sổ này chưa có ai: mở cửa sổ và đặt mật khẩu cho người dùng đầu tiên.", EN: "This notebook has nobody yet: open the window and set the passphrase of the first officer."})
		return nil
	}
	switch {
	case err != nil:
		return err
	case len(rest) == 0 && custodian == "":
		return c.listOfficers(file)
	case len(rest) == 2 && rest[0] == "remove" && custodian == "":
		return c.removeOfficer(ctx, file, rest[1])
	case len(rest) == 2 && rest[0] == "reset" && custodian != "":
		return c.resetOfficer(file, rest[1], custodian)
	}
	return c.usage(form.Text{VI: "Cần: officers | officers remove MÃ | officers reset MÃ --key TỆP", EN: "Needed: officers | officers remove ID | officers reset ID --key FILE"})
}

func (c *Command) listOfficers(file *keyfile.File) error {
	for _, e := range file.Officers() {
		last := form.Text{VI: "chưa đăng nhập", EN: "never signed in"}.In(c.lang)
		if !e.LastSignIn.IsZero() {
			last = e.LastSignIn.Local().Format("02/01/2006 15:04")
		}
		c.say(form.Text{VI: "%s  %s  %s", EN: "%s  %s  %s"}, e.ID, e.Name, last)
	}
	if len(file.Escrow()) == 0 {
		c.say(form.Text{VI: "Trung tâm chưa giữ khóa dự phòng: quên mật khẩu thì chỉ người khác trong danh sách mở được.",
			EN: "The centre has no reserve key yet: after a forgotten passphrase only the others on this list can open it."})
	}
	return nil
}

// removeOfficer takes somebody out and moves the notebook to another key.
func (c *Command) removeOfficer(ctx context.Context, file *keyfile.File, id string) error {
	who, err := c.who(file.Officers())
	if err != nil {
		return err
	}
	passphrase, err := c.passphrase(who)
	if err != nil {
		return err
	}
	key, err := file.Unlock(who.ID, passphrase)
	if err != nil {
		return err
	}
	defer key.Lock()
	if who.ID == id {
		return fault.New(fault.BadInput, "officers remove", errors.New("who opens the notebook stays"))
	}
	if err := key.BeginRekey(id); err != nil {
		return err
	}
	bar := c.newBar()
	b, err := c.openUnder(ctx, key, func(p store.Progress) { bar.draw(string(p.Stage), p.Done, p.Total, "") })
	bar.clear()
	if err != nil {
		return err // what was begun goes on when the notebook is opened next
	}
	c.say(form.Text{VI: "Đã bỏ %s. Sổ nay dùng khóa mới; khóa cũ không mở được nữa.", EN: "%s is taken out. The notebook is under a new key; the old one opens it no more."}, id)
	return b.Close()
}

// resetOfficer sets a passphrase with the key of the custodian.
func (c *Command) resetOfficer(file *keyfile.File, id, custodian string) error {
	text, err := readBounded(custodian, 1<<16)
	if err != nil {
		return err
	}
	identity, err := envelope.ParseIdentity(string(text))
	if err != nil {
		return err
	}
	key, err := file.Recover(identity)
	if err != nil {
		return err
	}
	defer key.Lock()
	for _, e := range file.Officers() {
		if e.ID != id && e.Name != id {
			continue
		}
		next := c.Env(envNewPassphrase)
		if next == "" {
			if next, err = c.ask(form.Text{VI: "Mật khẩu mới của %s: ", EN: "New passphrase of %s: "}, e.Name); err != nil {
				return err
			}
		}
		if err := key.SetPassphrase(e.Officer, next); err != nil {
			return err
		}
		c.say(form.Text{VI: "Đã đặt mật khẩu mới cho %s. Mọi thứ trong sổ vẫn nguyên.", EN: "A new passphrase is set for %s. Everything in the notebook is intact."}, e.Name)
		return nil
	}
	return fault.New(fault.NotFound, "officers reset", errors.New(cmp.Or(id, "nobody")))
}
