package console_test

import (
	"net/http"
	"strings"
	"testing"

	"banlang/syncserver/staff"
)

// TestTypedIsKeptOverARenewal: whoever was given another passphrase while he typed chooses his own first, and then goes on with what he
// had typed; who had typed nothing comes to the page that he wanted.
func TestTypedIsKeptOverARenewal(t *testing.T) {
	h := opened(t)
	rec := h.notebook("C1").sessions("C1", "2026-11-02", "60")[0]
	b := h.as("gs", "P1", staff.Supervise)
	given := h.given("gs")
	const mine, other = "chín cây tre đầu làng cũ", "năm con trâu lội qua suối"
	out := b.post("/erase/one", "record", rec.String(), "what", "whole", "reason", "Theo đơn ngày 3/11")
	out.shows(t, "Đăng nhập", "Những gì vừa gõ vẫn còn")
	due := b.post("/sign-in", append(asks(out), "name", "gs", "passphrase", given)...)
	due.shows(t, "Đặt mật khẩu của riêng bạn", "Những gì vừa gõ vẫn còn", "reason=Theo đơn ngày 3/11")
	wrong := b.post("/account/passphrase", append(asks(due), "old", given, "new", mine, "again", "khác")...)
	wrong.shows(t, "Những gì vừa gõ vẫn còn", "reason=Theo đơn ngày 3/11")
	if strings.Contains(wrong.body, mine) || strings.Contains(wrong.body, given) {
		t.Error("a secret comes back")
	}
	again := b.post("/account/passphrase", append(asks(wrong), "old", given, "new", mine, "again", mine)...)
	again.shows(t, "Làm tiếp việc đang dở", "Theo đơn ngày 3/11</p>", `action="/erase/one"`)
	b.post("/erase/one", asks(again)...).shows(t, "Theo đơn ngày 3/11", `name="sure"`)

	given = h.given("gs")
	due = b.post("/sign-in", "name", "gs", "passphrase", given, "to", "/erase")
	if due.at != "/account/passphrase?to=%2Ferase" {
		t.Fatal(due.at)
	}
	if typed := b.post("/erase/one", "record", rec.String(), "what", "whole", "reason", "Theo đơn ngày 3/11"); typed.status != http.StatusUnauthorized {
		t.Errorf("what is sent before the passphrase is chosen: %d", typed.status)
	} else {
		typed.shows(t, "Đặt mật khẩu của riêng bạn", "reason=Theo đơn ngày 3/11")
	}
	if a := b.post("/account/passphrase", append(asks(due), "old", given, "new", other, "again", other)...); !strings.HasPrefix(a.at, "/erase?") {
		t.Errorf("he comes to %s", a.at)
	} else {
		a.shows(t, "Đã đổi mật khẩu")
	}
}

// TestAFileIsChosenAgain: a file does not come along with the question who is there; that is said with the question, and where the file
// is to be chosen again.
func TestAFileIsChosenAgain(t *testing.T) {
	h := opened(t)
	b := h.as("q.tri", "P1", staff.Administer)
	h.now.Add(int64(staff.ConfirmTime) + 1)
	asked := b.sendsFrom("/forms", "/forms", "hop.md", sheet(t, "hop.md"))
	asked.shows(t, "Nhập lại mật khẩu", "phải chọn lại tệp")
	back := b.post("/confirm", append(asks(asked), "passphrase", good)...)
	if !strings.HasPrefix(back.at, "/forms?") {
		t.Errorf("he comes back to %s", back.at)
	}
	back.shows(t, "Chọn lại tệp rồi gửi")
	b.post("/sign-out")
	out := b.sendsFrom("/forms", "/forms", "hop.md", sheet(t, "hop.md"))
	out.shows(t, "Đăng nhập", "phải chọn lại tệp")
	b.post("/sign-in", append(asks(out), "name", "q.tri", "passphrase", good)...).shows(t, "Chọn lại tệp rồi gửi")
	for _, page := range []string{"/sign-in?to=/forms", "/confirm?to=/forms"} {
		if a := b.get(page); strings.Contains(a.body, "phải chọn lại tệp") {
			t.Errorf("%s speaks of a file that nobody sent", page)
		}
	}
}

// given is a passphrase that was drawn for somebody, who is to choose another.
func (h *house) given(name string) string {
	h.t.Helper()
	first, err := h.centre.Staff().Reset(h.t.Context(), staff.Keeper("root"), name, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return first
}

// asks are the fields that a page sends by itself with its answer, without those of its frame.
func asks(a answer) []string {
	_, a.body, _ = strings.Cut(a.body, "<main")
	return hidden(a)
}
