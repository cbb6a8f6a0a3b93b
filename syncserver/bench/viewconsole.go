package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"banlang/shared/clock"
	"banlang/shared/units"
	"banlang/syncserver/centre"
	"banlang/syncserver/console"
	"banlang/syncserver/httpd"
	"banlang/syncserver/staff"
)

// weightGoal is what the page itself may weigh on the wire, in bytes; its files, which a browser keeps, are weighed in the tests of the
// console.
const weightGoal = 150_000

// qualityGoal is how long somebody waits for a year of numbers of the whole country to be looked through, in milliseconds.
const qualityGoal = 3000

// consoleAsked is how often each page of the console is asked for.
const consoleAsked = 40

// staffPassphrase is that of the one account of the measured centre.
const staffPassphrase = "mười hai con nai vàng"

// served measures the pages as a browser gets them: the centre's own program serves its console over TLS, an account of the country
// signs in, each page is scoped, drawn, packed and its reading noted in the audit. The tables are those that were measured before; the
// hub and they are closed first, as the centre opens them itself.
func (c *crowded) served(ctx context.Context) (err error) {
	if err = errors.Join(c.views.Close(), c.store.Close()); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	dir := centre.Dir(c.dir)
	all, err := centre.Open(ctx, dir, centre.Options{Views: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, all.Close()) }()
	ran := make(chan error, 3)
	go func() { ran <- all.Run(ctx) }()
	parts, err := console.New(console.Parts{Centre: all, Wall: clock.System})
	if err != nil {
		return err
	}
	go func() { parts.Run(ctx); ran <- nil }()
	made, err := httpd.OwnCertificate(dir.Console(), "127.0.0.1", time.Now())
	if err != nil {
		return err
	}
	pages, err := httpd.ListenPages(ctx, parts.Handler(), net.JoinHostPort("127.0.0.1", "0"), httpd.PagesOptions{Certificate: &made})
	if err != nil {
		return err
	}
	go func() { ran <- pages.Run(ctx) }()
	b, err := c.browser(ctx, all, made, "https://"+pages.Addr().String())
	if err == nil {
		err = b.visits(ctx, c.rng)
	}
	stop()
	for range cap(ran) {
		if e := <-ran; !errors.Is(e, context.Canceled) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// browser is one that an account of the country is signed in with; it knows the console by its certificate.
type browser struct {
	http.Client
	at string
}

func (c *crowded) browser(ctx context.Context, at *centre.Centre, made tls.Certificate, address string) (*browser, error) {
	a, err := at.Do(ctx, centre.Request{AlterUnits: &centre.AlterUnits{List: viewsList()}})
	if err == nil && len(a.Altered.Problems) > 0 {
		err = fmt.Errorf("the units: %v", a.Altered.Problems)
	}
	if err != nil {
		return nil, err
	}
	name := fmt.Sprint("do", time.Now().UnixNano())
	who := staff.Account{Name: name, Person: "Người đo", Unit: units.Root, Roles: []staff.Role{staff.Review, staff.Compile}}
	if _, err := at.Staff().Create(ctx, staff.Keeper("bench"), who, staffPassphrase); err != nil {
		return nil, err
	}
	known := x509.NewCertPool()
	leaf, err := x509.ParseCertificate(made.Certificate[0])
	if err != nil {
		return nil, err
	}
	known.AddCert(leaf)
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	b := &browser{at: address, Client: http.Client{Jar: jar, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: known, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.at+"/sign-in", strings.NewReader(url.Values{"name": {name}, "passphrase": {staffPassphrase}}.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	page, err := b.do(r)
	if err == nil && strings.HasPrefix(page.ended, "/sign-in") {
		err = errors.New("the account cannot sign in")
	}
	return b, err
}

// got is a page as it came.
type got struct {
	ended string // the path at which it ended
	wire  int    // how many bytes came
	text  string
}

// do asks for a page. What is not a page fails.
func (b *browser) do(r *http.Request) (got, error) {
	r.Header.Set("Accept-Encoding", "gzip") // set by hand, so that what arrives is counted packed
	a, err := b.Do(r)
	if err != nil {
		return got{}, err
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusOK {
		return got{}, fmt.Errorf("%s: %s", r.URL.Path, a.Status)
	}
	packed, err := io.ReadAll(a.Body)
	if err != nil {
		return got{}, err
	}
	open, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return got{}, fmt.Errorf("%s: %w", r.URL.Path, err)
	}
	text, err := io.ReadAll(open)
	return got{a.Request.URL.Path, len(packed), string(text)}, err
}

// visit is a page that has a mark, asked for in many ways.
type visit struct {
	name, path string
	shows      string // what stands on it where it is not empty
	mark       float64
	asks       func() url.Values
}

// visits asks for the pages that have marks, each time with another month, word or indicator, and prints how long they took and the
// heaviest of them.
func (b *browser) visits(ctx context.Context, rng *rand.Rand) error {
	words := strings.Fields(viewsWords)
	month := func() time.Time { return time.Date(2024, time.Month(1+rng.IntN(34)), 1, 0, 0, 0, 0, time.UTC) }
	year := func() url.Values { return url.Values{"from": {benchYear.From}, "to": {benchYear.To}} }
	for _, v := range []visit{
		{"records", "/records", recordLink, listGoal, func() url.Values { return nil }},
		{"records-filter", "/records", recordLink, listGoal, func() url.Values {
			from := month()
			return url.Values{"form": {viewsForms[rng.IntN(len(viewsForms))].id}, "from": {from.Format(time.DateOnly)}, "to": {from.AddDate(0, 3, -1).Format(time.DateOnly)}}
		}},
		{"records-search", "/records", recordLink, listGoal, func() url.Values {
			return url.Values{"q": {words[rng.IntN(len(words))] + " " + words[rng.IntN(len(words))]}}
		}},
		{"grid", "/grid", "Xã ", gridGoal, func() url.Values {
			return url.Values{"plan": {"sessions"}, "period": {month().Format(time.DateOnly)}}
		}},
		{"grid-province", "/grid", "Xã ", gridGoal, func() url.Values {
			return url.Values{"unit": {province(rng.IntN(provinces))}, "period": {month().Format(time.DateOnly)}}
		}},
		{"pivot", "/indicators/AW_PARTICIPANTS", "Tỉnh 33", pivotGoal, year},
		{"pivot-distinct", "/indicators/AW_PLACES", "Tỉnh 33", pivotGoal, year},
		{"quality", "/quality", "Xã ", qualityGoal, func() url.Values {
			from := month()
			return url.Values{"from": {from.Format(time.DateOnly)}, "to": {from.AddDate(0, 1, -1).Format(time.DateOnly)}}
		}},
		{"pivot-protected", "/indicators/PET_DUE", "Tỉnh 33", pivotGoal, year},
	} {
		if err := b.times(ctx, v); err != nil {
			return err
		}
	}
	return nil
}

// recordLink is in a list with records.
const recordLink = `href="/records/`

// times measures one page.
func (b *browser) times(ctx context.Context, v visit) error {
	heaviest, full := 0, 0
	once := func(int) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.at+v.path+"?"+v.asks().Encode(), nil)
		if err != nil {
			return err
		}
		page, err := b.do(r)
		if err == nil && page.ended != v.path {
			err = fmt.Errorf("%s led to %s", v.path, page.ended)
		}
		if strings.Contains(page.text, v.shows) {
			full++
		}
		heaviest = max(heaviest, page.wire)
		return err
	}
	if err := once(0); err != nil { // what is made once
		return err
	}
	var all rounds
	if err := all.measure(consoleAsked, once); err != nil {
		return err
	}
	if full < consoleAsked/2 {
		return fmt.Errorf("console-%s: %d of %d pages are not empty", v.name, full, consoleAsked)
	}
	all.meets("console-"+v.name, v.mark)
	said := "held"
	if heaviest > weightGoal {
		said = "MISSED"
	}
	fmt.Printf("bench %-32s ours=%s(the heaviest on the wire, without its files) mark=%s %s\n", "console-"+v.name+"-weight", figure(float64(heaviest)/1000, kB), figure(weightGoal/1000, kB), said)
	return nil
}
