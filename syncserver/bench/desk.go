package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
)

// deskRecords is how many records the notebook has in which one searches.
const deskRecords = 100_000

// desk measures what an officer waits for, beside the window. The floor is the same notebook without the cipher; the limit is
// one durable commit where there is one.
func (r *runner) desk(ctx context.Context) error {
	_, commit, err := r.plain(ctx)
	if err != nil {
		return err
	}
	c := exec.CommandContext(ctx, r.ours.command, "desk")
	c.Env = append(c.Environ(), "DIR="+r.dir, "FILE="+r.data+".jsonl", fmt.Sprint("N=", deskRecords))
	b, err := c.Output()
	if err != nil {
		return err
	}
	for l := range strings.Lines(string(b)) {
		var x struct {
			Name          string
			P50, P95, P99 float64
			Plain, Ratio  float64
		}
		if err := json.Unmarshal([]byte(l), &x); err != nil {
			return err
		}
		limit := "-"
		switch x.Name {
		case "draft", "save":
			limit = figure(commit, ms) + "(one durable commit)"
		case "search":
			limit = goal(x.P95, 50, "p95")
		}
		fmt.Printf("bench %-16s ours=%s(p95 %s, p99 %s; enciphered) floor=%s(the same, plain) ratio=%.2f limit=%s\n", "desk-"+x.Name,
			figure(x.P50, ms), figure(x.P95, ms), figure(x.P99, ms), figure(x.Plain, ms), 1/x.Ratio, limit)
	}
	return nil
}
