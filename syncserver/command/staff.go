package command

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/hub"
)

// device reads a device's number.
func (r *run) device(s string) (record.ReplicaID, error) {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return 0, r.usage(form.Text{VI: "%q không phải số máy", EN: "%q is no device number"}, s)
	}
	return record.ReplicaID(n), nil
}

func (r *run) grant(ctx context.Context, args []string) error {
	rest, err := r.parse(args, 2, -1, nil)
	if err != nil {
		return err
	}
	q := &centre.Grant{}
	if q.Replica, err = r.device(rest[0]); err != nil {
		return err
	}
	for _, t := range rest[1:] {
		f, err := centre.ParseFeed(t)
		if err != nil {
			return err
		}
		q.Feeds = append(q.Feeds, f)
	}
	a, err := r.ask(ctx, false, centre.Request{Grant: q})
	if err != nil {
		return err
	}
	r.say(form.Text{VI: "Máy %d, %s nay được giao: %s\nTrước đó: %s", EN: "Device %d, %s is now assigned: %s\nBefore: %s"},
		q.Replica, a.Granted.Device, feeds(a.Granted.Now), feeds(a.Granted.Before))
	return nil
}

func feeds(fs []record.Feed) string {
	var texts []string
	for _, f := range fs {
		texts = append(texts, string(f))
	}
	if len(texts) == 0 {
		return "—"
	}
	return strings.Join(texts, ", ")
}

func (r *run) revoke(ctx context.Context, args []string) error {
	rest, err := r.parse(args, 1, 1, nil)
	if err != nil {
		return err
	}
	replica, err := r.device(rest[0])
	if err != nil {
		return err
	}
	a, err := r.ask(ctx, false, centre.Request{Grant: &centre.Grant{Replica: replica, Revoke: true}})
	if err != nil {
		return err
	}
	r.say(form.Text{VI: "Đã ngắt máy %d, %s. Máy không nhận gì nữa; những gì máy còn gửi được giữ, chờ xem xét (release).\nGiao lại: grant --dir DIR %d %s",
		EN: "Device %d, %s is cut off. It receives nothing more; what it still sends is kept for you to look at (release).\nTo assign it again: grant --dir DIR %d %s"},
		replica, a.Granted.Device, replica, strings.ReplaceAll(feeds(a.Granted.Before), ",", ""))
	return nil
}

func (r *run) release(ctx context.Context, args []string) error {
	rest, err := r.parse(args, 1, 1, nil)
	if err != nil {
		return err
	}
	a, err := r.ask(ctx, false, centre.Request{Release: &centre.Release{Change: rest[0]}})
	if err != nil {
		return err
	}
	r.say(form.Text{VI: "Lần ghi %s (%s) nay được chấp nhận.", EN: "Change %s (%s) stands from now on."}, rest[0], a.Released.Dot)
	return nil
}

func (r *run) erase(ctx context.Context, args []string) error {
	reason := ""
	rest, err := r.parse(args, 1, -1, func(f *flag.FlagSet) { f.StringVar(&reason, "reason", "", "") })
	if err != nil {
		return err
	}
	a, err := r.ask(ctx, false, centre.Request{Erase: &centre.Erase{Record: rest[0], Paths: rest[1:], Reason: reason}})
	if err != nil {
		return err
	}
	r.say(form.Text{VI: "Đã xóa nội dung của %s ở trung tâm; các máy xóa khi liên lạc lần tới.\nCác bản sao cũ vẫn còn nội dung đó cho đến khi được thay: chạy backup --dir DIR --keep 1.",
		EN: "The values of %s are destroyed at the centre; the devices follow at their next contact.\nOlder backups hold them until they are replaced: run backup --dir DIR --keep 1."}, a.Dot)
	return nil
}

