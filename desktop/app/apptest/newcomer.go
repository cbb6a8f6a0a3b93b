package apptest

import (
	"context"
	"time"

	"banlang/desktop/app"
	"banlang/shared/enrolment"
)

// Newcomer is what makes the notebook of a machine of the village. It asks nobody and answers as it is told; the real one
// (package command) has tests of its own.
type Newcomer struct {
	Says  error           // what is wrong with the next try; nil: nothing
	Asked []string        // what was tried: "ADDRESS CODE", or the path of a file
	Hold  bool            // the next try lasts until it is given up
	Here  []app.EnrolFile // files that are found

	done bool
}

// NewcomersCode is a code as the centre makes them.
const NewcomersCode = "7K3M-Q9T2-XV5N-B8RD-W4HJ-6CPZ-1GSC"

var _ app.Enroller = (*Newcomer)(nil)

// ByCode implements app.Enroller.
func (n *Newcomer) ByCode(ctx context.Context, code, address string) error {
	if _, err := enrolment.ParseCode(code); err != nil {
		return err
	}
	return n.try(ctx, address+" "+code)
}

// ByFile implements app.Enroller.
func (n *Newcomer) ByFile(ctx context.Context, path string) error { return n.try(ctx, path) }

func (n *Newcomer) try(ctx context.Context, what string) error {
	n.Asked = append(n.Asked, what)
	if n.Hold {
		<-ctx.Done()
		return ctx.Err()
	}
	n.done = n.Says == nil
	return n.Says
}

// Files implements app.Enroller.
func (n *Newcomer) Files(context.Context) []app.EnrolFile { return n.Here }

// Stick is a file of the centre on a stick.
func Stick(at time.Time) app.EnrolFile {
	return app.EnrolFile{Path: "/media/xa/USB/ma-dang-ky-SL017.json", Modified: at}
}
