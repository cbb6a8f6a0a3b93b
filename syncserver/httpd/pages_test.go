package httpd_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"banlang/syncserver/httpd"
)

// TestPages: the console is spoken to over TLS under its certificate; a page that listens is let go when the server stops.
func TestPages(t *testing.T) {
	file := filepath.Join(t.TempDir(), "console.pem")
	c, err := httpd.OwnCertificate(file, "127.0.0.1", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	let := make(chan struct{})
	p, err := httpd.ListenPages(t.Context(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/live" {
			w.WriteHeader(http.StatusOK)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
			close(let)
			return
		}
		io.WriteString(w, r.Proto)
	}), "127.0.0.1:0", httpd.PagesOptions{Certificate: &c})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	roots := x509.NewCertPool()
	roots.AddCert(c.Leaf)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}, Timeout: patience}
	resp, err := client.Get("https://" + p.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := io.ReadAll(resp.Body); string(b) != "HTTP/2.0" {
		t.Errorf("it speaks %s", b)
	}
	resp.Body.Close()
	open, err := client.Get("https://" + p.Addr().String() + "/live")
	if err != nil {
		t.Fatal(err)
	}
	defer open.Body.Close()
	began := time.Now()
	stop()
	<-let
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	if time.Since(began) > httpd.StopTime/2 {
		t.Error("a page that listens held up the end")
	}
}

func TestPagesRefuse(t *testing.T) {
	for _, o := range []httpd.PagesOptions{{}, {Plain: true}} {
		if p, err := httpd.ListenPages(t.Context(), http.NotFoundHandler(), "0.0.0.0:0", o); err == nil {
			p.Close()
			t.Errorf("listens beyond this machine with %+v", o)
		}
	}
}

// TestOwnCertificate is made once, made anew before it ends and for another host, and is never half there.
func TestOwnCertificate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "console.pem")
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	known := func(host string, at time.Time) string {
		t.Helper()
		c, err := httpd.OwnCertificate(file, host, at)
		if err != nil {
			t.Fatal(err)
		}
		return httpd.Fingerprint(c)
	}
	first := known("centre.example", now)
	if len(first) != 32*3-1 || known("centre.example", now.Add(24*time.Hour)) != first || known("", now) != first {
		t.Error("it is another every time")
	}
	second := known("10.0.0.7", now)
	if second == first || known("10.0.0.7", now.Add(380*24*time.Hour)) == second {
		t.Error("one for another host, or at its end, is taken")
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(file, []byte("-----BEGIN"), 0o600); err != nil {
		t.Fatal(err)
	}
	if third := known("10.0.0.7", now); third == second || known("10.0.0.7", now) != third { // notebooks wait behind it
		t.Error("a torn one is not made anew, or not kept")
	}
}
