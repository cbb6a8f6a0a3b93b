package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"sync"

	"banlang/shared/form"
	"banlang/syncserver/centre"
	"banlang/syncserver/httpd"
)

// serve runs the centre until ctx ends. When it is ready it prints one line, "ready HOST:PORT", and where the console is, when
// there is one.
func (r *run) serve(ctx context.Context, args []string) error {
	var listen, level string
	var plain bool
	var desk consoleAt
	_, err := r.parse(args, 0, 0, func(f *flag.FlagSet) {
		f.StringVar(&listen, "listen", "", "")
		f.StringVar(&desk.address, "address", "", "")
		f.StringVar(&desk.listen, "console", "", "")
		f.StringVar(&desk.certificate, "console-cert", "", "")
		f.StringVar(&desk.key, "console-key", "", "")
		f.BoolVar(&plain, "plain-loopback", false, "")
		f.StringVar(&level, "log-level", "info", "")
	})
	if err != nil {
		return err
	}
	var least slog.Level
	if listen == "" || least.UnmarshalText([]byte(level)) != nil {
		return r.usage(form.Text{VI: "cần --listen HOST:PORT; --log-level là debug, info, warn hoặc error", EN: "--listen HOST:PORT is needed; --log-level is debug, info, warn or error"})
	}
	if (desk.certificate == "") != (desk.key == "") || desk.certificate != "" && desk.listen == "" {
		return r.usage(form.Text{VI: "--console-cert và --console-key đi cùng nhau, với --console HOST:PORT", EN: "--console-cert and --console-key go together, with --console HOST:PORT"})
	}
	log := newLog(r.err, least)
	c, err := centre.Open(ctx, centre.Dir(r.dir), centre.Options{Create: true, Log: log, Views: desk.listen != ""})
	if err != nil {
		return err
	}
	limits := r.Limits
	limits.Plain, limits.Log = plain, log
	err = r.run(ctx, c, listen, desk, limits)
	log.Info("stopped")
	return errors.Join(err, c.Close())
}

// run wires the centre's parts. They end in this order: connections and staff, then commits; the caller closes the
// store.
func (r *run) run(ctx context.Context, c *centre.Centre, listen string, desk consoleAt, o httpd.Options) error {
	h, err := httpd.Listen(ctx, c, listen, o)
	if err != nil {
		return err
	}
	if _, port, err := net.SplitHostPort(h.Addr().String()); err == nil && desk.address == "" {
		desk.address = ":" + port
	}
	pages, err := desk.open(ctx, c, o)
	if err != nil {
		return errors.Join(err, h.Close())
	}
	staff, err := serveOffice(ctx, c.Dir(), asServed{figured{c}, o.Plain}, o.Log)
	if err != nil {
		return errors.Join(err, h.Close(), pages.Close())
	}
	committing, stopCommits := context.WithCancel(context.WithoutCancel(ctx))
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var front, back sync.WaitGroup
	var staffErr, pagesErr error
	back.Go(func() { _ = c.Run(committing) }) // ends with its context only
	front.Go(func() {
		if staffErr = staff(ctx); staffErr != nil {
			stop(staffErr)
		}
	})
	if pages != nil {
		front.Go(func() { desk.console.Run(ctx) })
		front.Go(func() {
			if err := pages.Run(ctx); err != nil && ctx.Err() == nil {
				pagesErr = err
				stop(err)
			}
		})
	}
	fmt.Fprintf(r.out, "ready %s\n%s", h.Addr(), desk.where(r.lang, pages, o.Plain)) // whoever waits for it may close the pipe then
	o.Log.Info("ready", "plain", o.Plain, "console", pages != nil)
	err = h.Run(ctx)
	stop(err)
	front.Wait()
	stopCommits()
	back.Wait()
	return errors.Join(err, staffErr, pagesErr)
}

// asServed is the centre as its office knows it: what is served plainly is enrolled so.
type asServed struct {
	figured
	plain bool
}

// Do implements centre.Office.
func (a asServed) Do(ctx context.Context, q centre.Request) (centre.Reply, error) {
	if q.Enrol != nil && a.plain {
		e := *q.Enrol
		e.Plain = true
		q.Enrol = &e
	}
	return a.figured.Do(ctx, q)
}
