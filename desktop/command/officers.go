package command

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"strings"

	"banlang/desktop/keyfile"
	"banlang/desktop/store"
	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/form"
)

// envNewPassphrase gives the passphrase that is to be set, for scripts.
const envNewPassphrase = "BANLANG_NEW_PASSPHRASE"

// officers is the command: who can open the notebook; taking somebody out, which changes the key too, since he has had it in
// his hands; and a new passphrase for somebody who has forgotten his, set with the custodian's key, or the one that the centre keeps.
func (c *Command) officers(ctx context.Context, args []string) error {
	custodian := ""
	rest, err := c.parse(args, func(f *flag.FlagSet) { f.StringVar(&custodian, "key", "", "") })
	if err != nil {
		return err
	}
	if err := c.there(); err != nil {
		return err
	}
	if len(rest) == 2 && rest[0] == "reset" && custodian != "" {
		return c.resetOfficer(ctx, rest[1], custodian)
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

// resetOfficer sets a passphrase with what a file holds: the key of the custodian, or the keys of the notebook itself, which
// "syncserver escrow get" wrote. With those it makes the key file anew where that is gone: destroyed by order, torn, or lost.
func (c *Command) resetOfficer(ctx context.Context, id, secret string) error {
	text, err := readBounded(secret, maxSecretFile)
	if err != nil {
		return err
	}
	defer clear(text)
	file, err := keyfile.Open(keyfile.Path(c.path()), c.Keys)
	keys := keyTexts(text)
	var key *keyfile.Unlocked
	switch {
	case err != nil && len(keys) > 0:
		return c.restoreOfficer(ctx, id, keys)
	case err != nil:
		return err
	case len(keys) > 0:
		key, err = file.RecoverWith(keys...)
	default:
		var identity envelope.Identity
		if identity, err = envelope.ParseIdentity(string(text)); err == nil {
			key, err = file.Recover(identity)
		}
	}
	if err != nil {
		return err
	}
	defer key.Lock()
	for _, e := range file.Officers() {
		if e.ID != id && e.Name != id {
			continue
		}
		next, err := c.newPassphrase(e.Name)
		if err != nil {
			return err
		}
		if err := key.SetPassphrase(e.Officer, next); err != nil {
			return err
		}
		c.saySet(e.Name)
		return nil
	}
	return fault.New(fault.NotFound, "officers reset", errors.New(cmp.Or(id, "nobody")))
}

// maxSecretFile bounds the file with the key of a custodian or a notebook.
const maxSecretFile = 1 << 16

// keyTexts are the keys of a notebook in a text, one a line.
func keyTexts(text []byte) (keys []string) {
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if k, err := keyfile.ParseKey(line); err == nil {
			k.Wipe()
			keys = append(keys, line)
		}
	}
	return keys
}

// restoreOfficer makes the key file anew with the key that fits the notebook, and a first officer; the colleagues are entered
// in the window.
func (c *Command) restoreOfficer(ctx context.Context, id string, keys []string) error {
	for _, text := range keys {
		fits, err := c.fits(ctx, text)
		if err != nil {
			return err
		}
		if !fits {
			continue
		}
		next, err := c.newPassphrase(id)
		if err != nil {
			return err
		}
		key, err := keyfile.Restore(keyfile.Path(c.path()), text, keyfile.Officer{ID: id, Name: id}, next, nil, c.Keys)
		if err != nil {
			return err
		}
		key.Lock()
		c.saySet(id)
		return nil
	}
	return fault.New(fault.WrongDataKey, "officers reset", nil)
}

// fits reports whether the notebook is under a key.
func (c *Command) fits(ctx context.Context, text string) (bool, error) {
	key, err := keyfile.ParseKey(text)
	if err != nil {
		return false, err
	}
	defer key.Wipe()
	b, err := c.openWith(ctx, store.Options{Keys: []*keyfile.Key{key}}, nil)
	if errors.Is(err, fault.WrongDataKey) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, b.Close()
}

func (c *Command) newPassphrase(name string) (string, error) {
	if next := c.Env(envNewPassphrase); next != "" {
		return next, nil
	}
	return c.ask(form.Text{VI: "Mật khẩu mới của %s: ", EN: "New passphrase of %s: "}, name)
}

func (c *Command) saySet(name string) {
	c.say(form.Text{VI: "Đã đặt mật khẩu mới cho %s. Mọi thứ trong sổ vẫn nguyên.", EN: "A new passphrase is set for %s. Everything in the notebook is intact."}, name)
}
