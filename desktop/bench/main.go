// Command bench is the client side of the measurements: it does with real notebooks (SQLite files, the sync engine, TLS
// to a pinned key) what the peers of the yardstick do, so that one harness can run them side by side.
//
//	bench serve          env ADDR DIR            the centre, until SIGTERM (execs the program that SERVER names)
//	bench push           env ADDR DIR FILE N DEVICES  all N durable at the centre, and receipted
//	bench edits          env ADDR DIR EDITS N FILE    single-field edits, receipted
//	bench pull           env ADDR DIR N          a fresh notebook holds N records durably, with its cursor
//	bench lat            env ADDR DIR FILE EDITS N    edit at A until B holds it; milliseconds each
//	bench reconnect      env ADDR DIR FILE N DEVICES  devices known to the centre come back at once, N records in all
//	bench idle           env ADDR DIR DEVICES    opens that many sessions, says so, and holds them until its input ends
//	bench desk           env DIR FILE N          keystroke to draft, save, view, search, open in an enciphered notebook, each as a JSON
//	                                             line, and how many times longer that takes than in a plain one. Leaves both in DIR
//	bench window         env DIR N REST          uses the enciphered one in the window, on DISPLAY; memory after REST seconds (60)
//	bench bare           env N                   types and scrolls in a window of the same size with an entry, then a list of N labels
//
// FILE and EDITS hold one JSON record or edit a line, as the yardstick makes them; N 0 means all. The last line of the
// output is JSON: {"n":…,"secs":…,"cpu":…,"lat":[…]}. What has to be there first (enrolment, importing, for edits and
// lat a first pull) happens before the clock starts; then the file MARK is touched, when it is set.
//
// PLAIN=1 speaks without TLS, which both ends refuse but on loopback. PROFILE=FILE writes a CPU profile of the measured part.
package main

import (
	"context"
	"fmt"
	"os"
)

func main() {
	verbs := map[string]func(context.Context) error{
		"serve": serve, "push": push, "edits": edits, "pull": pull, "lat": lat, "reconnect": reconnect, "idle": idle, "desk": desk, "window": inWindow, "bare": inBareWindow,
	}
	verb := ""
	if len(os.Args) == 2 {
		verb = os.Args[1]
	}
	run := verbs[verb]
	if run == nil {
		fmt.Fprintln(os.Stderr, "usage: bench serve | push | edits | pull | lat | reconnect | idle | desk | window | bare (settings are in the environment)")
		os.Exit(2)
	}
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "bench", verb+":", err)
		os.Exit(1)
	}
}
