// Package command owns the centre's program as commands: serve, and what staff do beside it. The program is a value; main
// only gives it its streams and its signals.
//
// While a centre serves, the other commands speak to it through a socket in its data directory; when none does, they open
// the directory themselves. What a command says goes to standard output, what went wrong to standard error: what happened,
// what is safe, and the next step, in Vietnamese or (--lang en) English. The exit codes are part of the interface.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"banlang/shared/form"
	"banlang/shared/viet"
	"banlang/syncserver/httpd"
)

// Version is the program's.
const Version = "banlang syncserver 0.1"

// Exit codes.
const (
	ExitDone       = 0 // everything that was asked is done
	ExitUnsound    = 1 // a check found something that does not hold
	ExitUsage      = 2 // the command line was not understood
	ExitCannotOpen = 3 // the data directory cannot be opened: locked, damaged, newer, no key, or not there
	ExitNetwork    = 4 // the address cannot be listened on, or the running centre did not answer
	ExitRefused    = 5 // what was asked for does not exist, or its input is not right; nothing was done
	ExitFault      = 6 // the disk, or a mistake of ours; the text says what is safe
)

// Main is the program. The zero value is right; tests set limits.
type Main struct {
	Limits httpd.Options // of the listener; Plain and Log are set from the command line
}

// run is one run of it.
type run struct {
	Main
	out, err io.Writer
	lang     string
	dir      string
}

// verb is one command.
type verb struct {
	name, args string
	what       form.Text
	run        func(r *run, ctx context.Context, args []string) error
}

