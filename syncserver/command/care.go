package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"path/filepath"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

func (r *run) backup(ctx context.Context, args []string) error {
	keep := 0
	_, err := r.parse(args, 0, 0, func(f *flag.FlagSet) { f.IntVar(&keep, "keep", 2, "") })
	if err != nil {
		return err
	}
	if keep < 1 {
		return r.usage(form.Text{VI: "--keep ít nhất là 1", EN: "--keep is at least 1"})
	}
	a, err := r.ask(ctx, false, centre.Request{Backup: &centre.Backup{Keep: keep}})
	if err != nil {
		return err
	}
	b := a.Backup
	r.say(form.Text{VI: "Đã sao lưu và kiểm tra: %s (%s byte, %s lần ghi)\nGiữ %d bản, bỏ %d bản cũ; %d lần mở sổ có thêm phần an toàn",
		EN: "Copied and checked: %s (%s bytes, %s changes)\n%d copies kept, %d older ones removed; more is safe of %d runs"},
		b.Path, r.num(uint64(b.Size)), r.num(uint64(b.End)), b.Kept, len(b.Removed), b.Safe)
	return nil
}

func (r *run) restore(ctx context.Context, args []string) error {
	from, drill, staffOnly := "", false, false
	_, err := r.parse(args, 0, 0, func(f *flag.FlagSet) {
		f.StringVar(&from, "from", "", "")
		f.BoolVar(&drill, "drill", false, "")
		f.BoolVar(&staffOnly, "staff-only", false, "")
	})
	switch {
	case err != nil:
		return err
	case (from == "") != drill:
		return r.usage(form.Text{VI: "cần --from FILE, hoặc --drill", EN: "--from FILE is needed, or --drill"})
	case drill:
		return r.drill(ctx)
	case staffOnly:
		return r.restoreStaff(ctx, from)
	}
	done, err := centre.Restore(ctx, centre.Dir(r.dir), from, newLog(r.err, slog.LevelWarn))
	if err != nil {
		return err
	}
	r.counted(done.Checked)
	r.say(form.Text{VI: "Đã phục hồi %s lần ghi; lịch sử mới thứ %d; %d lệnh xóa theo luật được áp dụng lại.", EN: "%s changes restored; a new history, number %d; %d orders of erasure applied again."},
		r.num(uint64(done.End)), done.Epoch.Number, done.Erasures)
	r.saidStaff(done.Staff)
	r.keptAside(done.Aside)
	r.say(form.Text{VI: "Việc tiếp theo: chạy serve. Mỗi máy tự gửi lại phần thiếu khi liên lạc; xem bằng devices. Khi không còn thiếu, chạy backup.",
		EN: "Next: run serve. Every device sends again what is missing when it makes contact; watch it with devices. When nothing is missing, run backup."})
	return nil
}

// restoreStaff puts the register of staff of a copy in place, and nothing else.
func (r *run) restoreStaff(ctx context.Context, from string) error {
	done, err := centre.RestoreStaff(ctx, centre.Dir(r.dir), from)
	running := errors.Is(err, fault.SecondInstance)
	if running {
		var a centre.Reply
		if from, err = filepath.Abs(from); err == nil {
			a, err = r.ask(ctx, false, centre.Request{RestoreStaff: from})
		}
		done = a.Restored
	}
	if err != nil {
		return err
	}
	r.saidStaff(&done.Carried)
	r.keptAside(done.Aside)
	if running {
		r.say(form.Text{VI: "Trung tâm đang chạy đã mở lại sổ cán bộ; dữ liệu của các máy được để nguyên.", EN: "The running centre has the register open again; what the devices sent was left as it is."})
	} else {
		r.say(form.Text{VI: "Dữ liệu của các máy được để nguyên. Việc tiếp theo: chạy serve.", EN: "What the devices sent was left as it is. Next: run serve."})
	}
	return nil
}

func (r *run) keptAside(path string) {
	if path != "" {
		r.say(form.Text{VI: "Bản trước đó được giữ ở %s", EN: "What was there before is kept as %s"}, path)
	}
}

