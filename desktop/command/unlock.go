package command

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"banlang/desktop/keyfile"
	"banlang/desktop/store"
	"banlang/shared/fault"
	"banlang/shared/form"
)

// How a command opens a notebook that is enciphered: with the passphrase of an officer, as the window does.

// The environment may say who opens, for scripts; a passphrase on the command line could be read by everybody on the machine.
const (
	envOfficer    = "BANLANG_OFFICER"
	envPassphrase = "BANLANG_PASSPHRASE"
)

// open opens the notebook of the directory, asking for a passphrase where it needs one. Where there is none nothing is made,
// and the fault is NotEnrolled. On a machine that was reported lost it is fault.Lost.
func (c *Command) open(ctx context.Context) (*book, error) {
	b, err := c.openToSend(ctx)
	if err == nil && b.Lost() {
		return nil, errors.Join(fault.New(fault.Lost, "open", nil), b.Close())
	}
	return b, err
}

// openToSend is open for who shows nothing of the notebook: a lost machine goes on sending.
func (c *Command) openToSend(ctx context.Context) (*book, error) {
	if err := c.there(); err != nil {
		return nil, err
	}
	file, err := keyfile.Open(keyfile.Path(c.path()), c.Keys)
	if errors.Is(err, fault.NotFound) {
		return c.openWith(ctx, store.Options{}, nil)
	}
	if err != nil {
		return nil, err
	}
	who, err := c.who(file.Officers())
	if err != nil {
		return nil, err
	}
	passphrase, err := c.passphrase(who)
	if err != nil {
		return nil, err
	}
	key, err := file.Unlock(who.ID, passphrase)
	if err != nil {
		return nil, err
	}
	defer key.Lock()
	b, err := c.openUnder(ctx, key, nil)
	if err == nil {
		b.seal(key)
	}
	return b, err
}

// openUnder opens the notebook with a key, and before it brings it under the key where it is not yet: it is plain, or the
// key was being changed when the power failed.
func (c *Command) openUnder(ctx context.Context, key *keyfile.Unlocked, told func(store.Progress)) (*book, error) {
	keys := key.Keys()
	defer func() {
		for _, k := range keys {
			k.Wipe()
		}
	}()
	state, err := store.Look(c.path())
	if err != nil {
		return nil, err
	}
	if state == store.Plain || key.Pending() {
		err := store.Encipher(ctx, c.path(), store.Options{Keys: keys}, told)
		if err == nil && key.Pending() {
			err = key.FinishRekey()
		}
		if err != nil {
			return nil, err
		}
	}
	return c.openWith(ctx, store.Options{Keys: keys}, key.File())
}

// seal seals the key to the custodians too, as soon as the centre has published who they are, and anew whenever they are
// others: so a forgotten passphrase costs nothing, and who is withdrawn gets nothing more. The session sends it to the
// centre. What fails is tried again at the next opening.
func (b *book) seal(key *keyfile.Unlocked) {
	if to, told := b.forms.Keys.Custodians(); told && !key.File().EscrowedTo(to) && key.SetEscrow(to) == nil {
		b.KeysChanged()
	}
}

// who chooses the officer: the one who was named, or else the one who signed in last.
func (c *Command) who(officers []keyfile.Entry) (keyfile.Entry, error) {
	if len(officers) == 0 {
		return keyfile.Entry{}, fault.New(fault.TornKeyFile, "open", errors.New("no officer"))
	}
	if named := cmp.Or(c.officer, c.Env(envOfficer)); named != "" {
		i := slices.IndexFunc(officers, func(e keyfile.Entry) bool { return e.ID == named || e.Name == named })
		if i < 0 {
			return keyfile.Entry{}, fault.New(fault.NotFound, "officer", errors.New(named))
		}
		return officers[i], nil
	}
	return slices.MaxFunc(officers, func(a, b keyfile.Entry) int { return a.LastSignIn.Compare(b.LastSignIn) }), nil
}

// passphraseBytes bounds what is read as a passphrase.
const passphraseBytes = 1 << 10

// passphrase asks for it: the environment, or the person, who does not see it on the screen.
func (c *Command) passphrase(who keyfile.Entry) (string, error) {
	if p := c.Env(envPassphrase); p != "" {
		return p, nil
	}
	return c.ask(form.Text{VI: "Mật khẩu của %s: ", EN: "Passphrase of %s: "}, who.Name)
}

// ask asks the person for a passphrase.
func (c *Command) ask(question form.Text, name string) (string, error) {
	if c.In == nil {
		return "", fault.New(fault.LockedNotebook, "open", nil)
	}
	fmt.Fprintf(c.Err, question.In(c.lang), name)
	if f, ok := c.In.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		b, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(c.Err)
		return string(b), err
	}
	line, err := bufio.NewReader(io.LimitReader(c.In, passphraseBytes)).ReadString('\n')
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", fault.New(fault.LockedNotebook, "open", err)
	}
	return line, nil
}
