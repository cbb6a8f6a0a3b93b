// Command demo plays the main job of Bản Làng on made-up data, with the built programs as processes: 97 communes and three
// units of the army write offline what makes the published figures; they reconnect; a centre merges; and from the merged
// records the figures, the accounting and the closing checks are computed and shown. It ends with 0 only if every closing
// check held.
//
// It imports nothing of the desktop: what it knows of a notebook is what the program prints.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

// options say which programs are driven, and how.
type options struct {
	syncserver, desktop, headless string
	dir                           string // the story's own directory is made in it
	stay, keep                    bool
	workers                       int
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout)
	stop()
	os.Exit(code)
}

// Exit codes.
const (
	exitHeld        = 0
	exitBroken      = 1 // a closing check did not hold, or a step failed
	exitUsage       = 2
	exitInterrupted = 130
)

func run(ctx context.Context, args []string, out io.Writer) int {
	o, err := parse(args)
	if err != nil {
		return exitUsage
	}
	p := newPaper(out)
	err = play(ctx, o, p)
	switch {
	case err == nil:
		return exitHeld
	case ctx.Err() != nil:
		p.line("\nĐã dừng theo yêu cầu.")
		return exitInterrupted
	}
	p.bad("%v", err)
	return exitBroken
}

func parse(args []string) (o options, err error) {
	f := flag.NewFlagSet("demo", flag.ContinueOnError)
	f.StringVar(&o.syncserver, "syncserver", "bin/syncserver", "the centre's program")
	f.StringVar(&o.headless, "desktop-headless", "bin/desktop-headless", "the officer's program without a window")
	f.StringVar(&o.desktop, "desktop", "", "the officer's program with its window, for --stay")
	f.StringVar(&o.dir, "dir", "run/demo", "where the story's own directory is made")
	f.BoolVar(&o.stay, "stay", false, "leave the centre running at the end, and open the window where there is a display")
	f.BoolVar(&o.keep, "keep", false, "leave the directory")
	f.IntVar(&o.workers, "workers", 3, "machines at work at a time")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	for _, program := range []*string{&o.syncserver, &o.headless, &o.desktop} {
		if *program == "" {
			continue
		}
		if *program, err = filepath.Abs(*program); err != nil {
			return o, err
		}
	}
	if o.dir, err = filepath.Abs(o.dir); err != nil {
		return o, err
	}
	if f.NArg() > 0 || o.workers < 1 {
		fmt.Fprintln(os.Stderr, "demo: see --help")
		return o, errors.New("usage")
	}
	return o, nil
}

// play makes the story's own directory, so that two stories never meet, and takes it away when all went well.
func play(ctx context.Context, o options, p *paper) (err error) {
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(o.dir, "")
	if err != nil {
		return err
	}
	s := newStory(o, p, dir)
	err = s.tell(ctx)
	if s.centre != nil {
		err = errors.Join(err, s.centre.stop())
	}
	if o.keep || err != nil && ctx.Err() == nil {
		p.line("Thư mục được giữ lại: %s", dir)
		return err
	}
	return errors.Join(err, os.RemoveAll(dir))
}
