package console

import (
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/form/declared"
	tree "banlang/shared/units"
	"banlang/shared/viet"
	"banlang/syncserver/boundary"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
	"banlang/syncserver/units"
)

const (
	foundUnits = 50  // that a search shows
	shownDiffs = 200 // units that a trial shows
)

// unitsPage is the tree, from one unit down, or what was searched for in it.
type unitsPage struct {
	Unit     *tree.Unit // nil: the top
	Path     []tree.Unit
	Below    []unitLineOf
	Found    bool // Below is what was searched for
	More     bool // there is more than was found
	All      int
	Layers   []*boundary.Layer
	MayAlter bool
	Bad      *Trouble
}

// unitLineOf is a unit in a list.
type unitLineOf struct {
	tree.Unit
	Above string
	N     int // units right below it
}

// mayAlter asks for the root of the tree, whose change is everybody's; confirmed says whether the passphrase counts too.
func (q *Request) mayAlter(confirmed bool) error {
	tops := []string{}
	for _, u := range q.today().Children("") {
		tops = append(tops, u.Code)
	}
	if len(tops) == 0 {
		tops = append(tops, q.Viewer.Unit) // there is no tree yet
	}
	for _, code := range tops {
		err := q.c.Centre.Staff().Allow(q.Context(), q.Viewer, staff.ChangeUnits, code, declared.Ordinary)
		if err != nil && (confirmed || fault.CodeOf(err) != fault.ConfirmFirst) {
			return err
		}
	}
	return nil
}

// getUnits shows the tree. What units there are is everybody's to know.
func getUnits(q *Request) error { return q.showUnits(http.StatusOK, nil) }

func (q *Request) showUnits(status int, bad *Trouble) error {
	p := unitsPage{MayAlter: q.mayAlter(false) == nil, All: len(q.today().All()), Bad: bad}
	at := q.Q("unit")
	if u, ok := q.today().Unit(at); ok && at != "" {
		p.Unit = &u
		if path := q.today().Path(at); len(path) > 0 {
			p.Path = path[:len(path)-1]
		}
	} else {
		at = ""
	}
	if words := viet.Fold(strings.TrimSpace(q.Q("words"))); words != "" {
		p.Found = true
		for _, u := range q.today().All() {
			if !strings.Contains(viet.Fold(u.Name), words) && !strings.HasPrefix(strings.ToLower(u.Code), words) {
				continue
			}
			if p.More = len(p.Below) == foundUnits; p.More {
				break
			}
			p.Below = append(p.Below, q.lineOf(u))
		}
	} else {
		for _, u := range q.today().Children(at) {
			p.Below = append(p.Below, q.lineOf(u))
		}
	}
	var err error
	if p.Layers, err = q.c.Centre.Boundaries(); err != nil && fault.CodeOf(err) != fault.BadInput {
		return err // a file that is damaged is replaced by the next import
	}
	return q.showAs(status, "units", "nav.units", p)
}

func (q *Request) lineOf(u tree.Unit) unitLineOf {
	return unitLineOf{Unit: u, Above: q.UnitName(q.today().Parent(u.Code)), N: len(q.today().Children(u.Code))}
}

// getUnitsFile is the tree as a list, to be corrected in a spreadsheet and sent back.
func getUnitsFile(q *Request) error {
	t, err := q.c.Centre.Units(q.Context())
	if err != nil {
		return err
	}
	q.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	q.w.Header().Set("Content-Disposition", `attachment; filename="don-vi.csv"`)
	_, _ = q.w.Write(units.WriteCSV(t.All())) // whoever asked is gone
	return nil
}

// sentFile reads the file of a form.
func (q *Request) sentFile() (file []byte, name string, err error) {
	if err := q.ParseMultipartForm(MaxImport); err != nil {
		return nil, "", badFile(err)
	}
	f, head, err := q.FormFile("file")
	if err != nil {
		return nil, "", badFile(err)
	}
	defer f.Close()
	if file, err = io.ReadAll(f); err != nil {
		return nil, "", badFile(err)
	}
	return file, head.Filename, nil
}

// badFile is a file that was not sent, or not whole; one that is too large stays what it is.
func badFile(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return badInput(err)
}

