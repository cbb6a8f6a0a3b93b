// Command bench measures the product against the yardstick, side by side in one run.
//
//	bench            the measurements of `make bench`, one line each, within ten minutes
//	bench -long      those of `make bench-long`: also the bad links, 10,000 sessions
//	bench serve      env ADDR DIR: a centre on SQLite for the harness, until SIGTERM
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "serve" {
		if err := serve(); err != nil {
			fmt.Fprintln(os.Stderr, "bench serve:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(2)
}
