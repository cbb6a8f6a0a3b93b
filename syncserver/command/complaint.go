package command

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/syncserver/centre"
	"banlang/syncserver/httpd"
)

// complaint is what staff are told about one kind of error: what happened and what is safe, and the next step. The
// catalogue of package fault speaks to officers; what a centre's staff must know is said here.
type complaint struct {
	is         error
	exit       int
	what, next form.Text
}

// complaints are looked through in this order.
var complaints = []complaint{
	{errAltered, ExitUnsound,
		form.Text{VI: "Báo cáo đã chốt này không đọc được, hoặc không còn đúng với mã kiểm tra của nó. Không có gì bị sửa.", EN: "This frozen report cannot be read, or is not what its digest says. Nothing was altered."},
		form.Text{VI: "Giữ nguyên reports.db để xem xét, báo người giám sát. Bản đã chốt có trong từng bản sao: backups/….db.reports", EN: "Leave reports.db as it is to be looked into, and tell the supervisor. Every backup has what was frozen: backups/….db.reports"}},
	{centre.ErrUnsound, ExitUnsound,
		form.Text{VI: "Kiểm tra thấy điều không khớp. Không có gì bị sửa hay xóa.", EN: "The check found something that does not hold. Nothing was altered or deleted."},
		form.Text{VI: "Đừng xóa gì. Dừng trung tâm, phục hồi từ bản sao gần nhất: các máy sẽ tự gửi lại phần thiếu.", EN: "Delete nothing. Stop the centre and restore the latest backup: the devices send again what it lacks."}},
	{centre.ErrNoCentre, ExitCannotOpen,
		form.Text{VI: "Thư mục này chưa có trung tâm nào.", EN: "There is no centre in this directory."},
		form.Text{VI: "Xem lại --dir, hoặc chạy serve để tạo mới.", EN: "Look at --dir again, or run serve to make one."}},
	{centre.ErrNoKey, ExitCannotOpen,
		form.Text{VI: "Thiếu tệp khóa centre.key của trung tâm này. Dữ liệu được để nguyên.", EN: "The key file centre.key of this centre is missing. The data was left as it is."},
		form.Text{VI: "Đặt lại centre.key từ nơi cất giữ. Không có khóa thì mọi máy phải đăng ký lại.", EN: "Put centre.key back from where it is kept. Without it every device must be enrolled anew."}},
	{centre.ErrForeignKey, ExitCannotOpen,
		form.Text{VI: "centre.key không phải là khóa của dữ liệu này. Dữ liệu được để nguyên.", EN: "centre.key is not the key of this database. The data was left as it is."},
		form.Text{VI: "Đặt lại đúng centre.key.", EN: "Put the right centre.key back."}},
	{centre.ErrNoDatabase, ExitCannotOpen,
		form.Text{VI: "hub.db không còn, nhưng còn bản sao hoặc lệnh xóa: tạo mới sẽ che mất dữ liệu, nên chưa làm gì.", EN: "hub.db is gone, and backups or orders of erasure are left: beginning anew would hide a loss, so nothing was done."},
		form.Text{VI: "Chạy: syncserver restore --dir DIR --from DIR/backups/TỆP.db", EN: "Run: syncserver restore --dir DIR --from DIR/backups/FILE.db"}},
	{fault.SecondInstance, ExitCannotOpen,
		form.Text{VI: "Một trung tâm khác đang dùng thư mục này. Không có gì bị mất.", EN: "Another centre is using this directory. Nothing is lost."},
		form.Text{VI: "Dùng trung tâm đang chạy, hoặc dừng nó trước.", EN: "Use the one that runs, or stop it first."}},
	{centre.ErrAltered, ExitUnsound,
		form.Text{VI: "Bản sao này không còn như lúc được kiểm tra, nên không dùng. Dữ liệu đang có được để nguyên.", EN: "This copy is not what it was when it was checked, and was not used. The present data was left as it is."},
		form.Text{VI: "Chọn một bản sao khác.", EN: "Choose another copy."}},
	{centre.ErrNoRegister, ExitCannotOpen,
		form.Text{VI: "staff.db không còn, nhưng còn audit.heads: tạo mới sẽ che mất sổ cán bộ và nhật ký, nên chưa làm gì. Các máy vẫn gửi về như thường.", EN: "staff.db is gone, and audit.heads is left: beginning anew would hide the loss of the accounts and their audit, so nothing was done. Devices go on sending."},
		form.Text{VI: "Chạy: syncserver restore --dir DIR --from DIR/backups/TỆP.db --staff-only. Không có bản sao nào thì cất audit.heads đi nơi khác rồi lập lại tài khoản.", EN: "Run: syncserver restore --dir DIR --from DIR/backups/FILE.db --staff-only. Without any copy, put audit.heads away and make the accounts anew."}},
	{fault.Unstaffed, ExitCannotOpen,
		form.Text{VI: "Không mở được sổ cán bộ (staff.db), nên chưa ai đăng nhập được. Dữ liệu không mất; các máy vẫn gửi về như thường.", EN: "The register of staff (staff.db) cannot be opened, so nobody can sign in. No data is lost; devices go on sending."},
		form.Text{VI: "Chạy: syncserver restore --dir DIR --from DIR/backups/TỆP.db --staff-only; không cần dừng trung tâm.", EN: "Run: syncserver restore --dir DIR --from DIR/backups/FILE.db --staff-only; the centre may go on running."}},
	{fault.TornDatabase, ExitCannotOpen,
		form.Text{VI: "Tệp dữ liệu bị hỏng. Tệp được để nguyên, không có gì bị xóa.", EN: "The database is damaged. It was left as it is; nothing was deleted."},
		form.Text{VI: "Chạy restore từ bản sao gần nhất: các máy sẽ tự gửi lại phần thiếu.", EN: "Run restore with the latest backup: the devices send again what it lacks."}},
	{httpd.ErrNotLoopback, ExitUsage,
		form.Text{VI: "--plain-loopback chỉ dùng với địa chỉ của chính máy này (127.0.0.1).", EN: "--plain-loopback is for an address of this machine only (127.0.0.1)."},
		form.Text{VI: "Bỏ --plain-loopback, hoặc đổi --listen.", EN: "Leave --plain-loopback out, or change --listen."}},
	{centre.ErrNoFlash, ExitRefused,
		form.Text{VI: "Bản ghi này không phải báo cáo nhanh. Chưa làm gì.", EN: "This record is no flash report. Nothing was done."},
		form.Text{VI: "Xem lại số; flash list liệt kê các báo cáo nhanh.", EN: "Look at the number again; flash list lists them."}},
	{errNoAnswer, ExitNetwork,
		form.Text{VI: "Trung tâm đang chạy không trả lời; chưa rõ việc này đã xong chưa.", EN: "The running centre did not answer; whether this was done is not known."},
		form.Text{VI: "Xem lại bằng devices hoặc status trước khi làm lại.", EN: "Look with devices or status before doing it again."}},
	{fault.Unreachable, ExitNetwork,
		form.Text{VI: "Không mở được địa chỉ này để nghe.", EN: "The address cannot be listened on."},
		form.Text{VI: "Xem có chương trình nào đang giữ cổng, hoặc đổi --listen.", EN: "See whether another program has the port, or change --listen."}},
	{errNoPassphrase, ExitRefused,
		form.Text{VI: "Chưa có mật khẩu nào được nhập. Chưa làm gì.", EN: "No passphrase was given. Nothing was done."},
		form.Text{VI: "Gõ mật khẩu khi được hỏi, đặt BANLANG_NEW_PASSPHRASE, hoặc dùng --first.", EN: "Type one when asked, set BANLANG_NEW_PASSPHRASE, or use --first."}},
	{fault.WeakPassphrase, ExitRefused,
		form.Text{VI: "Mật khẩu này dễ đoán nên chưa được đặt. Chưa làm gì.", EN: "This passphrase is easy to guess and was not set. Nothing was done."},
		form.Text{VI: "Ghép bốn từ không liên quan nhau, ít nhất 12 chữ.", EN: "Put together four words that have nothing to do with each other, at least 12 letters."}},
	{fault.NotFound, ExitRefused,
		form.Text{VI: "Không có mục này ở trung tâm. Chưa làm gì.", EN: "There is no such thing at the centre. Nothing was done."},
		form.Text{VI: "Xem lại số hoặc tên; devices liệt kê các máy.", EN: "Look at the number or name again; devices lists the devices."}},
	{fault.BadInput, ExitRefused,
		form.Text{VI: "Dữ liệu vào chưa đúng. Chưa làm gì.", EN: "The input is not right. Nothing was done."},
		form.Text{VI: "Sửa chỗ được nêu dưới đây rồi làm lại.", EN: "Correct what is named below and do it again."}},
	{fault.LimitExceeded, ExitRefused,
		form.Text{VI: "Việc này vượt mức cho phép. Chưa làm gì.", EN: "This is above what is allowed. Nothing was done."},
		form.Text{VI: "Chia thành phần nhỏ hơn.", EN: "Split it into smaller parts."}},
	{fault.DiskFull, ExitFault,
		form.Text{VI: "Ổ đĩa đã đầy. Những gì đã nhận vẫn nguyên.", EN: "The disk is full. Everything that was acknowledged is intact."},
		form.Text{VI: "Dọn ổ đĩa; các máy giữ mọi thứ và sẽ gửi lại.", EN: "Make room; the devices keep everything and send it again."}},
}

