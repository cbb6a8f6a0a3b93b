package ui

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// countText is a count beside a word: nothing for none, "99+" for very many.
func countText(n int) string {
	switch {
	case n == 0:
		return ""
	case n > 99:
		return "99+"
	}
	return strconv.Itoa(n)
}

// statusBar is the line at the foot of every page: what is saved, what is at the centre, what the link is doing.
type statusBar struct {
	w            *Window
	icon         *fyne.Container
	strong, rest *kit.Cut
	progress     *kit.Progress
	doing        *fyne.Container // the progress in its place
	used         *kit.Cut        // what went over the link
	usedPlace    *fyne.Container
	few          bool // there is little room
	place        *fyne.Container
	me           *fyne.Container // who is signed in; nil: nobody
	clock        *kit.Cut
	obj          fyne.CanvasObject
	shown        *app.Bar // what is drawn; nil: nothing yet
}

func newStatusBar(w *Window) *statusBar {
	b := &statusBar{w: w, icon: container.NewStack(), strong: kit.NewCut("", kit.Small), rest: kit.NewCut("", kit.Small),
		progress: kit.NewProgress()}
	right := []fyne.CanvasObject{}
	if me := w.m.Me(); me != "" {
		b.me = kit.Row(8, -1, kit.Icon(theme.AccountIcon(), kit.ColorInk, 18), kit.Line(me, kit.Small.In(kit.ColorInk)))
		right = append(right, b.me)
	}
	if !w.m.Locked() {
		right = append(right, kit.NewChip(kit.ChipLook{Text: w.m.T("app.trial.short"), Icon: theme.WarningIcon(),
			Ink: kit.ColorWarn, Fill: kit.ColorWarnTint, Stroke: kit.ColorWarnTint}))
	}
	right = append(right, kit.NewTypingButton(w.keys.Typing))
	b.clock = kit.NewCut(w.m.Clock(), kit.Small.In(kit.ColorInk))
	right = append(right, container.New(asWide{}, b.clock))
	b.place = container.New(&spread{}, b.strong, b.rest)
	b.doing = container.New(progressPlace{}, b.progress)
	b.used = kit.NewCut("", kit.Small)
	b.usedPlace = container.New(asWide{}, b.used)
	row := kit.Row(10, 1, b.icon, b.place, b.doing, b.usedPlace, kit.Row(8, -1, right...))
	b.obj = kit.Border(kit.Hair(), nil, nil, nil, kit.Fill(kit.ColorSurface, kit.Fixed(0, 36, kit.Pad(12, 3, 12, 3, row))))
	b.draw()
	return b
}

func (b *statusBar) object() fyne.CanvasObject { return b.obj }

// drawClock shows the present minute.
func (b *statusBar) drawClock() {
	text := b.w.m.Clock()
	if b.few {
		text = b.w.m.ClockFew()
	}
	b.clock.Set(text, kit.Small.In(kit.ColorInk))
}

// narrow leaves the name out where there is no room: what is saved comes first.
func (b *statusBar) narrow(n bool) {
	if b.me != nil {
		b.me.Hidden = n
	}
	if b.few != n {
		b.few = n
		b.doing.Layout = progressPlace{n}
		b.drawUsed()
		b.drawClock()
	}
}

// drawUsed says what the link has cost. What went wrong needs its room.
func (b *statusBar) drawUsed() {
	text := b.shown.Used
	if b.few {
		text = b.shown.UsedFew
	}
	b.used.Set(text, kit.Small.In(kit.ColorInk))
	b.usedPlace.Hidden = text == "" || b.shown.Trouble.Some()
}

// progressPlace is the room of the progress: less where there is little.
type progressPlace struct{ few bool }

func (p progressPlace) MinSize([]fyne.CanvasObject) fyne.Size {
	if p.few {
		return fyne.NewSize(60, 14)
	}
	return fyne.NewSize(120, 14)
}

func (p progressPlace) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Move(fyne.NewPos(0, (size.Height-14)/2))
	o[0].Resize(fyne.NewSize(size.Width, 14))
}

func (b *statusBar) draw() {
	bar := b.w.m.Bar()
	if b.shown != nil && *b.shown == bar {
		return
	}
	b.shown = &bar
	icon, ink := barIcon(bar), kit.ColorInk
	style := kit.Small.Strong().In(kit.ColorInk)
	if bar.Trouble.Some() {
		ink, style = kit.ColorDanger, style.In(kit.ColorDanger)
	}
	b.icon.Objects = []fyne.CanvasObject{kit.Icon(icon, ink, 18)}
	b.icon.Refresh()
	b.strong.Set(bar.Strong, style)
	b.rest.Set(bar.Rest, kit.Small)
	b.progress.Set(max(0, bar.Done))
	b.doing.Hidden = bar.Done < 0
	b.drawUsed()
	b.place.Refresh()
	b.obj.Refresh()
}

// asWide gives a text the room that it wants.
type asWide struct{}

func (asWide) Layout(o []fyne.CanvasObject, size fyne.Size) { o[0].Resize(size) }

func (asWide) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o[0].(*kit.Cut).Full()+8, o[0].MinSize().Height)
}