// onDay is the day of a field; what is no day is told.
func (q *Request) onDay(field string) (string, error) {
	typed := strings.TrimSpace(q.PostFormValue(field))
	if day := isoDay(typed); day != "" || typed == "" {
		return day, nil
	}
	return "", badInput(nil)
}

// tried keeps a change and leads to the page where it is looked at; nothing is altered by it.
func (q *Request) tried(x trial) error {
	q.sendTo("/units/trial?id=" + q.c.trials.keep(q.Viewer.Account, q.now(), x))
	return nil
}

func postUnitsList(q *Request) error {
	if err := q.mayAlter(false); err != nil {
		return err
	}
	file, _, err := q.sentFile()
	if err != nil {
		return err
	}
	a := &centre.AlterUnits{List: file}
	if a.Import.On, err = q.onDay("on"); err != nil {
		return err
	}
	if a.Import.Whole = q.PostFormValue("whole") != ""; a.Import.Whole && a.Import.On == "" {
		return q.showUnits(http.StatusBadRequest, &Trouble{What: q.T("units.whole.noday"), Next: q.T("units.whole.noday.next")})
	}
	return q.tried(trial{Alter: a})
}

func postUnitsMerge(q *Request) error {
	if err := q.mayAlter(false); err != nil {
		return err
	}
	m := &units.Merge{Into: q.unitTyped("into"), Name: strings.TrimSpace(q.PostFormValue("name"))}
	for line := range strings.Lines(q.PostFormValue("units")) {
		if code := q.unitNamed(line); code != "" {
			m.Units = append(m.Units, code)
		}
	}
	var err error
	if m.On, err = q.onDay("on"); err != nil {
		return err
	}
	return q.tried(trial{Alter: &centre.AlterUnits{Merge: m}})
}

// postUnitsSplit reads a part a line: code; name; codes of what is below it from then on.
func postUnitsSplit(q *Request) error {
	if err := q.mayAlter(false); err != nil {
		return err
	}
	s := &units.Split{Unit: q.unitTyped("unit")}
	for line := range strings.Lines(q.PostFormValue("parts")) {
		cells := strings.SplitN(strings.TrimSpace(line), ";", 3)
		if len(cells) < 2 {
			continue
		}
		part := units.Part{Code: strings.TrimSpace(cells[0]), Name: strings.TrimSpace(cells[1])}
		if len(cells) == 3 {
			part.Below = strings.FieldsFunc(cells[2], func(c rune) bool { return c == ' ' || c == ',' || c == '\t' })
		}
		s.Parts = append(s.Parts, part)
	}
	var err error
	if s.On, err = q.onDay("on"); err != nil {
		return err
	}
	return q.tried(trial{Alter: &centre.AlterUnits{Split: s}})
}

func postBoundaries(q *Request) error {
	if err := q.mayAlter(false); err != nil {
		return err
	}
	file, name, err := q.sentFile()
	if err != nil {
		return err
	}
	l, err := boundary.Read(file)
	if err != nil {
		code := fault.CodeOf(err)
		return q.showUnits(http.StatusBadRequest, &Trouble{What: q.T("units.borders.bad"), Next: q.T("units.borders.bad.next"), Code: string(code) + ": " + err.Error()})
	}
	if l.Name = viet.NFC(strings.TrimSpace(q.PostFormValue("name"))); l.Name == "" {
		l.Name, _, _ = strings.Cut(filepath.Base(name), ".")
	}
	if l.From, err = q.onDay("from"); err != nil {
		return err
	}
	return q.tried(trial{Layer: l, ByName: q.PostFormValue("byname") != ""})
}

func postDropBoundaries(q *Request) error {
	if err := q.mayAlter(true); err != nil {
		return err
	}
	name := q.PostFormValue("layer")
	if _, err := q.c.Centre.Do(q.Context(), centre.Request{Viewer: q.Viewer, PutBoundaries: &centre.PutBoundaries{Drop: name}}); err != nil {
		return err
	}
	return q.said("/units", "said.borders.dropped", 1, "")
}

// trialPage is what a change would mean.
type trialPage struct {
	ID       string
	Problems []units.Problem
	Diffs    []units.Difference
	Kinds    []kindCount
	More     int // differences that are not shown
	Bytes    int
	Upon     int64
	Layer    *boundary.Layer
	Match    *boundary.Match
	ByName   bool
}

