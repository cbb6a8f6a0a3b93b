// Package command owns the officer's program as commands: enrolment, import, sync, export, check, forms, status, and the
// wiring of the window. The program is a value; main only gives it its streams.
//
// What a command says goes to Out, what went wrong to Err: what happened, what is safe, and the next step, in Vietnamese
// or (--lang en) English. The exit codes are part of the interface (Help lists them).
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	"banlang/desktop/app"
	"banlang/desktop/keyfile"
	"banlang/shared/fault"
	"banlang/shared/form"
)

// Version is the program's; Program is how it names itself to the centre.
const (
	Version = "0.1"
	Program = "banlang desktop " + Version
)

// Exit codes. Those up to 6 mean the same as the centre's.
const (
	ExitDone        = 0   // everything that was asked is done
	ExitUnsound     = 1   // a check found something that does not hold
	ExitUsage       = 2   // the command line was not understood
	ExitCannotOpen  = 3   // the notebook cannot be opened: not there, in use, damaged or newer
	ExitNotSynced   = 4   // the centre was not reached, or not all is there yet; nothing is lost
	ExitRefused     = 5   // what was asked for does not exist, or its input is not right; nothing was done
	ExitFault       = 6   // the disk, or a mistake of ours; the text says what is safe
	ExitSomeLines   = 7   // import: some lines were not taken; all others are saved
	ExitNoWindow    = 8   // there is no display, or this build has no window
	ExitNoOpenGL    = 9   // the graphics driver is too poor to draw the window
	ExitInterrupted = 130 // stopped by the person; what was reported as saved is saved
)

// Window shows the program until the person closes it or ctx ends; where none can be opened it returns fault.NoScreen or
// fault.NoOpenGL. It is called in the goroutine of Run.
type Window func(ctx context.Context, m *app.App) error

// Alert shows text in a box, where it can, until the person closes it or ctx ends.
type Alert func(ctx context.Context, text string)

// Command is the program. Its fields may not change while it runs.
type Command struct {
	In       io.Reader
	Out, Err io.Writer
	Env      func(name string) string
	Window   Window          // nil: this build has none
	Keys     keyfile.Options // on what the key file of a notebook stands
	Alert    Alert           // what is shown in place of the window; nil: Err is enough

	Addresses func() ([]net.Addr, error) // of the machine; nil: the system says

	lang    string
	dir     string
	officer string // who opens the notebook; "": who did so last
}

// verb is one command.
type verb struct {
	name, args string
	what       form.Text
	run        func(c *Command, ctx context.Context, args []string) error
}

func verbs() []verb {
	return []verb{
		{"", "", form.Text{VI: "mở cửa sổ", EN: "open the window"}, (*Command).window},
		{"enrol", "FILE | --code CODE --centre HOST:PORT", form.Text{VI: "đăng ký máy này với trung tâm bằng tệp hoặc mã trung tâm đã cấp", EN: "enrol this machine with the file or the code that the centre gave"}, (*Command).enrol},
		{"import", "FILE.jsonl", form.Text{VI: "nhập bản ghi và lần sửa từ tệp, mỗi dòng một mục; nhập lại không thêm gì", EN: "import records and edits from a file, one a line; importing again adds nothing"}, (*Command).importFile},
		{"sync", "--once [--for 5m]", form.Text{VI: "gửi và nhận cho đến khi mọi thứ đã có biên nhận", EN: "send and receive until everything has its receipt"}, (*Command).sync},
		{"watch", "", form.Text{VI: "luôn gửi và nhận, in tình hình, cho đến khi dừng", EN: "keep sending and receiving, print how it stands, until stopped"}, (*Command).watch},
		{"export", "[--format jsonl] [--out FILE]", form.Text{VI: "xuất các bản ghi đang hiện, mỗi dòng một bản ghi", EN: "write out the records as they show, one a line"}, (*Command).export},
		{"check", "", form.Text{VI: "kiểm tra tệp, chuỗi lần ghi, biên nhận và danh sách", EN: "check the file, the chain of changes, the receipts and the list"}, (*Command).check},
		{"forms", "[check]", form.Text{VI: "biểu mẫu có ở đây, bản nào đang dùng hay giữ lại; check: bản ghi, nháp cũ có hợp bản đang dùng không", EN: "the forms that are here, which versions are current or kept; check: whether older records and drafts fit the current ones"}, (*Command).listForms},
		{"officers", "[remove ID | reset ID --key FILE]", form.Text{VI: "ai mở được sổ; bỏ một người (sổ đổi khóa); đặt lại mật khẩu bằng khóa của người giữ khóa, hay khóa dự phòng lấy ở trung tâm", EN: "who can open the notebook; take somebody out (the key is changed); set a new passphrase with the key of the centre's custodian, or the reserve key that the centre gave out"}, (*Command).officers},
		{"status", "[--json]", form.Text{VI: "đã lưu bao nhiêu, trung tâm đã nhận bao nhiêu", EN: "how much is saved, and how much is at the centre"}, (*Command).status},
		{"help", "", form.Text{VI: "trang này", EN: "this page"}, (*Command).help},
	}
}

// errUsage: the command line was not understood; the reason has been printed.
var errUsage = errors.New("command: usage")

// Run does what the arguments ask and returns the exit code. It ends early, in good order, when ctx does.
func (c Command) Run(ctx context.Context, args ...string) int {
	c.lang = app.Vietnamese
	if c.Env == nil {
		c.Env = func(string) string { return "" }
	}
	name, rest := splitName(args)
	for _, v := range verbs() {
		if v.name == name {
			err := v.run(&c, ctx, rest)
			code := c.exit(ctx, err)
			if v.name == "" {
				c.alert(ctx, err)
			}
			return code
		}
	}
	c.setLang(args)
	c.complain(form.Text{VI: "Không có lệnh %q. Xem: desktop help", EN: "There is no command %q. See: desktop help"}, name)
	return ExitUsage
}

