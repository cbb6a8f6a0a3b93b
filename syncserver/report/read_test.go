package report_test

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"

	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/syncserver/report"
)

// publish has a library learn a version of a built-in form in which each of the texts is replaced by the next one.
func publish(t *testing.T, library *form.Library, id string, replaced ...string) {
	t.Helper()
	for _, p := range library.All() {
		if p.ID != id {
			continue
		}
		next := *p
		next.XML = strings.NewReplacer(replaced...).Replace(p.XML)
		payload, err := next.Pack()
		if err != nil || next.Ref() == p.Ref() {
			t.Fatalf("not another version: %v", err)
		}
		c := &record.Change{Dot: record.Dot{Run: 1, N: 1}, Kind: record.KindPublish, Topic: record.TopicForm + id, Payload: payload}
		if err := library.Learn([]*record.Change{c}); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := library.Current(id); !ok {
		t.Fatal("the version cannot be read")
	}
}

// What is not asked does not count, though the record keeps it; what the form computes does.
func TestARecordCountsAsItsFormShowsIt(t *testing.T) {
	library := form.Builtin()
	publish(t, library, "awareness_session",
		`nodeset="/data/participants_total" type="int"`, `nodeset="/data/participants_total" type="int" relevant="/data/method != 'xe_loa'"`)
	readings := report.Read(library, []report.Record{
		kept(library, "1", "a1", "awareness_session", "occurred_on", "2017-03-01", "method", "truc_tiep", "participants_total", "30"),
		kept(library, "2", "a1", "awareness_session", "occurred_on", "2017-03-01", "method", "xe_loa", "participants_total", "500"),
		kept(library, "3", "a1", "weapon_handover", "occurred_on", "2017-03-01", "items/1/kind", "gun_air", "items/1/quantity", "2",
			"items/2/kind", "gun_military", "items/2/quantity", "1", "items/3/kind", "round", "items/3/quantity", "40"),
		kept(library, "4", "a1", "weapon_handover", "occurred_on", "2017-03-01", "items/1/kind", "round", "items/1/quantity", "7"),
	})
	expect(t, readings, "AW_SESSIONS", "A", year, "2")
	expect(t, readings, "AW_PARTICIPANTS", "A", year, "30")
	expect(t, readings, "WPN_GUN", "A", year, "3")
	expect(t, readings, "WPN_ROUND", "A", year, "47")
	if got := ask(readings, "WPN_GUN", "A", year).Records; got != 1 {
		t.Errorf("%d handovers hold guns, want 1", got)
	}
	if r := readings[1]; r.Day != "2017-03-01" || r.Values["method"] != "xe_loa" || r.Values["participants_total"] != "" {
		t.Errorf("%+v", r)
	}
}

// A record of a version before is read in the current one where that has a place for all of it, and in its own otherwise.
func TestRecordsOfSeveralVersionsCountTogether(t *testing.T) {
	library := form.Builtin()
	old := kept(library, "1", "a1", "awareness_session", "occurred_on", "2017-03-01", "method", "xe_loa", "participants_total", "30")
	gone := kept(library, "2", "a1", "awareness_session", "occurred_on", "2017-03-01", "method", "tai_nha", "participants_total", "4")
	publish(t, library, "awareness_session", "<name>tai_nha</name>", "<name>tan_nha</name>",
		`nodeset="/data/participants_total" type="int"`, `nodeset="/data/participants_total" type="int" relevant="/data/method = 'tan_nha'"`)
	now := kept(library, "3", "a1", "awareness_session", "occurred_on", "2017-03-02", "method", "tan_nha", "participants_total", "5")
	if now.Form == old.Form {
		t.Fatal("it is one version, so this shows nothing")
	}
	readings := report.Read(library, []report.Record{old, gone, now})
	expect(t, readings, "AW_SESSIONS", "A", year, "3")
	expect(t, readings, "AW_PARTICIPANTS", "A", year, "9")
}

// Readings come in the order of the records, however many processors read, and are the same each time.
func TestReadingsComeInOrder(t *testing.T) {
	var records []report.Record
	for i := range 101 {
		r := kept(library, strconv.Itoa(i), "a1", "awareness_session", "occurred_on", "2017-03-01", "participants_total", strconv.Itoa(i))
		if i%7 == 0 {
			r.Form.Version = 1
		}
		records = append(records, r)
	}
	first, again := report.Read(library, records), report.Read(library, records)
	for i, r := range first {
		if r.ID != strconv.Itoa(i) || r.Unread != (i%7 == 0) || !r.Unread && r.Values["participants_total"] != r.ID || fmt.Sprint(r) != fmt.Sprint(again[i]) {
			t.Errorf("%d: %+v and %+v", i, r, again[i])
		}
	}
	if got := report.Read(library, nil); len(got) != 0 {
		t.Error(got)
	}
	if !maps.Equal(records[1].Values, map[string]string{"occurred_on": "2017-03-01", "participants_total": "1"}) {
		t.Error("reading altered a record")
	}
}
