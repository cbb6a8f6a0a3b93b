package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/user"
	"strconv"
	"strings"
	"text/tabwriter"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/viet"
	"banlang/syncserver/centre"
)

// directive is what staff do with directives until the console exists.
func (r *run) directive(ctx context.Context, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case "send":
			return r.directiveSend(ctx, args[1:])
		case "status":
			return r.directiveStatus(ctx, args[1:])
		}
	}
	return r.usage(form.Text{VI: "directive cần biết làm gì: send hoặc status", EN: "directive needs to be told what to do: send or status"})
}

// directiveSend writes a directive and addresses it: from flags, or from a file, where what flags say wins.
func (r *run) directiveSend(ctx context.Context, args []string) error {
	var q, said centre.SendDirective
	var file, to string
	_, err := r.parse(args, 0, 0, func(f *flag.FlagSet) {
		f.StringVar(&file, "file", "", "")
		f.StringVar(&to, "to", "", "")
		for name, text := range texts(&said) {
			f.StringVar(text, name, "", "")
		}
		r.taskFlags(f, &said.Tasks)
	})
	if err != nil {
		return err
	}
	if file != "" {
		if q, err = readDirective(file); err != nil {
			return err
		}
	}
	mine := texts(&q)
	for name, text := range texts(&said) {
		*mine[name] = cmp.Or(*text, *mine[name])
	}
	if said.To = split(to); len(said.To) > 0 {
		q.To = said.To
	}
	if len(said.Tasks) > 0 {
		q.Tasks = said.Tasks
	}
	q.Lang, q.By = r.lang, account(q.By)
	tidyDirective(&q)
	a, err := r.ask(ctx, false, centre.Request{SendDirective: &q})
	if err != nil {
		return err
	}
	if r.refuses(a.Sent.Problems) {
		r.warn(form.Text{VI: "Chưa gửi gì.", EN: "Nothing was sent."})
		return errRefused
	}
	r.say(form.Text{VI: "Đã phát hành %s (bản ghi %s) cho %s đơn vị. Máy đang nối nhận ngay, máy khác nhận ở lần liên lạc tới.\nTheo dõi: directive status --dir DIR %s",
		EN: "%s is issued (record %s), to %s units. Connected devices get it now, others at their next contact.\nTo follow it: directive status --dir DIR %s"},
		q.Number, a.Sent.Name, r.num(uint64(len(a.Sent.To))), strconv.Quote(q.Number))
	if len(a.Sent.NoDevice) > 0 {
		r.say(form.Text{VI: "Đơn vị chưa có máy nào: %s", EN: "Units without a device: %s"}, strings.Join(a.Sent.NoDevice, ", "))
	}
	return nil
}

// texts are the single texts of a directive, by their flags.
func texts(q *centre.SendDirective) map[string]*string {
	return map[string]*string{"issuer": &q.Issuer, "below": &q.Below, "number": &q.Number, "kind": &q.Kind, "subject": &q.Subject,
		"urgency": &q.Urgency, "issued": &q.IssuedOn, "parent": &q.Parent, "note": &q.Note, "by": &q.By}
}

// taskFlags reads --task TEXT, and behind it what belongs to that task.
func (r *run) taskFlags(f *flag.FlagSet, tasks *[]centre.DirectiveTask) {
	f.Func("task", "", func(text string) error { *tasks = append(*tasks, centre.DirectiveTask{Task: text}); return nil })
	for name, of := range map[string]func(t *centre.DirectiveTask) *string{
		"due":     func(t *centre.DirectiveTask) *string { return &t.Due },
		"measure": func(t *centre.DirectiveTask) *string { return &t.Measure },
		"target":  func(t *centre.DirectiveTask) *string { return &t.Target },
	} {
		f.Func(name, "", func(text string) error {
			if len(*tasks) == 0 {
				return errors.New(form.Text{VI: "phải đứng sau --task của nó", EN: "it stands behind its --task"}.In(r.lang))
			}
			*of(&(*tasks)[len(*tasks)-1]) = text
			return nil
		})
	}
}

