package console

import (
	"crypto/rand"
	"sync"
	"time"
)

// undoTime is how long something can be undone from the page that did it. In the history it can be changed for ever.
const undoTime = 10 * time.Minute

// maxUndos bounds what is remembered; the oldest are forgotten first.
const maxUndos = 1000

// undo is how to take back what an account did.
type undo struct {
	id, account string
	until       time.Time
	do          func(*Request) (n int, err error)
}

// undos are what can be taken back now.
type undos struct {
	mu  sync.Mutex
	all []undo
}

// keep remembers how to take something back, and returns by which name. What is done asks whether the viewer still may, as any
// page does, and notes it.
func (u *undos) keep(account string, now time.Time, do func(*Request) (int, error)) (id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	id = rand.Text()
	u.all = append(u.all, undo{id, account, now.Add(undoTime), do})
	if len(u.all) > maxUndos {
		u.all = u.all[len(u.all)-maxUndos:]
	}
	return id
}

// take finds what an account may take back, once.
func (u *undos) take(id, account string, now time.Time) (do func(*Request) (int, error), ok bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for i, x := range u.all {
		if x.id == id && x.account == account {
			u.all = append(u.all[:i:i], u.all[i+1:]...)
			return x.do, now.Before(x.until)
		}
	}
	return nil, false
}

// postUndo takes back what was just done, and goes back to the page where it was done.
func postUndo(q *Request) error {
	do, ok := q.c.undos.take(q.PostFormValue("undo"), q.Viewer.Account, q.now())
	to := within(q.PostFormValue("to"))
	if !ok {
		return q.said(to, "said.undo.late", 0, "")
	}
	n, err := do(q)
	if err != nil {
		return err
	}
	if n == 0 {
		return q.said(to, "said.undo.late", 0, "")
	}
	return q.said(to, "said.undone", n, "")
}
