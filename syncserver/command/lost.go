package command

import (
	"context"
	"flag"
	"fmt"

	"banlang/shared/form"
	"banlang/syncserver/centre"
)

// report is "devices lost" and "devices found".
func (r *run) report(ctx context.Context, lost bool, args []string) error {
	q := &centre.Loss{Lost: lost}
	rest, err := r.parse(args, 1, 1, func(f *flag.FlagSet) {
		f.StringVar(&q.By, "by", "", "")
		f.StringVar(&q.Reason, "reason", "", "")
	})
	if err != nil {
		return err
	}
	if q.Replica, err = r.device(rest[0]); err != nil {
		return err
	}
	if q.By == "" || q.Reason == "" {
		return r.usage(form.Text{VI: "cần --by TÊN (ai báo) và --reason LÝ-DO", EN: "--by NAME (who reports it) and --reason TEXT are needed"})
	}
	a, err := r.ask(ctx, false, centre.Request{Loss: q})
	if err != nil {
		return err
	}
	if !lost {
		r.say(form.Text{VI: "Máy %d, %s: đã rút lại lệnh. Máy chưa hủy khóa thì dùng lại như thường sau lần nối mạng tới.",
			EN: "Device %d, %s: the order is taken back. If it has not destroyed its keys, it works as usual after its next contact."}, q.Replica, a.Loss.Device)
		if at := a.Loss.Wipe.Done; at != 0 {
			r.say(form.Text{VI: "Máy này đã hủy khóa lúc %s. Mở lại sổ: escrow get, rồi desktop officers reset trên máy đó.",
				EN: "It has destroyed its keys, %s. To open the notebook again: escrow get, then desktop officers reset on that machine."}, r.when(at))
		}
		return nil
	}
	r.say(form.Text{VI: "Máy %d, %s đã được báo mất. Lần nối mạng tới máy khóa màn hình, gửi hết những gì đã ghi, rồi hủy khóa của sổ. Chưa gửi hết thì máy chỉ khóa.\nXem: devices. Rút lại: devices found %d",
		EN: "Device %d, %s is reported lost. At its next contact it locks its screen, sends everything it has, and then destroys the keys of its notebook. While something is unsent it only locks.\nTo look: devices. To take it back: devices found %d"},
		q.Replica, a.Loss.Device, q.Replica)
	if a.Loss.Escrow == 0 {
		r.say(form.Text{VI: "Trung tâm chưa giữ khóa dự phòng của máy này: hủy khóa rồi thì không ai mở lại được sổ trên máy đó.",
			EN: "The centre has no reserve key of this device: once its keys are destroyed, nobody can open the notebook on it again."})
	}
	return nil
}

// lost says how far a device is with the order.
func (r *run) lost(d *centre.Account) string {
	switch {
	case d.Wipe.Done != 0:
		return fmt.Sprintf(form.Text{VI: "đã hủy khóa lúc %s", EN: "keys destroyed %s"}.In(r.lang), r.when(d.Wipe.Done))
	case d.Wipe.Begun != 0:
		return fmt.Sprintf(form.Text{VI: "đã báo mất; được phép hủy khóa lúc %s, chưa báo lại", EN: "reported lost; had leave to destroy its keys %s, and has not said more"}.In(r.lang), r.when(d.Wipe.Begun))
	}
	return form.Text{VI: "đã báo mất; máy chưa biết, hoặc chưa gửi hết", EN: "reported lost; it does not know yet, or has not sent everything"}.In(r.lang)
}
