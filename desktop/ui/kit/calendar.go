package kit

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// CalendarWords are what a calendar says: the name of a month, the days of the week from Monday, and which keys do what.
type CalendarWords struct {
	Month func(month time.Time) string
	Days  [7]string
	Keys  string
}

// Calendar is a month to pick a day from. Arrows go by days and weeks, Page Up and Page Down by months, Enter takes, Escape
// closes.
type Calendar struct {
	widget.BaseWidget
	words CalendarWords
	at    time.Time // the day that Enter takes
	today time.Time
	take  func(day time.Time)
	close func()
}

var (
	_ fyne.Focusable     = (*Calendar)(nil)
	_ desktop.Cursorable = (*Calendar)(nil)
)

// ShowCalendar opens a calendar under an object of a canvas, at a day, and gives it the focus. Take is called with the day
// that was taken, after the calendar has gone; closed is called whenever it goes.
func ShowCalendar(cv fyne.Canvas, under fyne.CanvasObject, words CalendarWords, day, today time.Time, take func(time.Time), closed func()) {
	c := &Calendar{words: words, at: midnight(day), today: midnight(today)}
	c.ExtendBaseWidget(c)
	pop := widget.NewPopUp(Watched(Box(ColorPaper, ColorLine, 1, Pad(8, 6, 8, 8, c))), cv)
	c.close = func() {
		pop.Hide()
		closed()
	}
	c.take = func(t time.Time) {
		c.close()
		take(t)
	}
	pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(under).AddXY(0, under.Size().Height+2)
	size := pop.MinSize()
	if over := pos.Y + size.Height - cv.Size().Height + 4; over > 0 {
		pos.Y = max(4, pos.Y-size.Height-under.Size().Height-4)
	}
	pos.X = max(4, min(pos.X, cv.Size().Width-size.Width-4))
	pop.ShowAtPosition(pos)
	cv.Focus(c)
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// Day is the day that Enter takes.
func (c *Calendar) Day() time.Time { return c.at }

// first is the Monday that the first line begins with.
func (c *Calendar) first() time.Time {
	month := c.at.AddDate(0, 0, 1-c.at.Day())
	return month.AddDate(0, 0, -(int(month.Weekday())+6)%7)
}

// moveTo marks another day.
func (c *Calendar) moveTo(t time.Time) {
	c.at = t
	c.Refresh()
}

// months goes to the same day of another month, or to its last.
func (c *Calendar) months(n int) {
	first := c.at.AddDate(0, n, 1-c.at.Day())
	c.moveTo(first.AddDate(0, 0, min(c.at.Day(), first.AddDate(0, 1, -1).Day())-1))
}

// KeyDown implements desktop.Keyable.
func (c *Calendar) KeyDown(*fyne.KeyEvent) { Touch(c) }

// KeyUp implements desktop.Keyable.
func (c *Calendar) KeyUp(*fyne.KeyEvent) {}

// TypedKey implements fyne.Focusable.
func (c *Calendar) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		c.moveTo(c.at.AddDate(0, 0, -1))
	case fyne.KeyRight:
		c.moveTo(c.at.AddDate(0, 0, 1))
	case fyne.KeyUp:
		c.moveTo(c.at.AddDate(0, 0, -7))
	case fyne.KeyDown:
		c.moveTo(c.at.AddDate(0, 0, 7))
	case fyne.KeyPageUp:
		c.months(-1)
	case fyne.KeyPageDown:
		c.months(1)
	case fyne.KeyHome:
		c.moveTo(c.today)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		c.take(c.at)
	case fyne.KeyEscape, fyne.KeyF4:
		c.close()
	}
}

// TypedRune implements fyne.Focusable.
func (c *Calendar) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (c *Calendar) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (c *Calendar) FocusLost() {}

// Cursor implements desktop.Cursorable.
func (c *Calendar) Cursor() desktop.Cursor { return desktop.PointerCursor }

