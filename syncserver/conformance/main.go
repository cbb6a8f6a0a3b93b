// Command conformance runs the corpora of cases that other projects made through shared/xpath, shared/xform and
// syncserver/xlsform, and prints how many come out right:
//
//	conformance FILE CASES RIGHT SHARE
//
// one tab-separated line for each corpus file that is present, and nothing else on standard output. What the failing
// cases were and what came out instead is written to the file named by -details, and that name to standard error.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	dir := flag.String("corpus", "../shared/data/forms", "folder of the corpus")
	details := flag.String("details", "run/conformance.txt", "file for the failing cases")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *dir, *details)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}
