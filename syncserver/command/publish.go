package command

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/syncserver/centre"
	"banlang/syncserver/publish"
)

// wish is what a person wants of a publication.
type wish struct {
	by, supervisor, reason string
	try, yes               bool
}

// formPublish checks a spreadsheet as form check does, says what the records that are here will be with it, and puts it
// in force. What a reviewed term found needs the name of a supervisor and a reason; records that do not fit the new
// version need a yes.
func (r *run) formPublish(ctx context.Context, args []string) error {
	var w wish
	rest, err := r.parse(args, 1, 1, func(f *flag.FlagSet) {
		f.StringVar(&w.by, "by", "", "")
		f.StringVar(&w.supervisor, "supervisor", "", "")
		f.StringVar(&w.reason, "reason", "", "")
		f.BoolVar(&w.try, "try", false, "")
		f.BoolVar(&w.yes, "yes", false, "")
	})
	if err != nil {
		return err
	}
	if (w.supervisor == "") != (w.reason == "") {
		return r.usage(form.Text{VI: "--supervisor và --reason đi cùng nhau", EN: "--supervisor and --reason go together"})
	}
	w.by = account(w.by)
	p, err := r.publication(ctx, rest[0], w)
	if err != nil {
		return err
	}
	return r.putInForce(ctx, p, w)
}

// publication converts and checks a spreadsheet, and prints what there is to say about it.
func (r *run) publication(ctx context.Context, path string, w wish) (*form.Publication, error) {
	f, x, found, err := r.examine(ctx, path)
	if err != nil {
		return nil, err
	}
	switch strength := publish.Strongest(found); {
	case strength == publish.Refused:
		r.warn(form.Text{VI: "Chưa ban hành gì.", EN: "Nothing was published."})
		return nil, errRefused
	case strength == publish.NeedsSupervisor && w.supervisor == "":
		r.warn(form.Text{VI: "Người phụ trách bảo vệ dữ liệu cá nhân cần xem các mục trên. Khi đồng ý, chạy lại với\n  --supervisor \"HỌ TÊN\" --reason \"LÝ DO\"\nChưa ban hành gì.",
			EN: "The privacy supervisor must look at what is listed above. Once they agree, run this again with\n  --supervisor \"NAME\" --reason \"REASON\"\nNothing was published."})
		return nil, errRefused
	case f.Version == "":
		r.warn(form.Text{VI: "Trang settings chưa có version. Ghi một số phiên bản, như 2026112201. Chưa ban hành gì.",
			EN: "The sheet settings has no version. Write one, such as 2026112201. Nothing was published."})
		return nil, errRefused
	}
	own := declared.OfForm(x)
	return &form.Publication{ID: f.ID, Version: f.Version, Title: form.Text{VI: f.Title, EN: cmp.Or(own.TitleEN, f.Title)},
		Compartment: own.Compartment, XML: string(f.XML), By: w.by, Supervisor: w.supervisor, Reason: w.reason}, nil
}

// putInForce asks the centre what the version means for its records, and publishes it when nothing speaks against it.
func (r *run) putInForce(ctx context.Context, p *form.Publication, w wish) error {
	ask := func(try bool) (*centre.Upgrade, error) {
		a, err := r.ask(ctx, false, centre.Request{PublishForm: &centre.PublishForm{Publication: *p, Try: try}})
		if errors.Is(err, centre.ErrSameNumber) || fault.CodeOf(err) == fault.BadInput {
			r.warn(form.Text{VI: "Phiên bản %s của biểu mẫu này đã có, với nội dung khác. Ghi một số phiên bản mới ở trang settings. Chưa ban hành gì.",
				EN: "This form has a version %s already, and it says something else. Write a new version into the sheet settings. Nothing was published."}, p.Version)
			return nil, errRefused
		}
		return a.Upgrade, err
	}
	u, err := ask(true)
	if err != nil {
		return err
	}
	if u.Already {
		r.say(form.Text{VI: "Phiên bản này đang có hiệu lực; không có gì phải làm.", EN: "This version is in force already; there is nothing to do."})
		return nil
	}
	r.sayUpgrade(u)
	switch {
	case w.try:
		r.say(form.Text{VI: "Chỉ xem thử: chưa ban hành gì.", EN: "This was a trial: nothing was published."})
		return nil
	case u.Staying > 0 && !w.yes:
		r.warn(form.Text{VI: "Nếu chấp nhận, chạy lại với --yes. Chưa ban hành gì.", EN: "If that is meant, run this again with --yes. Nothing was published."})
		return errRefused
	}
	if _, err := ask(false); err != nil {
		return err
	}
	r.say(form.Text{VI: "Đã ban hành “%s” (%s), phiên bản %s [%s]. Các máy nhận ở lần liên lạc tới; bản nháp trên từng máy được giữ nguyên.",
		EN: "“%s” (%s) is published, version %s [%s]. Devices receive it at their next contact; drafts on them stay as they are."},
		p.Title.In(r.lang), p.ID, p.Version, p.Digest())
	return nil
}

