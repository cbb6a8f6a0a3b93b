package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"banlang/shared/viet"
	"banlang/syncserver/demo/madeup"
)

// seed is the world of the demonstrations.
const seed = 1

// machine is one notebook of a commune.
type machine struct {
	madeup.Unit
	number int // within its commune: 1, or 2 for a colleague's
	dir    string
	file   string // its enrolment
}

func (m *machine) name() string {
	if m.number == 1 {
		return m.Name
	}
	return fmt.Sprintf("%s, máy %d", m.Name, m.number)
}

// story is one run of the demonstration.
type story struct {
	options
	p        *paper
	dir      string
	world    *madeup.World
	centre   *server
	machines []*machine // the first of each commune, then the colleagues'
	pairs    [][2]*machine
	failed   []string // closing checks that did not hold
}

func newStory(o options, p *paper, dir string) *story {
	s := &story{options: o, p: p, dir: dir, world: madeup.Plan(seed)}
	for _, u := range s.world.Communes() {
		s.machines = append(s.machines, s.machine(u, 1))
	}
	for _, m := range slices.Clone(s.machines) {
		if slices.Contains(twoMachines, m.Code) {
			colleague := s.machine(m.Unit, 2)
			s.machines = append(s.machines, colleague)
			s.pairs = append(s.pairs, [2]*machine{m, colleague})
		}
	}
	return s
}

// twoMachines are the communes where a colleague writes on a machine of his own.
var twoMachines = []string{"T1-01", "T1-02", "T1-30", "T2-01", "T3-01", "T4-01"}

func (s *story) machine(u madeup.Unit, number int) *machine {
	return &machine{Unit: u, number: number, dir: filepath.Join(s.dir, "may", fmt.Sprintf("%s-%d", u.Code, number))}
}

func (s *story) firsts() []*machine { return s.machines[:len(s.machines)-len(s.pairs)] }

// tell is the whole story.
func (s *story) tell(ctx context.Context) error {
	s.p.line("%s", s.p.style("1", "BẢN LÀNG: ghi khi không có mạng, gửi khi có, hợp nhất ở trung tâm, và chứng minh là đủ"))
	s.p.line("Dữ liệu dựng hoàn toàn: %d đơn vị không có thật, thay cho các nơi trong các bài báo.", len(s.firsts()))
	for _, chapter := range []func(context.Context) error{s.open, s.writeOffline, s.reconnect, s.twoOnOneRecord, s.figures, s.account, s.checks} {
		if err := chapter(ctx); err != nil {
			return err
		}
	}
	if len(s.failed) > 0 {
		return fmt.Errorf("%w: %s", errBroken, strings.Join(s.failed, "; "))
	}
	s.p.line("\n%s  %s", s.p.style("1;32", "Mọi điều kiểm tra cuối đều đúng."), s.p.style("2", "(tổng cộng "+seconds(since(s.p))+")"))
	if s.stay {
		return s.remain(ctx)
	}
	return nil
}

var errBroken = errors.New("có điều kiểm tra cuối không đúng")

// held is a closing check.
func (s *story) held(ok bool, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if ok {
		s.p.done("%s", text)
		return
	}
	s.p.bad("%s", text)
	s.failed = append(s.failed, text)
}

// open starts the centre and enrols every machine.
func (s *story) open(ctx context.Context) (err error) {
	s.p.begin("Mở trung tâm, cấp tệp đăng ký cho %d máy", len(s.machines))
	if s.centre, err = serve(ctx, s.syncserver, s.centreDir(), filepath.Join(s.dir, "trung-tam.log")); err != nil {
		return err
	}
	s.p.done("trung tâm nghe ở %s (TLS 1.3, SQLite)", s.centre.address)
	if err := s.importUnits(ctx); err != nil {
		return err
	}
	list, err := os.Create(filepath.Join(s.dir, "danh-sach.csv"))
	if err != nil {
		return err
	}
	w := csv.NewWriter(list)
	_ = w.Write([]string{"unit", "name"}) // w.Error says it, here and below
	for _, m := range s.machines {
		_ = w.Write([]string{m.Code, m.name()})
	}
	w.Flush()
	if err := errors.Join(w.Error(), list.Close()); err != nil {
		return err
	}
	files := filepath.Join(s.dir, "dang-ky")
	if _, err := do(ctx, s.syncserver, "enrol", "--dir", s.centreDir(), "--list", list.Name(), "--address", s.centre.address, "--out", files); err != nil {
		return err
	}
	if err := s.findEnrolments(files); err != nil {
		return err
	}
	err = each(ctx, s.workers, s.machines, func(ctx context.Context, m *machine) error {
		_, err := do(ctx, s.headless, "enrol", m.file, "--dir", m.dir)
		return err
	})
	if err == nil {
		s.p.done("%d máy đã đăng ký, mỗi máy tự sinh khóa riêng", len(s.machines))
	}
	return err
}

