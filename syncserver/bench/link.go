package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The bad links are the yardstick's own: two network namespaces joined by a link that it carries packet by packet.

type badLink struct {
	name  string
	verbs []string
	args  []string
}

var badLinks = []badLink{
	{"link-outages", []string{"push"}, []string{"-n", "2000", "-up", "30s", "-down", "20s", "-tag", "+outages", "-limit", "590s"}},
	{"link", []string{"push", "pull"}, []string{"-n", "500"}},
}

// link measures over 64 kbit/s each way, 600 ms there and back, 2 % loss; with outages dead for 20 s after every 30 s. The
// limit is what the floor's bytes need of a link that is used all the time.
func (r *runner) link(ctx context.Context) error {
	if r.floor == nil {
		fmt.Println("bench link             absent", r.why)
		return nil
	}
	if os.Geteuid() != 0 {
		fmt.Println("bench link             absent (it needs root, for network namespaces)")
		return nil
	}
	if err := r.linkPeers(); err != nil {
		return err
	}
	for _, l := range badLinks {
		args := append([]string{"link", "-peers", "ours,floor", "-runs", fmt.Sprint(r.rounds), "-par", fmt.Sprint(2 * r.rounds),
			"-data", r.data10, "-verbs", strings.Join(l.verbs, ","), "-to", filepath.Join(r.dir, l.name)}, l.args...)
		if err := sh(ctx, r.dir, filepath.Join(r.dir, "bin", "perf"), args...); err != nil {
			return err
		}
		for _, verb := range l.verbs {
			if err := r.linkLine(l.name, verb); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *runner) linkLine(name, verb string) error {
	path := filepath.Join(r.dir, name, "link.jsonl")
	f, err := r.linkFigures(path, verb+".secs", verb+".failed_after_s")
	if err != nil {
		return err
	}
	up, err := r.linkFigures(path, verb+".up_ip_bytes")
	if err != nil {
		return err
	}
	down, err := r.linkFigures(path, verb+".down_ip_bytes")
	if err != nil {
		return err
	}
	for _, p := range r.peers() {
		fmt.Printf("# %s %s: %s %.4g s, %.0f bytes up, %.0f down\n", name, verb, p.name, f[p.name], up[p.name], down[p.name])
	}
	r.line(name+"-"+verb, secs, f, "-(ours over TLS; the floor plain)")
	return nil
}

// linkPeers names the peers to the harness. Off loopback ours speaks TLS.
func (r *runner) linkPeers() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	type entry struct {
		Name string
		Cmd  []string
		Env  []string
		Link bool
	}
	b, err := json.Marshal([]entry{
		{"ours", []string{r.ours.command}, []string{"SERVER=" + self}, true},
		{"floor", []string{r.floor.command}, nil, true},
	})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.dir, "peers.json"), b, 0o600)
}

// linkFigures reads measures of the harness; a run that did not end counts with the time after which it was given up.
func (r *runner) linkFigures(path string, measures ...string) (figures, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f := figures{}
	for l := range strings.Lines(string(b)) {
		var x struct {
			Peer, Measure string
			V             float64
		}
		if err := json.Unmarshal([]byte(l), &x); err != nil {
			return nil, err
		}
		peer, _, _ := strings.Cut(x.Peer, "+")
		if slices.Contains(measures, x.Measure) {
			f[peer] = append(f[peer], x.V)
		}
	}
	if len(f["ours"]) == 0 {
		return nil, errors.New("the harness measured nothing")
	}
	return f, nil
}
