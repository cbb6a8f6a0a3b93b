package app

import (
	"strconv"
	"strings"
	"time"

	"banlang/shared/fault"
	"banlang/shared/viet"
)

// Bar is the line at the foot of every page: what is saved, what is at the centre, and what the way to the centre is
// doing, in plain words.
type Bar struct {
	Phase      Phase
	Shut       bool    // the notebook is closed: nothing of it is known
	Strong     string  // read first
	Rest       string  // beside it
	Done       float64 // of the present sending, 0…1; below 0: nothing to measure
	Waiting    uint64  // saved here and not receipted by the centre yet
	Trouble    Trouble // why the last session ended, when it is more than "no network"
	Contact    string  // when the centre was last spoken to
	NextTry    string  // when it is looked for again
	Saved      string
	AtCentre   string
	Missing    string
	Receipt    string
	Week       string // saved this week
	WeekAt     string // of these, at the centre
	PhotosLeft string // photos that are not at the centre yet; "": none
	Photos     string // how many of how many photos are at the centre; "": there are none
	Now        string // of the photo that is on its way
	Used       string // what went over the link this month
	UsedFew    string // the same in few letters
}

// Bar says how things stand now.
func (a *App) Bar() Bar {
	if !a.Open() {
		shut := Bar{Phase: Offline, Done: -1, Shut: true, Strong: a.T("signin.locked"), Saved: "0"}
		if a.page == PageEnrol {
			shut.Strong = a.T("enrol.bar")
		}
		return shut
	}
	s, e := a.desk.status, a.engine
	b := Bar{Phase: e.Phase, Done: -1}
	b.Waiting = uint64(s.Saved - min(s.AtCentre, s.Saved))
	b.Saved, b.AtCentre, b.Missing = a.number(uint64(s.Saved)), a.number(uint64(s.AtCentre)), a.number(b.Waiting)
	week := uint64(a.desk.week)
	b.Week, b.WeekAt = a.number(week), a.number(week-min(week, b.Waiting))
	b.Receipt = a.T("sync.never")
	if s.Receipt != 0 {
		b.Receipt = a.clockTime(a.at(s.Receipt))
	}
	line := a.T("sync.line", "saved", b.Week, "centre", b.WeekAt, "time", b.Receipt)
	if s.Receipt == 0 {
		line = a.T("sync.line.never", "saved", b.Week)
	}
	b.Used, b.UsedFew = a.T("sync.used", "n", a.bytes(e.Month)), a.T("sync.used.short", "n", a.bytes(e.Month))
	a.addPhotos(&b, e)
	switch e.Phase {
	case Connecting:
		b.Strong, b.Rest = a.T("sync.looking"), line
	case Sending:
		b.Strong, b.Rest = a.T("sync.text", "done", a.number(e.Pushed), "total", a.number(e.ToPush)), line
		if a.Flashes.isSending() {
			b.Strong = a.T("sync.flash")
		}
		switch {
		case e.Pushed < e.ToPush:
			b.Done = float64(e.Pushed) / float64(e.ToPush)
		case e.PhotoBytes > 0:
			b.Strong = a.T("sync.photo", "i", strconv.Itoa(e.PhotosThere+1), "n", strconv.Itoa(a.photos()))
			b.Done = float64(e.PhotoSent) / float64(e.PhotoBytes)
		}
	case Receiving:
		b.Strong, b.Rest = a.T("sync.taking", "n", a.number(e.Taken)), line
	case Idle:
		b.Strong = line
		if b.Waiting == 0 && b.PhotosLeft != "" {
			b.Rest = a.T("sync.photos.left", "n", b.PhotosLeft)
		}
	default:
		b.Strong, b.Rest = a.offline(&b), line
	}
	if words := a.redrawing(); words != "" && e.Phase != Receiving { // what is received says how much itself
		b.Rest = join(b.Rest, words)
	}
	a.addTrouble(&b, e)
	return b
}

// addPhotos says how the photos stand.
func (a *App) addPhotos(b *Bar, e SyncStatus) {
	if a.photos() == 0 {
		return
	}
	if n := a.PhotosWaiting(); n > 0 {
		b.PhotosLeft = a.number(uint64(n))
	}
	b.Photos = a.T("sync.photos", "i", strconv.Itoa(e.PhotosThere), "n", strconv.Itoa(a.photos()))
	if e.PhotoBytes > 0 {
		b.Now = a.T("sync.photo.onway", "a", a.kilobytes(e.PhotoSent), "b", a.kilobytes(e.PhotoBytes))
	}
}

// photos are those of this session: at the centre by now, or waiting.
func (a *App) photos() int { return a.engine.PhotosThere + a.PhotosWaiting() }

// PhotosDone is how much of the photos is at the centre, 0…1.
func (a *App) PhotosDone() float64 {
	e := a.engine
	if a.photos() == 0 {
		return 1
	}
	part := 0.0
	if e.PhotoBytes > 0 {
		part = float64(e.PhotoSent) / float64(e.PhotoBytes)
	}
	return min(1, (float64(e.PhotosThere)+part)/float64(a.photos()))
}

// PhotosWhy says when the photos that wait will go.
func (a *App) PhotosWhy() string {
	if a.Metered() {
		return a.T("sync.photos.metered")
	}
	return a.T("sync.photos.wait")
}

