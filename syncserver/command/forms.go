package command

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/syncserver/declare"
	"banlang/syncserver/publish"
	"banlang/syncserver/xlsform"
)

// form is what staff do with forms; so far they check them.
func (r *run) form(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] != "check" {
		return r.usage(form.Text{VI: "form cần biết làm gì: check", EN: "form needs to be told what to do: check"})
	}
	return r.formCheck(ctx, args[1:])
}

// formCheck converts a spreadsheet and says what keeps the form from being published. Nothing is published.
func (r *run) formCheck(ctx context.Context, args []string) error {
	out := ""
	rest, err := r.parseFlags(args, func(f *flag.FlagSet) { f.StringVar(&out, "out", "", "") })
	if err = cmp.Or(err, r.between(rest, 1, 1)); err != nil {
		return err
	}
	file, err := readForm(rest[0])
	if err != nil {
		return err
	}
	f, err := declare.Convert(ctx, rest[0], file, xlsform.Options{})
	if err != nil {
		return r.formProblem(err)
	}
	for _, w := range f.Warnings {
		r.say(form.Text{VI: "Lưu ý: %s", EN: "Note: %s"}, w.Message(r.language()))
	}
	x, found := publish.Check(f)
	if r.findings(found); publish.Strongest(found) == publish.Refused {
		return errRefused
	}
	r.say(form.Text{VI: "Biểu mẫu dùng được: “%s” (%s), phiên bản %s, %d câu hỏi, ngôn ngữ: %s.",
		EN: "The form can be used: “%s” (%s), version %s, %d questions, languages: %s."},
		f.Title, f.ID, orDash(f.Version), questions(f), orDash(strings.Join(x.Languages, ", ")))
	if out == "" {
		return nil
	}
	if err := writeNew(out, f.XML); err != nil {
		return err
	}
	r.say(form.Text{VI: "Đã ghi XForm vào %s.", EN: "The XForm was written to %s."}, out)
	return nil
}

// findings prints what there is to say about a form: what refuses it to standard error, with the next step.
func (r *run) findings(found []publish.Finding) {
	for _, f := range found {
		message := f.Message(r.language())
		switch f.Strength() {
		case publish.Refused:
			fmt.Fprintln(r.err, message)
			fmt.Fprintln(r.err, "  "+f.Hint(r.language()))
		case publish.NeedsSupervisor:
			r.say(form.Text{VI: "Cần người phụ trách bảo vệ dữ liệu cá nhân xem: %s", EN: "For the privacy supervisor: %s"}, message)
		default:
			r.say(form.Text{VI: "Lưu ý: %s %s", EN: "Note: %s %s"}, message, f.Hint(r.language()))
		}
	}
}

// questions counts what stands in the survey sheet; the converter adds fields of its own.
func questions(f *xlsform.Form) (n int) {
	for _, x := range f.Fields {
		if x.Row > 0 {
			n++
		}
	}
	return n
}

// formProblem says where in the spreadsheet it is wrong, and the next step.
func (r *run) formProblem(err error) error {
	var p *xlsform.Problem
	if !errors.As(err, &p) {
		return err
	}
	fmt.Fprintln(r.err, p.Message(r.language()))
	if hint := p.Hint(r.language()); hint != "" {
		fmt.Fprintln(r.err, hint)
	}
	return errRefused
}

// errRefused: the input was not right; what and where has been printed.
var errRefused = errors.New("command: refused")

func (r *run) language() fault.Lang { return fault.Lang(r.lang) }

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// readForm reads a spreadsheet that is no larger than a form may be.
func readForm(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.New(fault.NotFound, "form check", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, xlsform.MaxFileBytes+1))
	if err != nil {
		return nil, fault.New(fault.BadInput, "form check", err)
	}
	return b, nil // one byte too many is refused by the converter, in its words
}
