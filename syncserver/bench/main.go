// Command bench measures the product beside the yardstick, in one run, and prints one line a measurement:
//
//	bench NAME ours=… floor=… ratio=… limit=…
//
// ours is the product: real notebooks and the real hub on SQLite files, driven as processes (../../desktop/bench is the
// other half). floor is the peer of that name in ../shared/bench, built from there; where it is not present, the line says
// so (that of expressions is github.com/antchfx/xpath, which no program is made of). limit is the plain SQLite driver that inserts the same records in batches, with synchronous=FULL; where something
// else bounds a measurement, the line says what. ratio is ours against the floor, better is larger: 1 is "not worse".
// Of what a person waits for at a form the limit is people's, and ratio how many times the 99th percentile fits in there:
// by the clock, which counts; beside it stands what it took of the processor, which other load does not spoil.
// The floor of the window is a window of Fyne with nothing of ours in it: where that misses a limit, the line says so.
// Each figure is the median of interleaved rounds, whatever else the machine did; figures of different runs must
// not be compared, ratios may.
//
//	bench [-rounds 3] [-tls]   what `make bench` runs, within ten minutes
//	bench -long                only what takes longer: bad links, 10,000 idle sessions (`make bench-long`)
//	bench serve                env ADDR DIR: a centre for the harness, until SIGTERM
//
// On loopback both peers speak plainly unless -tls is given; over the bad links ours always speaks TLS.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	if len(os.Args) == 2 && os.Args[1] == "serve" {
		return serve(ctx)
	}
	r := &runner{}
	flag.IntVar(&r.rounds, "rounds", 3, "rounds; each figure is their median")
	flag.BoolVar(&r.tls, "tls", false, "ours speaks TLS on loopback too")
	flag.StringVar(&r.yardstick, "yardstick", "../shared/bench", "folder of the yardstick, seen from the project")
	flag.StringVar(&r.corpus, "corpus", "../shared/data/forms", "folder of the corpus of forms, seen from the project")
	flag.StringVar(&r.only, "only", "", "one group: sync, reconnect, idle, desk, window, xpath, fill, builtin, convert, views, or with -long: link, idle, views")
	flag.StringVar(&r.keep, "keep", "", "of views: a folder in which the centre with its records stays, and is taken from when it is there; what made it is not measured again then")
	long := flag.Bool("long", false, "bad links and 10,000 sessions")
	flag.Parse()
	if err := r.prepare(ctx); err != nil {
		return err
	}
	defer r.cleanUp()
	if *long {
		return r.groups(ctx, group{"idle", r.idle(10_000)}, group{"link", r.link}, group{"views", r.views(1_000_000)})
	}
	return r.groups(ctx, group{"sync", r.sync}, group{"reconnect", r.reconnect}, group{"idle", r.idle(1000)}, group{"desk", r.desk}, group{"window", r.window},
		group{"xpath", r.xpath}, group{"fill", r.fill}, group{"builtin", r.builtin}, group{"convert", r.convert}, group{"views", r.views(100_000)})
}