func verbs() []verb {
	return []verb{
		{"serve", "--dir DIR --listen HOST:PORT [--address HOST:PORT] [--console HOST:PORT [--console-cert FILE --console-key FILE]] [--plain-loopback] [--log-level info]",
			form.Text{VI: "chạy trung tâm; thư mục mới được tạo nếu chưa có", EN: "run the centre; a new directory is made if there is none"}, (*run).serve},
		{"enrol", "--dir DIR --unit CODE --name NAME [--compartments ordinary,tips,petitions] [--feeds UNIT/COMPARTMENT,…] --address HOST:PORT [--out FILE]",
			form.Text{VI: "cấp tệp đăng ký cho một máy", EN: "make the enrolment file of a device"}, (*run).enrol},
		{"enrol", "--dir DIR --unit CODE --name NAME [--compartments …] [--feeds …] --address HOST:PORT --code [--out FILE]",
			form.Text{VI: "tạo mã đăng ký dùng một lần thay cho tệp", EN: "make a one-time enrolment code in place of the file"}, (*run).enrol},
		{"enrol", "--dir DIR --list FILE.csv --address HOST:PORT --out DIR2",
			form.Text{VI: "như trên, cho nhiều máy: các cột unit,name,compartments", EN: "the same for many: columns unit,name,compartments"}, (*run).enrol},
		{"devices", "--dir DIR [--json]", form.Text{VI: "từng máy: đã lưu, đã đến, còn thiếu số nào", EN: "each device: saved, arrived, which numbers are missing"}, (*run).devices},
		{"devices", "lost|found --dir DIR DEVICE --by NAME --reason TEXT",
			form.Text{VI: "báo một máy bị mất: lần nối mạng tới máy gửi hết rồi hủy khóa của sổ; found: rút lại", EN: "report a device lost: at its next contact it sends everything and destroys the keys of its notebook; found: take that back"}, (*run).devices},
		{"escrow", "list --dir DIR [--json] · get --dir DIR --out FILE --by NAME,NAME --reason TEXT [--key FILE] DEVICE",
			form.Text{VI: "khóa dự phòng của sổ trên các máy: máy nào đã gửi, bao giờ; lấy ra tệp, phải có hai người, và được ghi sổ", EN: "the reserve keys of the devices' notebooks: which have come, and when; write one to a file: two people must be present, and it is noted"}, (*run).escrow},
		{"grant", "--dir DIR DEVICE UNIT[/COMPARTMENT]…", form.Text{VI: "giao đơn vị cho máy; thay cho những gì đã giao", EN: "assign units to a device, instead of those before"}, (*run).grant},
		{"revoke", "--dir DIR DEVICE", form.Text{VI: "ngắt một máy; máy vẫn gửi được phần đã ghi", EN: "cut a device off; it may still send what it has"}, (*run).revoke},
		{"rejected", "--dir DIR [--json]", form.Text{VI: "bản ghi bị từ chối ngay từ lần ghi đầu, chỉ người ghi còn thấy: máy, biểu mẫu, lý do; release chấp nhận lại", EN: "records rejected at their creation, which only their author still sees: device, form, reason; release lets one stand"}, (*run).rejected},
		{"release", "--dir DIR CHANGE", form.Text{VI: "chấp nhận lại một lần ghi đã bị từ chối", EN: "let a rejected change stand"}, (*run).release},
		{"erase", "--dir DIR [--reason TEXT] RECORD [PATH…]", form.Text{VI: "xóa hẳn nội dung của một bản ghi theo luật, ở mọi nơi", EN: "destroy the values of a record by law, everywhere"}, (*run).erase},
		{"recipient", "new|withdraw custodian [NAME]|unit CODE --dir DIR [--key FILE] · list --dir DIR",
			form.Text{VI: "cấp, rút, liệt kê chìa khóa mà các máy niêm phong cho: hai người giữ khóa trở lên, mỗi người một tên, ai cũng mở được một mình; hoặc một đơn vị", EN: "make, withdraw and list the keys that devices seal to: two custodians or more, each by a name, any of whom opens alone; or a unit"}, (*run).recipient},
		{"recipient", "open --dir DIR --key FILE --by NAME,NAME --reason TEXT RECORD PATH",
			form.Text{VI: "mở một nội dung niêm phong; phải có hai người, và được ghi sổ", EN: "open one sealed answer; two people must be present, and it is noted"}, (*run).recipient},
		{"recipient", "open --file FILE --key FILE", form.Text{VI: "mở tệp niêm phong đã lấy ra từ bảng điều hành; trên máy của người giữ khóa, không cần trung tâm",
			EN: "open a sealed file that the console handed out; on the machine of whoever has the key, without the centre"}, (*run).recipient},
		{"status", "--dir DIR [--json]", form.Text{VI: "tình hình trung tâm", EN: "how the centre is"}, (*run).status},
		{"backup", "--dir DIR [--keep 2]", form.Text{VI: "sao lưu, mở lại bản sao để kiểm tra, rồi ghi nhận", EN: "copy, open and check the copy, then register it"}, (*run).backup},
		{"restore", "--dir DIR --drill", form.Text{VI: "phục hồi thử bản sao mới nhất sang bên cạnh, kiểm tra, so với sổ đăng ký, rồi bỏ đi", EN: "restore the newest copy beside, check it, compare it with the register, and take it away"}, (*run).restore},
		{"restore", "--dir DIR --from FILE [--staff-only]", form.Text{VI: "thay bằng một bản sao; bản đang có được giữ lại bên cạnh; --staff-only chỉ thay sổ cán bộ", EN: "put a copy in place; the present database is kept aside; --staff-only: the register of staff alone"}, (*run).restore},
		{"form", "publish --dir DIR FILE [--by NAME (default: the account)] [--supervisor NAME --reason TEXT] [--try] [--yes]",
			form.Text{VI: "ban hành một phiên bản biểu mẫu cho mọi máy; nói trước bản ghi nào giữ phiên bản cũ", EN: "put a version of a form in force for all devices; says first which records stay in their version"}, (*run).form},
		{"form", "list --dir DIR [--json]", form.Text{VI: "các biểu mẫu, phiên bản, số bản ghi của từng phiên bản", EN: "the forms, their versions, and the records of each"}, (*run).form},
		{"form", "retire --dir DIR FORM", form.Text{VI: "thôi dùng một biểu mẫu cho bản ghi mới", EN: "offer a form no longer for new records"}, (*run).form},
		{"form", "check FILE [--out XFORM.xml]", form.Text{VI: "kiểm tra một biểu mẫu viết bằng bảng tính (XLSForm): xlsx, xls, csv, md", EN: "check a form written as a spreadsheet (XLSForm): xlsx, xls, csv, md"}, (*run).form},
		{"directive", "send --dir DIR --issuer UNIT --to UNIT,… | --below CODE --number N --kind KIND --subject TEXT [--urgency U] [--issued DAY] [--parent N] [--by NAME] --task TEXT --due DAY [--measure INDICATOR --target N] …",
			form.Text{VI: "gửi một văn bản chỉ đạo cho các đơn vị; --below: mọi đơn vị có mã bắt đầu như vậy", EN: "send a directive to units; --below: all units whose codes begin so"}, (*run).directive},
		{"directive", "send --dir DIR --file FILE.json", form.Text{VI: "như trên, từ một tệp; cờ nào được ghi thì thay cho tệp", EN: "the same from a file; flags win over it"}, (*run).directive},
		{"directive", "status --dir DIR [NUMBER] [--json]", form.Text{VI: "chỉ đạo đã đến máy, đã đọc, tiếp nhận, hoàn thành ở những đơn vị nào", EN: "in which units directives are delivered, read, accepted, done"}, (*run).directive},
		{"flash", "list --dir DIR [--all] [--json]", form.Text{VI: "báo cáo nhanh và các mốc giờ; chưa ai tiếp nhận thì đứng đầu", EN: "flash reports with their clocks; those nobody has acknowledged first"}, (*run).flash},
		{"flash", "ack --dir DIR REPORT --unit UNIT [--text TEXT] [--by NAME]", form.Text{VI: "tiếp nhận một báo cáo nhanh, kèm chỉ đạo nếu có", EN: "acknowledge a flash report, with or without an instruction"}, (*run).flash},
		{"flash", "wait --dir DIR --unit UNIT --minutes N", form.Text{VI: "sau bao lâu chưa ai tiếp nhận thì lên cấp trên, cho đơn vị này và cấp dưới (0: theo cấp trên; không đâu đặt: 15)", EN: "after how long a report that nobody took on goes up a level, for a unit and those below it (0: as above it; nowhere set: 15)"}, (*run).flash},
		{"photos", "[list] --dir DIR [--json] · export --dir DIR --out FILE PHOTO · again --dir DIR PHOTO",
			form.Text{VI: "các ảnh: đủ, đang gửi, chưa đến; lấy một ảnh ra tệp; xin máy gửi lại một ảnh", EN: "the photos: complete, partial, missing; write one to a file; have one sent again"}, (*run).photos},
		{"units", "import --dir DIR FILE.csv [--on DAY] [--whole] [--levels province,commune,…] [--yes]",
			form.Text{VI: "đưa một danh sách đơn vị vào cây; nói trước điều gì thay đổi", EN: "take a list of units into the tree; says first what becomes of it"}, (*run).units},
		{"units", "list --dir DIR [--on DAY] [--under UNIT] [--reporting] [--csv]", form.Text{VI: "cây đơn vị của một ngày, hoặc tất cả dưới dạng CSV", EN: "the tree of a day, or all of it as CSV"}, (*run).units},
		{"units", "merge --dir DIR UNIT… --into UNIT [--name NAME] --on DAY [--yes]", form.Text{VI: "nhập nhiều đơn vị thành một từ một ngày; bản ghi cũ giữ mã cũ", EN: "make one unit of several from a day on; records keep their codes"}, (*run).units},
		{"units", "split --dir DIR UNIT --part UNIT=NAME --part UNIT=NAME [--below UNIT=PART]… --on DAY [--yes]",
			form.Text{VI: "chia một đơn vị từ một ngày; --below: đơn vị bên dưới về đâu", EN: "make several units of one from a day on; --below: where those below it go"}, (*run).units},
		{"account", "add --dir DIR --name NAME --person TEXT --unit CODE --roles ROLE,… [--first] · list --dir DIR [--json]",
			form.Text{VI: "mở tài khoản cho cán bộ trung tâm, liệt kê; vai trò: record, review, direct, compile, administer, supervise",
				EN: "give somebody of the centre an account, list them; roles: record, review, direct, compile, administer, supervise"}, (*run).account},
		{"account", "passwd NAME [--first] · roles NAME ROLE,… · unit NAME CODE · disable|enable NAME · totp NAME --dir DIR",
			form.Text{VI: "đặt lại mật khẩu (--first: máy cấp, dùng lần đầu); đổi vai trò, đơn vị; khóa, mở; bỏ mã điện thoại khi mất máy",
				EN: "another passphrase (--first: drawn, for the first sign-in); other roles, another unit; close, open; drop the telephone's code when it is lost"}, (*run).account},
		{"boundaries", "import --dir DIR FILE [--name NAME] [--from DAY] [--to DAY] [--by-name] [--yes]",
			form.Text{VI: "đưa ranh giới đơn vị (TopoJSON, GeoJSON) vào trung tâm; nói trước mã nào không khớp", EN: "take in boundaries of units (TopoJSON, GeoJSON); says first which codes do not match"}, (*run).boundaries},
		{"boundaries", "list --dir DIR · drop --dir DIR NAME · draw --dir DIR --out FILE.svg [--under UNIT] [--level commune] [--on DAY]",
			form.Text{VI: "liệt kê, bỏ, vẽ ranh giới", EN: "list, drop and draw boundaries"}, (*run).boundaries},
		{"report", "again --dir DIR NUMBER", form.Text{VI: "tính lại một báo cáo đã chốt từ các thay đổi có lúc chốt, so từng byte; mất vài phút với một triệu bản ghi",
			EN: "compute a frozen report again from the changes that were there when it was frozen, and compare the bytes; minutes for a million records"}, (*run).frozenReport},
		{"check", "--dir DIR", form.Text{VI: "kiểm tra tất cả; báo cáo đã chốt chỉ so mã, tính lại bằng report again", EN: "check everything; of frozen reports the digests only, report again computes one"}, (*run).check},
		{"help", "", form.Text{VI: "trang này", EN: "this page"}, (*run).help},
	}
}