// Tapped implements fyne.Tappable.
func (c *Calendar) Tapped(e *fyne.PointEvent) {
	side := calendarSide()
	column, line := int(e.Position.X/side), int(e.Position.Y/side)
	switch {
	case line == 0 && column == 0:
		c.months(-1)
	case line == 0 && column == 6:
		c.months(1)
	case line >= 2 && line < 8 && column < 7:
		c.take(c.first().AddDate(0, 0, (line-2)*7+column))
	}
}

// calendarSide is the height and width of a day.
func calendarSide() float32 { return max(36, Size(SizeBody)*2.2) }

// CreateRenderer implements fyne.Widget.
func (c *Calendar) CreateRenderer() fyne.WidgetRenderer {
	r := &calendarRenderer{c: c, month: Line("", Bold), mark: NewPlane(PlaneLook{Fill: ColorPrimary, Radius: 4}),
		today: NewPlane(PlaneLook{Stroke: ColorPrimary, Width: 1, Radius: 4}),
		keys:  Line(c.words.Keys, Small), back: Icon(theme.NavigateBackIcon(), ColorPrimary, 22), forth: Icon(theme.NavigateNextIcon(), ColorPrimary, 22)}
	for i := range 7 {
		r.heads = append(r.heads, Line(c.words.Days[i], Small))
	}
	for range 42 {
		r.days = append(r.days, Line("", Body))
	}
	r.draw()
	return r
}

type calendarRenderer struct {
	c           *Calendar
	month, keys *canvas.Text
	mark, today *Plane
	back, forth *canvas.Image
	heads, days []*canvas.Text
}

func (r *calendarRenderer) draw() {
	c := r.c
	r.month.Text = c.words.Month(c.at)
	thisMonth := false
	side, first := calendarSide(), c.first()
	for i, t := range r.days {
		day := first.AddDate(0, 0, i)
		style, at := Body, fyne.NewPos(float32(i%7)*side, float32(i/7+2)*side)
		if day.Month() != c.at.Month() {
			style = Small
		}
		if day.Equal(c.today) {
			thisMonth = true
			r.today.Move(at)
		}
		if day.Equal(c.at) {
			style = Bold.In(ColorOnPrimary)
			r.mark.Move(at)
		}
		style.apply(t)
		t.Text = strconv.Itoa(day.Day())
	}
	r.today.Show(thisMonth)
}

func (r *calendarRenderer) MinSize() fyne.Size {
	side := calendarSide()
	return fyne.NewSize(max(7*side, r.keys.MinSize().Width), 8*side+r.keys.MinSize().Height+4)
}

func (r *calendarRenderer) Layout(fyne.Size) {
	side := calendarSide()
	centre := func(o fyne.CanvasObject, column, line, columns float32) {
		m := o.MinSize()
		o.Resize(m)
		o.Move(fyne.NewPos(column*side+(columns*side-m.Width)/2, line*side+(side-m.Height)/2))
	}
	centre(r.back, 0, 0, 1)
	centre(r.forth, 6, 0, 1)
	centre(r.month, 1, 0, 5)
	for i, h := range r.heads {
		centre(h, float32(i), 1, 1)
	}
	for i, d := range r.days {
		centre(d, float32(i%7), float32(i/7+2), 1)
	}
	r.mark.Resize(fyne.NewSquareSize(side))
	r.today.Resize(fyne.NewSquareSize(side))
	r.keys.Move(fyne.NewPos(0, 8*side+4))
	r.keys.Resize(r.keys.MinSize())
}

func (r *calendarRenderer) Refresh() {
	r.draw()
	r.Layout(r.c.Size())
	canvas.Refresh(r.c)
}

func (r *calendarRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.mark.Object, r.today.Object, r.back, r.forth, r.month, r.keys}
	for _, t := range append(r.heads[:7:7], r.days...) {
		objects = append(objects, t)
	}
	return objects
}

func (r *calendarRenderer) Destroy() {}