// splitName takes the command out of the arguments: the first that is no flag, nor the value of one that every
// command has.
func splitName(args []string) (name string, rest []string) {
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "-h" || a == "--help" || a == "-help":
			return "help", append(args[:i:i], args[i+1:]...)
		case slices.Contains([]string{"dir", "lang", "as"}, strings.TrimLeft(a, "-")) && a[0] == '-':
			i++
		case !strings.HasPrefix(a, "-"):
			return a, append(args[:i:i], args[i+1:]...)
		}
	}
	return "", args
}

// setLang finds the language in arguments that nobody else will read.
func (c *Command) setLang(args []string) {
	for i, a := range args {
		if strings.Trim(a, "-") == "lang=en" || strings.Trim(a, "-") == "lang" && i+1 < len(args) && args[i+1] == app.English {
			c.lang = app.English
		}
	}
}

// parse reads flags, which may stand before, between and after the others, and returns the others.
func (c *Command) parse(args []string, set func(*flag.FlagSet)) (rest []string, err error) {
	c.setLang(args)
	f := flag.NewFlagSet("desktop", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&c.dir, "dir", "", "")
	f.StringVar(&c.lang, "lang", c.lang, "")
	f.StringVar(&c.officer, "as", "", "")
	if set != nil {
		set(f)
	}
	for {
		if err := f.Parse(args); err != nil {
			c.complain(form.Text{VI: "Không hiểu dòng lệnh: %v. Xem: desktop help", EN: "The command line was not understood: %v. See: desktop help"}, err)
			return nil, errUsage
		}
		if args = f.Args(); len(args) == 0 {
			break
		}
		rest, args = append(rest, args[0]), args[1:]
	}
	if c.dir == "" {
		c.dir = dataDir(c.Env)
	}
	if c.lang != app.English {
		c.lang = app.Vietnamese
	}
	return rest, nil
}

// none refuses arguments where there should be none.
func (c *Command) none(rest []string) error {
	if len(rest) == 0 {
		return nil
	}
	return c.usage(form.Text{VI: "Thừa: %q.", EN: "Too much: %q."}, rest)
}

func (c *Command) usage(t form.Text, args ...any) error {
	c.complain(t, args...)
	c.complain(form.Text{VI: "Xem: desktop help", EN: "See: desktop help"})
	return errUsage
}

// coded is an error that has been told to the person already.
type coded struct {
	error
	exit int
}

func told(exit int, err error) error { return coded{err, exit} }

// exit tells the person what went wrong, if nobody has, and turns it into an exit code.
func (c *Command) exit(ctx context.Context, err error) int {
	var done coded
	switch {
	case err == nil:
		return ExitDone
	case errors.Is(err, errUsage):
		return ExitUsage
	case errors.As(err, &done):
		return done.exit
	case ctx.Err() != nil && !errors.Is(err, fault.DiskIO):
		c.complain(form.Text{VI: "Đã dừng theo yêu cầu. Những gì đã lưu vẫn nguyên.", EN: "Stopped as asked. Everything saved is intact."})
		return ExitInterrupted
	}
	c.blame(err)
	if errors.Is(err, fault.NoScreen) || errors.Is(err, fault.NoOpenGL) {
		c.complain(byCommand)
	}
	if code, ok := codes[fault.CodeOf(err)]; ok {
		return code
	}
	return ExitFault
}

// codes are the exit codes of the faults that have one of their own.
var codes = map[fault.Code]int{
	fault.NotEnrolled: ExitCannotOpen, fault.SecondInstance: ExitCannotOpen, fault.TornDatabase: ExitCannotOpen,
	fault.WrongPassphrase: ExitCannotOpen, fault.TooManyTries: ExitCannotOpen, fault.LockedNotebook: ExitCannotOpen,
	fault.TornKeyFile: ExitCannotOpen, fault.NoDeviceSecret: ExitCannotOpen, fault.WrongDataKey: ExitCannotOpen,
	fault.Lost: ExitCannotOpen, fault.Wiped: ExitCannotOpen,
	fault.NewerDatabase: ExitCannotOpen, fault.OlderDatabase: ExitCannotOpen, fault.NotOurDatabase: ExitCannotOpen,
	fault.Unreachable: ExitNotSynced, fault.CutOff: ExitNotSynced, fault.ServerStopping: ExitNotSynced,
	fault.NoScreen: ExitNoWindow, fault.NoOpenGL: ExitNoOpenGL,
	fault.BadInput: ExitRefused, fault.NotFound: ExitRefused, fault.WrongKey: ExitRefused, fault.EnrolCodeUsed: ExitRefused,
	fault.EnrolCodeStale: ExitRefused, fault.EnrolForged: ExitRefused, fault.EnrolFile: ExitRefused,
	fault.EnrolOffline: ExitNotSynced, fault.EnrolNoAnswer: ExitNotSynced, fault.Busy: ExitNotSynced,
}

// blame prints a fault for its three readers: what happened and what is safe, the next step, and a line for the log.
func (c *Command) blame(err error) {
	code, lang := fault.CodeOf(err), fault.Lang(c.lang)
	fmt.Fprintf(c.Err, "%s\n→ %s\n[%s] %v\n", code.Message(lang), code.Hint(lang), code, err)
}

func (c *Command) say(t form.Text, args ...any) { fmt.Fprintf(c.Out, t.In(c.lang)+"\n", args...) }

func (c *Command) complain(t form.Text, args ...any) { fmt.Fprintf(c.Err, t.In(c.lang)+"\n", args...) }
