package app

import (
	"context"
	"image"
	"slices"
	"strings"

	"banlang/desktop/photo"
	"banlang/shared/form"
)

// Questions that are answered by drawing: a signature, a drawing, marks on a photograph. What is drawn is kept stroke by stroke, as
// everything is that an officer does: each stroke makes another picture, which is the answer from then on. While the form is
// open the strokes are there too, and can be taken back one by one.

// Hand says how a question is answered by drawing.
type Hand uint8

// The hands.
const (
	NoHand    Hand = iota
	Signs          // on a low sheet of paper
	Sketches       // on a high one
	Annotates      // over a picture that was taken in
)

// HandOf is how a question for a picture is answered by drawing, as its appearance says.
func HandOf(it *form.Item) Hand {
	if it.Field.Type == form.TypeFile && strings.HasPrefix(it.Media(), "image/") {
		for _, said := range strings.Fields(it.Appearance) {
			switch said {
			case "signature":
				return Signs
			case "draw":
				return Sketches
			case "annotate":
				return Annotates
			}
		}
	}
	return NoHand
}

// papers are the sizes of the paper, in pixels.
var papers = map[Hand]image.Point{Signs: {900, 340}, Sketches: {1000, 700}}

// drawing is what is drawn in answer to a question.
type drawing struct {
	photo.Drawing
	over    string // the kept picture below; "": paper
	answer  string // what was last answered with it, or stood there when it was begun
	ready   bool   // the picture below is read
	again   bool   // there are strokes that the answer does not show
	keeping bool
	trouble Trouble
}

// Drawing is what is drawn in answer to the question at path, as the screen shows it: to be read only.
type Drawing struct {
	photo.Drawing
	Ready   bool    // it can be drawn on; else the picture below is being read, or cannot be
	Trouble Trouble // why it could not be kept, or drawn on
}

// OpenDrawing begins to draw in answer to a question, or goes on with what is there.
func (e *Editor) OpenDrawing(path string, hand Hand) {
	if e.a.o.Photos == nil || e.pen.ended {
		return
	}
	value := e.Value(path)
	if d := e.drawings[path]; d != nil && (d.again || d.answer == value && d.ready) {
		return
	}
	d := &drawing{Drawing: photo.Drawing{Size: papers[hand]}, over: value, answer: value, ready: value == ""}
	e.drawings[path] = d
	if d.ready {
		return
	}
	e.a.run(func(ctx context.Context) func() {
		under, err := e.a.o.Photos.Whole(ctx, value)
		return func() {
			if d.ready { // begun anew meanwhile
				return
			}
			if d.Under, d.ready = under, err == nil; err != nil {
				d.trouble = e.a.sayFault(err)
			}
			e.a.show(PartForm)
		}
	})
}

// Drawing is what is drawn in answer to the question at path. False: the answer is another by now, or nothing was begun.
func (e *Editor) Drawing(path string) (Drawing, bool) {
	d := e.drawings[path]
	if d == nil || !d.again && d.answer != e.Value(path) {
		return Drawing{}, false
	}
	return Drawing{d.Drawing, d.ready, d.trouble}, true
}

// Stroke adds what a hand drew.
func (e *Editor) Stroke(path string, s photo.Stroke) {
	if d := e.drawings[path]; d != nil && d.ready && len(s) > 0 {
		d.Strokes = append(slices.Clip(d.Strokes), s)
		e.drawn(path, d)
	}
}

// TakeBackStroke takes the last stroke away.
func (e *Editor) TakeBackStroke(path string) {
	if d := e.drawings[path]; d != nil && len(d.Strokes) > 0 {
		d.Strokes = d.Strokes[:len(d.Strokes)-1]
		e.drawn(path, d)
	}
}

// ClearDrawing begins anew: on white paper, or over the picture without strokes. It is a step of its own, which can be taken back.
func (e *Editor) ClearDrawing(path string) {
	d := e.drawings[path]
	if d == nil || e.pen.ended {
		return
	}
	if d.Size != (image.Point{}) {
		d.over, d.Under, d.ready = "", nil, true
	}
	d.Strokes, d.trouble = nil, Trouble{}
	e.endTyping()
	e.drawn(path, d)
	e.endTyping()
}

// drawn sees to it that the answer shows what is drawn.
func (e *Editor) drawn(path string, d *drawing) {
	if e.pen.ended {
		return
	}
	e.a.Active()
	d.again = true
	if !d.keeping {
		e.keepDrawing(path, d)
	}
	e.a.show(PartForm)
}

// keepDrawing keeps what is drawn and answers with it; one is kept at a time. What could not be kept is tried again.
func (e *Editor) keepDrawing(path string, d *drawing) {
	d.again = false
	if len(d.Strokes) == 0 {
		e.answerDrawing(path, d, d.over)
		return
	}
	d.keeping = true
	now, photos := d.Drawing, e.a.o.Photos
	e.beside(func(ctx context.Context) func() {
		in, err := photos.Draw(context.WithoutCancel(ctx), now)
		return func() {
			defer e.arrived()
			d.keeping = false
			if e.pen.ended || e.drawings[path] != d {
				return
			}
			if err != nil {
				d.again, d.trouble = true, e.a.sayFault(err)
				e.a.toastTrouble(err)
				e.atLast = nil
				e.a.after(writeAgain, func() { e.keepAgain(path, d) })
				e.a.show(PartForm)
				return
			}
			e.answerDrawing(path, d, in.Name)
			e.keepAgain(path, d)
		}
	})
}

// keepAgain keeps what was drawn since.
func (e *Editor) keepAgain(path string, d *drawing) {
	if d.again && !d.keeping && !e.pen.ended && e.drawings[path] == d {
		e.keepDrawing(path, d)
	}
}

// answerDrawing answers with a picture that is kept. Strokes that follow each other are one step.
func (e *Editor) answerDrawing(path string, d *drawing, name string) {
	d.answer, d.trouble = name, Trouble{}
	e.set(path, name, true)
	e.a.show(PartForm)
}

// isDrawing reports whether there are strokes that are not in the draft yet.
func (e *Editor) isDrawing() bool {
	for _, d := range e.drawings {
		if d.again || d.keeping {
			return true
		}
	}
	return false
}

// lastDrawings answers with what is drawn before the program ends, and waits for it.
func (e *Editor) lastDrawings() (err error) {
	for path, d := range e.drawings {
		if e.pen.ended || !d.again && !d.keeping {
			continue
		}
		name := d.over
		if len(d.Strokes) > 0 {
			in, failed := e.a.o.Photos.Draw(context.WithoutCancel(e.a.ctx), d.Drawing)
			if failed != nil {
				err = failed
				continue
			}
			name = in.Name
		}
		e.answerDrawing(path, d, name)
		d.again = d.keeping // what is being kept is older, and answers when it comes
	}
	return err
}
