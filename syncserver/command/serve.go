package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"sync"

	"banlang/shared/form"
	"banlang/syncserver/centre"
	"banlang/syncserver/httpd"
)

// serve runs the centre until ctx ends. When it is ready it prints one line, "ready HOST:PORT".
func (r *run) serve(ctx context.Context, args []string) error {
	var listen, level string
	var plain bool
	_, err := r.parse(args, 0, 0, func(f *flag.FlagSet) {
		f.StringVar(&listen, "listen", "", "")
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
	log := newLog(r.err, least)
	c, err := centre.Open(ctx, centre.Dir(r.dir), centre.Options{Create: true, Log: log})
	if err != nil {
		return err
	}
	limits := r.Limits
	limits.Plain, limits.Log = plain, log
	err = r.run(ctx, c, listen, limits)
	log.Info("stopped")
	return errors.Join(err, c.Close())
}

// run wires the centre's parts. They end in this order: connections and staff, then commits; the caller closes the
// store.
func (r *run) run(ctx context.Context, c *centre.Centre, listen string, o httpd.Options) error {
	h, err := httpd.Listen(ctx, c, listen, o)
	if err != nil {
		return err
	}
	staff, err := serveOffice(ctx, c.Dir(), asServed{c, o.Plain}, o.Log)
	if err != nil {
		return errors.Join(err, h.Close())
	}
	committing, stopCommits := context.WithCancel(context.WithoutCancel(ctx))
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var front, back sync.WaitGroup
	var staffErr error
	back.Go(func() { _ = c.Run(committing) }) // ends with its context only
	front.Go(func() {
		if staffErr = staff(ctx); staffErr != nil {
			stop(staffErr)
		}
	})
	fmt.Fprintf(r.out, "ready %s\n", h.Addr())
	o.Log.Info("ready", "plain", o.Plain)
	err = h.Run(ctx)
	stop(err)
	front.Wait()
	stopCommits()
	back.Wait()
	return errors.Join(err, staffErr)
}

// asServed is the centre as its office knows it: what is served plainly is enrolled so.
type asServed struct {
	*centre.Centre
	plain bool
}

// Do implements centre.Office.
func (a asServed) Do(ctx context.Context, q centre.Request) (centre.Reply, error) {
	if q.Enrol != nil && a.plain {
		e := *q.Enrol
		e.Plain = true
		q.Enrol = &e
	}
	return a.Centre.Do(ctx, q)
}