// kindCount is how many units a change does something to.
type kindCount struct {
	Kind string
	N    int
}

// trialOf finds the change that the address or the form names; one that is not there any more is sent again.
func (q *Request) trialOf() (*trial, error) {
	x, ok := q.c.trials.find(q.FormValue("id"), q.Viewer.Account, q.now())
	if !ok {
		return nil, errNoPage
	}
	return x, nil
}

// getTrial says what a change would mean for the tree as it is now.
func getTrial(q *Request) error {
	if err := q.mayAlter(false); err != nil {
		return err
	}
	x, err := q.trialOf()
	if err != nil {
		return err
	}
	p := trialPage{ID: x.id, Layer: x.Layer, ByName: x.ByName}
	if x.Layer != nil {
		m := x.Layer.Match(q.viewFor(x.Layer))
		p.Match = &m
		return q.show("trial", "units.trial", &p)
	}
	try := *x.Alter
	try.Try = true
	a, err := q.c.Centre.Do(q.Context(), centre.Request{AlterUnits: &try})
	if err != nil {
		return err
	}
	p.Problems, p.Diffs, p.Bytes, p.Upon = a.Altered.Problems, a.Altered.Differences, a.Altered.Bytes, int64(a.Altered.Upon) //nolint:gosec // a place of the log
	for _, kind := range []string{units.Added, units.Ended, units.Altered, units.Removed} {
		n := 0
		for _, d := range p.Diffs {
			if d.Kind == kind {
				n++
			}
		}
		if n > 0 {
			p.Kinds = append(p.Kinds, kindCount{kind, n})
		}
	}
	if len(p.Diffs) > shownDiffs {
		p.Diffs, p.More = p.Diffs[:shownDiffs], len(p.Diffs)-shownDiffs
	}
	return q.show("trial", "units.trial", &p)
}

// viewFor is the tree of the day from which a layer holds.
func (q *Request) viewFor(l *boundary.Layer) *tree.View {
	if l.From == "" {
		return q.today()
	}
	return q.today().On(l.From)
}

// ProblemText is a problem in the viewer's language.
func (q *Request) ProblemText(p units.Problem) string { return p.In(q.lang) }

// postTrial applies a change, unless the tree was altered since it was looked at.
func postTrial(q *Request) error {
	if err := q.mayAlter(true); err != nil {
		return err
	}
	x, err := q.trialOf()
	if err != nil {
		return err
	}
	if x.Layer != nil {
		return q.putLayer(x)
	}
	alter := *x.Alter
	upon, err := parsePos(q.PostFormValue("upon"))
	if err != nil {
		return err
	}
	alter.Upon = upon
	a, err := q.c.Centre.Do(q.Context(), centre.Request{Viewer: q.Viewer, AlterUnits: &alter})
	if fault.CodeOf(err) == fault.Busy {
		return q.said("/units/trial?id="+x.id, "said.units.late", 0, "")
	}
	if err != nil {
		return err
	}
	if len(a.Altered.Problems) > 0 {
		q.sendTo("/units/trial?id=" + x.id)
		return nil
	}
	return q.said("/units", "said.units", len(a.Altered.Differences), "")
}

// putLayer keeps the boundaries of a trial.
func (q *Request) putLayer(x *trial) error {
	file, err := boundary.Encode([]*boundary.Layer{x.Layer})
	if err != nil {
		return fault.New(fault.Internal, "boundaries", err)
	}
	if x.ByName { // what others look at is not altered: the copy is
		copied, err := boundary.Decode(file)
		if err != nil {
			return err
		}
		copied[0].Rename(x.Layer.Match(q.viewFor(x.Layer)).ByName)
		if file, err = boundary.Encode(copied); err != nil {
			return fault.New(fault.Internal, "boundaries", err)
		}
	}
	if _, err := q.c.Centre.Do(q.Context(), centre.Request{Viewer: q.Viewer, PutBoundaries: &centre.PutBoundaries{Layer: file}}); err != nil {
		return err
	}
	return q.said("/units", "said.borders", len(x.Layer.Shapes), "")
}
