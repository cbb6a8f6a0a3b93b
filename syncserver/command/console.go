package command

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"time"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/syncserver/centre"
	"banlang/syncserver/console"
	"banlang/syncserver/httpd"
)

// consoleAt is where the console is listened for, and under which certificate.
type consoleAt struct {
	listen           string // HOST:PORT; "": there is no console
	address          string // HOST:PORT where notebooks dial the centre; ":PORT": at the host that the browser names
	certificate, key string // PEM files; "": one of the centre's own making
	made             string // the fingerprint of that
}

// open makes the console and opens its port; nil where there is none.
func (d *consoleAt) open(ctx context.Context, c *centre.Centre, o httpd.Options) (*httpd.Pages, error) {
	if d.listen == "" {
		return nil, nil //nolint:nilnil // no console
	}
	pages, err := console.New(console.Parts{Centre: c, Wall: clock.System, Address: d.address, Log: o.Log})
	if err != nil {
		return nil, fault.New(fault.Internal, "serve", err)
	}
	options := httpd.PagesOptions{Plain: o.Plain}
	if !o.Plain {
		if options.Certificate, err = d.load(c.Dir()); err != nil {
			return nil, err
		}
	}
	return httpd.ListenPages(ctx, pages.Handler(), d.listen, options)
}

func (d *consoleAt) load(dir centre.Dir) (*tls.Certificate, error) {
	if d.certificate != "" {
		cert, err := tls.LoadX509KeyPair(d.certificate, d.key)
		if err != nil {
			return nil, fault.New(fault.BadInput, "console-cert", err)
		}
		return &cert, nil
	}
	host, _, err := net.SplitHostPort(d.listen)
	if err != nil {
		return nil, fault.New(fault.BadInput, "console", err)
	}
	cert, err := httpd.OwnCertificate(dir.Console(), host, time.Now())
	d.made = httpd.Fingerprint(cert)
	return &cert, err
}

// where says where the console is, and by which fingerprint browsers are to know a certificate that nobody vouches for.
func (d *consoleAt) where(lang string, pages *httpd.Pages, plain bool) string {
	if pages == nil {
		return ""
	}
	scheme := "https"
	if plain {
		scheme = "http"
	}
	text := fmt.Sprintf("console %s://%s\n", scheme, pages.Addr())
	if d.made != "" {
		text += fmt.Sprintf(form.Text{VI: "Trình duyệt chưa biết chứng chỉ của trung tâm. So vân tay SHA-256 trước khi chấp nhận: %s\n",
			EN: "Browsers do not know the centre's certificate. Compare the SHA-256 fingerprint before you accept it: %s\n"}.In(lang), d.made)
	}
	return text
}
