package command

import (
	"context"
	"fmt"

	"banlang/shared/form"
)

// help prints the commands and the exit codes.
func (c *Command) help(_ context.Context, args []string) error {
	if _, err := c.parse(args, nil); err != nil {
		return err
	}
	c.say(form.Text{
		VI: "Bản Làng: sổ ghi của cán bộ cơ sở, ghi được cả khi không có mạng.\n\nCách dùng: desktop [LỆNH] [--dir THƯ_MỤC] [--lang vi|en]\n",
		EN: "Bản Làng: the record book of field officers, also without a network.\n\nUse: desktop [COMMAND] [--dir DIRECTORY] [--lang vi|en]\n",
	})
	for _, v := range verbs() {
		fmt.Fprintf(c.Out, "  %-40s %s\n", "desktop "+v.name+" "+v.args, v.what.In(c.lang))
	}
	c.say(form.Text{
		VI: "\nSổ nằm trong --dir (nếu không nêu: thư mục dữ liệu của người dùng, %s).\n",
		EN: "\nThe notebook is in --dir (if not given: the data directory of the user, %s).\n",
	}, dataDir(c.Env))
	c.say(importHelp)
	c.say(form.Text{VI: "Mã kết thúc:", EN: "Exit codes:"})
	for _, e := range exits {
		fmt.Fprintf(c.Out, "  %3d  %s\n", e.code, e.what.In(c.lang))
	}
	return nil
}

var importHelp = form.Text{
	VI: `Dòng của tệp nhập (JSON):
  {"key":"s1","form":"awareness_session","unit":"T1-01","values":{"venue":"@v12",…}}   bản ghi mới; "@v12" là bản ghi có key v12
  {"edit":"s1","values":{"participants_total":"61"}}                                  lần sửa, thay cho giá trị đang hiện
Bản ghi mới viết theo bản đang dùng của biểu mẫu, hoặc theo một bản: "awareness_session@<16 chữ số>", như "forms" in ra.
Mỗi dòng phải hợp biểu mẫu như khi điền trên màn hình: đủ mục bắt buộc, không có mục nào biểu mẫu tự tính, không trả lời
mục không được hỏi, và không có nội dung phải niêm phong. Lần sửa chỉ bị từ chối vì điều nó làm sai thêm. Sửa theo key,
hoặc theo tên đầy đủ của bản ghi như "export" in ra. Một lần sửa giống hệt chỉ ghi một lần; muốn ghi lại, thêm "key"
riêng. Dòng sai được nêu số dòng và bỏ qua, các dòng khác vẫn được lưu.
`,
	EN: `Lines of an import file (JSON):
  {"key":"s1","form":"awareness_session","unit":"T1-01","values":{"venue":"@v12",…}}   a new record; "@v12" is the record of key v12
  {"edit":"s1","values":{"participants_total":"61"}}                                  an edit that replaces what is shown
A new record is written in the current version of its form, or in one version: "awareness_session@<16 digits>", as
"forms" prints it. A line must agree with its form as on the screen: all that is required, nothing that the form
computes, no answer to what is not asked, and nothing that must be sealed. An edit is refused only for what it makes
wrong. Records are named by key, or by the full name that "export" prints. The very same edit is written once; to write
it again, give it a "key" of its own. A bad line is reported with its number and left out; all others are saved.
`,
}

var exits = []struct {
	code int
	what form.Text
}{
	{ExitDone, form.Text{VI: "xong", EN: "done"}},
	{ExitUnsound, form.Text{VI: "check: thấy điều không đúng", EN: "check: something does not hold"}},
	{ExitUsage, form.Text{VI: "không hiểu dòng lệnh", EN: "the command line was not understood"}},
	{ExitCannotOpen, form.Text{VI: "không mở được sổ: chưa đăng ký, đang mở ở nơi khác, hỏng, hoặc mới hơn", EN: "the notebook cannot be opened: not enrolled, open elsewhere, damaged or newer"}},
	{ExitNotSynced, form.Text{VI: "sync: chưa đến được trung tâm hoặc chưa gửi hết; không mất gì", EN: "sync: the centre was not reached, or not all is there yet; nothing is lost"}},
	{ExitRefused, form.Text{VI: "không có mục được nêu, hoặc dữ liệu vào chưa đúng; chưa làm gì", EN: "there is no such thing, or the input is not right; nothing was done"}},
	{ExitFault, form.Text{VI: "ổ đĩa, hoặc điều chưa lường trước", EN: "the disk, or something unforeseen"}},
	{ExitSomeLines, form.Text{VI: "import: có dòng chưa nhập được, các dòng khác đã lưu", EN: "import: some lines were not taken, all others are saved"}},
	{ExitNoWindow, form.Text{VI: "không có màn hình, hoặc bản này không có cửa sổ", EN: "there is no display, or this build has no window"}},
	{ExitNoOpenGL, form.Text{VI: "trình điều khiển màn hình chưa vẽ được cửa sổ (OpenGL 2.1)", EN: "the graphics driver cannot draw the window (OpenGL 2.1)"}},
	{ExitInterrupted, form.Text{VI: "người dùng dừng; những gì đã báo là lưu thì đã lưu", EN: "stopped by the person; what was reported as saved is saved"}},
}