// errUsage: the command line was not understood; the reason has been printed.
var errUsage = errors.New("command: usage")

// Run does what the arguments ask and returns the exit code. It ends in good order when ctx does.
func (m Main) Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	r := &run{Main: m, out: stdout, err: stderr, lang: langIn(args)}
	if len(args) == 0 {
		_ = r.help(ctx, nil) // it only prints
		return ExitUsage
	}
	name := args[0]
	if strings.Trim(name, "-") == "h" || strings.Trim(name, "-") == "help" {
		name = "help"
	}
	for _, v := range verbs() {
		if v.name == name {
			return r.exit(v.run(r, ctx, args[1:]))
		}
	}
	return r.exit(r.usage(form.Text{VI: "không có lệnh %q", EN: "there is no command %q"}, name))
}

// langIn finds the language in arguments that are not parsed yet.
func langIn(args []string) string {
	for i, a := range args {
		a = strings.TrimLeft(a, "-")
		if a == "lang=en" || a == "lang" && i+1 < len(args) && args[i+1] == "en" {
			return "en"
		}
	}
	return "vi"
}

// parse reads flags, which may stand before, between and after the others, and returns the others, of which there must
// be at least least and at most most. A command parsed by it works on a centre's directory.
func (r *run) parse(args []string, least, most int, set func(*flag.FlagSet)) (rest []string, err error) {
	if rest, err = r.parseFlags(args, set); err != nil {
		return nil, err
	}
	if r.dir == "" {
		return nil, r.usage(form.Text{VI: "thiếu --dir", EN: "--dir is missing"})
	}
	return rest, r.between(rest, least, most)
}

