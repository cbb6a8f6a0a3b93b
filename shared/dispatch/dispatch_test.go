package dispatch

import (
	"slices"
	"testing"
	"time"

	"banlang/shared/form"
	"banlang/shared/record"
)

// recorded folds a record of one change.
func recorded(t *testing.T, n record.Number, at record.Millis, formID string, values ...string) *record.View {
	t.Helper()
	c := &record.Change{Dot: record.Dot{Run: 7, N: n}, Kind: record.KindEdit, Replica: 24, Time: at, Form: record.FormRef{ID: formID, Version: 1}}
	if n == 1 {
		c.Parent = record.Dot{}
	}
	for i := 0; i < len(values); i += 2 {
		c.Edits = append(c.Edits, record.Edit{Path: values[i], Value: values[i+1]})
	}
	slices.SortFunc(c.Edits, func(a, b record.Edit) int { return compare(a.Path, b.Path) })
	if err := c.Seal(nil, nil); err != nil {
		t.Fatal(err)
	}
	return record.Fold(c.Dot, []*record.Change{c})
}

func compare(a, b string) int {
	if a < b {
		return -1
	}
	return 1
}

func plan(t *testing.T) Directive {
	t.Helper()
	return ReadDirective(recorded(t, 1, 1, FormDirective, "_unit", "SL/ordinary", "to/SL018/_unit", "SL018/ordinary", "to/SL017/_unit", "SL017/ordinary",
		"number", "12/KH-CAT", "subject", "Cao điểm", "issuer", "SL", "targets", "SL017 SL018",
		"tasks/7.1.2/task", "Nộp kho", "tasks/7.1.2/due_on", "2026-12-15",
		"tasks/7.1.1/task", "Tuyên truyền", "tasks/7.1.1/due_on", "2026-11-30", "tasks/7.1.1/measure", "AW_PLACES", "tasks/7.1.1/target_value", "1064"))
}

func TestReadDirective(t *testing.T) {
	d := plan(t)
	if !slices.Equal(d.To, []string{"SL017", "SL018"}) || d.Number != "12/KH-CAT" || d.Due() != "2026-12-15" || len(d.Tasks) != 2 ||
		d.Tasks[0] != (Task{"7.1.1", "Tuyên truyền", "AW_PLACES", "1064", "2026-11-30"}) {
		t.Errorf("%+v", d)
	}
	own := ReadDirective(recorded(t, 1, 1, FormDirective, "_unit", "SL/ordinary", "to/SL018/_unit", "SL018/ordinary", "issuer", "SL", "targets", "SL SL018"))
	if !slices.Equal(own.To, []string{"SL", "SL018"}) {
		t.Errorf("one that its issuer is a target of goes to %v", own.To)
	}
}

// TestStand: each thing that a unit says brings it a step further; what others say does not.
func TestStand(t *testing.T) {
	d := plan(t)
	var said []FollowUp
	n := record.Number(10)
	say := func(unit, task string, values ...string) {
		t.Helper()
		n++
		values = append(values, "_unit", unit+"/ordinary", TaskOf, task)
		said = append(said, ReadFollowUp(recorded(t, n, record.Millis(n)*1000, FormFollowUp, values...)))
	}
	stands := func(step Step, overdue bool) Standing {
		t.Helper()
		s := Stand(&d, "SL017", said, "2026-12-01")
		if s.Step != step || s.Overdue != overdue {
			t.Errorf("step %d, overdue %v; want %d, %v", s.Step, s.Overdue, step, overdue)
		}
		return s
	}
	stands(StepNew, true)
	say("SL018", "7.1.1", DoneOn, "2026-11-20")
	stands(StepNew, true)
	say("SL017", "7.1.1", ReceivedAt, "2026-11-16T14:02:00.000+07:00", ReadAt, "2026-11-18T08:00:00.000+07:00")
	say("SL017", "7.1.1", ReadAt, "2026-11-17T08:00:00.000+07:00")
	if s := stands(StepRead, true); form.Moment(s.Read) != "2026-11-17T08:00:00.000+07:00" || len(s.Tasks[0].FollowUps) != 2 {
		t.Errorf("read %v in %v", s.Read, s.Tasks[0].FollowUps)
	}
	say("SL017", "7.1.1", Accepted, Yes)
	stands(StepRead, true)
	say("SL017", "7.1.2", Accepted, No, Obstacle, "không có kho")
	if s := stands(StepRead, true); !s.Refused || s.Tasks[1].Obstacle != "không có kho" || !s.Accepted.IsZero() {
		t.Errorf("refused: %+v", s)
	}
	say("SL017", "7.1.2", Accepted, Yes)
	if s := stands(StepAccepted, true); s.Refused || s.Accepted.UnixMilli() != int64(n)*1000 {
		t.Errorf("accepted at %v", s.Accepted)
	}
	say("SL017", "7.1.2", Evidence, "00000000000000aa.1 00000000000000aa.2", Progress, "40")
	if s := stands(StepDoing, true); len(s.Tasks[1].Evidence) != 2 || s.Tasks[1].Progress != "40" || s.Tasks[1].Accepted != Yes {
		t.Errorf("under way: %+v", s.Tasks[1])
	}
	say("SL017", "7.1.1", DoneOn, "2026-12-01")
	stands(StepDoing, false)
	say("SL017", "7.1.2", DoneOn, "2026-11-30")
	if s := stands(StepDone, false); s.Done != "2026-12-01" {
		t.Errorf("done on %q", s.Done)
	}
	slices.Reverse(said)
	if s := Stand(&d, "SL017", said, "2026-12-01"); s.Step != StepDone || s.Refused {
		t.Error("the order in which they are read matters")
	}
}

