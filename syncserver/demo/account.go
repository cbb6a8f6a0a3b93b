package main

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"banlang/shared/viet"
)

// status is what `desktop status --json` prints, as far as it matters here.
type status struct {
	Replica   uint32
	Centre    string
	Saved     uint64
	AtCentre  uint64 `json:"at_centre"`
	Alarms    int
	Records   int
	Conflicts int
	Rejected  int
	Runs      []struct {
		Run         string
		First, Last uint64
		Head        string
		Receipt     *receipt
	}
}

type receipt struct {
	EpochNumber uint64 `json:"epoch_number"`
	EpochRandom string `json:"epoch_random"`
	N           uint64
	Head        string
	Safe        uint64
	Time        int64
	Key         string
	Sig         string
}

// held is what the centre says of a device (`syncserver devices --json`).
type held struct {
	Replica uint32
	Held    uint64
	Missing []any
}

// books is the accounting of a group of machines.
type books struct {
	machines                                       int
	saved, atCentre, heldThere, verified           uint64
	records, conflicts, rejected, alarms, unproven int
}

func (b *books) add(s *status, heldThere, verified uint64) {
	b.machines++
	b.saved += s.Saved
	b.atCentre += s.AtCentre
	b.heldThere += heldThere
	b.verified += verified
	b.records += s.Records
	b.conflicts += s.Conflicts
	b.rejected += s.Rejected
	b.alarms += s.Alarms
	if verified != s.Saved {
		b.unproven++
	}
}

// account holds three independent counts against each other, for every machine: what the notebook has saved, what the
// centre says that it holds of it, and what the signed receipts vouch for, verified here by hand.
func (s *story) account(ctx context.Context) error {
	s.p.begin("Đối chiếu từng máy: đã lưu, trung tâm giữ, biên nhận đúng chữ ký")
	devices, err := s.devices(ctx)
	if err != nil {
		return err
	}
	at, missing := map[uint32]uint64{}, 0
	for _, d := range devices {
		at[d.Replica] = d.Held
		missing += len(d.Missing)
	}
	var mu sync.Mutex
	of := map[string]*books{"": {}}
	err = each(ctx, s.workers, s.machines, func(ctx context.Context, m *machine) error {
		x, err := s.status(ctx, m)
		if err != nil {
			return err
		}
		verified := x.verified()
		mu.Lock()
		defer mu.Unlock()
		if of[m.Parent] == nil {
			of[m.Parent] = &books{}
		}
		of[m.Parent].add(x, at[x.Replica], verified)
		of[""].add(x, at[x.Replica], verified)
		return nil
	})
	if err != nil {
		return err
	}
	s.table(of)
	b := of[""]
	s.held(b.atCentre == b.saved && b.heldThere == b.saved && missing == 0, "đã lưu = trung tâm giữ = %s lần ghi, không thiếu số nào", viet.Int(int64(b.saved)))
	s.held(b.unproven == 0 && b.verified == b.saved, "%s lần ghi đều có biên nhận, chữ ký Ed25519 của trung tâm đúng (kiểm bằng mã riêng)", viet.Int(int64(b.verified)))
	s.held(b.rejected == 0 && b.alarms == 0, "không có lần ghi nào bị từ chối, không có báo động")
	s.p.line("     Ý kiến khác nhau: %d chỗ, đã chọn %d, còn chờ %d.", 2*len(s.pairs), len(s.pairs), b.conflicts/2)
	return nil
}

// devices asks the centre what it holds of each device.
func (s *story) devices(ctx context.Context) (all []held, err error) {
	out, err := do(ctx, s.syncserver, "devices", "--dir", s.centreDir(), "--json")
	if err != nil {
		return nil, err
	}
	return all, json.Unmarshal(out, &all)
}

