package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/window/hand"
)

// inWindow is the verb window: it opens the enciphered notebook that desk has left, of N records, in the real window, and has it used.
func inWindow(ctx context.Context) error {
	stop, err := profile()
	if err != nil {
		return err
	}
	defer stop()
	var memory float64
	deeds := hand.Deeds{Passphrase: passphrase, Records: records(), Form: formID, Field: "note", Rest: time.Duration(number("REST", 60)) * time.Second,
		Searches: slices.Repeat([]string{"ba", "tay", "tan", "mau", "lua", "gieng", "lua tan", "truong hoc"}, 3),
		Rested:   func() { memory, err = anonymous() }}
	var spent []hand.Spent
	ran := program(ctx, officeDir(), func(ctx context.Context, m *app.App) (err error) {
		spent, err = hand.Run(ctx, m, deeds)
		return err
	})
	if err := errors.Join(ran, err); err != nil {
		return err
	}
	if err := printSpent(spent); err != nil {
		return err
	}
	if err := (deskResult{Name: "pause", P50: float64(app.SearchPause.Milliseconds())}).print(); err != nil {
		return err
	}
	return deskResult{Name: "memory", P50: memory, N: int(deeds.Rest.Seconds())}.print()
}

// inBareWindow is the verb bare: what a key and a step of scrolling cost in a window with nothing of ours.
func inBareWindow(ctx context.Context) error {
	spent, err := hand.Bare(ctx, records())
	if err != nil {
		return err
	}
	return printSpent(spent)
}

func printSpent(spent []hand.Spent) error {
	for _, s := range spent {
		for kind, times := range map[string][]float64{"screen": s.Screen, "busy": s.Busy, "cpu": s.CPU, "all": s.All} {
			if len(times) == 0 {
				continue
			}
			if err := resultOf(s.Name+" "+kind, times).print(); err != nil {
				return err
			}
		}
	}
	return nil
}

// anonymous is the memory of this process that no file holds, in MB.
func anonymous() (float64, error) {
	text, err := os.ReadFile("/proc/self/smaps_rollup")
	if err != nil {
		return 0, err
	}
	for l := range strings.Lines(string(text)) {
		var kB float64
		if n, _ := fmt.Sscanf(l, "Anonymous: %f kB", &kB); n == 1 {
			return kB / 1000, nil
		}
	}
	return 0, errors.New("no anonymous memory in smaps_rollup")
}