func (r *run) between(rest []string, least, most int) error {
	switch {
	case len(rest) < least:
		return r.usage(form.Text{VI: "thiếu tham số", EN: "an argument is missing"})
	case most >= 0 && len(rest) > most:
		return r.usage(form.Text{VI: "thừa tham số %q", EN: "one argument too many: %q"}, rest[most])
	}
	return nil
}

func (r *run) parseFlags(args []string, set func(*flag.FlagSet)) (rest []string, err error) {
	f := flag.NewFlagSet("syncserver", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&r.dir, "dir", "", "")
	lang := f.String("lang", r.lang, "")
	if set != nil {
		set(f)
	}
	for {
		if err := f.Parse(args); err != nil {
			return nil, r.usage(form.Text{VI: "%v", EN: "%v"}, err)
		}
		if args = f.Args(); len(args) == 0 {
			break
		}
		rest, args = append(rest, args[0]), args[1:]
	}
	if *lang != "vi" && *lang != "en" {
		return nil, r.usage(form.Text{VI: "--lang là vi hoặc en", EN: "--lang is vi or en"})
	}
	return rest, nil
}

func (r *run) usage(t form.Text, args ...any) error {
	fmt.Fprintln(r.err, fmt.Sprintf(t.In(r.lang), args...)+".")
	fmt.Fprintln(r.err, form.Text{VI: "Xem: syncserver help", EN: "See: syncserver help"}.In(r.lang))
	return errUsage
}

