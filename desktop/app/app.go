// Package app owns what the officer sees and does, without widgets: who is signed in, which page is open, the list, the
// record, the form being filled in, the answers to choose from, and the words for all of it.
//
// An App belongs to one goroutine, the screen's: every method is called there, and every function that it hands back is
// called there. It never waits for the disk in a method that answers a key; such work runs beside the screen and comes
// back through the post function given to Start. What has changed on the screen is told to the listener by part.
//
// It never imports the store: it needs of the notebook what the interfaces in notebook.go say.
package app

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/clock"
	"banlang/shared/record"
)

// Page is a page of the window.
type Page uint8

// The pages.
const (
	PageSignIn Page = iota
	PageToday       // what waits for the officer
	PageFlash
	PageDirectives
	PageRecords
	PageSync
	PageSettings
	PageNew      // which form to fill in
	PageForm     // filling it in
	PageConflict // choosing among answers
	PageAsking   // what needs somebody: rejected, or answered twice
	PageEnrol    // the machine has no notebook yet
)

// redrawPause is the least time between two redrawings after changes from elsewhere, so that a long pull neither flickers
// nor keeps an old machine busy.
const redrawPause = 250 * time.Millisecond

// App is the program as the officer sees it. The zero App is not usable; New makes one.
type App struct {
	*core
	Gate   *SignIn
	Today  *Today
	List   *List
	Asking *Asking

	Enrolment  *Enrolment
	Directives *Directives
	Flashes    *FlashReports

	me         Officer
	page       Page
	textSize   int
	detail     *Detail
	editor     *Editor
	ending     map[*Editor]bool // forms that were left before all of their draft was durable
	choice     *Choice
	startAt    string // the question at which the next form begins; "": the first
	toasted    *Toast
	desk       desk
	engine     SyncStatus
	stopLock   func() // the timer that locks the screen; nil: none runs
	stopTick   func()
	lastActive time.Time
	news       gather // of the notebook
	reading    turns  // of the desk
	progress   gather // of the engine
}

// desk is what is known of the notebook as a whole.
type desk struct {
	status    notebook.Status
	week      int                             // own changes saved this week
	drafts    []notebook.Draft                // the signed-in officer's, latest first
	edited    map[record.Dot]record.ReplicaID // the machines that created the records of drafts
	feeds     []record.Feed
	conflicts int
	attention int // rejected, or returned
	lately    notebook.Lately
	published int  // publications of the centre that are learnt
	stale     bool // the list on the screen is older than the notebook
	behind    int  // places of the log that are not in the list yet
}

// New makes the program of a notebook. Nothing runs before Start.
func New(o Options) *App {
	o.Book = Book{Sync: noSync{}}
	if o.Prefs == nil {
		o.Prefs = noPrefs{}
	}
	if o.Wall == nil {
		o.Wall = clock.System
	}
	if o.Zone == nil {
		o.Zone = time.Local
	}
	if o.After == nil {
		o.After = machineAfter
	}
	c := &core{o: o, lang: Vietnamese}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	a := &App{core: c, textSize: 16, ending: map[*Editor]bool{}}
	a.Gate = &SignIn{a: a}
	a.Enrolment = &Enrolment{a: a}
	a.Today = &Today{a: a}
	a.Directives = &Directives{a: a}
	a.Directives.reset()
	a.Flashes = &FlashReports{a: a}
	a.List = newList(a)
	a.Asking = &Asking{a: a}
	a.news = gather{c: c, pause: redrawPause, f: a.refresh}
	a.progress = gather{c: c, pause: redrawPause, f: a.tookProgress}
	return a
}

// Start shows the first page: who is using this machine, or, where it has no notebook, what makes one. Post runs a function on the screen's goroutine, in order; listen is
// called there with what to draw anew.
func (a *App) Start(post func(func()), listen func(Part)) {
	a.post, a.listen = post, listen
	a.started.Store(true)
	a.readPreferences()
	if a.o.Enrol != nil {
		a.page = PageEnrol
		a.Enrolment.Look()
	} else {
		a.Gate.load()
	}
	a.show(PartPage)
}

func (a *App) watch(changed <-chan struct{}, stop func(), f func()) {
	ctx, onScreen := a.ctx, a.onScreen()
	a.working.Go(func() {
		defer stop()
		for {
			select {
			case <-ctx.Done():
				return
			case _, ok := <-changed:
				if !ok {
					return
				}
				onScreen(f)
			}
		}
	})
}

// Close saves the draft on the screen, ends everything that runs beside it and shuts the notebook. It returns what the last
// save said: a draft that could not be written is lost (SaveAll says so before).
func (a *App) Close() error {
	return errors.Join(a.detach(), a.o.Door.Shut())
}