func barIcon(bar app.Bar) fyne.Resource {
	switch {
	case bar.Shut:
		return kit.IconLock
	case bar.Trouble.Some():
		return theme.WarningIcon()
	case bar.Phase == app.Offline:
		return kit.IconOffline
	case bar.Phase == app.Sending:
		return theme.MailSendIcon()
	case bar.Phase == app.Idle && bar.Waiting == 0 && bar.PhotosLeft != "":
		return kit.IconWaiting
	case bar.Phase == app.Idle && bar.Waiting == 0:
		return kit.IconCentre
	}
	return kit.IconSync
}

// spread gives the first of two texts the room it wants and the second what is left.
type spread struct{}

func (*spread) Layout(o []fyne.CanvasObject, size fyne.Size) {
	first := o[0].(*kit.Cut)
	want := min(first.Full(), size.Width)
	o[0].Resize(fyne.NewSize(want, size.Height))
	o[1].Move(fyne.NewPos(want+12, 0))
	left := size.Width - want - 12
	o[1].(*kit.Cut).Hidden = left < 60
	o[1].Resize(fyne.NewSize(max(0, left), size.Height))
}

func (*spread) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(160, o[0].MinSize().Height)
}

// toastLine is one line above the foot, with at most one thing to do.
type toastLine struct {
	w   *Window
	obj *fyne.Container
}

func newToastLine(w *Window) *toastLine {
	t := &toastLine{w: w, obj: container.NewStack()}
	t.draw()
	return t
}

func (t *toastLine) object() fyne.CanvasObject { return t.obj }

func (t *toastLine) draw() {
	toast := t.w.m.Toast()
	t.obj.Hidden = toast == nil
	if toast != nil {
		row := []fyne.CanvasObject{kit.Icon(theme.InfoIcon(), kit.ColorPrimary, 20), kit.NewPara(toast.Text, kit.Bold)}
		if toast.Action != "" {
			row = append(row, kit.NewButton(toast.Action, nil, t.w.m.DoToast).Little())
		}
		row = append(row, kit.NewButton("", theme.CancelIcon(), t.w.m.EndToast).As(kit.Quiet).Little().Says(t.w.m.T("keys.close")))
		line := kit.Border(kit.Hair(), nil, nil, nil, kit.Fill(kit.ColorPrimaryTint, kit.Pad(12, 4, 12, 4, kit.Row(12, 1, row...))))
		kit.Lay(line, t.w.win.Canvas().Size().Width)
		t.obj.Objects = []fyne.CanvasObject{line}
		t.obj.Resize(line.Size()) // what stands above asks how high it is before it has a place
	}
	t.obj.Refresh()
	if c := t.w.win.Canvas().Content(); c != nil {
		c.Refresh() // the page above gives way
	}
}

// Looks of the states: word, colour, icon and fill as in the design's tokens.
func chipLook(m *app.App, s app.Standing) kit.ChipLook {
	switch s {
	case app.InConflict:
		return kit.ChipLook{Text: m.T("status.conflict"), Icon: kit.IconSplit, Ink: kit.ColorConflict, Fill: kit.ColorSplitTint, Stroke: kit.ColorConflict, Width: 2}
	case app.NeedsAttention:
		return kit.ChipLook{Text: m.T("status.attention"), Icon: theme.WarningIcon(), Ink: kit.ColorOnPrimary, Fill: kit.ColorDanger, Stroke: kit.ColorDanger}
	case app.Returned:
		return kit.ChipLook{Text: m.T("status.returned"), Icon: theme.MailReplyIcon(), Ink: kit.ColorOnPrimary, Fill: kit.ColorReturned, Stroke: kit.ColorReturned}
	case app.Approved:
		return kit.ChipLook{Text: m.T("status.approved"), Icon: kit.IconApproved, Ink: kit.ColorOk, Fill: kit.ColorPaper, Stroke: kit.ColorOk, Width: 2}
	case app.Voided:
		return kit.ChipLook{Text: m.T("status.voided"), Icon: theme.ContentRemoveIcon(), Ink: kit.ColorInk2, Fill: kit.ColorSurface2, Stroke: kit.ColorSurface2}
	case app.HasDraft:
		return kit.ChipLook{Text: m.T("status.draft"), Icon: theme.DocumentCreateIcon(), Ink: kit.ColorDraft, Fill: kit.ColorPaper, Stroke: kit.ColorDraft, Width: 1}
	case app.Leaving:
		return kit.ChipLook{Text: m.T("status.sending"), Icon: theme.MailSendIcon(), Ink: kit.ColorSending, Fill: kit.ColorSendTint, Stroke: kit.ColorSendTint}
	case app.Queued:
		return kit.ChipLook{Text: m.T("status.queued"), Icon: kit.IconWaiting, Ink: kit.ColorQueued, Fill: kit.ColorQueuedTint, Stroke: kit.ColorQueuedTint}
	}
	if s == app.AnyStanding { // a row that could not be read
		return kit.ChipLook{Ink: kit.ColorInk, Fill: kit.ColorPaper, Stroke: kit.ColorPaper}
	}
	return kit.ChipLook{Text: m.T("status.centre"), Icon: kit.IconCentre, Ink: kit.ColorCentre, Fill: kit.ColorCentreTint, Stroke: kit.ColorCentreTint}
}

// header is the head of a page: a title, things to do at the right end, a thin line below.
func header(left fyne.CanvasObject, right ...fyne.CanvasObject) fyne.CanvasObject {
	row := append([]fyne.CanvasObject{left}, right...)
	return kit.Border(nil, kit.Hair(), nil, nil, kit.Fixed(0, 60, kit.Pad(18, 9, 18, 9, kit.Row(12, 0, row...))))
}
