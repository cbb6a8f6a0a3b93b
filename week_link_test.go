//go:build week

package banlang_test

import (
	"encoding/json"
	pixels "image"
	"image/color"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"banlang/shared/dispatch"
	"banlang/shared/record"
	office "banlang/syncserver/centre"
)

// hotspot is the road between a laptop and the centre: a telephone that has no network, a bad one or a good one, as the test says.
type hotspot struct {
	t      *testing.T
	l      net.Listener
	to     string
	up     atomic.Int64 // bytes that went to the centre
	met    chan time.Time
	mu     sync.Mutex
	rate   int // bytes a second each way; 0: no network
	conns  []net.Conn
	passed sync.Cond // up grew
}

// Rates of a hotspot in bytes a second. The bad one is what a commune has on Thursdays.
const (
	noNetwork  = 0
	badNetwork = 64_000 / 8
	anyNetwork = 1 << 30
)

// newHotspot is a hotspot with the best network.
func newHotspot(t *testing.T, to string) *hotspot {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &hotspot{t: t, l: l, to: to, rate: anyNetwork, met: make(chan time.Time, 1)}
	h.passed.L = &h.mu
	t.Cleanup(func() { h.becomes(noNetwork); _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go h.carry(c)
		}
	}()
	return h
}

func (h *hotspot) addr() string { return h.l.Addr().String() }

// becomes changes the network; none ends every connection.
func (h *hotspot) becomes(rate int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.rate = rate
	select { // of another network
	case <-h.met:
	default:
	}
	if rate == noNetwork {
		for _, c := range h.conns {
			_ = c.Close()
		}
		h.conns = nil
	}
	h.passed.Broadcast()
}

func (h *hotspot) carry(c net.Conn) {
	d, err := net.Dial("tcp", h.to)
	if err != nil {
		_ = c.Close()
		return
	}
	h.mu.Lock()
	on := h.rate > noNetwork
	if on {
		h.conns = append(h.conns, c, d)
		select {
		case h.met <- time.Now():
		default: // an earlier one is told
		}
	}
	h.mu.Unlock()
	if on {
		go h.pump(c, d, nil)
		h.pump(d, c, &h.up)
	}
	_, _ = c.Close(), d.Close()
}

// pump carries bytes as fast as the network is, a fiftieth of a second at a time.
func (h *hotspot) pump(to, from net.Conn, passed *atomic.Int64) {
	tick := time.NewTicker(time.Second / 50)
	defer tick.Stop()
	for {
		h.mu.Lock()
		rate := h.rate
		h.mu.Unlock()
		if rate < anyNetwork {
			<-tick.C
		}
		n, err := io.CopyN(to, from, int64(max(1, min(rate/50, 1400))))
		if passed != nil {
			passed.Add(n)
			h.passed.Broadcast()
		}
		if err != nil {
			_, _ = to.Close(), from.Close()
			return
		}
	}
}

// carried waits until so many more bytes have gone up.
func (h *hotspot) carried(more int64) {
	until := h.up.Load() + more
	late := time.AfterFunc(time.Minute, h.passed.Broadcast)
	defer late.Stop()
	h.mu.Lock()
	defer h.mu.Unlock()
	for start := time.Now(); h.up.Load() < until; h.passed.Wait() {
		if time.Since(start) > time.Minute {
			h.t.Errorf("%d bytes did not go up in a minute", more)
			return
		}
	}
}

// card puts a photo where a telephone appears that is plugged in.
func (o *sitter) card(name string) {
	o.t.Helper()
	path := filepath.Join(o.home, "gvfs", "mtp:host=dien_thoai", "DCIM", "Camera", name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		o.t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	scene := pixels.NewRGBA(pixels.Rect(0, 0, 900, 600)) // coarse grain: as heavy as a photo of leaves
	for y := range 600 {
		for x := range 900 {
			grain := uint8(random.IntN(60))
			scene.Set(x, y, color.RGBA{uint8(x/6) + grain, uint8(y/4) + grain, 90 + grain, 255})
		}
	}
	f, err := os.Create(path)
	if err != nil {
		o.t.Fatal(err)
	}
	if err := jpeg.Encode(f, scene, nil); err != nil {
		o.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		o.t.Fatal(err)
	}
}

// badLink is the end of the week: without a network a photo is put into Monday's session, and then an urgent report is written; a link of
// 64 kbit/s comes, and goes while the photo is under way; the next day it goes on where it was.
func (o *sitter) badLink(s *station, hers *officer) {
	o.t.Helper()
	o.link.becomes(noNetwork)
	o.card("IMG_0042.jpg")
	o.presses("ctrl+f")
	o.types("buooir tuyeen")
	o.presses("Return")
	o.still()
	o.photograph("tim-buoi-tuyen-truyen")
	o.presses("ctrl+e")
	o.still()
	o.presses("ctrl+o")
	o.still()
	o.photograph("anh-trong-may")
	o.presses("Return")
	o.still()
	o.photograph("da-co-anh")
	o.presses("ctrl+Return")
	o.still()
	o.writesFlash("Satj lowr ddaats owr doocs Kon Tow Ngol.")
	o.photograph("khong-co-mang")

	o.link.becomes(badNetwork)
	o.presses("ctrl+g")
	var met time.Time
	select {
	case met = <-o.link.met:
	case <-time.After(time.Minute):
		o.t.Fatal("the program does not dial")
	}
	hers.finds(dispatch.FormFlash, func(v *record.View) bool { return v.Text("summary") == "Sạt lở đất ở dốc Kon Tơ Ngol." })
	o.t.Logf("over 64 kbit/s the urgent report is at a colleague's %v after the first byte", time.Since(met).Round(10*time.Millisecond))
	if since := time.Since(met); since > 6*time.Second {
		o.t.Errorf("the urgent report took %v", since)
	}
	hers.finds("awareness_session", func(v *record.View) bool { return v.Text("photo") != "" })
	o.link.carried(40_000)
	o.photograph("anh-dang-gui")
	o.link.becomes(noNetwork)
	all := s.photos()
	if len(all) != 1 || all[0].State != office.PhotoPartial || all[0].Have < 20_000 {
		o.t.Fatalf("the centre has %+v", all)
	}
	left := int64(all[0].Size - all[0].Have)

	before := o.link.up.Load()
	o.link.becomes(anyNetwork)
	o.presses("ctrl+g")
	s.photoWhole()
	went := o.link.up.Load() - before
	o.t.Logf("a photo of %d bytes, of which %d were there when the network went: %d bytes went up the next day", all[0].Size, all[0].Have, went)
	if went > left+10_000 {
		o.t.Errorf("%d bytes were left, and %d went up", left, went)
	}
	o.photograph("anh-da-gui")
}

// photos are those that the centre knows of.
func (s *station) photos() (all []office.Photo) {
	s.t.Helper()
	if err := json.Unmarshal([]byte(s.desk("photos", "list", "--json")), &all); err != nil {
		s.t.Fatal(err)
	}
	return all
}

// photoWhole waits until the centre has the one photo whole.
func (s *station) photoWhole() {
	s.t.Helper()
	limit := time.After(30 * time.Second)
	for {
		all := s.photos()
		if len(all) == 1 && all[0].State == office.PhotoComplete {
			return
		}
		select {
		case <-limit:
			s.t.Fatalf("the centre has %+v", all)
		case <-time.After(200 * time.Millisecond): // it is asked from outside
		}
	}
}
