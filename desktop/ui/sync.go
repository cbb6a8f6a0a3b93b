package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// syncPage is the way to the centre: the account, what waits, what came in, what it cost.
type syncPage struct {
	w           *Window
	now         *kit.Button
	left, right *kit.Scroll
	metered     *kit.Check
	obj         fyne.CanvasObject
}

func newSyncPage(w *Window) page {
	m := w.m
	p := &syncPage{w: w, left: kit.NewScroll(kit.Space(1, 1)), right: kit.NewScroll(kit.Space(1, 1))}
	p.now = kit.NewButton(m.T("sync.now"), kit.IconSync, m.SendNow).As(kit.Primary).WithKey("Ctrl+G")
	p.metered = kit.NewCheck(m.T("sync.metered"), m.SetMetered)
	p.metered.Checked = m.Metered()
	p.obj = kit.Border(header(kit.NewCut(m.T("nav.sync"), kit.Title), p.now), nil, nil, nil, container.New(twoColumns{}, p.left.Container, p.right.Container))
	p.draw(app.PartSync)
	return p
}

func (p *syncPage) object() fyne.CanvasObject { return p.obj }
func (p *syncPage) first() fyne.Focusable     { return p.now }

func (p *syncPage) draw(part app.Part) {
	if part&app.PartSync == 0 {
		return
	}
	p.left.SetContent(kit.Pad(18, 14, 8, 20, p.account()))
	p.right.SetContent(kit.Pad(8, 14, 18, 20, p.side()))
}

// account is what is saved, what is at the centre, since when, what goes on, and what is missing and why.
func (p *syncPage) account() fyne.CanvasObject {
	m := p.w.m
	bar := m.Bar()
	s := standing(m, &bar)
	figure := func(key, value string) fyne.CanvasObject {
		return kit.NewCell(kit.Column(2, kit.NewCut(m.T(key), kit.Small), kit.NewCut(value, kit.Figure)), false)
	}
	account := kit.Column(12, kit.TopRow(14, 1, kit.Icon(s.icon, s.ink, 40), kit.Column(2, kit.NewPara(s.title, kit.Section.In(s.ink)), kit.NewPara(s.why, kit.Body))),
		kit.Hair(), kit.Grid(12, 130, 4, figure("sync.week", bar.Week), figure("sync.atcentre", bar.WeekAt),
			figure("sync.missing", bar.Missing), figure("sync.receipt", bar.Receipt)))
	objects := []fyne.CanvasObject{kit.Box(kit.ColorPaper, s.ink, 2, kit.Pad(18, 14, 18, 14, account))}
	if bar.Trouble.Some() {
		objects = append(objects, kit.Banner(kit.ColorDangerTint, kit.ColorDanger, theme.WarningIcon(),
			kit.Column(4, kit.Line(m.T("sync.trouble"), kit.Section), troubleText(m, bar.Trouble))))
	}
	objects = append(objects, kit.Row(8, 0, kit.NewCut(m.T("sync.queue"), kit.Section), kit.Line(m.T("sync.order"), kit.Small)),
		kit.Box(kit.ColorPaper, kit.ColorHair, 1, kit.Pad(1, 1, 1, 1, kit.Column(0, p.queue(&bar)...))))
	objects = append(objects, p.receipts())
	for _, text := range []string{bar.Contact, bar.NextTry} {
		if text != "" {
			objects = append(objects, kit.NewPara(sentence(text), kit.Body))
		}
	}
	return kit.Column(12, append(objects, kit.NewPara(m.T("sync.resume"), kit.Small.In(kit.ColorInk)))...)
}

// mostReceipts is how many receipts the page lists; the notebook remembers some more.
const mostReceipts = 12

// receipts are those that came lately: when, up to which number, for how much, by which key.
func (p *syncPage) receipts() fyne.CanvasObject {
	m := p.w.m
	all := m.Receipts()
	if len(all) == 0 {
		return kit.Column(6, kit.Line(m.T("sync.receipts"), kit.Section), kit.NewPara(m.T("sync.receipts.none"), kit.Body))
	}
	var rows []fyne.CanvasObject
	em := kit.Size(kit.SizeBody)
	for _, r := range all[:min(len(all), mostReceipts)] {
		line := kit.Columns(10, []float32{6 * em, 0, 6 * em, 7 * em}, kit.NewCut(r.Time, kit.Bold), kit.NewCut(r.To, kit.Body), kit.NewCut(r.Changes, kit.Body), kit.NewCut(r.Key, kit.Body.In(kit.ColorInk2)))
		rows = append(rows, kit.Border(nil, kit.Hair(), nil, nil, kit.Pad(14, 6, 14, 6, line)))
	}
	return kit.Column(6, kit.Line(m.T("sync.receipts"), kit.Section), kit.Box(kit.ColorPaper, kit.ColorHair, 1, kit.Pad(1, 1, 1, 1, kit.Column(0, rows...))))
}