// saidStaff says what became of the register of staff; nil: it was left.
func (r *run) saidStaff(done *staff.Carried) {
	switch {
	case done == nil:
		r.say(form.Text{VI: "Bản sao này không có sổ cán bộ; sổ đang có được để nguyên.", EN: "The copy holds no register of staff; the present one was left as it is."})
	case done.Together:
		r.say(form.Text{VI: "Sổ cán bộ được phục hồi như lúc sao lưu; nhật ký vẫn đủ, gồm %s dòng ghi sau đó. Mọi người đăng nhập lại; xem lại quyền bằng account list.",
			EN: "The register of staff is as it was when it was copied; the audit is complete, with the %s entries made since. Everybody signs in again; look at the roles with account list."},
			r.num(uint64(done.Entries)))
	default:
		r.say(form.Text{VI: "Sổ cán bộ được phục hồi như lúc sao lưu, cùng nhật ký đến lúc đó. Mọi người đăng nhập lại; xem lại quyền bằng account list.",
			EN: "The register of staff is as it was when it was copied, with the audit up to then. Everybody signs in again; look at the roles with account list."})
	}
}

// drill has the newest copy restored for practice, by the running centre where there is one.
func (r *run) drill(ctx context.Context) error {
	a, err := r.ask(ctx, false, centre.Request{Drill: true})
	if errors.Is(err, fault.TornDatabase) {
		err = fmt.Errorf("%w: %w", centre.ErrUnsound, err)
	}
	if err != nil {
		return err
	}
	x := a.Drill
	r.counted(x.Checked)
	r.say(form.Text{VI: "Đã phục hồi thử %s (lúc %s, %s lần ghi), rồi bỏ đi; dữ liệu đang dùng không bị động đến.\nNhật ký ghi: sổ đăng ký %s = phục hồi %s\nNhật ký cán bộ: %s dòng, mã cuối %s\nBản sao dùng được.",
		EN: "%s (made %s, %s changes) was restored for practice and taken away again; nothing in use was touched.\nLog: registered %s = restored %s\nAudit: %s entries, its head is %s\nThe copy is good."},
		x.Copy, r.when(x.Copied), r.num(uint64(x.End)), orDash(x.Log), orDash(x.Log), r.num(uint64(x.Entries)), orDash(x.Audit))
	return nil
}

// check asks the running centre, or looks itself; then it writes nothing.
func (r *run) check(ctx context.Context, args []string) error {
	_, err := r.parse(args, 0, 0, nil)
	if err != nil {
		return err
	}
	far := dialOffice(ctx, centre.Dir(r.dir))
	var a centre.Reply
	if far != nil {
		defer far.done()
		a, err = far.Do(ctx, centre.Request{Check: true})
	} else {
		counts, people, checkErr := centre.Check(ctx, centre.Dir(r.dir))
		a.Check, a.People, err = &counts, people, checkErr
		if err == nil {
			a.Reports, err = centre.CheckReports(ctx, centre.Dir(r.dir))
		}
		if err == nil {
			a.Custodians, err = centre.CountCustodians(ctx, centre.Dir(r.dir))
		}
	}
	if a.Check != nil && a.Check.Changes > 0 {
		r.counted(*a.Check)
	}
	if a.People != nil && err == nil {
		r.say(form.Text{VI: "Sổ cán bộ: %s tài khoản; nhật ký %s dòng, mã cuối %s", EN: "Register of staff: %s accounts; audit of %s entries, its head is %s"},
			r.num(uint64(a.People.Accounts)), r.num(uint64(a.People.Audit.Entries)), a.People.Audit.Head)
	}
	if errors.Is(err, fault.TornDatabase) {
		err = fmt.Errorf("%w: %w", centre.ErrUnsound, err)
	}
	if err != nil {
		return err
	}
	if a.Reports > 0 {
		r.say(form.Text{VI: "Báo cáo đã chốt: %s, đúng với mã kiểm tra; không tính lại ở đây vì lâu: report again SỐ", EN: "Frozen reports: %s are what their digests say; they were not computed again, which takes long: report again NUMBER"},
			r.num(uint64(a.Reports)))
	}
	r.say(form.Text{VI: "Tất cả khớp.", EN: "Everything holds."})
	r.sayCustodians(a.Custodians)
	return nil
}
