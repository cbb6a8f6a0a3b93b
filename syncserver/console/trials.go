package console

import (
	"crypto/rand"
	"sync"
	"time"

	"banlang/syncserver/boundary"
	"banlang/syncserver/centre"
)

const (
	trialTime = time.Hour // how long what was sent to be tried is kept
	maxTrials = 20        // of all together: a list of the country takes half a megabyte
)

// trial is a change of the tree or of boundaries that somebody looks at before it is applied: Alter or Layer.
type trial struct {
	id, account string
	until       time.Time
	Alter       *centre.AlterUnits
	Layer       *boundary.Layer // as the file says; what is found by name is not yet renamed
	ByName      bool
}

// trials are those that wait. They are in memory only: after a restart the file is sent again.
type trials struct {
	mu  sync.Mutex
	all []*trial
}

// keep remembers a trial, and returns by which name; the oldest is forgotten where there are too many.
func (t *trials) keep(account string, now time.Time, x trial) (id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	x.id, x.account, x.until = rand.Text(), account, now.Add(trialTime)
	t.all = append(t.all, &x)
	if len(t.all) > maxTrials {
		t.all = t.all[1:]
	}
	return x.id
}

// find gives a trial of an account; it is not altered by anybody.
func (t *trials) find(id, account string, now time.Time) (*trial, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, x := range t.all {
		if x.id == id && x.account == account && now.Before(x.until) {
			return x, true
		}
	}
	return nil, false
}