// queue is what waits, in the order in which it goes.
func (p *syncPage) queue(bar *app.Bar) (rows []fyne.CanvasObject) {
	m := p.w.m
	waits := kit.ChipLook{Text: m.T("status.queued"), Icon: kit.IconWaiting, Ink: kit.ColorQueued, Fill: kit.ColorQueuedTint, Stroke: kit.ColorQueuedTint}
	goes := kit.ChipLook{Text: m.T("status.sending"), Icon: theme.MailSendIcon(), Ink: kit.ColorPrimary, Fill: kit.ColorPrimaryTint, Stroke: kit.ColorPrimaryTint}
	row := func(icon fyne.Resource, title, sub string, done float64, look kit.ChipLook) {
		texts := []fyne.CanvasObject{kit.NewPara(title, kit.Bold)}
		if sub != "" {
			texts = append(texts, kit.NewPara(sub, kit.Small))
		}
		line := []fyne.CanvasObject{kit.Icon(icon, kit.ColorInk, 20), kit.Column(0, texts...)}
		if done >= 0 {
			progress := kit.NewProgress()
			progress.Set(done)
			line = append(line, progress)
		}
		line = append(line, kit.NewChip(look))
		rows = append(rows, kit.Border(nil, kit.Hair(), nil, nil, kit.Pad(14, 8, 14, 8, kit.Row(14, 1, line...))))
	}
	if bar.Waiting > 0 {
		look, sub, done := waits, "", -1.0
		if bar.Phase == app.Sending {
			look, sub = goes, bar.Strong
			if done = bar.Done; bar.Now != "" || done < 0 {
				sub, done = m.T("sync.queue.unsigned"), -1
			}
		}
		row(theme.ListIcon(), m.T("sync.queue.text", "n", bar.Missing), sub, done, look)
	}
	if left := m.PhotosWaiting(); left > 0 {
		look, sub, done := waits, m.PhotosWhy(), -1.0
		if bar.Now != "" {
			look, sub, done = goes, bar.Now, m.PhotosDone()
		}
		row(theme.MediaPhotoIcon(), m.T("sync.queue.photos", "n", countText(left)), sub, done, look)
	}
	if len(rows) == 0 {
		rows = append(rows, kit.Pad(14, 12, 14, 12, kit.NewPara(m.T("sync.queue.empty"), kit.Body)))
	}
	return rows
}

// side is what came in, what it cost, and what the officer may say about the network.
func (p *syncPage) side() fyne.CanvasObject {
	m := p.w.m
	box := func(objects ...fyne.CanvasObject) fyne.CanvasObject {
		return kit.Box(kit.ColorPaper, kit.ColorHair, 1, kit.Pad(14, 12, 14, 12, kit.Column(6, objects...)))
	}
	pair := func(key, value string) fyne.CanvasObject {
		return kit.Row(8, 0, kit.NewCut(m.T(key), kit.Body), kit.Line(value, kit.Bold))
	}
	var in []fyne.CanvasObject
	for _, text := range append([]string{m.Received()}, m.Arrivals()...) {
		if text != "" {
			in = append(in, kit.NewPara(text, kit.Body))
		}
	}
	if len(in) == 0 {
		in = append(in, kit.NewPara(m.T("sync.received.none"), kit.Body))
	}
	now, month := m.DataUsed()
	copied := kit.NewButton(m.T("sync.copy"), theme.ContentCopyIcon(), func() {
		p.w.fy.Clipboard().SetContent(m.Technical())
		m.Tell("sync.copied")
	}).Little()
	return kit.Column(10, kit.Line(m.T("sync.in"), kit.Section), box(in...),
		kit.Space(1, 2), kit.Line(m.T("sync.data"), kit.Section),
		box(pair("sync.data.now", now), pair("sync.data.month", month), kit.Hair(), p.metered, kit.NewPara(m.T("sync.metered.help"), kit.Small)),
		kit.Space(1, 2), kit.NewPara(m.Technical(), kit.Small), kit.Row(0, 1, copied, kit.Space(1, 1)))
}
