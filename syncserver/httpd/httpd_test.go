package httpd_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/sqlite/faultvfs"
	"banlang/shared/wsconn"
	"banlang/syncserver/centre"
	"banlang/syncserver/httpd"
	"banlang/syncserver/sqlitestore"
)

const patience = 60 * time.Second

// listening runs a centre and its listener on port 0.
func listening(t *testing.T, o httpd.Options, s sqlitestore.Options) (*httpd.Server, *centre.Centre) {
	t.Helper()
	c, err := centre.Open(t.Context(), centre.Dir(t.TempDir()), centre.Options{Create: true, Storage: s})
	if err != nil {
		t.Fatal(err)
	}
	h, err := httpd.Listen(t.Context(), c, "127.0.0.1:0", o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{}, 2)
	go func() { h.Run(ctx); ended <- struct{}{} }()
	go func() { c.Run(ctx); ended <- struct{}{} }()
	t.Cleanup(func() {
		stop()
		<-ended
		<-ended
		c.Close()
	})
	return h, c
}

func trust(t *testing.T, c *centre.Centre) *tls.Config {
	t.Helper()
	der, err := base64.RawURLEncoding.DecodeString(c.Pin().String())
	if err != nil {
		t.Fatal(err)
	}
	root, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(root)
	return &tls.Config{RootCAs: pool, ServerName: "centre.banlang"}
}