// say prints a line for people.
func (r *run) say(t form.Text, args ...any) { fmt.Fprintf(r.out, t.In(r.lang)+"\n", args...) }

// num writes a number as people of the language do.
func (r *run) num(n uint64) string {
	s := viet.Int(int64(n))
	if r.lang == "en" {
		s = strings.ReplaceAll(s, ".", ",")
	}
	return s
}

// when writes a time for people; "—" for never.
func (r *run) when(ms int64) string {
	if ms == 0 {
		return "—"
	}
	layout := "02/01/2006 15:04"
	if r.lang == "en" {
		layout = "2006-01-02 15:04"
	}
	return time.UnixMilli(ms).Format(layout)
}

func (r *run) help(context.Context, []string) error {
	r.say(form.Text{VI: Version + "\n\nsyncserver LỆNH …   (mọi lệnh nhận --lang vi|en)\n", EN: Version + "\n\nsyncserver COMMAND …   (all take --lang vi|en)\n"})
	for _, v := range verbs() {
		fmt.Fprintf(r.out, "  %s %s\n      %s\n", v.name, v.args, v.what.In(r.lang))
	}
	codes := []form.Text{
		{VI: "xong", EN: "done"},
		{VI: "kiểm tra thấy điều không khớp", EN: "a check found something that does not hold"},
		{VI: "không hiểu dòng lệnh", EN: "the command line was not understood"},
		{VI: "không mở được thư mục: đang dùng, hỏng, mới hơn, thiếu khóa, hoặc chưa có", EN: "the directory cannot be opened: in use, damaged, newer, no key, or not there"},
		{VI: "không mở được cổng, hoặc trung tâm đang chạy không trả lời", EN: "the address cannot be listened on, or the running centre did not answer"},
		{VI: "không có mục được nêu, hoặc dữ liệu vào chưa đúng; chưa làm gì", EN: "there is no such thing, or the input is not right; nothing was done"},
		{VI: "ổ đĩa, hoặc điều chưa lường trước", EN: "the disk, or something unforeseen"},
	}
	r.say(form.Text{VI: "\nMã thoát:", EN: "\nExit codes:"})
	for code, t := range codes {
		fmt.Fprintln(r.out, "  "+strconv.Itoa(code)+"  "+t.In(r.lang))
	}
	return nil
}
