package console

import (
	"context"

	"banlang/shared/fault"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// keptCopies is how many backups the console keeps; the timer of the service keeps as many.
const keptCopies = 7

// littleRoom is of how little free room a warning is given, as a multiple of what the next backup takes.
const littleRoom = 3

// operatePage is how the centre is.
type operatePage struct {
	*centre.Operations
	Jobs    []*Job // the last of each kind
	Busy    bool
	Version string
}

// tasks are the long jobs, in the order of the buttons.
var tasks = []string{"backup", "drill", "check"}

// Tasks are the long jobs that one may begin.
func (operatePage) Tasks() []string { return tasks }

// Low reports whether the disk has little room.
func (p operatePage) Low() bool {
	return p.HasFree && p.Free < littleRoom*uint64(p.Files[0].Bytes+p.Files[2].Bytes)
}

// Stale reports whether the newest copy is older than a day and a half.
func (p operatePage) Stale(now int64) bool { return now-p.LastBackup > 36*3600*1000 }

// whole asks for an act that is about the whole centre: for the unit at the top of the viewer's own.
func (q *Request) whole(a staff.Act) error {
	top := q.Viewer.Unit
	for q.today().Parent(top) != "" {
		top = q.today().Parent(top)
	}
	return q.c.Centre.Staff().Allow(q.Context(), q.Viewer, a, top, declared.Ordinary)
}

func getOperate(q *Request) error {
	if err := q.whole(staff.Operate); err != nil {
		return err
	}
	o, err := q.c.Centre.Operations(q.Context())
	if err != nil {
		return err
	}
	p := operatePage{Operations: o, Version: q.c.Version}
	for _, name := range tasks {
		if j := q.c.jobs.of(name); j != nil {
			p.Jobs = append(p.Jobs, j)
			p.Busy = p.Busy || j.Runs()
		}
	}
	return q.show("operate", "nav.operate", p)
}

// postOperate begins a backup, a drill or a check.
func postOperate(q *Request) error {
	if err := q.whole(staff.Operate); err != nil {
		return err
	}
	ask := centre.Request{Who: q.Viewer.Account}
	x := &Job{Name: q.PostFormValue("do"), By: q.Viewer.Account, Began: record.Millis(q.c.Wall())}
	switch x.Name {
	case "backup":
		ask.Backup = &centre.Backup{Keep: keptCopies}
	case "drill":
		ask.Drill = true
	case "check":
		ask.Check = true
	default:
		return badInput(nil)
	}
	x.do = func(ctx context.Context) (centre.Reply, error) { return q.c.Centre.Do(ctx, ask) }
	if err := q.note(staff.Operate, "", "", "", "begin "+x.Name, "", 0); err != nil {
		return err
	}
	switch err := q.c.jobs.begin(x); {
	case fault.CodeOf(err) == fault.Busy:
		return q.said("/operate", "said.job.late", 0, "")
	case err != nil:
		return err
	}
	return q.said("/operate", "said.job", 1, "")
}

// FaultText says in a sentence what a code means.
func (q *Request) FaultText(code fault.Code) string {
	return code.Message(q.faultLang()) + " " + code.Hint(q.faultLang())
}

// Bytes writes how much room something takes.
func (q *Request) Bytes(n any) string {
	var bytes int64
	switch n := n.(type) {
	case int64:
		bytes = n
	case uint64:
		bytes = int64(n)
	}
	for i, unit := range []string{"B", "kB", "MB", "GB"} {
		if bytes < 10_000 || i == 3 {
			return q.Int(bytes) + " " + unit
		}
		bytes /= 1000
	}
	return ""
}