func (a *App) readPreferences() {
	if lang := a.o.Prefs.Get(prefLanguage); catalogues[lang] != nil {
		a.lang = lang
	}
	if n, err := strconv.Atoi(a.o.Prefs.Get(prefTextSize)); err == nil && n >= 14 && n <= 18 && n%2 == 0 {
		a.textSize = n
	}
}

// SetLanguage changes the language of the screen at once, and keeps it.
func (a *App) SetLanguage(lang string) {
	if lang == a.lang || catalogues[lang] == nil {
		return
	}
	a.lang = lang
	a.keep(prefLanguage, lang)
	a.reword()
}

// TextSize is the officer's step: 14, 16 or 18.
func (a *App) TextSize() int { return a.textSize }

// SetTextSize changes the step at once, and keeps it.
func (a *App) SetTextSize(size int) {
	if size == a.textSize || size != 14 && size != 16 && size != 18 {
		return
	}
	a.textSize = size
	a.keep(prefTextSize, strconv.Itoa(size))
	a.show(PartPage)
}

// Preference is something that the window keeps for itself; Prefer keeps it.
func (a *App) Preference(name string) string { return a.o.Prefs.Get(name) }

// Prefer keeps what the window wants to find again. That it could not be kept is no trouble for anybody.
func (a *App) Prefer(name, value string) { _ = a.o.Prefs.Put(name, value) }

// keep keeps a preference. One that cannot be kept holds until the program ends; the officer is told.
func (a *App) keep(name, value string) {
	if err := a.o.Prefs.Put(name, value); err != nil {
		a.warn(err)
	}
}

// reword draws everything in the language that holds now.
func (a *App) reword() {
	a.Gate.said = ""
	a.Enrolment.said = Trouble{}
	a.List.reword()
	a.Asking.reword()
	a.toasted = nil
	a.Directives.reword()
	a.Flashes.refresh()
	if a.detail != nil {
		a.detail.build()
	}
	if a.choice != nil {
		a.choice.build()
	}
	if a.editor != nil {
		a.editor.reopen()
	}
	a.show(PartPage)
}

// Page is the page that is open.
func (a *App) Page() Page { return a.page }

// Me is the name of the person signed in; empty when nobody is.
func (a *App) Me() string { return a.me.Name }

// Unit says whose notebook this is; it may be empty.
func (a *App) Unit() string { return a.o.Door.Whose().Unit }

// Machine names this machine for people.
func (a *App) Machine() string {
	return a.T("machine", "n", strconv.Itoa(int(a.o.Door.Whose().Machine)))
}

// Raise brings the window to the front: somebody has started the program again. Any goroutine may call it; before Start it
// does nothing, since the window is about to come up.
func (a *App) Raise() {
	if a.started.Load() {
		a.post(func() { a.show(PartRaise) })
	}
}

// Locked reports whether the notebook is enciphered on the disk: only then may real data be entered.
func (a *App) Locked() bool { return a.o.Door.Whose().Locked }

// Open reports whether the notebook is open, be it behind a locked screen.
func (a *App) Open() bool { return a.o.Notebook != nil }

// Version is the program's.
func (a *App) Version() string { return a.o.Version }

// Go opens a page. A form that is left keeps its draft.
func (a *App) Go(p Page) {
	if a.me.ID == "" {
		return
	}
	a.active()
	a.leaveForm()
	a.choice = nil
	a.page = p
	switch {
	case p == PageToday:
		a.Today.load()
	case p == PageAsking:
		a.Asking.load()
	case p == PageDirectives:
		a.Directives.again()
	case p == PageRecords && a.desk.stale:
		a.List.search()
	}
	a.show(PartPage)
}

// enter opens the notebook for an officer.
func (a *App) enter(o Officer, b Book) {
	a.attach(b)
	a.me, a.page = o, PageToday
	a.Gate.said = ""
	a.active()
	a.tick()
	a.refresh()
	a.Today.load()
	if len(b.Again) > 0 {
		a.toastFor(againStays, a.T("officer.waiting", "names", strings.Join(b.Again, ", ")), "", nil)
	}
	a.show(PartPage)
}

// againStays is how long is shown who is to be entered again: names are to be noted.
const againStays = time.Minute

// Lock hides the notebook until somebody gives a passphrase. What is under way goes on: drafts are written, and what is
// saved goes to the centre (decision 18: no timer stops that).
func (a *App) Lock() {
	a.leaveForm()
	a.me, a.page = Officer{}, PageSignIn
	a.detail, a.choice, a.toasted = nil, nil, nil
	a.desk.drafts = nil
	a.List.reset()
	a.Directives.reset()
	a.Flashes.reset()
	*a.Asking = Asking{a: a, round: a.Asking.round + 1}
	a.Gate.load()
	a.show(PartPage)
}