// json prints an answer for programs.
func (r *run) json(v any) error {
	e := json.NewEncoder(r.out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func (r *run) devices(ctx context.Context, args []string) error {
	if len(args) > 0 && (args[0] == "lost" || args[0] == "found") {
		return r.report(ctx, args[0] == "lost", args[1:])
	}
	asJSON := false
	_, err := r.parse(args, 0, 0, func(f *flag.FlagSet) { f.BoolVar(&asJSON, "json", false, "") })
	if err != nil {
		return err
	}
	a, err := r.ask(ctx, false, centre.Request{Devices: true})
	if err != nil {
		return err
	}
	if asJSON {
		return r.json(a.Devices)
	}
	w := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, form.Text{VI: "Máy\tTên\tĐơn vị\tLiên lạc\tĐã lưu đến\tĐã đến\tGhi chú", EN: "Device\tName\tUnit\tLast contact\tSaved up to\tArrived\tNote"}.In(r.lang))
	for i := range a.Devices {
		d := &a.Devices[i]
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", d.Replica, d.Name, d.Unit, r.when(d.Seen), r.num(uint64(d.Claimed)), r.num(d.Held), r.note(d))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for i := range a.Devices {
		if d := &a.Devices[i]; len(d.Missing) > 0 {
			fmt.Fprintln(r.out, r.missing(d))
		}
	}
	return nil
}

func (r *run) note(d *centre.Account) string {
	switch {
	case d.Lost || d.Wipe.Done != 0:
		return r.lost(d)
	case d.Revoked:
		return form.Text{VI: "đã ngắt", EN: "cut off"}.In(r.lang)
	case !d.Enrolled:
		return form.Text{VI: "chưa dùng tệp đăng ký", EN: "enrolment file not used yet"}.In(r.lang)
	}
	return ""
}

// missing says exactly what is saved on a device and not here.
func (r *run) missing(d *centre.Account) string {
	var ranges []string
	for _, m := range d.Missing {
		text := r.num(uint64(m.First))
		if m.Last > m.First {
			text += "–" + r.num(uint64(m.Last))
		}
		ranges = append(ranges, text)
	}
	return fmt.Sprintf(form.Text{VI: "máy %d: đã lưu đến %s, thiếu %s", EN: "device %d: saved up to %s, missing %s"}.In(r.lang),
		d.Replica, r.num(uint64(d.Claimed)), strings.Join(ranges, ", "))
}

func (r *run) status(ctx context.Context, args []string) error {
	asJSON := false
	_, err := r.parse(args, 0, 0, func(f *flag.FlagSet) { f.BoolVar(&asJSON, "json", false, "") })
	if err != nil {
		return err
	}
	a, err := r.ask(ctx, false, centre.Request{Status: true})
	if err != nil {
		return err
	}
	if asJSON {
		return r.json(a.Status)
	}
	s := a.Status
	r.say(form.Text{VI: "Trung tâm %s, lịch sử thứ %d, chạy từ %s\nĐã nhận %s lần ghi; %s chờ xem xét; %s cảnh báo\n%s máy, %s đang nối\nSao lưu gần nhất %s (giữ %d bản); %s lệnh xóa theo luật",
		EN: "Centre %s, history %d, running since %s\n%s changes held; %s waiting; %s alarms\n%s devices, %s connected\nLatest backup %s (%d kept); %s orders of erasure"},
		s.Hub, s.Epoch.Number, r.when(s.Started), r.num(uint64(s.End)), r.num(uint64(s.Waiting)), r.num(uint64(s.Alarms)),
		r.num(uint64(s.Devices)), r.num(uint64(s.Sessions)), r.when(s.LastBackup), s.Backups, r.num(uint64(s.Erasures)))
	if s.Failed != "" {
		r.say(form.Text{VI: "Không ghi được từ lần ghi cuối [%s]: xem ổ đĩa.", EN: "Nothing could be written since the last commit [%s]: look at the disk."}, s.Failed)
	}
	return nil
}

// counted prints what a check went through.
func (r *run) counted(n hub.Counts) {
	r.say(form.Text{VI: "%s lần ghi (%s của trung tâm, chữ ký đúng), %s mốc của nhật ký, %s mục phát, %s bản ghi từng chuyển đơn vị, %s chờ xem xét, %s máy",
		EN: "%s changes (%s of the centre, signatures right), %s marks of the log, %s listings, %s records that moved, %s waiting, %s devices"},
		r.num(uint64(n.Changes)), r.num(uint64(n.Centre)), r.num(uint64(n.Hashes)), r.num(uint64(n.Listings)), r.num(uint64(n.Turns)),
		r.num(uint64(n.Waiting)), r.num(uint64(n.Devices)))
	if n.Blobs > 0 {
		r.say(form.Text{VI: "%s ảnh (%s byte, đúng với tên), %s chưa đủ", EN: "%s photos (%s bytes, those of their names), %s not complete"},
			r.num(uint64(n.Blobs)), r.num(uint64(n.BlobBytes)), r.num(uint64(len(n.Missing))))
	}
	for _, m := range n.Missing {
		r.say(form.Text{VI: "  chưa đủ: %s, %s / %s byte, bản ghi %s", EN: "  not complete: %s, %s / %s bytes, record %s"},
			m.Blob.Ref, r.num(uint64(m.Blob.Got)), r.num(uint64(m.Blob.Ref.Size)), dots(m.Records))
	}
}

func dots(recs []record.Dot) string {
	names := make([]string, len(recs))
	for i, d := range recs {
		names[i] = d.String()
	}
	return strings.Join(names, ", ")
}
