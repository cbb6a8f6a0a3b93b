package command

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	"banlang/shared/dispatch"
	"banlang/shared/form"
	"banlang/syncserver/centre"
)

// flash is what staff do with flash reports until the console exists.
func (r *run) flash(ctx context.Context, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case "list":
			return r.flashList(ctx, args[1:])
		case "ack":
			return r.flashAck(ctx, args[1:])
		case "wait":
			return r.flashWait(ctx, args[1:])
		}
	}
	return r.usage(form.Text{VI: "flash cần biết làm gì: list, ack hoặc wait", EN: "flash needs to be told what to do: list, ack or wait"})
}

// flashList prints the flash reports with their clocks; those that are over only when they are asked for.
func (r *run) flashList(ctx context.Context, args []string) error {
	var asJSON, all bool
	_, err := r.parse(args, 0, 0, func(f *flag.FlagSet) {
		f.BoolVar(&asJSON, "json", false, "")
		f.BoolVar(&all, "all", false, "")
	})
	if err != nil {
		return err
	}
	a, err := r.ask(ctx, false, centre.Request{FlashList: &centre.FlashList{Lang: r.lang}})
	if err != nil {
		return err
	}
	if asJSON {
		return r.json(a.Flashes)
	}
	var waiting, followed, over int
	for i := range a.Flashes {
		switch s := &a.Flashes[i]; {
		case s.Closed != 0:
			over++
		case len(s.Acks) > 0:
			followed++
		default:
			waiting++
		}
	}
	r.say(form.Text{VI: "%d chưa tiếp nhận · %d đang theo dõi · %d đã kết thúc", EN: "%d not acknowledged · %d followed · %d over"}, waiting, followed, over)
	for i := range a.Flashes {
		if s := &a.Flashes[i]; all || s.Closed == 0 {
			r.flashState(s)
		}
	}
	return nil
}

// flashState prints one report: what it says, then its clocks, each with how much later it is than the one before.
func (r *run) flashState(s *centre.FlashState) {
	fmt.Fprintf(r.out, "\n%s  %s · %s · %s · %s\n  %s\n", s.Name, s.Unit, s.Category, s.Severity, orDash(oneLine(s.Place)), oneLine(s.Summary))
	if s.Needed != "" {
		r.say(form.Text{VI: "  Cần hỗ trợ: %s", EN: "  Help needed: %s"}, s.Needed)
	}
	clocks := []struct {
		what form.Text
		at   int64
	}{
		{form.Text{VI: "Xảy ra", EN: "Happened"}, s.Happened}, {form.Text{VI: "Nắm được", EN: "Known"}, s.Known},
		{form.Text{VI: "Ghi trên máy", EN: "Finished on the device"}, s.Finished}, {form.Text{VI: "Đến trung tâm", EN: "At the centre"}, s.Arrived},
	}
	last := int64(0)
	for _, c := range clocks {
		r.clock(c.what, last, c.at, "")
		if c.at != 0 {
			last = c.at
		}
	}
	if len(s.Acks) == 0 {
		r.say(form.Text{VI: "  Chưa ai tiếp nhận", EN: "  Nobody has acknowledged it"})
	}
	for _, x := range s.Acks {
		text := x.Unit
		if x.Text != "" {
			text += ": “" + oneLine(x.Text) + "”"
		}
		r.clock(form.Text{VI: "Tiếp nhận", EN: "Acknowledged"}, last, x.At, text)
	}
	if s.Closed != 0 {
		r.clock(form.Text{VI: "Kết thúc", EN: "Over"}, 0, s.Closed, "")
	}
}

// clock prints one clock: when, and after how long.
func (r *run) clock(what form.Text, before, at int64, text string) {
	parts := []string{}
	if before != 0 && at != 0 {
		parts = append(parts, dispatch.After(time.UnixMilli(before), time.UnixMilli(at)).In(r.lang))
	}
	if text != "" {
		parts = append(parts, text)
	}
	name := what.In(r.lang)
	fmt.Fprintln(r.out, strings.TrimRight(fmt.Sprintf("  %s%s %s  %s", name, strings.Repeat(" ", max(0, 22-len([]rune(name)))), r.when(at), strings.Join(parts, "; ")), " "))
}

// flashAck acknowledges a report; the officer reads it at the next contact, or at once.
func (r *run) flashAck(ctx context.Context, args []string) error {
	q := &centre.FlashAck{Lang: r.lang}
	rest, err := r.parse(args, 1, 1, func(f *flag.FlagSet) {
		f.StringVar(&q.Unit, "unit", "", "")
		f.StringVar(&q.Text, "text", "", "")
		f.StringVar(&q.By, "by", "", "")
	})
	if err != nil {
		return err
	}
	q.Report, q.By = rest[0], account(q.By)
	a, err := r.ask(ctx, false, centre.Request{FlashAck: q})
	if err != nil {
		return err
	}
	if r.refuses(a.FlashAck.Problems) {
		r.warn(form.Text{VI: "Chưa ghi gì.", EN: "Nothing was written."})
		return errRefused
	}
	r.say(form.Text{VI: "%s đã tiếp nhận %s lúc %s.", EN: "%s has acknowledged %s at %s."}, q.Unit, q.Report, r.when(a.FlashAck.At))
	if a.FlashAck.Arrived != 0 {
		late := dispatch.After(time.UnixMilli(a.FlashAck.Arrived), time.UnixMilli(a.FlashAck.At))
		r.say(form.Text{VI: "Báo cáo đến trung tâm lúc %s; tiếp nhận %s.", EN: "The report came at %s; acknowledged %s."}, r.when(a.FlashAck.Arrived), late.In(r.lang))
	}
	return nil
}

// flashWait sets after how long a report climbs.
func (r *run) flashWait(ctx context.Context, args []string) error {
	q := &centre.FlashWait{Minutes: -1}
	_, err := r.parse(args, 0, 0, func(f *flag.FlagSet) {
		f.StringVar(&q.Unit, "unit", "", "")
		f.IntVar(&q.Minutes, "minutes", -1, "")
	})
	if err != nil {
		return err
	}
	a, err := r.ask(ctx, false, centre.Request{FlashWait: q})
	if err != nil {
		return err
	}
	r.say(form.Text{VI: "%s: %d phút (trước đó %d).", EN: "%s: %d min (before: %d)."}, q.Unit, q.Minutes, a.FlashWait.Minutes)
	return nil
}
