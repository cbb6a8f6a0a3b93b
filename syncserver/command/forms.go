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
	"banlang/shared/xform"
	"banlang/syncserver/declare"
	"banlang/syncserver/publish"
	"banlang/syncserver/xlsform"
)

// form is what staff do with forms.
func (r *run) form(ctx context.Context, args []string) error {
	acts := map[string]func(context.Context, []string) error{
		"check": r.formCheck, "publish": r.formPublish, "list": r.formList, "retire": r.formRetire,
	}
	if len(args) == 0 || acts[args[0]] == nil {
		return r.usage(form.Text{VI: "form cần biết làm gì: check, publish, list hoặc retire", EN: "form needs to be told what to do: check, publish, list or retire"})
	}
	return acts[args[0]](ctx, args[1:])
}

// formCheck converts a spreadsheet and says what keeps the form from being published. Nothing is published.
func (r *run) formCheck(ctx context.Context, args []string) error {
	out := ""
	rest, err := r.parseFlags(args, func(f *flag.FlagSet) { f.StringVar(&out, "out", "", "") })
	if err = cmp.Or(err, r.between(rest, 1, 1)); err != nil {
		return err
	}
	f, x, found, err := r.examine(ctx, rest[0])
	if err != nil {
		return err
	}
	if publish.Strongest(found) == publish.Refused {
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

// examine converts a spreadsheet and prints what there is to say about the form, of the conversion and before it is
// published.
func (r *run) examine(ctx context.Context, path string) (*xlsform.Form, *xform.Form, []publish.Finding, error) {
	file, err := readForm(path)
	if err != nil {
		return nil, nil, nil, err
	}
	f, err := declare.Convert(ctx, path, file, xlsform.Options{})
	if err != nil {
		return nil, nil, nil, r.formProblem(err)
	}
	for _, w := range f.Warnings {
		r.say(form.Text{VI: "Lưu ý: %s", EN: "Note: %s"}, w.Message(r.language()))
	}
	x, found := publish.Check(f)
	r.findings(found)
	return f, x, found, nil
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
