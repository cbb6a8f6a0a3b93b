package command

import (
	"context"
	"flag"
	"strings"

	"banlang/shared/form"
	"banlang/syncserver/centre"
)

// namesShown bounds the names that are printed of records that were rejected for one reason; --json has all.
const namesShown = 5

// rejected prints the records whose creation does not stand, and nothing of what is in them: a line for those of one device, of
// one form, rejected for one reason, the latest first.
func (r *run) rejected(ctx context.Context, args []string) error {
	var asJSON bool
	if _, err := r.parse(args, 0, 0, func(f *flag.FlagSet) { f.BoolVar(&asJSON, "json", false, "") }); err != nil {
		return err
	}
	a, err := r.ask(ctx, false, centre.Request{Rejected: true})
	if err != nil {
		return err
	}
	if asJSON {
		return r.json(a.Rejected)
	}
	if len(a.Rejected) == 0 {
		r.say(form.Text{VI: "Không có bản ghi nào bị từ chối từ lần ghi đầu.", EN: "No record was rejected at its creation."})
		return nil
	}
	type group struct{ device, form, reason string }
	var order []group
	names := map[group][]string{}
	for _, x := range a.Rejected {
		g := group{x.Device, x.Form, x.Reason}
		if names[g] == nil {
			order = append(order, g)
		}
		names[g] = append(names[g], x.Name)
	}
	for _, g := range order {
		some := names[g][:min(len(names[g]), namesShown)]
		list := strings.Join(some, " ")
		if len(some) < len(names[g]) {
			list += " …"
		}
		r.say(form.Text{VI: "%s · %s · %s: %d bản ghi (%s)", EN: "%s · %s · %s: %d records (%s)"}, orDash(g.device), g.form, g.reason, len(names[g]), list)
	}
	r.say(form.Text{VI: "Chấp nhận lại: release --dir DIR TÊN", EN: "To let one stand: release --dir DIR NAME"})
	return nil
}
