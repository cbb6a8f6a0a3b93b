package command

import (
	"context"
	"errors"
	"flag"
	"time"

	"banlang/desktop/notebook"
	"banlang/desktop/replica"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/viet"
)

// sync sends and receives once; without --once it is watch.
func (c *Command) sync(ctx context.Context, args []string) (err error) {
	once, limit := false, time.Duration(0)
	rest, err := c.parse(args, func(f *flag.FlagSet) {
		f.BoolVar(&once, "once", false, "")
		f.DurationVar(&limit, "for", 0, "")
	})
	if err == nil {
		err = c.none(rest)
	}
	if err != nil {
		return err
	}
	if !once {
		return c.watchOpen(ctx)
	}
	b, err := c.openToSend(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, limit, fault.New(fault.Unreachable, "sync", context.DeadlineExceeded))
		defer cancel()
	}
	return c.syncOnce(ctx, b)
}

func (c *Command) syncOnce(ctx context.Context, b *book) error {
	before, err := b.Status(ctx)
	if err != nil {
		return err
	}
	engine, bar := b.engine(), c.newBar()
	taken := uint64(0)
	stop := onChange(engine.Watch, func() {
		s := engine.Status()
		taken = max(taken, s.Session.Taken)
		c.drawSync(bar, s)
	})
	err = engine.Once(ctx)
	stop()
	bar.clear()
	s, err2 := b.Status(context.WithoutCancel(ctx))
	if err2 != nil {
		return errors.Join(err, err2)
	}
	sent := max(s.AtCentre, before.AtCentre) - before.AtCentre // less than before: the centre was restored from a backup
	taken = max(taken, engine.Status().Session.Taken)
	if err == nil || sent > 0 || taken > 0 {
		c.say(form.Text{VI: "Đã gửi %s, đã nhận %s lần ghi.", EN: "Sent %s, received %s changes."}, viet.Int(int64(sent)), viet.Int(int64(taken)))
	}
	c.sayAccount(s)
	if err == nil || errors.Is(err, fault.Wiped) {
		return err
	}
	if ctx.Err() == nil || errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		c.blame(errors.Join(context.Cause(ctx), err))
		return told(ExitNotSynced, err)
	}
	return err
}

// onChange calls f, in a goroutine of its own, once now and after every signal, until stop, which waits for it.
func onChange(watch func() (<-chan struct{}, func()), f func()) (stop func()) {
	changed, unwatch := watch()
	end, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			f()
			select {
			case <-changed:
			case <-end:
				return
			}
		}
	}()
	return func() { unwatch(); close(end); <-done }
}

func (c *Command) drawSync(b *bar, s replica.Status) {
	p, label := s.Session, phases[s.Phase].In(c.lang)
	switch s.Phase {
	case replica.Sending:
		b.draw(label, int64(p.Pushed), int64(p.ToPush), viet.Int(int64(p.Pushed))+"/"+viet.Int(int64(p.ToPush)))
	case replica.Receiving:
		b.draw(label, 0, 0, viet.Int(int64(p.Taken)))
	default:
		b.draw(label, 0, 0, "")
	}
}

var phases = map[replica.Phase]form.Text{
	replica.Offline:    {VI: "Chưa có mạng", EN: "Offline"},
	replica.Connecting: {VI: "Đang kết nối", EN: "Connecting"},
	replica.Sending:    {VI: "Đang gửi", EN: "Sending"},
	replica.Receiving:  {VI: "Đang nhận", EN: "Receiving"},
	replica.Idle:       {VI: "Đã khớp với trung tâm", EN: "In step with the centre"},
}

// sayAccount says what is saved and what is at the centre.
func (c *Command) sayAccount(s notebook.Status) {
	c.say(form.Text{VI: "Đã lưu %s · trung tâm đã nhận %s%s.", EN: "Saved %s · at the centre %s%s."},
		viet.Int(int64(s.Saved)), viet.Int(int64(s.AtCentre)), c.receiptAt(s))
	if n := s.Photos.Waiting; n > 0 {
		c.say(form.Text{VI: "%s ảnh chờ gửi (%s KB).", EN: "%s photos wait to be sent (%s KB)."}, viet.Int(int64(n)), viet.Int((s.Photos.Bytes+1023)/1024))
	}
	if s.Alarms > 0 {
		c.say(form.Text{VI: "Có %d điều bất thường: gọi hỗ trợ.", EN: "%d things are not as they should be: call support."}, s.Alarms)
	}
}

func (c *Command) receiptAt(s notebook.Status) string {
	if s.Receipt == 0 {
		return ""
	}
	at := time.UnixMilli(s.Receipt).Format("15:04 02/01/2006")
	return form.Text{VI: " · biên nhận lúc ", EN: " · receipt at "}.In(c.lang) + at
}

// watch is the command.
func (c *Command) watch(ctx context.Context, args []string) error {
	rest, err := c.parse(args, nil)
	if err == nil {
		err = c.none(rest)
	}
	if err != nil {
		return err
	}
	return c.watchOpen(ctx)
}

// watchOpen keeps syncing until ctx ends, which is how it is meant to end. It prints a line when something that a
// person would care about has altered.
func (c *Command) watchOpen(ctx context.Context) (err error) {
	b, err := c.openToSend(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	engine, bar, last := b.engine(), c.newBar(), ""
	stop := onChange(engine.Watch, func() {
		s := engine.Status()
		c.drawSync(bar, s)
		if s.Phase != replica.Idle && s.Phase != replica.Offline {
			return
		}
		if line := c.watchLine(ctx, b, s); line != last && line != "" {
			bar.clear()
			c.say(form.Text{VI: "%s  %s", EN: "%s  %s"}, time.Now().Format("15:04:05"), line)
			last = line
		}
	})
	err = engine.Run(ctx)
	stop()
	bar.clear()
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (c *Command) watchLine(ctx context.Context, b *book, s replica.Status) string {
	n, err := b.Status(ctx)
	if err != nil {
		return ""
	}
	line := phases[s.Phase].In(c.lang) + form.Text{VI: ": đã lưu ", EN: ": saved "}.In(c.lang) + viet.Int(int64(n.Saved)) +
		form.Text{VI: ", trung tâm đã nhận ", EN: ", at the centre "}.In(c.lang) + viet.Int(int64(n.AtCentre))
	if s.Fault != "" {
		line += " [" + string(s.Fault) + "]"
	}
	return line
}
