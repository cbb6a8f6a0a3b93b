package console_test

import (
	"net/http"
	"strings"
	"testing"

	"banlang/shared/record"
	"banlang/syncserver/audit"
	"banlang/syncserver/staff"
)

// TestRecordsOfOnesOwn: a list, a search and a record show what is under one's own unit and nothing else; a tip only to the
// unit that handles it. What is not his looks as if it were not there, and the try is noted.
func TestRecordsOfOnesOwn(t *testing.T) {
	h := opened(t)
	c1, c2 := h.notebook("C1"), h.notebook("C2")
	one := c1.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "note", "Họp thôn về tín dụng đen", "occurred_on", "2026-11-17")
	two := c2.write("awareness_session", record.Dot{}, "_unit", "C2/ordinary", "note", "Họp thôn về ma túy", "occurred_on", "2026-11-16")
	tip := c1.write("tip", record.Dot{}, "_unit", "C1/tips", "occurred_on", "2026-11-15")
	for name, x := range map[string]struct {
		b    *browser
		sees []record.Dot
		not  []record.Dot
	}{
		"the province":         {h.as("pp", "P1", staff.Review), []record.Dot{one, two}, []record.Dot{tip}},
		"the commune":          {h.as("c1", "C1", staff.Review), []record.Dot{one, tip}, []record.Dot{two}},
		"the other":            {h.as("c2", "C2", staff.Direct), []record.Dot{two}, []record.Dot{one, tip}},
		"who compiles":         {h.as("tt", "P1", staff.Compile), nil, []record.Dot{one, two, tip}},
		"who administers":      {h.as("aa", "P1", staff.Administer), nil, []record.Dot{one, two, tip}},
		"who guards the files": {h.as("ss", "C1", staff.Supervise), nil, []record.Dot{one, two, tip}},
	} {
		list, found := x.b.get("/records"), x.b.get("/records?q=hop+thon")
		for _, rec := range x.sees {
			if !strings.Contains(list.body, rec.String()) || x.b.get("/records/"+rec.String()).status != http.StatusOK {
				t.Errorf("%s does not see %v", name, rec)
			}
		}
		for _, rec := range x.not {
			one := x.b.get("/records/" + rec.String())
			if strings.Contains(list.body+found.body, rec.String()) || one.status == http.StatusOK || strings.Contains(one.body, "Họp thôn") {
				t.Errorf("%s sees %v (%d)", name, rec, one.status)
			}
		}
	}
	h.as("gs", "P1", staff.Supervise).get("/audit").shows(t, "hop thon", "Bị từ chối một bản ghi", one.String())
}

// TestRecordPage: a record says what it says, who said it, and what stands beside it; a choice is one press, noted with a name.
func TestRecordPage(t *testing.T) {
	h := opened(t)
	an, ba := h.notebook("C1"), h.notebook("C1")
	rec := an.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "participants_total", "60", "occurred_on", "2026-11-17")
	an.write("awareness_session", rec, "participants_total", "64")
	ba.write("awareness_session", rec, "participants_total", "46")
	b := h.as("vn.tra", "C1", staff.Review)
	page := b.get("/records/" + rec.String())
	page.shows(t, "Ý kiến khác nhau", "17/11/2026", "Chọn 64", "Chọn 46", "Gốc", "pq.diem", "Xã Đăk Rơ Leng", "Lịch sử", `value="approved" disabled`)
	if a := b.post("/records/"+rec.String()+"/choose", "saw", "nonsense", "path", "participants_total", "value", "50", "to", "/inbox"); !strings.Contains(a.body, "vừa thay đổi") {
		t.Errorf("who saw something else chose: %s", a.at)
	}
	_, rest, _ := strings.Cut(page.body, `name="saw" value="`)
	saw, _, _ := strings.Cut(rest, `"`)
	b.post("/records/"+rec.String()+"/choose", "saw", saw, "path", "participants_total", "value", "năm mươi", "to", "/inbox").shows(t, "không nhận giá trị")
	done := b.post("/records/"+rec.String()+"/choose", "saw", saw, "path", "participants_total", "value", "50", "to", "/records/"+rec.String())
	h.notedOnce("vn.tra", audit.Entry{Act: string(staff.ReviewRecord), Unit: "C1", Form: "awareness_session", Record: rec.String(), Reason: "chose participants_total", Count: 1})
	done.shows(t, "Đã chọn", "vn.tra", "Ở trung tâm")
	if strings.Contains(done.body, "Ý kiến khác nhau") {
		t.Error("it still differs")
	}
}

// TestInbox: what was chosen in the list is approved, what changed meanwhile is left and said to be; a return needs a word, and
// all of it can be taken back.
func TestInbox(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	var recs []record.Dot
	for _, note := range []string{"một", "hai", "ba"} {
		recs = append(recs, n.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "note", note, "occurred_on", "2026-11-17"))
	}
	b := h.as("vn.tra", "P1", staff.Review)
	inbox := b.get("/inbox")
	inbox.shows(t, "Chờ duyệt · 3", "Duyệt các bản ghi đã chọn", `<b class="n">3</b>`)
	var items []string
	for _, rec := range recs {
		_, rest, _ := strings.Cut(inbox.body, `name="record" value="`+rec.String()+" ")
		saw, _, _ := strings.Cut(rest, `"`)
		items = append(items, "record", rec.String()+" "+saw)
	}
	n.write("awareness_session", recs[2], "note", "ba, sửa")
	done := b.post("/inbox", append(items, "state", "approved", "to", "/inbox")...)
	done.shows(t, "Đã duyệt 2 bản ghi", "để lại", "Chờ duyệt · 1", "Hoàn tác", `<b class="n">1</b>`)
	_, rest, _ := strings.Cut(done.body, `name="undo" value="`)
	undo, _, _ := strings.Cut(rest, `"`)
	other := h.as("khac", "P1", staff.Review)
	other.post("/undo", "undo", undo, "to", "/inbox").shows(t, "Không còn hoàn tác được", "Chờ duyệt · 1")
	b.post("/undo", "undo", undo, "to", "/inbox").shows(t, "Đã hoàn tác 2 bản ghi", "Chờ duyệt · 3")
	b.post("/inbox", "record", items[1], "state", "returned", "to", "/inbox").shows(t, "Trả lại cần có lời nhắn", "Chờ duyệt · 3")
	b.post("/inbox", append(items[:2], "state", "returned", "note", "Thiếu danh sách ký tên.", "to", "/inbox?state=returned")...).shows(t, "chưa ghi gì", "vừa thay đổi")
	again := b.get("/inbox")
	_, rest, _ = strings.Cut(again.body, `name="record" value="`+recs[0].String()+" ")
	saw, _, _ := strings.Cut(rest, `"`)
	b.post("/inbox", "record", recs[0].String()+" "+saw, "state", "returned", "note", "Thiếu danh sách ký tên.", "to", "/inbox?state=returned").shows(t, "Đã trả lại 1 bản ghi", "Thiếu danh sách ký tên.")
	stranger := h.as("c2", "C2", staff.Review)
	if a := stranger.post("/inbox", "record", recs[1].String()+" "+saw, "state", "approved", "to", "/inbox"); a.status != http.StatusNotFound {
		t.Errorf("a neighbour approved it: %d", a.status)
	}
}
