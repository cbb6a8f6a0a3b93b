package console_test

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"banlang/shared/envelope"
	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// sealedTip is a tip of a unit whose content is sealed to a key that is published for the unit; the key is nowhere at the centre.
func (h *house) sealedTip(unit, content string) (record.Dot, envelope.Identity) {
	h.t.Helper()
	id, err := envelope.New()
	if err != nil {
		h.t.Fatal(err)
	}
	h.asks(centre.Request{Recipient: &centre.Recipient{Unit: unit, Key: id.Recipient().String()}})
	n := h.notebook(unit)
	rec := n.write("tip", record.Dot{}, "_unit", unit+"/tips", "occurred_on", "2026-11-15", "category", "ma_tuy")
	text, err := envelope.Seal(envelope.Place{Record: rec, Path: "content"}, content, id.Recipient())
	if err != nil {
		h.t.Fatal(err)
	}
	n.write("tip", rec, "content", text)
	return rec, id
}

// sealedText is an answer for one place, sealed to a key that nobody here has.
func (h *house) sealedText(rec record.Dot, path, plain string) string {
	h.t.Helper()
	id, err := envelope.New()
	if err != nil {
		h.t.Fatal(err)
	}
	text, err := envelope.Seal(envelope.Place{Record: rec, Path: path}, plain, id.Recipient())
	if err != nil {
		h.t.Fatal(err)
	}
	return text
}

// TestSealed: one asks, another consents at his own desk, and only then is the sealed text handed out, to who asked; it opens with the
// key, which is nowhere at the centre. All of it is noted, what was sealed nowhere.
func TestSealed(t *testing.T) {
	const content = "Bà Y Blơi thấy xe lạ ở rẫy"
	h := opened(t)
	rec, id := h.sealedTip("C1", content)
	asks, second := h.as("lh.ha", "C1", staff.Review), h.as("gs.lan", "P1", staff.Supervise)
	page := asks.get("/records/" + rec.String())
	page.shows(t, "Nội dung niêm phong", "/open?path=content")
	asks.get("/records/"+rec.String()+"/open?path=content").shows(t, "Nội dung tin", id.Recipient().String())
	if a := asks.get("/records/" + rec.String() + "/open?path=category"); a.status != http.StatusNotFound {
		t.Errorf("what is not sealed is asked for: %d", a.status)
	}
	asks.post("/records/"+rec.String()+"/open", "path", "content", "reason", "", "key", id.Recipient().String()).shows(t, "Thiếu lý do")
	asks.post("/records/"+rec.String()+"/open", "path", "content", "reason", "xác minh tin", "key", "age1wrong").shows(t, "Thiếu lý do, hoặc chìa khóa không đúng")
	own := asks.post("/records/"+rec.String()+"/open", "path", "content", "reason", "xác minh tin", "key", id.Recipient().String())
	own.shows(t, "Chờ người thứ hai", "xác minh tin")

	waiting := second.get("/openings")
	waiting.shows(t, "lh.ha", "xác minh tin", "Nội dung tin")
	_, rest, _ := strings.Cut(waiting.body, `action="/openings/`)
	one, _, _ := strings.Cut(rest, `"`)
	if a := asks.post("/openings/" + one + "/file"); a.status != http.StatusNotFound {
		t.Errorf("it is handed out before anybody consented: %d", a.status)
	}
	if a := second.post("/openings/" + one + "/file"); a.status == http.StatusOK {
		t.Errorf("the second person takes it")
	}
	second.post("/openings/"+one, "answer", "yes").shows(t, "bạn đồng ý")
	second.post("/openings/"+one, "answer", "no").shows(t, "đã có người trả lời")

	file := asks.post("/openings/" + one + "/file")
	b, err := envelope.ParseBox([]byte(file.body))
	if err != nil || !strings.HasPrefix(file.header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("%v: %s", err, file.body)
	}
	if plain, err := envelope.Open(id, envelope.Place{Record: rec, Path: "content"}, b.Values[0].Text); err != nil || plain != content {
		t.Errorf("it opens to %q (%v)", plain, err)
	}
	asks.get("/own-openings").shows(t, "Đã lấy tệp")
	ledger, err := os.ReadFile(h.centre.Dir().Openings())
	if err != nil || !strings.Contains(string(ledger), "xác minh tin\tlh.ha\tgs.lan\n") {
		t.Errorf("the ledger says %q (%v)", ledger, err)
	}
	log := second.get("/audit")
	log.shows(t, "Xin mở niêm phong", "Người thứ hai khi mở niêm phong", "content: lh.ha, gs.lan: xác minh tin")
	for _, a := range []answer{page, own, waiting, file, log} {
		if strings.Contains(a.body, "Y Blơi") || strings.Contains(a.body, id.Secret()) {
			t.Errorf("%s tells what is sealed", a.at)
		}
	}
}

// TestSecondPerson is another one than who asks, whoever he is; a no ends it, and so does a day.
func TestSecondPerson(t *testing.T) {
	h := opened(t)
	rec, id := h.sealedTip("C1", "x")
	head, other := h.as("truong", "C1", staff.Direct), h.as("pho", "C1", staff.Direct)
	ask := func() string {
		t.Helper()
		head.post("/records/"+rec.String()+"/open", "path", "content", "reason", "xác minh", "key", id.Recipient().String())
		_, rest, _ := strings.Cut(other.get("/openings").body, `action="/openings/`)
		one, _, _ := strings.Cut(rest, `"`)
		if one == "" {
			t.Fatal("nothing waits")
		}
		return one
	}
	one := ask()
	head.get("/openings").shows(t, "Bạn là người xin mở")
	if a := head.post("/openings/"+one, "answer", "yes"); a.status != http.StatusForbidden {
		t.Errorf("who asked consents himself: %d", a.status)
	}
	other.post("/openings/"+one, "answer", "no").shows(t, "bạn không đồng ý")
	if a := head.post("/openings/" + one + "/file"); a.status != http.StatusNotFound {
		t.Errorf("refused, it is handed out: %d", a.status)
	}
	one = ask()
	other.post("/openings/"+one, "answer", "yes")
	h.now.Add(int64(25 * time.Hour / time.Millisecond))
	again := h.browser()
	again.post("/sign-in", "name", "truong", "passphrase", good)
	if a := again.post("/openings/" + one + "/file"); a.status != http.StatusNotFound {
		t.Errorf("a day later it is handed out: %d", a.status)
	}
}
