package formui_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/ui/kit"
	"banlang/shared/form"
)

// places is a form that asks for a commune and for one of its villages, of which the second commune has as many as wanted.
func places(villages int) *form.Publication {
	var items strings.Builder
	item := func(name, label, commune string) {
		fmt.Fprintf(&items, "<item><name>%s</name><label>%s</label><commune>%s</commune></item>", name, label, commune)
	}
	item("s1", "Thôn nhỏ", "nho")
	for n := range villages {
		item(fmt.Sprintf("v%d", n+1), fmt.Sprintf("Thôn số %d", n+1), "lon")
	}
	xml := `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:bl="urn:banlang:form">
 <h:head><h:title>Nơi ở</h:title><model><instance><data id="places" version="1" bl:compartment="ordinary"><commune/><village/></data></instance>
  <instance id="villages"><root>` + items.String() + `</root></instance>
  <bind nodeset="/data/commune" type="string"/><bind nodeset="/data/village" type="string"/>
 </model></h:head><h:body>
  <select1 ref="/data/commune"><label>Xã</label><item><label>Nhỏ</label><value>nho</value></item><item><label>Lớn</label><value>lon</value></item></select1>
  <select1 ref="/data/village"><label>Thôn</label><itemset nodeset="instance('villages')/root/item[commune = /data/commune]"><value ref="name"/><label ref="label"/></itemset></select1>
 </h:body></h:html>`
	return &form.Publication{ID: "places", Version: "1", Title: form.Text{VI: "Nơi ở", EN: "Places"}, Compartment: "ordinary", XML: xml}
}

// atPlaces opens that form.
func atPlaces(t *testing.T, villages int) *desk {
	t.Helper()
	return deskWith(t, "places", []*form.Publication{places(villages)})
}

// option is a row of what is offered.
type option interface {
	fyne.Tappable
	fyne.CanvasObject
	AccessibilityLabel() string
}

// offered is what is seen whole of the list below a question.
func (d *desk) offered(label string) (rows []option) {
	d.t.Helper()
	list := in[*kit.Options](d.t, d.win, label)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject
	for _, o := range test.LaidOutObjects(list) {
		if r, ok := o.(option); ok && r.Visible() {
			if y := at(r).Y - at(list).Y; y >= 0 && y+r.Size().Height <= list.Size().Height {
				rows = append(rows, r)
			}
		}
	}
	return rows
}

// row finds what is offered by its name.
func (d *desk) row(label, text string) option {
	d.t.Helper()
	var seen []string
	for _, r := range d.offered(label) {
		if seen = append(seen, r.AccessibilityLabel()); r.AccessibilityLabel() == text {
			return r
		}
	}
	d.t.Fatalf("%q is not seen among %q", text, seen)
	return nil
}

// Every kind of what people hand in is reached without knowing what to type: by the wheel, by a tap, and by keys.
func TestEveryChoiceIsReached(t *testing.T) {
	d := deskOf(t, "weapon_handover")
	d.form.Focus("how")
	d.shortcut(fyne.KeyL, fyne.KeyModifierControl)
	row := d.e.Rows("items")[0]
	kind := "items/" + row + "/kind"
	choices := d.e.Filling().Choices(kind)
	if len(choices) <= 8 {
		t.Fatalf("only %d kinds", len(choices))
	}
	if text := fmt.Sprintf("%d mục. Gõ thêm để tìm, hoặc cuộn xuống xem hết.", len(choices)); !says(t, d.win, "1", text) {
		t.Errorf("it is not said that there are %d", len(choices))
	}
	for i, c := range choices {
		d.form.Focus(kind)
		in[*kit.Entry](t, d.win, "1").SetText("")
		d.press(fyne.KeyDown)
		for range i {
			d.press(fyne.KeyDown)
		}
		d.row("1", c.Label)
		d.press(fyne.KeyReturn)
		d.holds(map[string]string{kind: c.Value})
	}
	last := choices[len(choices)-1]
	for name, reaches := range map[string]func(){
		"End":      func() { d.press(fyne.KeyEnd) },
		"PageDown": func() { d.press(fyne.KeyPageDown, fyne.KeyPageDown, fyne.KeyPageDown) },
		"wheel": func() {
			o := in[*kit.Options](t, d.win, "1")
			test.Scroll(d.win.Canvas(), d.middle(o), 0, -5000)
		},
	} {
		d.form.Focus(kind)
		in[*kit.Entry](t, d.win, "1").SetText("")
		t.Log(name)
		reaches()
		d.row("1", last.Label)
	}
	d.row("1", last.Label).Tapped(nil)
	d.Settle()
	d.holds(map[string]string{kind: last.Value})
}

// middle is where a widget is on the canvas.
func (d *desk) middle(o fyne.CanvasObject) fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	return at.AddXY(o.Size().Width/2, o.Size().Height/2)
}

// An answer that is there is found by opening the list: it is marked, and its neighbours are beside it.
func TestAListOpensAtItsAnswer(t *testing.T) {
	d := atPlaces(t, 61)
	d.e.Set("commune", "lon")
	d.e.Set("village", "v47")
	d.form.Focus("village")
	d.press(fyne.KeyF4)
	d.row("Thôn", "Thôn số 47")
	d.holds(map[string]string{"village": "v47"})
	d.press(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	d.holds(map[string]string{"village": "v48"})
	d.form.Focus("village")
	d.press(fyne.KeyF4, fyne.KeyUp, fyne.KeyHome, fyne.KeyReturn)
	d.holds(map[string]string{"village": "v1"})
}

// A list that begins empty, and is filled by another answer, is searched when it is long: what is typed there finds, and picks nothing
// by its first letter.
func TestAListThatGrowsIsSearched(t *testing.T) {
	d := atPlaces(t, 61)
	d.form.Focus("village")
	d.write("thon so 47")
	d.holds(map[string]string{"village": ""})
	d.e.Set("commune", "lon") // as an answer elsewhere, or what is calculated, would
	d.Settle()
	d.write("thon so 47")
	d.holds(map[string]string{"village": ""})
	d.press(fyne.KeyReturn)
	d.holds(map[string]string{"village": "v47"})
	d.form.Focus("village")
	in[*kit.Entry](t, d.win, "Thôn").SetText("")
	d.write("thon so 1")
	d.e.Set("commune", "nho")
	d.Settle()
	if e, ok := d.focused().(*kit.Entry); !ok || e.Text != "thon so 1" {
		t.Errorf("the hand is in %T, with %q", d.focused(), e.Text)
	}
}

// A list of ten thousand is as quick as a hand.
func TestALongListIsQuick(t *testing.T) {
	d := atPlaces(t, 10_000)
	d.e.Set("commune", "lon")
	d.form.Focus("village")
	begin := time.Now()
	d.write("thon so 9999")
	d.press(fyne.KeyDown)
	if took := time.Since(begin) / 13; took > 100*time.Millisecond {
		t.Errorf("%v for a key", took)
	}
	d.press(fyne.KeyReturn)
	d.holds(map[string]string{"village": "v9999"})
}
