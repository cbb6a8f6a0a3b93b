package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"banlang/desktop/ui/kit"
)

// Where shaders cannot be drawn, every plane looks as it does with them.
func TestAFlatPlaneLooksAsItWasTold(t *testing.T) {
	kit.DrawFlat(true)
	defer kit.DrawFlat(false)
	p := kit.NewPlane(kit.PlaneLook{Fill: kit.ColorPaper, Stroke: kit.ColorLine, Width: 2, Radius: 4})
	r, ok := p.Object.(*canvas.Rectangle)
	if !ok {
		t.Fatalf("it is a %T", p.Object)
	}
	if r.FillColor != kit.Color(kit.ColorPaper) || r.StrokeColor != kit.Color(kit.ColorLine) || r.StrokeWidth != 2 || r.CornerRadius != 4 || r.Hidden {
		t.Errorf("%+v", r)
	}
	p.Resize(fyne.NewSize(30, 20))
	p.Move(fyne.NewPos(3, 4))
	if r.Size() != fyne.NewSize(30, 20) || r.Position() != fyne.NewPos(3, 4) {
		t.Errorf("at %v, %v", r.Position(), r.Size())
	}
	p.Set(kit.PlaneLook{Stroke: kit.ColorRing, Width: 3})
	if r.FillColor != nil || r.StrokeColor != kit.Color(kit.ColorRing) || r.CornerRadius != 0 {
		t.Errorf("%+v", r)
	}
	if p.Set(kit.PlaneLook{}); !r.Hidden {
		t.Error("a plane that draws nothing is shown")
	}
	p.Set(kit.PlaneLook{Fill: kit.ColorPaper})
	if p.Show(false); !r.Hidden || p.Shown() {
		t.Error("a hidden plane is shown")
	}
	if p.Show(true); r.Hidden {
		t.Error("a shown plane is hidden")
	}
}
