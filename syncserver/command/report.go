package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/syncserver/centre"
	"banlang/syncserver/report/frozen"
)

// What a report that is computed again may come to.
var (
	errDiffers = errors.New("command: the report is not proven")
	errAltered = errors.New("command: the report is not what its digest says")
)

// frozenReport computes a frozen report once more from the changes that it was frozen over.
func (r *run) frozenReport(ctx context.Context, args []string) error {
	rest, err := r.parse(args, 2, 2, nil)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(rest[1])
	if rest[0] != "again" || err != nil || number <= 0 {
		return r.usage(form.Text{VI: "report again SỐ", EN: "report again NUMBER"})
	}
	a, err := r.ask(ctx, false, centre.Request{Again: number})
	if errors.Is(err, fault.TornDatabase) {
		err = fmt.Errorf("%w: %w", errAltered, err)
	}
	if err != nil {
		return err
	}
	var o frozen.Outcome
	if err := json.Unmarshal(a.Again, &o); err != nil {
		return fault.New(fault.Internal, "report", err)
	}
	return r.replayed(&o)
}

// reasons are what is said of each.
var reasons = map[frozen.Reason]form.Text{
	frozen.ByErasure: {VI: "Có bản ghi bị xóa hẳn theo luật từ lúc chốt; ngoài phần đó, tất cả đúng như lúc chốt. Số đã chốt giữ nguyên giá trị.",
		EN: "Records were erased by law since the freeze; apart from these all is as it was. The frozen figures stand."},
	frozen.ByDefinitions: {VI: "Chương trình này định nghĩa chỉ tiêu khác chương trình đã chốt.", EN: "This program defines indicators otherwise than the one that froze."},
	frozen.ByForms:       {VI: "Chương trình này có biểu mẫu khác chương trình đã chốt.", EN: "This program has other forms than the one that froze."},
	frozen.ByLog: {VI: "Trung tâm đã phục hồi từ bản sao cũ hơn lúc chốt: không còn thứ tự các thay đổi lúc đó, nên không tính lại.",
		EN: "The centre was restored from a copy older than the freeze: the order of the changes of then is gone, and nothing was computed."},
	frozen.ByToday: {VI: "Báo cáo do chương trình cũ chốt, không ghi vị trí trong sổ; so với số liệu hiện nay thì khác.",
		EN: "An earlier program froze it, and noted no place of the log; it differs from the figures of now."},
	frozen.Unexplained: {VI: "Không có gì giải thích. Giữ nguyên máy chủ, báo người giám sát.", EN: "Nothing explains it. Leave the server as it is, and tell the supervisor."},
}

// replayed says what came of a replay; errDiffers where the report is not proven.
func (r *run) replayed(o *frozen.Outcome) error {
	r.say(form.Text{VI: "Báo cáo số %d\nĐã chốt:  %s\nTính lại: %s", EN: "Report number %d\nFrozen:   %s\nReplayed: %s"}, o.Number, o.Frozen, orDash(o.Replayed))
	if o.Equal() {
		r.say(form.Text{VI: "Đúng từng byte.", EN: "The same bytes."})
	} else {
		r.say(form.Text{VI: "Khác.", EN: "Different."})
	}
	for _, why := range o.Why {
		r.say(reasons[why])
	}
	if len(o.Erased) > 0 {
		r.say(form.Text{VI: "Bản ghi bị xóa hẳn từ lúc chốt:", EN: "Records erased since the freeze:"})
		for _, e := range o.Erased {
			fmt.Fprintln(r.out, "  "+strings.Join([]string{orDash(e.Name), e.Record, e.Form, orDash(e.Unit)}, " · "))
		}
	}
	if !o.Stands() {
		return errDiffers
	}
	return nil
}

// figured is a centre that computes frozen reports again, too.
type figured struct{ *centre.Centre }

// Do implements centre.Office.
func (f figured) Do(ctx context.Context, q centre.Request) (a centre.Reply, err error) {
	if q.Again == 0 {
		return f.Centre.Do(ctx, q)
	}
	if f.Reports() == nil {
		return a, fault.New(fault.TornDatabase, "report", nil)
	}
	source := frozen.Source{Hub: f.Hub(), Scratch: f.Dir().Scratch(), Wall: clock.System}
	o, err := frozen.ReplayNumber(ctx, source, frozen.NewShelf(f.Reports()), q.Again)
	if err != nil {
		return a, err
	}
	a.Again, err = json.Marshal(o)
	return a, err
}