func (s *story) status(ctx context.Context, m *machine) (*status, error) {
	out, err := do(ctx, s.headless, "status", "--json", "--dir", m.dir)
	if err != nil {
		return nil, err
	}
	x := &status{}
	return x, json.Unmarshal(out, x)
}

func (s *story) table(of map[string]*books) {
	names := map[string]string{"": "Cộng"}
	for _, u := range s.world.Units() {
		names[u.Code] = u.Name
	}
	s.p.line("   %-28s %6s %10s %12s %12s %10s", "Nơi", "Máy", "Đã lưu", "Trung tâm", "Biên nhận", "Bản ghi")
	for _, code := range append(sorted(of)[1:], "") {
		b := of[code]
		s.p.line("   %s %6d %10s %12s %12s %10s", pad(names[code], 28), b.machines, viet.Int(int64(b.saved)), viet.Int(int64(b.heldThere)),
			viet.Int(int64(b.verified)), viet.Int(int64(b.records)))
	}
}

func pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-len([]rune(s)))) }

// verified counts the own changes that receipts vouch for, each verified as the format documents it: Ed25519 by the
// pinned key over a byte with the length of the domain, the domain, and the statement. It shares no code with the
// programs.
func (x *status) verified() (n uint64) {
	key, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(x.Centre, "bltt1-"))
	if err != nil || len(key) != ed25519.PublicKeySize {
		return 0
	}
	for _, r := range x.Runs {
		if r.Receipt == nil || r.Receipt.N > r.Last || r.Receipt.N < r.First {
			continue
		}
		sig, err := hex.DecodeString(r.Receipt.Sig)
		message, err2 := r.Receipt.message(r.Run, key)
		sameChain := r.Receipt.N != r.Last || r.Receipt.Head == r.Head
		if err == nil && err2 == nil && sameChain && ed25519.Verify(key, message, sig) {
			n += r.Receipt.N - r.First + 1
		}
	}
	return n
}

const domain = "banlang receipt 1"

func (r *receipt) message(run string, key ed25519.PublicKey) ([]byte, error) {
	runID, err1 := strconv.ParseUint(run, 16, 64)
	epoch, err2 := strconv.ParseUint(r.EpochRandom, 16, 64)
	head, err3 := hex.DecodeString(r.Head)
	for _, err := range []error{err1, err2, err3} {
		if err != nil {
			return nil, err
		}
	}
	id := sha256.Sum256(key)
	if r.Key != hex.EncodeToString(id[:8]) || len(head) != sha256.Size {
		return nil, fmt.Errorf("another key, or no head")
	}
	b := append([]byte{byte(len(domain))}, domain...)
	for _, n := range []uint64{r.EpochNumber, epoch, runID, r.N} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	b = append(b, head...)
	b = binary.LittleEndian.AppendUint64(b, r.Safe)
	b = binary.LittleEndian.AppendUint64(b, uint64(r.Time))
	return append(b, id[:8]...), nil
}

// checks runs the check commands of both programs.
func (s *story) checks(ctx context.Context) error {
	s.p.begin("Kiểm tra sổ của %d máy và của trung tâm", len(s.machines))
	done := 0
	var mu sync.Mutex
	err := each(ctx, s.workers, s.machines, func(ctx context.Context, m *machine) error {
		_, err := do(ctx, s.headless, "check", "--dir", m.dir)
		mu.Lock()
		defer mu.Unlock()
		done++
		s.p.bar(done, len(s.machines), m.Name)
		return err
	})
	if err != nil {
		return err
	}
	s.held(true, "%d sổ: tệp nguyên vẹn, chuỗi liền mạch, biên nhận đúng, danh sách bằng bản dựng lại", len(s.machines))
	out, err := do(ctx, s.syncserver, "check", "--dir", s.centreDir())
	if err != nil {
		return err
	}
	s.held(true, "trung tâm:")
	for line := range strings.Lines(string(out)) {
		s.p.line("     %s", strings.TrimSpace(line))
	}
	return nil
}