// maxDirective bounds a directive in a file.
const maxDirective = 1 << 20

// readDirective reads a directive from JSON, as centre.SendDirective has it. A name that it does not know is a mistake.
func readDirective(path string) (q centre.SendDirective, err error) {
	const op = "directive send"
	f, err := os.Open(path)
	if err != nil {
		return q, fault.New(fault.NotFound, op, err)
	}
	defer f.Close()
	d := json.NewDecoder(io.LimitReader(f, maxDirective))
	d.DisallowUnknownFields()
	if err := d.Decode(&q); err != nil {
		return q, fault.New(fault.BadInput, op, fmt.Errorf("%s: %w", path, err))
	}
	return q, nil
}

// tidyDirective reads days and numbers as Vietnamese hands type them. What it cannot read the form will name.
func tidyDirective(q *centre.SendDirective) {
	day := func(s *string) {
		if iso, ok := viet.ParseDate(*s); ok {
			*s = iso
		}
	}
	day(&q.IssuedOn)
	for i := range q.Tasks {
		t := &q.Tasks[i]
		day(&t.Due)
		if n, ok := viet.ParseNumber(t.Target); ok {
			t.Target = n
		}
	}
}

// account is the person who acts: as named, or the account on this machine.
func account(by string) string {
	if who, err := user.Current(); by == "" && err == nil {
		return who.Username
	}
	return by
}

// refuses prints what a form has against what was written, question by question, and reports whether that is anything.
func (r *run) refuses(problems []centre.Problem) bool {
	for _, p := range problems {
		line := p.Text
		if p.Text != p.Label {
			line = p.Label + ": " + p.Text
		}
		var choices []string
		for _, c := range p.Choices {
			choices = append(choices, c.Value+" ("+c.Label+")")
		}
		if len(choices) > 0 {
			line += form.Text{VI: " Chọn: ", EN: " Choose: "}.In(r.lang) + strings.Join(choices, ", ")
		}
		fmt.Fprintln(r.err, line)
	}
	return len(problems) > 0
}

// directiveStatus says how far directives got: all of them in a line each, or one unit by unit.
func (r *run) directiveStatus(ctx context.Context, args []string) error {
	asJSON := false
	rest, err := r.parse(args, 0, 1, func(f *flag.FlagSet) { f.BoolVar(&asJSON, "json", false, "") })
	if err != nil {
		return err
	}
	q := &centre.DirectiveStatus{}
	if len(rest) > 0 {
		q.Number = rest[0]
	}
	a, err := r.ask(ctx, false, centre.Request{DirectiveStatus: q})
	switch {
	case err != nil:
		return err
	case asJSON:
		return r.json(a.Directives)
	case q.Number == "":
		return r.directiveList(a.Directives)
	}
	for i := range a.Directives {
		if err := r.directiveState(&a.Directives[i]); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) directiveList(all []centre.DirectiveState) error {
	w := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, form.Text{VI: "Số\tTrích yếu\tPhát hành\tHạn\tĐơn vị\tĐến máy\tĐã đọc\tTiếp nhận\tHoàn thành\tQuá hạn",
		EN: "Number\tSubject\tIssued\tDue\tUnits\tDelivered\tRead\tAccepted\tDone\tOverdue"}.In(r.lang))
	for i := range all {
		d, f := &all[i], &all[i].Funnel
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\n", d.Number, d.Subject, r.day(d.IssuedOn), r.day(d.Due), f.Sent, f.Delivered, f.Read, f.Accepted, f.Done, f.Overdue)
	}
	return w.Flush()
}

// day writes a day as people of the language do.
func (r *run) day(iso string) string {
	if r.lang == "en" {
		return orDash(iso)
	}
	return orDash(viet.Date(iso))
}

