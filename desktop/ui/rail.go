package ui

import (
	"strconv"

	"fyne.io/fyne/v2"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// rail lists the sections of a form and how far each is. Where the window is narrow it is a pick in the head of the page.
type rail struct {
	p      *formPage
	steps  []*kit.Step // of all sections
	done   *kit.Progress
	counts *kit.Cut
	pick   *kit.Choose
	shown  []int // the sections that the pick offers
	obj    fyne.CanvasObject
}

// railWidth is the width of a rail beside text of a size.
func railWidth() float32 { return 236 * kit.Size(kit.SizeBody) / 16 }

func newRail(p *formPage) *rail {
	r := &rail{p: p, done: kit.NewProgress(), counts: kit.NewCut("", kit.Small)}
	r.pick = kit.NewChoose(nil, -1, "", func(i int) { p.form.GoTo(r.shown[i]) })
	var objects []fyne.CanvasObject
	for i := range p.e.Rail() {
		s := kit.NewStep(func() { p.form.GoTo(i) })
		r.steps, objects = append(r.steps, s), append(objects, s)
	}
	hint := func(key, text string) fyne.CanvasObject {
		return kit.Row(8, 1, kit.Cap(key), kit.NewCut(p.w.m.T(text), kit.Small))
	}
	foot := kit.Column(6, kit.Fixed(0, 14, r.done), r.counts, hint("Enter", "rail.next"), hint("Ctrl+D", "rail.copy"), hint("Ctrl+1…9", "rail.jump"),
		hint("Ctrl+Shift+Z", "rail.undo"))
	list := kit.NewScroll(kit.Column(0, kit.Column(0, objects...), kit.Pad(14, 12, 14, 8, foot)))
	r.obj = kit.Border(nil, nil, nil, kit.Hair(), kit.Fixed(railWidth(), 0, list.Container))
	return r
}

// some reports whether the form has a rail at all.
func (r *rail) some() bool { return len(r.steps) > 0 }

// draw brings the rail up to what the editor says.
func (r *rail) draw(sections []app.Section, here int) {
	m, number := r.p.w.m, 0
	var labels []string
	at, total := -1, 0
	r.shown = nil
	for _, s := range sections {
		if s.Shown {
			total++
		}
	}
	for i, s := range sections {
		if r.steps[i].Hidden = !s.Shown; !s.Shown {
			continue
		}
		number++
		r.steps[i].Set(kit.StepLook{Title: strconv.Itoa(number) + ". " + s.Title, Line: s.Line, Done: s.State == app.SectionDone, Wrong: s.State == app.SectionWrong, Here: i == here})
		if i == here {
			at = len(labels)
		}
		label := m.T("rail.of", "i", strconv.Itoa(number), "n", strconv.Itoa(total), "title", s.Title)
		if s.State == app.SectionWrong {
			label += " · " + s.Line
		}
		labels, r.shown = append(labels, label), append(r.shown, i)
	}
	r.pick.Offer(labels, at, "")
	filled, required := r.p.e.Counts()
	r.counts.Set(m.T("form.counts", "done", countOr0(filled), "total", countOr0(required)), kit.Small)
	r.done.Set(float64(filled) / float64(max(1, required)))
}