// sayUpgrade prints what becomes of the records that are here.
func (r *run) sayUpgrade(u *centre.Upgrade) {
	r.say(form.Text{VI: "%s bản ghi của biểu mẫu này ở trung tâm; %s mở được trong phiên bản mới, %s giữ phiên bản cũ. Không giá trị nào bị mất.",
		EN: "%s records of this form are at the centre; %s open in the new version, %s stay in theirs. No value is lost."},
		r.num(uint64(u.Records)), r.num(uint64(u.Records-u.Staying)), r.num(uint64(u.Staying)))
	t := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	for _, m := range u.Misfits {
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\n", m.Template, ruleText(m.Rule).In(r.lang), r.num(uint64(m.Records)),
			form.Text{VI: "như bản ghi ", EN: "such as record "}.In(r.lang)+m.Example)
	}
	_ = t.Flush() // it only prints
}

// ruleText says why a value does not fit.
func ruleText(rule string) form.Text {
	switch rule {
	case form.RulePath:
		return form.Text{VI: "không còn chỗ", EN: "has no place"}
	case form.RuleChoice:
		return form.Text{VI: "câu trả lời không còn trong danh sách", EN: "the answer is no longer on the list"}
	case form.RuleLength:
		return form.Text{VI: "quá dài", EN: "is too long"}
	case form.RuleSealed:
		return form.Text{VI: "đã niêm phong, mà câu hỏi không còn niêm phong", EN: "is sealed, and the question no longer is"}
	}
	return form.Text{VI: "không đúng loại", EN: "is of another kind"}
}

// formRetire takes a form out of the menus.
func (r *run) formRetire(ctx context.Context, args []string) error {
	rest, err := r.parse(args, 1, 1, nil)
	if err != nil {
		return err
	}
	if _, err := r.ask(ctx, false, centre.Request{RetireForm: rest[0]}); err != nil {
		return err
	}
	r.say(form.Text{VI: "Biểu mẫu %s thôi dùng cho bản ghi mới. Bản ghi và bản nháp đã có vẫn mở được như trước.\nDùng lại: form publish với một phiên bản mới.",
		EN: "The form %s is no longer offered for new records. Records and drafts that exist open as before.\nTo use it again: form publish with a new version."}, rest[0])
	return nil
}

// formList lists the forms, their versions, and how many records each has.
func (r *run) formList(ctx context.Context, args []string) error {
	asJSON := false
	if _, err := r.parse(args, 0, 0, func(f *flag.FlagSet) { f.BoolVar(&asJSON, "json", false, "") }); err != nil {
		return err
	}
	a, err := r.ask(ctx, false, centre.Request{Forms: true})
	if err != nil {
		return err
	}
	if asJSON {
		return r.json(a.Forms)
	}
	t := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, form.Text{VI: "Mã\tTên\tPhiên bản\tTình trạng\tBản ghi theo phiên bản", EN: "Form\tTitle\tVersion\tState\tRecords by version"}.In(r.lang))
	for _, s := range a.Forms {
		var uses []string
		for _, u := range s.Versions {
			uses = append(uses, u.Digest+": "+r.num(uint64(u.Records))+unknown(u, r.lang))
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", s.ID, s.Title.In(r.lang), s.Version, state(&s).In(r.lang), strings.Join(uses, ", "))
	}
	return t.Flush()
}

func unknown(u centre.FormUse, lang string) string {
	if u.Known {
		return ""
	}
	return form.Text{VI: " (chưa có biểu mẫu)", EN: " (the form is not here)"}.In(lang)
}

func state(s *centre.FormState) form.Text {
	switch {
	case s.Retired:
		return form.Text{VI: "thôi dùng", EN: "retired"}
	case s.By != "":
		return form.Text{VI: "ban hành: " + s.By, EN: "published: " + s.By}
	}
	return form.Text{VI: "đang dùng", EN: "in force"}
}

// warn prints a line about what was not done.
func (r *run) warn(t form.Text, args ...any) { fmt.Fprintf(r.err, t.In(r.lang)+"\n", args...) }
