package centre

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// Loss reports that a device was lost, or found again. A lost one sends what it has at its next contact and then destroys its
// keys; see package protocol, rule 10.
type Loss struct {
	Replica record.ReplicaID
	Lost    bool
	By      string // who reports it: a line
	Reason  string // a line
}

// Reported says what follows from it.
type Reported struct {
	Device string        // its name
	Wipe   hub.Wipe      // how far it was with the order before; zero: nothing is known
	Escrow record.Millis // when its latest sealed key came; 0: none did
}

// loss is a line of the ledger of losses.
type loss struct {
	replica record.ReplicaID
	order   record.LostOrder
}

// report writes the order into the ledger of losses, durably, and then into the log. The ledger lies outside every backup: a
// centre that was set back to a day on which a device was lost does not have it wiped after it was found.
func (c *Centre) report(ctx context.Context, r *Loss) (done *Reported, err error) {
	for _, line := range []string{r.By, r.Reason} {
		if strings.TrimSpace(line) == "" || len(line) > MaxLine || strings.ContainsAny(line, "\t\n\r") {
			return nil, fault.New(fault.BadInput, "lost", errors.New("who reports it and why are one line each"))
		}
	}
	c.staff.Lock()
	defer c.staff.Unlock()
	var o record.LostOrder
	done = &Reported{}
	err = c.watched.View(ctx, func(tx hub.Tx) error {
		o, err = c.nextOrder(tx, r, done)
		return err
	})
	if err != nil || o.Serial == 0 {
		return done, err
	}
	now := c.wall().Time().UTC().Format("2006-01-02T15:04:05Z")
	line := fmt.Sprintf("%s\t%d\t%s\t%s\t%s", now, r.Replica, o.Payload(), r.By, r.Reason)
	if err := appendLine(c.dir.Losses(), line); err != nil {
		return nil, err
	}
	return done, c.act(ctx, func(a *hub.Act) error { return a.Order(r.Replica, o) })
}

// nextOrder is the order that says it; a zero serial when it holds already.
func (c *Centre) nextOrder(tx hub.Tx, r *Loss, done *Reported) (o record.LostOrder, err error) {
	d, known, err := tx.Device(r.Replica)
	switch {
	case err != nil:
		return o, err
	case !known:
		return o, fault.New(fault.NotFound, "lost", fmt.Errorf("device %d", r.Replica))
	case d.Key == "":
		return o, fault.New(fault.BadInput, "lost", errors.New("nobody has used its enrolment file: cut it off"))
	}
	done.Device = d.Name
	if done.Wipe, err = tx.WipeOf(r.Replica); err != nil {
		return o, err
	}
	kept, err := tx.Deposits(r.Replica)
	if err != nil {
		return o, err
	}
	if len(kept) > 0 {
		done.Escrow = kept[0].At
	}
	was, err := hub.LostOrder(tx, r.Replica)
	if err != nil || was.Lost == r.Lost {
		return o, err
	}
	before, err := readLosses(c.dir.Losses())
	for _, l := range before {
		if l.replica == r.Replica && l.order.Machine == d.Key {
			o.Serial = max(o.Serial, l.order.Serial)
		}
	}
	return record.LostOrder{Serial: max(o.Serial, was.Serial) + 1, Lost: r.Lost, Machine: d.Key}, err
}

// reportAgain gives every order that the log does not hold.
func (c *Centre) reportAgain(ctx context.Context) error {
	orders, err := readLosses(c.dir.Losses())
	if len(orders) == 0 || err != nil {
		return err
	}
	return c.hub.Staff(ctx, func(a *hub.Act) error {
		for _, l := range slices.Backward(orders) { // the last one of a device holds, and then no earlier one is given
			if err := a.Order(l.replica, l.order); err != nil {
				return err
			}
		}
		return nil
	})
}

// readLosses reads the ledger of losses: a text file, one order a line: when, which device, the order as it is published, who
// reported it, and why. A last line without its end is no order.
func readLosses(path string) (orders []loss, err error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.DiskIO, "losses", err)
	}
	b = b[:bytes.LastIndexByte(b, '\n')+1]
	for i, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		fields := strings.Split(line, "\t")
		if line == "" {
			continue
		}
		var l loss
		ok := len(fields) >= 3
		if ok {
			n, err := strconv.ParseUint(fields[1], 10, 32)
			l.replica = record.ReplicaID(n)
			l.order, ok = record.ParseLostOrder([]byte(fields[2]))
			ok = ok && err == nil
		}
		if !ok {
			return nil, fault.New(fault.BadInput, "losses", fmt.Errorf("line %d", i+1))
		}
		orders = append(orders, l)
	}
	return orders, nil
}
