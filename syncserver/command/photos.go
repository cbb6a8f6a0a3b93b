package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/syncserver/centre"
)

// photos lists the photos that records name; with "export" it writes one to a file, with "again" it has one asked for anew.
func (r *run) photos(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == "export" {
		return r.exportPhoto(ctx, args[1:])
	}
	if len(args) > 0 && args[0] == "again" {
		return r.photoAgain(ctx, args[1:])
	}
	if len(args) > 0 && args[0] == "list" {
		args = args[1:]
	}
	asJSON := false
	if _, err := r.parse(args, 0, 0, func(f *flag.FlagSet) { f.BoolVar(&asJSON, "json", false, "") }); err != nil {
		return err
	}
	a, err := r.ask(ctx, false, centre.Request{Photos: true})
	if err != nil {
		return err
	}
	if asJSON {
		return r.json(a.Photos)
	}
	complete := 0
	for _, p := range a.Photos {
		if p.State == centre.PhotoComplete {
			complete++
		}
		fmt.Fprintln(r.out, r.photoLine(p))
	}
	r.say(form.Text{VI: "%s ảnh, %s đã đủ.", EN: "%s photos, %s complete."}, r.num(uint64(len(a.Photos))), r.num(uint64(complete)))
	return nil
}

var photoStates = map[centre.PhotoState]form.Text{
	centre.PhotoComplete: {VI: "đủ", EN: "complete"},
	centre.PhotoPartial:  {VI: "đang gửi", EN: "partial"},
	centre.PhotoMissing:  {VI: "chưa đến", EN: "missing"},
}

func (r *run) photoLine(p centre.Photo) string {
	line := fmt.Sprintf(form.Text{VI: "%-9s %9s / %9s byte  bản ghi %s  %s", EN: "%-9s %9s / %9s bytes  record %s  %s"}.In(r.lang),
		photoStates[p.State].In(r.lang), r.num(uint64(p.Have)), r.num(uint64(p.Size)), strings.Join(p.Records, ", "), p.Name)
	if len(p.Asked) > 0 {
		line += fmt.Sprintf(form.Text{VI: "  chờ máy %s", EN: "  awaited from device %s"}.In(r.lang), strings.Trim(fmt.Sprint(p.Asked), "[]"))
	}
	return line
}

// exportPhoto writes a complete photo to a file, which must not be there yet.
func (r *run) exportPhoto(ctx context.Context, args []string) error {
	out := ""
	rest, err := r.parse(args, 1, 1, func(f *flag.FlagSet) { f.StringVar(&out, "out", "", "") })
	if err != nil {
		return err
	}
	if out == "" {
		return r.usage(form.Text{VI: "cần --out FILE", EN: "--out FILE is needed"})
	}
	a, err := r.ask(ctx, false, centre.Request{Photo: rest[0]})
	if err != nil {
		return err
	}
	f, err := os.OpenFile(out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fault.New(fault.BadInput, "export photo", err)
	}
	if err != nil {
		return fault.New(fault.DiskIO, "export photo", err)
	}
	_, err = f.Write(a.Photo)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fault.New(fault.DiskIO, "export photo", errors.Join(err, os.Remove(out)))
	}
	r.say(form.Text{VI: "Đã ghi %s byte, đúng với tên ảnh, vào %s.", EN: "%s bytes, which are those of the photo's name, are in %s."}, r.num(uint64(len(a.Photo))), out)
	return nil
}

func (r *run) photoAgain(ctx context.Context, args []string) error {
	rest, err := r.parse(args, 1, 1, nil)
	if err != nil {
		return err
	}
	if _, err := r.ask(ctx, false, centre.Request{PhotoAgain: rest[0]}); err != nil {
		return err
	}
	r.say(form.Text{VI: "Đã bỏ phần đang có. Máy nào còn giữ ảnh sẽ gửi lại khi liên lạc.", EN: "What was here of it is thrown away. A device that still has it sends it when it makes contact."})
	return nil
}
