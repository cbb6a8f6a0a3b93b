package centre

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/csv"
	"slices"
	"strings"
	"sync"
	"time"

	"banlang/shared/dispatch"
	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/units"
	"banlang/shared/viet"
	"banlang/syncserver/access"
	"banlang/syncserver/hub"
	"banlang/syncserver/projection"
	"banlang/syncserver/report"
)

// How staff write records: through the form itself, like an officer, and with the centre's own pen.

// Problem is what a form has against something that staff wrote, in their language.
type Problem struct {
	Path    string
	Label   string        // of the question
	Text    string        // what is wrong
	Choices []form.Choice `json:",omitempty"` // what could be answered, when that is little enough to say
}

// mostChoices bounds the choices that a Problem lists.
const mostChoices = 20

// desk is what forms may learn of the world when staff fill them in, within one transaction.
type desk struct {
	tx   hub.Tx
	lang string
	now  time.Time
	tree *units.View // of the day

	directives func() ([]dispatch.Directive, error) // all that are here; they are looked for when they are asked for
}

// desk is where staff write within a transaction, in a language. It holds as long as both.
func (c *Centre) desk(ctx context.Context, tx hub.Tx, lang string) (*desk, error) {
	now := c.wall().Time().In(viet.Zone)
	t, _, err := c.unitsIn(tx)
	return &desk{tx: tx, lang: lang, now: now, tree: t.At(now.Format(time.DateOnly)),
		directives: sync.OnceValues(func() ([]dispatch.Directive, error) { return c.directivesIn(ctx, tx) })}, err
}

func (d *desk) env() form.Env {
	return form.Env{Language: d.lang, Now: func() time.Time { return d.now }, Zone: d.now.Location(), List: d.list,
		Random: func() uint64 {
			var b [8]byte
			_, _ = rand.Read(b[:]) // it never fails
			return binary.LittleEndian.Uint64(b[:])
		}}
}

// list makes a list beside a form, of those that the centre has; nil for others.
func (d *desk) list(name string) []byte {
	rows := [][]string{{"name", "label"}}
	switch name {
	case "units.csv":
		known, err := knownUnits(d.tx)
		if err != nil {
			return nil
		}
		for _, u := range d.tree.All() {
			rows = append(rows, []string{u.Code, u.Name})
		}
		for _, code := range known {
			if !d.tree.Has(code) {
				rows = append(rows, []string{code, d.tree.Name(code)})
			}
		}
	case "indicators.csv":
		for _, x := range report.Indicators() {
			rows = append(rows, []string{x.ID, x.Label.In(d.lang)})
		}
	case "directives.csv":
		all, err := d.directives()
		if err != nil {
			return nil
		}
		for _, x := range all {
			rows = append(rows, []string{x.Record.String(), x.Number})
		}
	default:
		return nil
	}
	var b strings.Builder
	_ = csv.NewWriter(&b).WriteAll(rows) // into memory
	return []byte(b.String())
}

// knownUnits lists the codes of the units that devices are of, or may hold records of.
func knownUnits(tx hub.Tx) (codes []string, err error) {
	var replicas []record.ReplicaID
	err = tx.Devices(func(d access.Device) bool {
		replicas = append(replicas, d.Replica)
		if d.Unit != "" {
			codes = append(codes, d.Unit)
		}
		return true
	})
	for _, r := range replicas {
		g, err := ledger.Grant(tx, r)
		if err != nil {
			return nil, err
		}
		if g != nil {
			for _, f := range g.Feeds {
				codes = append(codes, f.Unit())
			}
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes), err
}

// problems are what keeps a filling from being written, within some paths ("" is all of it).
func (d *desk) problems(l *form.Filling, within string) (all []Problem) {
	for _, p := range l.Problems() {
		if p.Rule == form.RuleExpression || !strings.HasPrefix(p.Path, within) {
			continue
		}
		x := Problem{Path: p.Path, Label: l.LabelOf(p.Path), Text: p.Text.In(d.lang)}
		if strangers := d.strangers(l, p.Path); len(strangers) > 0 {
			x.Text = form.Text{VI: "Trung tâm không biết đơn vị ", EN: "The centre knows no unit "}.In(d.lang) + strings.Join(strangers, ", ") + "."
		}
		if choices := l.Choices(p.Path); len(choices) <= mostChoices && p.Rule != form.RuleRequired {
			x.Choices = choices
		}
		all = append(all, x)
	}
	return all
}

// strangers are the units that an answer names and the centre does not know.
func (d *desk) strangers(l *form.Filling, path string) []string {
	field, ok := l.Form().Field(path)
	if !ok || field.Declared.Holds != declared.HoldsUnit {
		return nil
	}
	known := l.Choices(path)
	return slices.DeleteFunc(strings.Fields(l.Value(path)), func(unit string) bool {
		return slices.ContainsFunc(known, func(c form.Choice) bool { return c.Value == unit })
	})
}

// directivesIn reads every directive that is here.
func (c *Centre) directivesIn(ctx context.Context, tx hub.Tx) (all []dispatch.Directive, err error) {
	x, err := c.find(ctx, projection.Finding{Form: dispatch.FormDirective})
	if err != nil {
		return nil, err
	}
	err = x.each(tx, func(_ *record.Change, v *record.View) error {
		all = append(all, dispatch.ReadDirective(v))
		return nil
	})
	return all, err
}