// SignOut closes the notebook: a form that is open keeps its draft, and what opened the notebook is forgotten. While a draft cannot be
// written the notebook stays open behind the lock, and the draft in it.
func (a *App) SignOut() {
	a.Lock()
	if t := a.SaveAll(); t.Some() {
		a.Gate.say(t.Message + " " + t.Next + " (" + t.Code + ")")
		return
	}
	a.shut()
}

func (a *App) shut() {
	if err := errors.Join(a.detach(), a.o.Door.Shut()); err != nil {
		a.Gate.sayTrouble(err)
	}
	a.show(PartPage)
}

// refresh reads what every page shows, after the notebook has changed.
func (a *App) refresh() {
	a.Directives.refresh()
	a.Flashes.refresh()
	a.readDeskAgain()
}

func (a *App) readDeskAgain() {
	if !a.Open() || !a.reading.begin() {
		return
	}
	me, published := a.me.ID, a.desk.published
	a.run(func(ctx context.Context) func() {
		d, err := a.readDesk(ctx, me, published)
		return func() {
			defer a.reading.end(a.readDeskAgain)
			if err != nil || me != a.me.ID {
				return // it is read again after the next change; what is on the screen stays
			}
			d.stale = true
			if d.published != a.desk.published { // they may name units and people
				a.Directives.refresh()
			}
			a.desk = d
			a.Flashes.dress()
			a.show(PartNav | PartSync | PartFlash)
			if me != "" {
				a.refreshPage()
			}
		}
	})
}

// refreshPage brings the open page up to the notebook. A form, and answers to choose from, stay as they are: what the
// officer sees there is what the next key replaces.
func (a *App) refreshPage() {
	switch a.page {
	case PageForm:
		if a.editor != nil {
			a.editor.look()
		}
	case PageRecords:
		a.List.renew()
		if a.detail != nil {
			a.openKey(a.List.chosen)
		}
	case PageToday:
		a.Today.load()
	case PageAsking:
		a.Asking.load()
	case PageNew:
		a.show(PartList)
	}
}

func (a *App) readDesk(ctx context.Context, me string, published int) (d desk, err error) {
	n := a.o.Notebook
	if d.published, err = a.learn(ctx, published); err != nil {
		return d, err
	}
	if d.status, err = n.Status(ctx); err != nil {
		return d, err
	}
	if d.behind, err = n.Behind(ctx); err != nil {
		return d, err
	}
	if d.lately, err = n.Lately(ctx); err != nil {
		return d, err
	}
	if d.week, err = n.SavedSince(ctx, weekStart(a.now()).UnixMilli()); err != nil || me == "" {
		return d, err
	}
	if d.feeds, err = n.Feeds(ctx); err != nil {
		return d, err
	}
	drafts, err := n.Drafts(ctx)
	if err != nil {
		return d, err
	}
	for _, x := range drafts {
		if x.Officer == me {
			d.drafts = append(d.drafts, x)
		}
	}
	if d.edited, err = readEdited(ctx, n, d.drafts); err != nil {
		return d, err
	}
	if d.conflicts, err = count(ctx, n, notebook.StateConflict); err != nil {
		return d, err
	}
	if d.attention, err = count(ctx, n, notebook.StateAttention); err != nil {
		return d, err
	}
	returned, err := count(ctx, n, notebook.StateReturned)
	d.attention += returned
	return d, err
}

// readEdited finds the machines that created the records which drafts are of.
func readEdited(ctx context.Context, n Reader, drafts []notebook.Draft) (map[record.Dot]record.ReplicaID, error) {
	var recs []record.Dot
	for _, d := range drafts {
		if of := d.Of(); !of.IsZero() {
			recs = append(recs, of)
		}
	}
	if len(recs) == 0 {
		return nil, nil
	}
	lines, err := n.Lines(ctx, recs)
	by := map[record.Dot]record.ReplicaID{}
	for i := range lines {
		by[lines[i].Record] = lines[i].Replica
	}
	return by, err
}

// mostCounted bounds what is counted beside the navigation; more is shown as "99+".
const mostCounted = 100

func count(ctx context.Context, n Reader, s notebook.State) (int, error) {
	recs, err := n.Search(ctx, notebook.Query{State: s, Limit: mostCounted})
	return len(recs), err
}

// Counts are the numbers beside the navigation.
func (a *App) Counts() (drafts, conflicts, attention int) {
	return len(a.desk.drafts), a.desk.conflicts, a.desk.attention
}
