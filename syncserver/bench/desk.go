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

// desk measures what an officer waits for. The floor has no desk; the limit is one durable commit where there is one.
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
			Name     string
			P50, P99 float64
		}
		if err := json.Unmarshal([]byte(l), &x); err != nil {
			return err
		}
		limit := "-"
		if x.Name == "draft" || x.Name == "save" {
			limit = figure(commit, ms) + "(one durable commit)"
		}
		alone("desk-"+x.Name, fmt.Sprintf("%s(p99 %s)", figure(x.P50, ms), figure(x.P99, ms)), "it has no desk", "-", limit)
	}
	return nil
}
