package httpd

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"banlang/shared/fault"
)

// Limits of the listener of the console.
const (
	// MaxPageConns bounds the open connections of browsers; each opens up to six.
	MaxPageConns = 2000
	// pageWindow is what a browser may send ahead over one connection, pageStreams how many requests it may have open there: what
	// strangers can make the centre hold is bounded, so that it has room for notebooks.
	pageWindow, pageStreams = 128 << 10, 50
	// PageTime is how long a page may take to be sent over a slow line. What takes longer (a stream, an export) sets its own
	// deadline as it goes on.
	PageTime = 2 * time.Minute
	// UploadTime is how long a request may take to arrive: a list of units, the boundaries of a province.
	UploadTime = 5 * time.Minute
)

// PagesOptions say how the console is listened for.
type PagesOptions struct {
	Plain       bool             // without TLS; on loopback only
	Certificate *tls.Certificate // of the console, by which browsers know it; not nil unless Plain
}

// Pages is the listener of the console. It is another than that of the notebooks: those know the centre by its key, browsers
// by a certificate for a name. Make it with ListenPages, then Run it once.
type Pages struct {
	listener *limited
	serving  net.Listener
	http     *http.Server
	stop     context.CancelFunc
}

// ListenPages opens the port. An address that cannot be had is fault.Unreachable.
func ListenPages(ctx context.Context, h http.Handler, addr string, o PagesOptions) (*Pages, error) {
	const op = "httpd.ListenPages"
	if o.Plain && !loopback(addr) {
		return nil, fault.New(fault.BadInput, op, ErrNotLoopback)
	}
	if !o.Plain && o.Certificate == nil {
		return nil, fault.New(fault.BadInput, op, errors.New("no certificate"))
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fault.New(fault.Unreachable, op, err)
	}
	p := &Pages{listener: newLimited(l, Options{MaxConns: MaxPageConns})}
	p.serving = p.listener
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	if !o.Plain {
		protocols.SetHTTP2(true) // a page's parts come over one connection
		p.serving = tls.NewListener(p.listener, &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, Certificates: []tls.Certificate{*o.Certificate}})
	}
	open, stop := context.WithCancel(context.Background())
	p.stop = stop
	// What would be logged names addresses.
	p.http = &http.Server{Handler: h, Protocols: protocols, ReadHeaderTimeout: HeaderTime, ReadTimeout: UploadTime, WriteTimeout: PageTime, IdleTimeout: IdleTime,
		HTTP2:          &http.HTTP2Config{MaxConcurrentStreams: pageStreams, MaxReceiveBufferPerConnection: pageWindow, MaxReceiveBufferPerStream: pageWindow},
		MaxHeaderBytes: 2 * MaxHeaderBytes, ErrorLog: log.New(io.Discard, "", 0), BaseContext: func(net.Listener) context.Context { return open }}
	return p, nil
}

// Addr is where it listens.
func (p *Pages) Addr() net.Addr { return p.listener.Addr() }

// Close gives the port back, when Run was not begun; of nil, nothing.
func (p *Pages) Close() error {
	if p == nil {
		return nil
	}
	return p.listener.Close()
}

// Run serves until ctx ends; pages that listen for news are let go at once, others have StopTime.
func (p *Pages) Run(ctx context.Context) error {
	return serve(ctx, p.http, p.serving, p.stop, func(context.Context) {})
}