func TestReadFlash(t *testing.T) {
	f := ReadFlash(recorded(t, 1, 5, FormFlash, "_unit", "SL017/ordinary", HappenedAt, "2026-11-18T09:40:00.000+07:00", ArrivedAt, "2026-11-19T14:02:02.000+07:00",
		"ack/7.9.1/unit", "SL", "ack/7.9.1/at", "2026-11-19T14:20:00.000+07:00", "ack/7.3.1/unit", "P4", "ack/7.3.1/at", "2026-11-19T14:16:00.000+07:00", "ack/7.3.1/instruction", "Giữ hiện trường"), 5)
	if x := f.Acknowledged(); len(f.Acks) != 2 || x.Unit != "P4" || x.Text != "Giữ hiện trường" || x.Row != "7.3.1" || f.Unit != "SL017" || f.Finished.UnixMilli() != 5 ||
		!f.Known.IsZero() || After(f.Arrived, x.At).VI != "sau 13 phút" {
		t.Errorf("%+v", f)
	}
	if (&Flash{}).Acknowledged() != nil {
		t.Error("acknowledged by nobody")
	}
}

// TestCompareFlash: what nobody has acknowledged first, the worst of it before the newest; then what is followed; last what
// is over.
func TestCompareFlash(t *testing.T) {
	at := time.UnixMilli
	want := []Flash{
		{Summary: "worst", Severity: "3", Finished: at(1)}, {Summary: "newest", Severity: "1", Finished: at(9)}, {Summary: "new", Severity: "1", Finished: at(8)},
		{Summary: "followed", Severity: "2", Finished: at(7), Acks: []Ack{{}}}, {Summary: "followed longer", Severity: "3", Finished: at(2), Acks: []Ack{{}}},
		{Summary: "over", Severity: "3", Finished: at(10), Closed: at(11)},
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b Flash) int { return CompareFlash(&a, &b) })
	for i := range want {
		if got[i].Summary != want[i].Summary {
			t.Errorf("place %d: %s, want %s", i, got[i].Summary, want[i].Summary)
		}
	}
}

func TestAfter(t *testing.T) {
	from := time.Date(2026, 11, 18, 10, 17, 0, 0, time.UTC)
	for _, c := range []struct {
		d      time.Duration
		vi, en string
	}{
		{0, "sau 0 giây", "after 0 s"}, {2 * time.Second, "sau 2 giây", "after 2 s"}, {25 * time.Minute, "sau 25 phút", "after 25 min"},
		{27*time.Hour + 45*time.Minute + 2*time.Second, "sau 27 giờ 45", "after 27 h 45"}, {27*time.Hour + 5*time.Minute, "sau 27 giờ 05", "after 27 h 05"},
		{3 * time.Hour, "sau 3 giờ", "after 3 h"}, {10 * 24 * time.Hour, "sau 10 ngày", "after 10 days"}, {-time.Second, "sau 0 giây", "after 0 s"},
		{-5 * time.Minute, "sớm hơn 5 phút: hai đồng hồ lệch nhau", "5 min earlier: the clocks differ"},
	} {
		if got := After(from, from.Add(c.d)); got.VI != c.vi || got.EN != c.en {
			t.Errorf("%v: %+v", c.d, got)
		}
	}
	if got := After(time.Time{}, from); got != (form.Text{}) {
		t.Errorf("from nowhere: %+v", got)
	}
}

// TestApart: follow-ups of one task that answer the same differently are told apart, whatever else they say; those that only add to each
// other, or only say that it was read, are not.
func TestApart(t *testing.T) {
	d := plan(t)
	n := record.Number(10)
	said := func(values ...string) FollowUp {
		n++
		return ReadFollowUp(recorded(t, n, record.Millis(n)*1000, FormFollowUp, append(values, "_unit", "SL017/ordinary", TaskOf, "7.1.1")...))
	}
	for name, c := range map[string]struct {
		all  []FollowUp
		want int
	}{
		"nobody":        {nil, 0},
		"one":           {[]FollowUp{said(Accepted, Yes, Progress, "40")}, 0},
		"more is said":  {[]FollowUp{said(Accepted, Yes), said(Progress, "40"), said(Accepted, Yes, Obstacle, "mưa")}, 0},
		"read only":     {[]FollowUp{said(ReadAt, "2026-11-17T08:00:00.000+07:00"), said(Accepted, Yes)}, 0},
		"yes and no":    {[]FollowUp{said(ReadAt, "2026-11-17T08:00:00.000+07:00"), said(Accepted, Yes), said(Accepted, No)}, 2},
		"the third":     {[]FollowUp{said(Accepted, Yes, Progress, "20"), said(Accepted, Yes), said(Progress, "60")}, 3},
		"another day":   {[]FollowUp{said(DoneOn, "2026-11-20"), said(DoneOn, "2026-11-21")}, 2},
		"other reasons": {[]FollowUp{said(Obstacle, "mưa"), said(Obstacle, "cầu sập")}, 2},
	} {
		got := Stand(&d, "SL017", c.all, "2026-12-01").Tasks[0].Apart
		if len(got) != c.want {
			t.Errorf("%s: %d stand apart, want %d", name, len(got), c.want)
		}
		if len(got) > 0 && got[len(got)-1].By.Time != record.Millis(c.all[len(c.all)-1].Record.N)*1000 {
			t.Errorf("%s: the last was written at %d", name, got[len(got)-1].By.Time)
		}
	}
}
