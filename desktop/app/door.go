package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// Door is the way into the notebook of this machine. What lies behind it cannot be read before an officer has opened it; his
// passphrase is needed for that each time, and nothing else is.
type Door interface {
	// Whose says what may be known without opening: it is shown to whoever sits down.
	Whose() Whose
	// Officers lists who may open, in the order in which they were entered.
	Officers() ([]Officer, error)
	// Open lets an officer in and returns the notebook, the same as long as it is open. A passphrase that is not right is a
	// *Refused. Progress is told of work that takes long, 0…1; it is called from any goroutine.
	Open(ctx context.Context, officer, passphrase string, progress func(float64)) (Book, error)
	// Enter makes an officer: the first one, whose entering opens the notebook, or a colleague of one who has it open.
	Enter(ctx context.Context, name, role, passphrase string, progress func(float64)) (Officer, Book, error)
	// Rekey gives an officer another passphrase. A present one that is not right is a *Refused.
	Rekey(ctx context.Context, officer, present, next string) error
	// Advice says in a language what a passphrase must be. One that is too easily guessed is fault.WeakPassphrase, from Enter
	// and Rekey.
	Advice(lang string) string
	// Shut closes the notebook and forgets what opened it. Whoever uses the Book has ended before.
	Shut() error
}

// Whose says whose notebook it is.
type Whose struct {
	Unit    string // as people say it: "Xã Đăk Rơ Leng"; may be empty
	Machine record.ReplicaID
	Locked  bool // what is in it is enciphered on the disk, or will be when somebody opens it
}

// Officer is one of the people of this machine.
type Officer struct {
	ID   string // short and stable, in every change that he writes: "diem.pq.24"
	Name string // as people say it
	Role string // may be empty
	Last record.Millis
}

// Refused is the answer to a passphrase that is not right. Wrong tries slow down; nothing is ever erased.
type Refused struct {
	Left  int       // tries before the next pause; 0: it has begun
	Until time.Time // no try before; zero: now
}

func (r *Refused) Error() string {
	return fmt.Sprintf("app: the passphrase is not right, %d tries left, pause until %s", r.Left, r.Until)
}

// Book is an open notebook with what belongs to it.
type Book struct {
	Notebook Notebook
	Sync     Sync   // nil: this machine has no way to the centre
	Forms    Forms  // what is known of forms, and of the keys that answers are sealed to
	Unit     string // of whom it is, as people say it; may be empty
	Photos   Photos // nil: no picture can be taken in on this machine

	// Again are the names of those who are to be entered again, since they have no passphrase for a notebook that has its key
	// since now; only the opening that brought it under the key tells.
	Again []string

	// Locker keeps the answers that are to be sealed while they are in an officer's draft; nil: drafts hold them as they
	// were typed.
	Locker func(officer string) envelope.Locker
}

// OfficerID makes a short name: the given name, the first letters of the others, and the machine, so that two machines
// do not make the same. It is made once and then kept.
func OfficerID(name string, r record.ReplicaID, others []Officer) string {
	words := strings.Fields(viet.Fold(name))
	if len(words) == 0 {
		words = []string{"x"}
	}
	id := words[len(words)-1]
	if len(words) > 1 {
		id += "."
		for _, w := range words[:len(words)-1] {
			id += string([]rune(w)[:1])
		}
	}
	id = fmt.Sprintf("%s.%d", id, r)
	taken := func(id string) bool {
		return slices.ContainsFunc(others, func(o Officer) bool { return o.ID == id })
	}
	for n, first := 2, id; taken(id); n++ {
		id = fmt.Sprintf("%s-%d", first, n)
	}
	return id
}

// Preferences are what the officer likes, kept beside the notebook because it holds before anybody has opened it. None of it
// is anybody's data.
type Preferences interface {
	// Get returns "" for what was never put.
	Get(name string) string
	Put(name, value string) error
}

// The preferences.
const (
	prefLanguage  = "language"
	prefTextSize  = "text size"
	prefLockAfter = "lock after"
	prefMetered   = "metered"
)