func (s *story) centreDir() string { return filepath.Join(s.dir, "trung-tam") }

// findEnrolments gives each machine its file: "UNIT-NUMBER.json", the numbers in the order of the list.
func (s *story) findEnrolments(dir string) error {
	for _, m := range s.machines {
		found, err := filepath.Glob(filepath.Join(dir, m.Code+"-*.json"))
		if err != nil || len(found) < m.number {
			return errors.Join(err, fmt.Errorf("thiếu tệp đăng ký của %s", m.Code))
		}
		slices.SortFunc(found, compareNumbers)
		m.file = found[m.number-1]
	}
	return nil
}

// compareNumbers orders names by length and then by text: numbers by their value.
func compareNumbers(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// writeOffline has every commune write its records, without any network.
func (s *story) writeOffline(ctx context.Context) error {
	s.p.begin("Không có mạng: %d xã ghi vào sổ của mình", len(s.firsts()))
	var done, lines atomic.Int64
	err := each(ctx, s.workers, s.firsts(), func(ctx context.Context, m *machine) error {
		var file bytes.Buffer
		if err := s.world.WriteRecords(&file, m.Code); err != nil {
			return err
		}
		if err := s.importLines(ctx, m, "ban-ghi.jsonl", file.Bytes()); err != nil {
			return err
		}
		n := lines.Add(int64(bytes.Count(file.Bytes(), []byte("\n"))))
		s.p.bar(int(done.Add(1)), len(s.firsts()), viet.Int(n)+" bản ghi")
		return nil
	})
	if err != nil {
		return err
	}
	s.p.done("%s bản ghi đã lưu trên %d máy", viet.Int(lines.Load()), len(s.firsts()))
	devices, err := s.devices(ctx)
	if err != nil {
		return err
	}
	there := uint64(0)
	for _, d := range devices {
		there += d.Held
	}
	s.held(there == 0, "ở trung tâm: %d, vì chưa ai có mạng", there)
	return nil
}

// importLines writes a file into a machine's directory and imports it. Every line must be taken.
func (s *story) importLines(ctx context.Context, m *machine, name string, text []byte) error {
	path := filepath.Join(m.dir, name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return err
	}
	_, err := do(ctx, s.headless, "import", path, "--dir", m.dir, "--officer", fmt.Sprintf("canbo%d.%s", m.number, m.Code))
	return err
}

// reconnect has every commune send what it wrote.
func (s *story) reconnect(ctx context.Context) error {
	s.p.begin("Có mạng trở lại: %d máy gửi phần đã ghi", len(s.firsts()))
	if err := s.sync(ctx, s.firsts()); err != nil {
		return err
	}
	s.p.done("mọi máy đã có biên nhận cho tất cả những gì đã lưu")
	return nil
}

func (s *story) sync(ctx context.Context, machines []*machine) error {
	var done atomic.Int64
	return each(ctx, s.workers, machines, func(ctx context.Context, m *machine) error {
		_, err := do(ctx, s.headless, "sync", "--once", "--for", "2m", "--dir", m.dir)
		s.p.bar(int(done.Add(1)), len(machines), m.Name)
		return err
	})
}

// remain leaves the centre running, and opens the window where there is a display.
func (s *story) remain(ctx context.Context) error {
	m := s.machines[0]
	s.p.line("\nTrung tâm vẫn chạy ở %s; tình hình: %s status --dir %s", s.centre.address, s.syncserver, s.centreDir())
	s.p.line("Sổ của %s: %s status --dir %s", m.Name, s.headless, m.dir)
	if err := s.openConsole(ctx); err != nil {
		return err
	}
	switch {
	case os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "":
		s.p.line("Ở đây không có màn hình, nên không mở cửa sổ.")
	case s.desktop == "":
		s.p.line("Chưa có bản có cửa sổ (--desktop), nên không mở.")
	default:
		closing, err := s.openWindow(ctx, m)
		if err != nil {
			return err
		}
		defer closing()
		s.p.line("Cửa sổ đang mở trên sổ của %s.", m.Name)
	}
	s.p.line("Dừng: Ctrl+C")
	select {
	case <-ctx.Done():
		return nil
	case <-s.centre.ended:
		return s.centre.err
	}
}

// openWindow opens the window on a machine's notebook; it is asked to close with ctx, and closing waits for it.
func (s *story) openWindow(ctx context.Context, m *machine) (closing func(), err error) {
	log, err := os.Create(filepath.Join(s.dir, "cua-so.log")) // the screen's library is talkative
	if err != nil {
		return nil, err
	}
	c := program(ctx, s.desktop, "--dir", m.dir)
	c.Stdout, c.Stderr = log, log
	if err := c.Start(); err != nil {
		return nil, errors.Join(err, log.Close())
	}
	return func() { _ = c.Wait(); log.Close() }, nil // how it ended is in its log
}
