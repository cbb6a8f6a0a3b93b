package command

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// env is what a form may learn of this machine. A command seals nothing, and says so to the form: it names no recipient.
func (c *Command) env() form.Env {
	return form.Env{Language: c.lang, Now: time.Now, Zone: time.Local, Random: random}
}

func random() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.LittleEndian.Uint64(b[:])
}

// listForms is the command: which versions of which forms are here, and how much is written in each. With "check" it
// looks what would change if everything were opened in the version of today.
func (c *Command) listForms(ctx context.Context, args []string) (err error) {
	rest, err := c.parse(args, nil)
	if err != nil {
		return err
	}
	show := c.showForms
	if slices.Equal(rest, []string{"check"}) {
		show, rest = c.checkForms, nil
	}
	if err := c.none(rest); err != nil {
		return err
	}
	b, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	return show(ctx, b)
}

// uses is how much is written in a version of a form.
type uses struct{ records, drafts int }

func usesOf(ctx context.Context, b *book) (map[record.FormRef]uses, error) {
	all := map[record.FormRef]uses{}
	drafts, err := b.Drafts(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range drafts {
		u := all[d.Form]
		u.drafts++
		all[d.Form] = u
	}
	return all, b.Each(ctx, func(v *record.View) error {
		u := all[v.Form]
		u.records++
		all[v.Form] = u
		return ctx.Err()
	})
}

func (c *Command) showForms(ctx context.Context, b *book) error {
	used, err := usesOf(ctx, b)
	if err != nil {
		return err
	}
	known := b.forms.Library.Known()
	for _, p := range b.forms.Library.All() {
		c.say(form.Text{VI: "%s", EN: "%s"}, p.Title.In(c.lang))
		for _, ref := range known {
			if ref.ID == p.ID {
				c.showVersion(b, ref, ref == p.Ref(), used[ref])
				delete(used, ref)
			}
		}
	}
	strange := slices.Collect(maps.Keys(used)) // of forms that are not here at all
	slices.SortFunc(strange, func(a, b record.FormRef) int { return strings.Compare(a.String(), b.String()) })
	for _, ref := range strange {
		c.showVersion(b, ref, false, used[ref])
	}
	return nil
}

// showVersion prints a line; last: the form has no later version here.
func (c *Command) showVersion(b *book, ref record.FormRef, last bool, u uses) {
	f, readable := b.forms.Library.Lookup(ref)
	_, open := b.forms.Library.Current(ref.ID)
	number, state := "?", form.Text{VI: "chương trình này không có, giữ nguyên như đã nhận", EN: "not in this program, kept as it came"}
	switch {
	case !readable:
	case !last:
		state = form.Text{VI: "giữ lại", EN: "kept"}
	case open:
		state = form.Text{VI: "đang dùng", EN: "current"}
	default:
		state = form.Text{VI: "thôi dùng", EN: "retired"}
	}
	if readable {
		number = f.Version
	}
	c.say(form.Text{VI: "  %-40s bản %-4s %-10s bản ghi: %s · nháp: %s", EN: "  %-40s version %-4s %-10s records: %s · drafts: %s"},
		ref, number, state.In(c.lang), viet.Int(int64(u.records)), viet.Int(int64(u.drafts)))
}

// upgrade is the look at what was written in versions before the present ones.
type upgrade struct {
	c           *Command
	b           *book
	older, stay int
}

// checkForms looks, for each record and draft of a version before the present one, whether all its values have a place
// in the present one. The centre does the same when it publishes a form, but drafts never leave the machine.
func (c *Command) checkForms(ctx context.Context, b *book) error {
	up := &upgrade{c: c, b: b}
	if err := b.Each(ctx, func(v *record.View) error {
		up.look(form.Text{VI: "bản ghi " + v.ID.String(), EN: "record " + v.ID.String()}, v.Form, v.Values())
		return ctx.Err()
	}); err != nil {
		return err
	}
	drafts, err := b.Drafts(ctx)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		values, err := draftValues(ctx, b, &d)
		if err != nil {
			return err
		}
		at := viet.Int(int64(d.ID))
		up.look(form.Text{VI: "nháp " + at, EN: "draft " + at}, d.Form, values)
	}
	c.say(form.Text{VI: "Viết theo bản trước của biểu mẫu: %s. Mở được bằng bản đang dùng: %s. Ở lại bản của mình: %s.",
		EN: "Written in an earlier version of a form: %s. Opened in the current one: %s. Staying in their own: %s."},
		viet.Int(int64(up.older)), viet.Int(int64(up.older-up.stay)), viet.Int(int64(up.stay)))
	return nil
}

// look says what of a record or draft does not fit the present version.
func (up *upgrade) look(what form.Text, ref record.FormRef, values map[string]string) {
	now, ok := up.b.forms.Library.Current(ref.ID)
	if !ok || now.Ref == ref {
		return
	}
	up.older++
	in, misfits, _ := up.b.forms.Library.For(ref, values)
	if len(misfits) == 0 {
		return
	}
	then := form.Text{VI: "bản của nó không có ở đây; mở bằng bản %[3]s, những giá trị này để riêng", EN: "its own version is not here; it is opened in version %[3]s with these values set aside"}
	if in.Ref != now.Ref {
		up.stay++
		then = form.Text{VI: "ở lại bản %[3]s", EN: "it stays in version %[3]s"}
	}
	up.c.say(form.Text{VI: "%[1]s, %[2]s: " + then.VI, EN: "%[1]s, %[2]s: " + then.EN}, what.In(up.c.lang), ref, in.Version)
	for _, m := range misfits {
		up.c.say(form.Text{VI: "    %s: %s", EN: "    %s: %s"}, m.Path, misfitWords[m.Rule].In(up.c.lang))
	}
}

var misfitWords = map[string]form.Text{
	form.RulePath:   {VI: "không còn chỗ", EN: "has no place"},
	form.RuleType:   {VI: "không đúng loại", EN: "is of another kind"},
	form.RuleChoice: {VI: "câu trả lời không còn trong danh sách", EN: "the answer is no longer on the list"},
	form.RuleLength: {VI: "quá dài", EN: "is too long"},
	form.RuleSealed: {VI: "đã niêm phong, mà câu hỏi không còn niêm phong", EN: "is sealed, and the question no longer is"},
}

// draftValues are the values that a draft shows: the record's, with what the officer typed over them.
func draftValues(ctx context.Context, b *book, d *notebook.Draft) (map[string]string, error) {
	values := map[string]string{}
	if !d.Record.IsZero() {
		v, err := b.View(ctx, d.Record)
		if err != nil {
			return nil, err
		}
		values = v.Values()
		for row := range d.Dropped {
			maps.DeleteFunc(values, func(path, _ string) bool { return strings.HasPrefix(path, row) })
		}
	}
	maps.Copy(values, d.Values)
	return values, nil
}