// directiveState prints one directive: the funnel, the units by how far they are, the tasks.
func (r *run) directiveState(d *centre.DirectiveState) error {
	f := &d.Funnel
	r.say(form.Text{VI: "%s · %s\n%s ban hành %s, gửi %s, hạn %s (bản ghi %s)", EN: "%s · %s\nissued by %s on %s, sent %s, due %s (record %s)"},
		d.Number, d.Subject, d.Issuer, r.day(d.IssuedOn), r.when(d.Sent), r.day(d.Due), d.Name)
	r.say(form.Text{VI: "Gửi %d → đến máy %d → đã đọc %d → tiếp nhận %d → hoàn thành %d; quá hạn %d", EN: "Sent %d → delivered %d → read %d → accepted %d → done %d; overdue %d"},
		f.Sent, f.Delivered, f.Read, f.Accepted, f.Done, f.Overdue)
	w := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, form.Text{VI: "Đơn vị\tĐang ở bước\tĐến máy\tĐã đọc\tTiếp nhận\tHoàn thành\tVì sao", EN: "Unit\tStep\tDelivered\tRead\tAccepted\tDone\tWhy"}.In(r.lang))
	for i := range d.Units {
		u := &d.Units[i]
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", u.Unit, steps[u.Step].In(r.lang), r.delivered(u), r.when(u.Read), r.when(u.Accepted), r.day(u.Done), r.why(u))
	}
	fmt.Fprintln(w, form.Text{VI: "Việc\tHạn\tTiếp nhận\tHoàn thành", EN: "Task\tDue\tAccepted\tDone"}.In(r.lang))
	for _, t := range d.Tasks {
		fmt.Fprintf(w, "%s\t%s\t%d/%d\t%d/%d\n", t.Task, r.day(t.Due), t.Accepted, f.Sent, t.Done, f.Sent)
	}
	return w.Flush()
}

// steps names how far a unit is.
var steps = map[string]form.Text{
	"sent": {VI: "chưa rõ đã đến máy", EN: "not known to be delivered"}, "delivered": {VI: "đã đến máy", EN: "delivered"}, "read": {VI: "đã đọc", EN: "read"},
	"accepted": {VI: "đã tiếp nhận", EN: "accepted"}, "doing": {VI: "đang làm", EN: "under way"}, "done": {VI: "hoàn thành", EN: "done"},
}

// delivered says when the unit's program first had the directive, as far as the unit has said, or only that it is there.
func (r *run) delivered(u *centre.UnitState) string {
	switch {
	case u.Received != 0:
		return r.when(u.Received)
	case u.Delivered:
		return form.Text{VI: "có", EN: "yes"}.In(r.lang)
	}
	return "—"
}

// why says what keeps a unit at its step.
func (r *run) why(u *centre.UnitState) string {
	var all []string
	add := func(t form.Text, args ...any) { all = append(all, fmt.Sprintf(t.In(r.lang), args...)) }
	switch {
	case u.Step == "sent" && len(u.Devices) == 0:
		add(form.Text{VI: "chưa có máy", EN: "no device"})
	case u.Step == "sent" && u.Seen == 0:
		add(form.Text{VI: "máy chưa liên lạc lần nào", EN: "the device was never in contact"})
	case u.Step == "sent":
		add(form.Text{VI: "liên lạc gần nhất %s", EN: "last contact %s"}, r.when(u.Seen))
	case u.Step == "delivered":
		add(form.Text{VI: "chỉ huy chưa mở", EN: "not opened yet"})
	}
	if u.Refused {
		add(form.Text{VI: "không tiếp nhận", EN: "not accepted"})
	}
	if u.Overdue {
		add(form.Text{VI: "quá hạn", EN: "overdue"})
	}
	if u.Obstacle != "" {
		add(form.Text{VI: "vướng: “%s”", EN: "obstacle: “%s”"}, oneLine(u.Obstacle))
	}
	return strings.Join(all, "; ")
}

// oneLine keeps what an officer wrote within its place on the page.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(c rune) bool { return c < ' ' || c == 0x7f }), " ")
}
