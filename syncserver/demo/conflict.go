package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"banlang/syncserver/demo/madeup"
)

// exported is a line of `desktop export`.
type exported struct {
	Key       string
	ID        string
	Form      string
	Values    map[string]string
	Conflicts map[string][]string
}

func (s *story) export(ctx context.Context, m *machine) ([]exported, error) {
	out, err := do(ctx, s.headless, "export", "--dir", m.dir)
	if err != nil {
		return nil, err
	}
	var all []exported
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var x exported
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, nil
}

// twoOnOneRecord: in some communes a colleague's machine gets the records, both go offline and edit the same ones, and
// when they reconnect nobody's words have vanished.
func (s *story) twoOnOneRecord(ctx context.Context) error {
	s.p.begin("Ở %d xã, đồng nghiệp dùng máy thứ hai và hai người sửa cùng một bản ghi", len(s.pairs))
	var ones, twos []*machine
	for _, pair := range s.pairs {
		ones, twos = append(ones, pair[0]), append(twos, pair[1])
	}
	if err := s.sync(ctx, twos); err != nil {
		return err
	}
	s.p.done("%d máy mới đã nhận đủ sổ của xã", len(twos))
	if err := each(ctx, s.workers, s.pairs, s.editApart); err != nil {
		return err
	}
	s.p.done("hai bên đã sửa khi không có mạng, không ai biết việc của người kia")
	for _, round := range [][]*machine{ones, twos, ones} {
		if err := s.sync(ctx, round); err != nil {
			return err
		}
	}
	if err := s.eachConflicts(ctx, "cùng một ô, hai ý kiến: cả hai được giữ cạnh nhau", 2); err != nil {
		return err
	}
	if err := each(ctx, s.workers, s.pairs, s.resolve); err != nil {
		return err
	}
	for _, round := range [][]*machine{ones, twos} {
		if err := s.sync(ctx, round); err != nil {
			return err
		}
	}
	return s.eachConflicts(ctx, "một chỗ đã có người chọn; chỗ còn lại chờ người", 1)
}

// editApart imports the edits of both machines. The colleague names the records as his own screen does.
func (s *story) editApart(ctx context.Context, pair [2]*machine) error {
	records, err := s.export(ctx, pair[0])
	if err != nil {
		return err
	}
	id := map[string]string{}
	for _, x := range records {
		id[x.Key] = x.ID
	}
	for _, m := range pair {
		var file bytes.Buffer
		for _, e := range s.world.Edits(m.Code) {
			if e.Machine != m.number {
				continue
			}
			if e.Key = id[e.Key]; e.Key == "" {
				return fmt.Errorf("%s: bản ghi để sửa không có trong sổ", m.Code)
			}
			if err := writeLine(&file, e); err != nil {
				return err
			}
		}
		if err := s.importLines(ctx, m, "sua.jsonl", file.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

func writeLine(b *bytes.Buffer, e madeup.Edit) error {
	text, err := json.Marshal(e)
	b.Write(append(text, '\n'))
	return err
}

// resolve has the first officer of a commune choose where two notes stand side by side; the counts are left as they are.
func (s *story) resolve(ctx context.Context, pair [2]*machine) error {
	records, err := s.export(ctx, pair[0])
	if err != nil {
		return err
	}
	for _, x := range records {
		notes := x.Conflicts["note"]
		if len(notes) == 0 {
			continue
		}
		var file bytes.Buffer
		if err := writeLine(&file, madeup.Edit{Key: x.ID, Values: map[string]string{"note": strings.Join(notes, " ")}}); err != nil {
			return err
		}
		return s.importLines(ctx, pair[0], "chon.jsonl", file.Bytes())
	}
	return fmt.Errorf("%s: không thấy hai ghi chú cạnh nhau", pair[0].Code)
}

// eachConflicts is a closing check: every machine of a pair shows so many conflicts, and the two show the same.
func (s *story) eachConflicts(ctx context.Context, text string, want int) error {
	total, same := 0, true
	for _, pair := range s.pairs {
		var shown [2]string
		for i, m := range pair {
			records, err := s.export(ctx, m)
			if err != nil {
				return err
			}
			n := 0
			for _, x := range records {
				n += len(x.Conflicts)
			}
			same = same && n == want
			total += n
			shown[i] = sum(records)
		}
		same = same && shown[0] == shown[1]
	}
	s.held(same, "%s (%d bản ghi ở %d xã; hai máy của mỗi xã hiện giống hệt nhau)", text, total/2, len(s.pairs))
	return nil
}

// sum is what a machine shows, apart from its own keys.
func sum(records []exported) string {
	var b strings.Builder
	lines := map[string]string{}
	for _, x := range records {
		text, _ := json.Marshal([]any{x.Form, x.Conflicts, x.Values["note"], x.Values["participants_total"], x.Values["duration_min"], x.Values["materials"], x.Values["households"]})
		lines[x.ID] = string(text)
	}
	for _, id := range sorted(lines) {
		b.WriteString(id + lines[id] + "\n")
	}
	return b.String()
}
