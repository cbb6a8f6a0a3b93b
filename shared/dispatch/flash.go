package dispatch

import (
	"fmt"
	"slices"
	"time"

	"banlang/shared/form"
	"banlang/shared/record"
)

// The questions of a flash report that programs read or answer.
const (
	Acks = "ack" // the repeat of acknowledgements

	AckUnit = "unit" // in a row of it
	AckAt   = "at"
	AckText = "instruction"

	Updates = "updates" // the repeat of what the officer wrote since

	UpdateAt   = "at" // in a row of it
	UpdateText = "text"

	HappenedAt = "happened_at"
	KnownAt    = "known_at"
	ArrivedAt  = "first_sent_at" // answered by the centre: when it first had the report
	ClosedAt   = "closed_at"
)

// Flash is a record of FormFlash. Its clocks are of three machines: what the officer wrote, the notebook on which it was
// finished, and the centre. When it was first tried to be sent nobody knows, and nobody says.
type Flash struct {
	Record                                     record.Dot
	Unit                                       string
	Category, Severity, Place, Summary, Needed string // as the form keeps them

	Happened, Known time.Time // as the officer wrote
	Finished        time.Time // by the notebook's clock
	Arrived         time.Time // by the centre's; zero: the centre has not said so here
	Closed          time.Time
	Acks            []Ack // the earliest first
}

// Ack is an acknowledgement of a unit above.
type Ack struct {
	Row  string // its name; no other has it
	Unit string
	At   time.Time
	Text string // the instruction; may be empty
	By   Author
}

// Author is who wrote something, on which machine, and when by its clock.
type Author struct {
	Officer string
	Replica record.ReplicaID
	Time    record.Millis
}

func authorOf(v *record.View, path string) (a Author) {
	if of := v.Field(path); len(of) > 0 {
		a = Author{of[0].Officer, of[0].Replica, of[0].Time}
	}
	return a
}

// ReadFlash reads a flash report; finished is the time of the change that created it.
func ReadFlash(v *record.View, finished record.Millis) Flash {
	values := v.Values()
	at := func(path string) time.Time { t, _ := form.ReadMoment(values[path]); return t }
	f := Flash{Record: v.ID, Category: values["category"], Severity: values["severity"], Place: values["place"], Summary: values["summary"],
		Needed: values["needs"], Happened: at(HappenedAt), Known: at(KnownAt), Finished: time.UnixMilli(finished), Closed: at(ClosedAt)}
	if len(v.Feeds) > 0 {
		f.Unit = v.Feeds[0].Unit()
	}
	for _, x := range v.Field(ArrivedAt) { // of several, until the centre has chosen: the first
		if t, ok := form.ReadMoment(x.Text); ok {
			f.Arrived = earlier(f.Arrived, t)
		}
	}
	for _, row := range form.Rows(Acks, values) {
		path := func(name string) string { return form.JoinPath(Acks, row, name) }
		f.Acks = append(f.Acks, Ack{row, values[path(AckUnit)], at(path(AckAt)), values[path(AckText)], authorOf(v, path(AckUnit))})
	}
	slices.SortStableFunc(f.Acks, func(a, b Ack) int { return a.At.Compare(b.At) })
	return f
}

// Acknowledged is the first acknowledgement; nil: nobody has.
func (f *Flash) Acknowledged() *Ack {
	if len(f.Acks) == 0 {
		return nil
	}
	return &f.Acks[0]
}

// CompareFlash puts what nobody has acknowledged first, then what is still followed, then what is over; within each the
// worst and then the newest first.
func CompareFlash(a, b *Flash) int {
	rank := func(f *Flash) int {
		switch {
		case !f.Closed.IsZero():
			return 2
		case len(f.Acks) > 0:
			return 1
		}
		return 0
	}
	if d := rank(a) - rank(b); d != 0 {
		return d
	}
	if a.Severity != b.Severity && rank(a) == 0 {
		if a.Severity > b.Severity {
			return -1
		}
		return 1
	}
	if d := b.Finished.Compare(a.Finished); d != 0 {
		return d
	}
	return a.Record.Compare(b.Record)
}

// After says how much later one clock was read than another: "sau 27 giờ 45". Two clocks need not agree: what came earlier
// by more than a second says so. It is empty while one of them is not known.
func After(from, to time.Time) form.Text {
	d := to.Sub(from).Round(time.Second)
	switch {
	case from.IsZero() || to.IsZero():
		return form.Text{}
	case d < -time.Second:
		t := lasting(-d)
		return form.Text{VI: "sớm hơn " + t.VI + ": hai đồng hồ lệch nhau", EN: t.EN + " earlier: the clocks differ"}
	}
	t := lasting(max(d, 0))
	return form.Text{VI: "sau " + t.VI, EN: "after " + t.EN}
}

// lasting says a length of time by its two largest parts; seconds only below a minute.
func lasting(d time.Duration) form.Text {
	minutes, hours := int(d.Minutes()), int(d.Hours())
	switch {
	case d < time.Minute:
		return form.Text{VI: fmt.Sprintf("%d giây", int(d.Seconds())), EN: fmt.Sprintf("%d s", int(d.Seconds()))}
	case d < time.Hour:
		return form.Text{VI: fmt.Sprintf("%d phút", minutes), EN: fmt.Sprintf("%d min", minutes)}
	case hours >= 7*24:
		return form.Text{VI: fmt.Sprintf("%d ngày", hours/24), EN: fmt.Sprintf("%d days", hours/24)}
	case minutes%60 == 0:
		return form.Text{VI: fmt.Sprintf("%d giờ", hours), EN: fmt.Sprintf("%d h", hours)}
	}
	return form.Text{VI: fmt.Sprintf("%d giờ %02d", hours, minutes%60), EN: fmt.Sprintf("%d h %02d", hours, minutes%60)}
}
