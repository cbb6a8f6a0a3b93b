package app

import (
	"context"
	"net"
	"strings"
	"time"

	"banlang/shared/enrolment"
	"banlang/shared/fault"
)

// Enroller makes the notebook of a machine that has none yet. What fails may be tried again with the same code: on this machine
// it stays good until the notebook is there.
type Enroller interface {
	// ByCode trades a one-time code, as it was typed, with the centre at an address (host:port). It returns when the notebook is
	// there, or with fault.EnrolCodeStale, EnrolCodeUsed, EnrolForged, EnrolOffline, EnrolNoAnswer, Busy, or those of the disk.
	ByCode(ctx context.Context, code, address string) error
	// ByFile does what a file of the centre says: it has the enrolment in it, or a code with the address. Beside those of ByCode,
	// fault.EnrolFile.
	ByFile(ctx context.Context, path string) error
	// Files lists such files that lie where people put them, the newest first. It comes back in seconds, or when ctx ends, with
	// what it has found by then.
	Files(ctx context.Context) []EnrolFile
}

// EnrolFile is a file by which the machine may be enrolled.
type EnrolFile struct {
	Path     string
	Modified time.Time
}

// Enrolment is the page of a machine that has no notebook: it takes what the centre has given, a code or a file. What was typed
// stays until the notebook is there.
type Enrolment struct {
	a       *App
	code    string
	address string
	files   []EnrolFile
	looking turns
	busy    bool
	stop    func() // ends the try
	said    Trouble
	wrong   EnrolField
}

// EnrolField is one of the fields of the page.
type EnrolField uint8

// The fields.
const (
	NoField EnrolField = iota
	CodeField
	AddressField
)

// Code is what was typed as the code.
func (e *Enrolment) Code() string { return e.code }

// Address is what was typed as the address of the centre.
func (e *Enrolment) Address() string { return e.address }

// SetCode takes what is typed as the code. Where somebody puts in both, as the picture beside the code has them (address, space,
// code), the address goes to its own place.
func (e *Enrolment) SetCode(text string) {
	address, code, both := strings.Cut(strings.TrimSpace(text), " ")
	if _, _, err := net.SplitHostPort(address); both && err == nil {
		e.address, text = address, strings.TrimSpace(code)
	}
	e.code = text
	e.typed(CodeField)
}

// SetAddress takes what is typed as the address.
func (e *Enrolment) SetAddress(text string) {
	e.address = text
	e.typed(AddressField)
}

// typed takes the mark off a field that somebody is mending.
func (e *Enrolment) typed(in EnrolField) {
	if e.wrong == in {
		e.wrong, e.said = NoField, Trouble{}
	}
	e.a.show(PartSignIn)
}

// Hint says of the code how much of it is there, and, once it is all there, whether there is a slip in it.
func (e *Enrolment) Hint() (text string, slip bool) {
	_, err := enrolment.ParseCode(e.code)
	n := enrolment.Symbols(e.code)
	switch {
	case err == nil:
		return e.a.T("enrol.code.whole"), false
	case n >= enrolment.CodeSymbols:
		return e.a.T("enrol.code.slip"), true
	}
	return e.a.T("enrol.code.some", "n", e.a.number(uint64(n)), "m", e.a.number(enrolment.CodeSymbols)), false
}

// Busy reports whether the centre is being asked.
func (e *Enrolment) Busy() bool { return e.busy }

// Said is why the last try came to nothing, and the field that it is about.
func (e *Enrolment) Said() (Trouble, EnrolField) { return e.said, e.wrong }

// Files are those that were found.
func (e *Enrolment) Files() []EnrolFile { return e.files }

// Found says when a file was put where it is.
func (e *Enrolment) Found(f *EnrolFile) string { return e.a.clockTime(f.Modified.In(e.a.o.Zone)) }

// Looking reports whether files are being looked for.
func (e *Enrolment) Looking() bool { return e.looking.running }

// Try asks the centre with what was typed.
func (e *Enrolment) Try() {
	address, ok := addressOf(e.address)
	switch _, err := enrolment.ParseCode(e.code); {
	case e.busy:
	case strings.TrimSpace(e.code) == "":
		e.refuse(CodeField, e.a.T("enrol.code.none"), e.a.T("enrol.code.next"))
	case err != nil:
		e.refuse(CodeField, e.a.T("enrol.code.wrong"), e.a.T("enrol.code.again"))
	case !ok:
		e.refuse(AddressField, e.a.T("enrol.address.wrong"), e.a.T("enrol.address.next"))
	default:
		by, code := e.a.o.Enrol, e.code
		e.ask(func(ctx context.Context) error { return by.ByCode(ctx, code, address) })
	}
}

// addressOf takes off what people copy with an address; false for what is none.
func addressOf(typed string) (string, bool) {
	_, bare, ok := strings.Cut(typed, "://")
	if !ok {
		bare = typed
	}
	bare = strings.TrimRight(strings.TrimSpace(bare), "/")
	host, port, err := net.SplitHostPort(bare)
	return bare, err == nil && host != "" && port != "" && strings.Trim(port, "0123456789") == "" && !strings.ContainsAny(host, " \t/@?#")
}

func (e *Enrolment) refuse(field EnrolField, message, next string) {
	e.wrong, e.said = field, Trouble{Message: message, Next: next}
	e.a.show(PartSignIn)
}

// Take does what a file of the centre says.
func (e *Enrolment) Take(path string) {
	if !e.busy {
		by := e.a.o.Enrol
		e.ask(func(ctx context.Context) error { return by.ByFile(ctx, path) })
	}
}

// Stop gives up the try that is under way. The code stays good on this machine.
func (e *Enrolment) Stop() {
	if e.stop != nil {
		e.stop()
	}
}

// enrolField is the field that a fault is about.
var enrolField = map[fault.Code]EnrolField{fault.EnrolCodeStale: CodeField, fault.EnrolCodeUsed: CodeField,
	fault.EnrolNoAnswer: AddressField, fault.EnrolForged: AddressField}

func (e *Enrolment) ask(f func(ctx context.Context) error) {
	a := e.a
	ctx, stop := context.WithCancel(a.ctx)
	e.busy, e.stop, e.said, e.wrong = true, stop, Trouble{}, NoField
	a.show(PartSignIn)
	a.run(func(context.Context) func() {
		err := f(ctx)
		stopped := ctx.Err() != nil
		stop()
		return func() {
			e.busy, e.stop = false, nil
			switch {
			case err == nil:
				a.enrolled()
				return
			case stopped:
			default:
				code := fault.CodeOf(err)
				e.said, e.wrong = a.sayCode(code), enrolField[code]
			}
			a.show(PartSignIn)
		}
	})
}

// Look looks for files once more.
func (e *Enrolment) Look() {
	if !e.looking.begin() {
		return
	}
	by := e.a.o.Enrol
	e.a.show(PartSignIn)
	e.a.run(func(ctx context.Context) func() {
		files := by.Files(ctx)
		return func() {
			e.files = files
			e.looking.end(e.Look)
			e.a.show(PartSignIn)
		}
	})
}

// enrolled goes on to the first officer: the notebook is there.
func (a *App) enrolled() {
	a.o.Enrol = nil
	*a.Enrolment = Enrolment{a: a}
	a.page = PageSignIn
	a.Gate.load()
	a.toastFor(toastStays, a.T("enrol.done", "unit", join(a.Unit(), a.Machine())), "", nil)
	a.show(PartPage)
}