// openingCodes are the faults of a directory that cannot be opened, beside those above.
var openingCodes = []fault.Code{fault.WrongKey, fault.NewerDatabase, fault.OlderDatabase, fault.NotOurDatabase}

// refusedCodes are the faults of what was to be opened, in the words of the catalogue.
var refusedCodes = []fault.Code{fault.WrongSealKey, fault.TornSeal, fault.StraySeal}

// exit tells what went wrong and returns the exit code.
func (r *run) exit(err error) int {
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return ExitDone
	case errors.Is(err, errUsage):
		return ExitUsage
	case errors.Is(err, errRefused):
		return ExitRefused
	case errors.Is(err, errDiffers): // the command said in what
		return ExitUnsound
	}
	if centre.IsUnsound(err) && !errors.Is(err, centre.ErrAltered) {
		err = fmt.Errorf("%w: %w", centre.ErrUnsound, err)
	}
	for _, c := range complaints {
		if errors.Is(err, c.is) {
			r.complain(c.what.In(r.lang), c.next.In(r.lang), err)
			return c.exit
		}
	}
	lang, code := fault.Lang(r.lang), fault.CodeOf(err)
	r.complain(code.Message(lang), code.Hint(lang), err)
	switch {
	case slices.Contains(openingCodes, code):
		return ExitCannotOpen
	case slices.Contains(refusedCodes, code):
		return ExitRefused
	}
	return ExitFault
}

// complain prints three lines: what happened, the next step, and the code with the cause for whoever helps.
func (r *run) complain(what, next string, err error) {
	fmt.Fprintf(r.err, "%s\n%s\n[%s] %v\n", what, next, fault.CodeOf(err), err)
}