// attach takes an open notebook into use: from here on it is watched.
func (a *App) attach(b Book) {
	if a.o.Notebook == b.Notebook {
		return // it was open all the time, behind a locked screen
	}
	if b.Sync == nil {
		b.Sync = noSync{}
	}
	a.o.Book = b
	a.begin()
	b.Sync.Metered(a.Metered())
	a.engine = b.Sync.Status()
	changed, stop := b.Notebook.Watch()
	a.watch(changed, stop, a.news.signal)
	changed, stop = b.Sync.Watch()
	a.watch(changed, stop, a.progress.signal)
}

// detach ends all work on the notebook, with every draft durable, so that it may be closed.
func (a *App) detach() (err error) {
	a.leaveForm()
	for e := range a.ending {
		err = errors.Join(err, e.lastSave())
		delete(a.ending, e)
	}
	a.end()
	a.o.Book = Book{Sync: noSync{}}
	a.desk, a.engine, a.reading = desk{}, SyncStatus{}, turns{}
	a.news.resting, a.news.more, a.progress.resting, a.progress.more = false, false, false, false
	a.Today.reading = turns{}
	a.List.reset()
	a.Directives.reset()
	a.Flashes.reset()
	return err
}

// obeyOrder locks the screen of a machine that was reported lost, while what it has goes on being sent; when its keys are gone
// and the centre knows, the notebook is closed.
func (a *App) obeyOrder() {
	switch {
	case a.engine.Fault == fault.Wiped:
		a.Lock()
		a.shut()
		a.Gate.load()
		a.Gate.sayTrouble(fault.New(fault.Wiped, "order", nil))
	case a.engine.Lost && a.me.ID != "":
		a.Lock()
		a.Gate.sayTrouble(fault.New(fault.Lost, "order", nil))
	}
}

// lockChoices are the minutes of silence after which the screen is locked; 0: never.
var lockChoices = []int{0, 5, 10, 30}

// lockDefault is what holds until somebody chooses.
const lockDefault = 10

// LockAfter is how many minutes in which nobody touches mouse or keys lock the screen; 0: none do.
func (a *App) LockAfter() int {
	if n, err := strconv.Atoi(a.o.Prefs.Get(prefLockAfter)); err == nil && slices.Contains(lockChoices, n) {
		return n
	}
	return lockDefault
}

// LockChoices are what LockAfter may be.
func (a *App) LockChoices() []int { return lockChoices }

// SetLockAfter chooses it.
func (a *App) SetLockAfter(minutes int) {
	a.keep(prefLockAfter, strconv.Itoa(minutes))
	a.active()
}

// active notes that somebody is at the machine: the clock of the lock begins anew.
func (a *App) active() {
	if a.stopLock != nil {
		a.stopLock()
		a.stopLock = nil
	}
	if n := a.LockAfter(); n > 0 && a.me.ID != "" {
		a.stopLock = a.after(time.Duration(n)*time.Minute, a.Lock)
	}
}

// asleepWait bounds how long the machine is kept from sleeping: less than any system bears.
const asleepWait = 1500 * time.Millisecond

// Asleep locks the screen, as the timer does, because the machine is about to sleep, and returns when what was being written is
// durable, or has taken too long. Any goroutine but the screen's may call it.
func (a *App) Asleep() {
	if !a.started.Load() {
		return
	}
	done := make(chan struct{})
	a.post(func() {
		if a.me.ID != "" {
			a.Lock()
		}
		waiting := 0
		for e := range a.ending {
			if e.Written() {
				continue
			}
			waiting++
			e.pen.then = append(e.pen.then, func(error) {
				if waiting--; waiting == 0 {
					close(done)
				}
			})
		}
		if waiting == 0 {
			close(done)
		}
	})
	select {
	case <-done:
	case <-time.After(asleepWait):
	}
}

// Active is told by the window of everything that somebody does in it: keys, the mouse, the wheel.
func (a *App) Active() {
	now := a.now()
	if d := now.Sub(a.lastActive); d > time.Second || d < 0 { // a timer a key would be waste; the clock may have been set back
		a.lastActive = now
		a.active()
	}
}
