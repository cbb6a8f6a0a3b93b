package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/notebook"
	"banlang/desktop/replica"
	"banlang/desktop/store"
	"banlang/shared/clock"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/wsconn"
)

// enrolment is what the centre of the bench gives out at EnrolPath; never in the product, where a person carries it.
type enrolment struct {
	Centre  string   `json:"centre"` // public key
	Pin     string   `json:"pin"`
	First   uint32   `json:"first"` // number of the first device; the others follow it
	Tickets []string `json:"tickets"`
	Grants  [][]byte `json:"grants"`
}

// enrolPath is where the centre of the bench enters devices.
const enrolPath = "/bench/enrol"

// handed takes an enrolment that the centre left in a file beside DIR; without one, e is empty.
func handed() (e enrolment, err error) {
	left, err := filepath.Glob(filepath.Join(filepath.Dir(filepath.Clean(os.Getenv("DIR"))), "enrol-"+os.Getenv("ADDR")+"-*.json"))
	if err != nil {
		return e, err
	}
	for _, path := range left {
		mine := filepath.Join(os.Getenv("DIR"), "enrolment.json")
		if os.Rename(path, mine) != nil {
			continue // another client was quicker
		}
		b, err := os.ReadFile(mine)
		if err != nil {
			return e, err
		}
		return e, json.Unmarshal(b, &e)
	}
	return e, nil
}

// enrol gets one device a feed, each granted only that.
func enrol(ctx context.Context, feeds ...record.Feed) (e enrolment, err error) {
	if len(feeds) == 1 && feeds[0] == feed {
		if e, err = handed(); err != nil || len(e.Tickets) > 0 {
			return e, err
		}
	}
	return ask(ctx, feeds)
}

func ask(ctx context.Context, feeds []record.Feed) (e enrolment, err error) {
	body, err := json.Marshal(feeds)
	if err != nil {
		return e, err
	}
	scheme := "https://"
	if isPlain() {
		scheme = "http://"
	}
	for range 20 {
		ctx, cancel := context.WithTimeout(ctx, 60*time.Second)
		err = post(ctx, scheme+os.Getenv("ADDR")+enrolPath, body, &e)
		cancel()
		if err == nil {
			return e, nil
		}
		time.Sleep(time.Second)
	}
	return e, err
}

func post(ctx context.Context, url string, body []byte, into any) error {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	// The key is not pinned yet: this is how the bench learns it.
	c := http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // see above
	a, err := c.Do(q)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusOK {
		return errors.New("enrol: " + a.Status)
	}
	return json.NewDecoder(a.Body).Decode(into)
}

// device is one notebook with its engine.
type device struct {
	nb     *notebook.Notebook
	store  notebook.Store
	engine *replica.Engine
	feed   record.Feed
}

// enrolled makes one device a feed, with files when onDisk says so, else in memory.
func enrolled(ctx context.Context, onDisk bool, feeds ...record.Feed) ([]*device, error) {
	e, err := enrol(ctx, feeds...)
	if err != nil {
		return nil, err
	}
	centre, err := seal.ParseCentrePublic(e.Centre)
	if err != nil {
		return nil, err
	}
	pin, err := wsconn.ParsePin(e.Pin, centre)
	if err != nil {
		return nil, err
	}
	if isPlain() {
		pin = nil
	}
	dial := func(ctx context.Context) (replica.Conn, error) { return wsconn.Dial(ctx, os.Getenv("ADDR"), pin) }
	a, err := theActivity()
	if err != nil {
		return nil, err
	}
	var ds []*device
	for i, ticket := range e.Tickets {
		key, err := seal.NewReplicaKey(nil)
		if err != nil {
			return nil, err
		}
		d := &device{feed: feeds[i], store: notebook.NewMemory()}
		number := e.First + uint32(i)
		if onDisk {
			if d.store, err = openStore(ctx, fmt.Sprintf("device-%d.db", number)); err != nil {
				return nil, err
			}
		}
		d.nb = notebook.Open(d.store, notebook.Options{Replica: record.ReplicaID(number), Key: key, Centre: centre, Ticket: ticket,
			Forms: app.NewForms(a.library), Wall: clock.System})
		if err := d.nb.TakeGrant(ctx, e.Grants[i]); err != nil {
			return nil, err
		}
		if _, err := d.nb.Project(ctx); err != nil { // from here on the list is level, and stays so
			return nil, err
		}
		d.engine = replica.New(d.nb, key, "bench", dial)
		ds = append(ds, d)
	}
	return ds, nil
}

func openStore(ctx context.Context, name string) (notebook.Store, error) {
	return store.Open(ctx, filepath.Join(os.Getenv("DIR"), name), store.Options{})
}

func closeAll(ds []*device) (err error) {
	for _, d := range ds {
		err = errors.Join(err, d.store.Close())
	}
	return err
}

// atOnce runs f for every device at the same time.
func atOnce(ds []*device, f func(i int, d *device) error) error {
	failed := make(chan error, len(ds))
	for i, d := range ds {
		go func() { failed <- f(i, d) }()
	}
	var err error
	for range ds {
		err = errors.Join(err, <-failed)
	}
	return err
}

// run keeps the device in sync until stop.
func (d *device) run(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- d.engine.Run(ctx) }()
	return func() { cancel(); <-done }
}

// until waits, on the device's own signals, for something to be so.
func (d *device) until(ctx context.Context, so func() (bool, error)) error {
	changed, stop := d.nb.Watch()
	defer stop()
	status, stopStatus := d.engine.Watch()
	defer stopStatus()
	for {
		if ok, err := so(); ok || err != nil {
			return err
		}
		select {
		case <-changed:
		case <-status:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