// PhotosWaiting counts the photos that are not at the centre yet.
func (a *App) PhotosWaiting() int { return a.desk.status.Photos.Waiting }

func (a *App) kilobytes(n int64) string { return a.number(uint64(n+1023) >> 10) }

// DataUsed says how much has gone over the link: since the program began, and this month.
func (a *App) DataUsed() (now, month string) {
	return a.bytes(a.engine.In + a.engine.Out), a.bytes(a.engine.Month)
}

// bytes says a size as people do: "361 KB", "2,8 MB".
func (a *App) bytes(n int64) string {
	if n < 1000<<10 {
		return a.kilobytes(n) + " KB"
	}
	text := strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64)
	if a.lang != English {
		text = strings.ReplaceAll(text, ".", ",")
	}
	return text + " MB"
}

// Metered reports whether the officer has said that the network costs money: photos then wait, all else goes.
func (a *App) Metered() bool { return a.o.Prefs.Get(prefMetered) == "yes" }

// SetMetered says it.
func (a *App) SetMetered(yes bool) {
	a.keep(prefMetered, map[bool]string{true: "yes"}[yes])
	a.o.Sync.Metered(yes)
	a.show(PartSync)
}

// Received says what has come down in this session; "" when nothing has.
func (a *App) Received() string {
	if a.engine.Taken == 0 {
		return ""
	}
	return a.T("sync.received", "n", a.number(a.engine.Taken))
}

func (a *App) offline(b *Bar) string {
	switch {
	case b.Waiting > 0:
		return a.T("sync.offline", "n", b.Missing)
	case b.PhotosLeft != "":
		return a.T("sync.offline.photos", "n", b.PhotosLeft)
	}
	return a.T("sync.offline.none")
}

// addTrouble says what is due after a session that ended badly. No network is no trouble: it is how the highlands are.
func (a *App) addTrouble(b *Bar, e SyncStatus) {
	if !e.LastContact.IsZero() {
		b.Contact = a.T("sync.contact", "time", a.clockTime(e.LastContact.In(a.o.Zone)))
	}
	if !e.NextTry.IsZero() && e.Phase == Offline && e.NextTry.After(a.now()) {
		b.NextTry = a.T("sync.next", "time", e.NextTry.In(a.o.Zone).Format("15:04:05"))
	}
	if e.Fault == "" || e.Phase != Offline {
		return
	}
	t := a.sayCode(e.Fault)
	switch e.Fault {
	case fault.Unreachable:
		b.Rest = join(b.Rest, b.NextTry)
	case fault.CutOff:
		b.Strong = a.T("sync.lost", "done", a.number(e.Pushed), "total", a.number(e.ToPush))
		if e.ToPush == 0 {
			b.Strong = a.T("sync.lost.none")
		}
		b.Rest = join(a.offline(b), b.NextTry)
	default:
		b.Trouble = t
		b.Strong, b.Rest = t.Message, t.Next
	}
}

func (a *App) number(n uint64) string {
	if a.lang == English {
		return englishInt(int(n))
	}
	return viet.Int(int64(n))
}

// SendNow asks for a session at once.
func (a *App) SendNow() { a.o.Sync.SendNow() }

// Fetch asks the centre now for what it has for this machine, and shows how that goes.
func (a *App) Fetch() {
	a.SendNow()
	a.Go(PageSync)
}

func (a *App) tookProgress() {
	a.engine = a.o.Sync.Status()
	a.obeyOrder()
	a.Flashes.progressed()
	a.show(PartSync)
}

// Technical is the line for who helps by telephone: absolute numbers.
func (a *App) Technical() string {
	s := a.desk.status
	return a.T("sync.technical", "machine", strconv.Itoa(int(a.o.Notebook.Replica())),
		"last", a.number(uint64(s.Saved)), "receipt", a.number(uint64(s.AtCentre)), "alarms", strconv.Itoa(s.Alarms))
}

// clockSlack is how far two clocks may differ without anybody being bothered.
const clockSlack = 2 * time.Minute

// ClockOff says how far this machine's clock is off the centre's; "" when it is right, or not known.
func (a *App) ClockOff() string {
	off := a.engine.ClockOff
	switch minutes := strconv.Itoa(int(off.Abs().Minutes())); {
	case off.Abs() < clockSlack:
		return ""
	case off > 0:
		return a.T("settings.clock.slow", "n", minutes)
	default:
		return a.T("settings.clock.fast", "n", minutes)
	}
}

// Clock is the present minute, as the bar shows it: "Th 5, 19/11/2026 · 14:05".
func (a *App) Clock() string {
	now := a.now()
	return a.T(shortWeekdays[now.Weekday()]) + ", " + now.Format("02/01/2006 · 15:04")
}

// ClockFew is the same in few letters: "19/11 · 14:05".
func (a *App) ClockFew() string { return a.now().Format("02/01 · 15:04") }

// tick has the clock on the screen follow the minutes.
func (a *App) tick() {
	if a.stopTick != nil {
		a.stopTick()
	}
	now := a.now()
	a.stopTick = a.after(now.Truncate(time.Minute).Add(time.Minute).Sub(now), func() {
		a.show(PartClock)
		a.tick()
	})
}