func get(t *testing.T, h *httpd.Server, config *tls.Config, path string) (status int, body string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}, Timeout: patience}
	resp, err := client.Get("https://" + h.Addr().String() + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// TestHealth: 200 while the centre can commit, 503 once a commit failed, 200 again after the next that succeeds.
func TestHealth(t *testing.T) {
	disk, err := faultvfs.Register("httpd-health")
	if err != nil {
		t.Fatal(err)
	}
	h, c := listening(t, httpd.Options{}, sqlitestore.Options{VFS: "httpd-health"})
	config := trust(t, c)
	enrol := func() error {
		_, err := c.Do(t.Context(), centre.Request{Enrol: &centre.Enrol{Newcomers: []centre.Newcomer{{Unit: "U1", Name: "m", Feeds: []record.Feed{"U1/ordinary"}}}}})
		return err
	}
	look := func(code int, failed string) {
		t.Helper()
		status, body := get(t, h, config, "/healthz")
		var a httpd.Health
		if err := json.Unmarshal([]byte(body), &a); err != nil || status != code || a.OK != (code == 200) || a.CommitFailed != failed {
			t.Errorf("%d %s (%v), want %d", status, body, err, code)
		}
	}
	if err := enrol(); err != nil {
		t.Fatal(err)
	}
	look(200, "")
	disk.Fail(1, faultvfs.Full, faultvfs.Write, true)
	if err := enrol(); !errors.Is(err, fault.DiskFull) {
		t.Fatalf("a full disk: %v", err)
	}
	look(503, "disk_full")
	disk.Heal()
	if err := enrol(); err != nil {
		t.Fatal(err)
	}
	look(200, "")
}

// TestNoNameInMetrics: neither what a machine is called, nor its unit, nor what a record says.
func TestNoNameInMetrics(t *testing.T) {
	h, c := listening(t, httpd.Options{}, sqlitestore.Options{})
	a, err := c.Do(t.Context(), centre.Request{Enrol: &centre.Enrol{Newcomers: []centre.Newcomer{{Unit: "XA0777", Name: "Siu Hblor", Feeds: []record.Feed{"XA0777/ordinary"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	pen, m := ledger.Pen{Replica: a.Enrolled[0].Replica}, ledger.NewMemory()
	f, _ := c.Library().Current("awareness_session")
	said := &record.Change{Kind: record.KindEdit, Officer: "siu.hblor", Form: f.Ref, Edits: []record.Edit{{Path: record.PathFeed, Value: "XA0777/ordinary"}, {Path: "note", Value: "Siu Hblor"}}}
	err = m.Atomically(func() error {
		_, err := pen.Write(m, clock.System(), said)
		return err
	})
	if err == nil {
		err = c.Take(t.Context(), said)
	}
	if err != nil {
		t.Fatal(err)
	}
	status, body := get(t, h, trust(t, c), "/metrics")
	if status != http.StatusOK || !strings.Contains(body, "banlang_log_end 2") {
		t.Errorf("%d: %s", status, body)
	}
	for _, name := range []string{"hblor", "xa0777"} {
		if strings.Contains(strings.ToLower(body), name) {
			t.Errorf("a metric says %q:\n%s", name, body)
		}
	}
}

func TestOnlyTLS13UnderThePinnedKey(t *testing.T) {
	h, c := listening(t, httpd.Options{}, sqlitestore.Options{})
	_, other := listening(t, httpd.Options{}, sqlitestore.Options{})
	old := trust(t, c)
	old.MaxVersion = tls.VersionTLS12
	if conn, err := tls.Dial("tcp", h.Addr().String(), old); err == nil {
		conn.Close()
		t.Error("TLS 1.2 is spoken")
	}
	if conn, err := tls.Dial("tcp", h.Addr().String(), trust(t, other)); err == nil {
		conn.Close()
		t.Error("another centre's pin opens it")
	}
	if resp, err := http.Get("http://" + h.Addr().String() + "/healthz"); err == nil {
		if resp.Body.Close(); resp.StatusCode == 200 {
			t.Error("it answers without TLS")
		}
	}
	conn, err := wsconn.Dial(t.Context(), h.Addr().String(), c.Pin())
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

func TestPlainIsForLoopback(t *testing.T) {
	_, c := listening(t, httpd.Options{}, sqlitestore.Options{})
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.7:0"} {
		if _, err := httpd.Listen(t.Context(), c, addr, httpd.Options{Plain: true}); !errors.Is(err, httpd.ErrNotLoopback) {
			t.Errorf("%s: %v", addr, err)
		}
	}
	h, _ := listening(t, httpd.Options{Plain: true}, sqlitestore.Options{})
	conn, err := wsconn.Dial(t.Context(), h.Addr().String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if _, err := httpd.Listen(t.Context(), c, h.Addr().String(), httpd.Options{}); !errors.Is(err, fault.Unreachable) {
		t.Errorf("a port that is taken: %v", err)
	}
}

// TestWhatIsNotAskedFor gets short answers and leaves nothing behind.
func TestWhatIsNotAskedFor(t *testing.T) {
	h, c := listening(t, httpd.Options{}, sqlitestore.Options{})
	config := trust(t, c)
	for _, x := range []struct{ request, status string }{
		{"GET /admin HTTP/1.1\r\nHost: x\r\n\r\n", "404"},
		{"GET /sync/1 HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		{"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "405"},
		{"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", "413"},
		{"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("a", 3*httpd.MaxHeaderBytes) + "\r\n\r\n", "431"},
		{"GET " + wsconn.Path + " HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", "403"},
		{"nonsense\r\n\r\n", "400"},
	} {
		conn, err := tls.Dial("tcp", h.Addr().String(), config)
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(patience))
		io.WriteString(conn, x.request)
		line, err := bufio.NewReader(conn).ReadString('\n')
		if !strings.HasPrefix(line, "HTTP/1.1 "+x.status) {
			t.Errorf("%.40q: %q, %v", x.request, line, err)
		}
		conn.Close()
	}
}

// TestShedding is at each limit and one above, before any TLS work.
func TestShedding(t *testing.T) {
	h, c := listening(t, httpd.Options{MaxConns: 3}, sqlitestore.Options{})
	var held []net.Conn
	for i := range 3 {
		conn, err := tls.Dial("tcp", h.Addr().String(), trust(t, c))
		if err != nil {
			t.Fatalf("connection %d: %v", i+1, err)
		}
		held = append(held, conn)
	}
	if refused(t, h) != nil {
		t.Error("a connection above the limit was taken on")
	}
	held[0].Close()
	for refused(t, h) == nil { // until the listener has seen the end of the first
	}
	for _, conn := range held {
		conn.Close()
	}

	h, c = listening(t, httpd.Options{NewConnsPerSecond: 1e-6, NewConnsBurst: 2}, sqlitestore.Options{})
	for i := range 2 {
		conn, err := tls.Dial("tcp", h.Addr().String(), trust(t, c))
		if err != nil {
			t.Fatalf("connection %d: %v", i+1, err)
		}
		defer conn.Close()
	}
	if refused(t, h) != nil {
		t.Error("a connection above the rate was taken on")
	}
}

// refused dials and sends half a greeting; nil: it was closed without a word, before that was read.
func refused(t *testing.T, h *httpd.Server) error {
	t.Helper()
	conn, err := net.Dial("tcp", h.Addr().String())
	if err != nil {
		return nil
	}
	defer conn.Close()
	conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	_, err = conn.Read(make([]byte, 1))
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return fmt.Errorf("it stays open")
	}
	return nil
}
