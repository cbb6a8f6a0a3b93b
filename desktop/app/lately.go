package app

import (
	"encoding/hex"
	"strings"

	"banlang/shared/record"
)

// ReceiptLine is a receipt of the centre as people read it.
type ReceiptLine struct {
	Time    string
	To      string // the last number that it is for: "đến số 24-1271"
	Changes string // how many changes had none before; empty: not known any more
	Key     string // the beginning of the id of the key that signed it
}

// Receipts are those that came lately, the newest first.
func (a *App) Receipts() (lines []ReceiptLine) {
	for _, r := range a.desk.lately.Receipts {
		line := ReceiptLine{Time: a.clockTime(a.at(r.At)), To: a.T("sync.receipts.to", "name", record.HumanName(a.o.Notebook.Replica(), r.To)),
			Key: a.T("sync.receipts.key", "key", hex.EncodeToString(r.Key[:4]))}
		if r.Changes > 0 {
			line.Changes = a.T("sync.receipts.n", "n", a.number(uint64(r.Changes)))
		}
		lines = append(lines, line)
	}
	return lines
}

// mostArrivals is how many arrivals are told of.
const mostArrivals = 5

// Arrivals says what came from the centre lately, the newest first.
func (a *App) Arrivals() (lines []string) {
	all := a.desk.lately.Arrivals
	for _, x := range all[:min(len(all), mostArrivals)] {
		var what []string
		for _, of := range []struct {
			n   int
			key string
		}{{x.Directives, "sync.in.directives"}, {x.Records, "sync.in.records"}, {x.Edits, "sync.in.edits"}, {x.Verdicts, "sync.in.verdicts"}, {x.Published, "sync.in.published"}} {
			if of.n > 0 {
				what = append(what, a.T(of.key, "n", a.number(uint64(of.n))))
			}
		}
		lines = append(lines, a.T("sync.in.at", "time", a.clockTime(a.at(x.At)), "what", strings.Join(what, ", ")))
	}
	return lines
}
