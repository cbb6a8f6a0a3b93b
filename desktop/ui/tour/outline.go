package tour

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"banlang/desktop/ui/kit"
)

// Outline says line by line what can be read and used on a canvas: the texts as they are drawn, wrapped and cut, and the
// widgets with their states, each with its place in units of the layout. What is behind the edge of a scrolling page is not
// there. Colours, icons' shapes and lines are left out: the pictures are for those.
func Outline(c fyne.Canvas) string {
	var b strings.Builder
	walk(c, func(o seen) bool {
		says := describe(o.CanvasObject)
		if says == "" {
			return false
		}
		if f, ok := o.CanvasObject.(fyne.Focusable); ok && f == c.Focused() {
			says += " focused"
		}
		fmt.Fprintf(&b, "%s%.0f,%.0f %s\n", strings.Repeat("  ", o.deep), o.at.X, o.at.Y, says)
		return true
	})
	return b.String()
}

// describe is one line for an object; "" for one that only holds others.
func describe(o fyne.CanvasObject) string {
	switch x := o.(type) {
	case *canvas.Text:
		if strings.TrimSpace(x.Text) == "" {
			return ""
		}
		return fmt.Sprintf("%q%s", x.Text, weight(x))
	case *kit.Button:
		return sized("button", x) + words(x.Disabled(), "disabled", x.Kind == kit.Primary, "primary", x.Kind == kit.Danger, "danger", x.Kind == kit.Urgent, "urgent")
	case *kit.Entry:
		return sized("entry", x) + words(x.Disabled(), "disabled")
	case *kit.Choose:
		return sized("choose", x)
	case *kit.Radio:
		return sized("radio", x)
	case *kit.Check:
		return sized("check", x) + words(x.Checked, "ticked")
	case *kit.Chip:
		return "chip"
	case *kit.NavItem:
		return sized("nav", x)
	case *kit.Step:
		l := x.Look()
		return sized("step", x) + words(l.Here, "here", l.Done, "done", l.Wrong, "wrong")
	case *kit.Progress:
		return fmt.Sprintf("%s %.0f%%", sized("progress", x), 100*x.Done())
	case *kit.Calendar:
		return sized("calendar", x) + " " + x.Day().Format("2006-01-02")
	case *kit.TypingButton:
		return sized("typing", x)
	case *widget.PopUp:
		return sized("popup", x.Content)
	case *kit.Wheel:
		return describe(&x.Scroll)
	case *container.Scroll:
		more := ""
		if x.Content.Size().Height > x.Size().Height+1 {
			more = fmt.Sprintf(" at %.0f of %.0f", x.Offset.Y, x.Content.Size().Height)
		}
		return sized("scroll", x) + more
	case *canvas.Raster:
		return sized("picture", x)
	}
	return ""
}

func sized(kind string, o fyne.CanvasObject) string {
	return fmt.Sprintf("%s %.0f×%.0f", kind, o.Size().Width, o.Size().Height)
}

func weight(t *canvas.Text) string {
	return words(t.TextStyle.Bold, "bold", t.TextSize < kit.Size(kit.SizeBody), "small", t.TextSize > theme.Size(kit.SizeBody), "large")
}

// words gives those that hold: pairs of a bool and a word.
func words(pairs ...any) (said string) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i].(bool) {
			said += " " + pairs[i+1].(string)
		}
	}
	return said
}
