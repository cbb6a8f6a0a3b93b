package centre

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"slices"

	"golang.org/x/crypto/blake2b"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/roster"
	"banlang/syncserver/hub"
	"banlang/syncserver/staff"
)

// How devices learn who an account is: with the first act of it that one of them may receive, in the same transaction, and
// when that has altered. Of whoever has not acted they learn nothing.

// author writes for staff (hub.Act.Author), and tells with it who that is. What stands under no account of the register, as what
// is done at the centre's own machine, keeps the name that it was given.
func (c *Centre) author(ctx context.Context, a *hub.Act, w hub.Writing) (record.Dot, error) {
	if err := c.introduce(ctx, a, false, w.Officer); err != nil {
		return record.Dot{}, err
	}
	return a.Author(w)
}

// Introduce tells devices what an account is called now, and of which unit it is, if they know it under something else: an account
// was altered. One that devices know nothing of stays unknown to them. Run must be running. It is done also when whoever asked has
// gone; what fails is logged, and made good by the next act of the account, or the next start.
func (c *Centre) Introduce(ctx context.Context, account string) {
	ctx = context.WithoutCancel(ctx)
	c.missed(c.act(ctx, func(a *hub.Act) error { return c.introduce(ctx, a, true, account) }))
}

// missed logs why devices were not told of somebody.
func (c *Centre) missed(err error) {
	if err != nil {
		c.log.Error("devices are not told who staff are", "code", string(fault.CodeOf(err)))
	}
}

// introduce publishes who some accounts are, where that is not what was published last; of known, only of those of which
// something was. That the register cannot be read keeps nobody from his work: devices then show the account.
func (c *Centre) introduce(ctx context.Context, a *hub.Act, known bool, accounts ...string) error {
	var people []roster.Person
	for _, name := range accounts {
		p, told, err := c.called(ctx, a.Tx(), name)
		switch {
		case err != nil:
			return err
		case p.Name == "" || bytes.Equal(told, toldOf(p)) || known && told == nil:
			continue
		}
		if err := a.Tx().PutValue(valueTold(name), toldOf(p)); err != nil {
			return err
		}
		people = append(people, p)
	}
	for some := range slices.Chunk(people, roster.MaxPeople) {
		topic, payload, err := roster.Pack(some)
		if err != nil {
			return fault.New(fault.Internal, "introduce", err)
		}
		if err := a.Publish(topic, payload); err != nil {
			return err
		}
	}
	return nil
}

// called is who an account is by the register, without a name where that says nothing, and what was told of it last; nil: nothing.
func (c *Centre) called(ctx context.Context, tx hub.Tx, name string) (p roster.Person, told []byte, err error) {
	if told, err = tx.Value(valueTold(name)); name == "" || c.Staff() == nil || err != nil {
		return p, told, err
	}
	x, ok, err := c.Staff().Called(ctx, name)
	if c.missed(err); !ok || err != nil {
		return p, told, nil //nolint:nilerr // as the contract of introduce says
	}
	return roster.Person{Account: name, Name: x.Person, Unit: x.Unit}, told, nil
}

// valueTold names the value that keeps what was told of an account last. After a restore it may be older than what devices
// hold: then the same is told once more.
func valueTold(account string) string {
	sum := blake2b.Sum256([]byte(account))
	return "told of staff " + hex.EncodeToString(sum[:8])
}

func toldOf(p roster.Person) []byte { return []byte(p.Name + "\t" + p.Unit) }

// valueIntroduced names the value that says that whoever acted before there were introductions was introduced.
const valueIntroduced = "staff introduced"

// introduceAgain catches up at the start: with accounts that were altered while nobody could be told of it, and, once in the life
// of a centre, with those that acted before devices were told of anybody. What fails here is made good by the next act.
func (c *Centre) introduceAgain(ctx context.Context) {
	if c.Staff() == nil {
		return
	}
	all, err := c.Staff().Accounts(ctx, staff.Keeper(""))
	if err == nil {
		err = c.hub.Staff(ctx, func(a *hub.Act) error { return c.catchUp(ctx, a, all) })
	}
	c.missed(err)
}

func (c *Centre) catchUp(ctx context.Context, a *hub.Act, all []staff.Account) error {
	var names []string
	for _, x := range all {
		names = append(names, x.Name)
	}
	if err := c.introduce(ctx, a, true, names...); err != nil {
		return err
	}
	done, err := a.Tx().Value(valueIntroduced)
	if done != nil || err != nil {
		return err
	}
	acted, err := authors(a.Tx())
	if err != nil {
		return err
	}
	return errors.Join(c.introduce(ctx, a, false, acted...), a.Tx().PutValue(valueIntroduced, []byte{1}))
}

// authors are the accounts under which something of the centre's own stands, sorted. It reads all that the centre ever wrote.
func authors(tx ledger.Tx) ([]string, error) {
	found := map[string]bool{}
	err := eachOwn(tx, 0, func(x *record.Change) {
		if x.Officer != "" {
			found[x.Officer] = true
		}
	})
	return slices.Sorted(maps.Keys(found)), err
}
