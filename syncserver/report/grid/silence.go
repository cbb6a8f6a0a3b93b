package grid

import (
	"slices"
	"time"

	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/shared/viet"
)

// Silent is a unit of which nothing has come for longer than its rhythm. Ordinary records count: when a tip came is not everybody's to see.
type Silent struct {
	Unit  units.Unit
	Last  record.Millis // when something reached the centre last; 0 never
	Usual int           // days that may pass between two arrivals: twice the median gap of the last half year, at least leastRhythm
	Days  int           // that have passed
}

// leastRhythm is how many days any unit may be silent.
const leastRhythm = 3

const day = record.Millis(24 * time.Hour / time.Millisecond)

// rhythmDays is how far back the rhythm of a unit is looked for.
const rhythmDays = 182

// Silence lists the units of a level within root that are silent, the longest first; units that never sent anything come before all
// others. A unit of which something came on one day only has the least rhythm.
func Silence(tx *sqlite.Tx, view *units.View, root, level string, now time.Time) ([]Silent, error) {
	home := map[string]string{} // unit of the level by code
	var all []units.Unit
	for _, u := range view.Level(level) {
		if root != "" && !view.Within(u.Code, root) {
			continue
		}
		all = append(all, u)
		for _, code := range view.Under(u.Code) {
			home[code] = u.Code
		}
	}
	s := silence{home: home, days: map[string][]int64{}, last: map[string]int64{}}
	if err := s.recent(tx, now.UnixMilli()-rhythmDays*day); err != nil {
		return nil, err
	}
	if err := s.before(tx, all); err != nil {
		return nil, err
	}
	var silent []Silent
	for _, u := range all {
		x := Silent{Unit: u, Last: s.last[u.Code], Usual: rhythm(s.days[u.Code])}
		x.Days = int((now.UnixMilli() - x.Last) / day)
		if x.Last == 0 || x.Days > x.Usual {
			silent = append(silent, x)
		}
	}
	slices.SortStableFunc(silent, func(a, b Silent) int { return int((a.Last - b.Last) / day) })
	return silent, nil
}

// silence is when something came, by unit.
type silence struct {
	home map[string]string
	days map[string][]int64 // on which something came, from the latest back
	last map[string]int64
}

// recent reads from the latest record back to a moment: records lie in the order in which they arrived.
func (s *silence) recent(tx *sqlite.Tx, since record.Millis) error {
	rows := tx.Query("SELECT unit, arrived FROM records WHERE compartment = 'ordinary' ORDER BY rec DESC")
	defer rows.Close()
	for rows.Next() {
		at := rows.Int64(1)
		if at > 0 && at < since {
			return nil
		}
		u := s.home[rows.Text(0)]
		if u == "" || at == 0 {
			continue
		}
		s.last[u] = max(s.last[u], at)
		if d, n := viet.DayOf(at), len(s.days[u]); n == 0 || s.days[u][n-1] != d {
			s.days[u] = append(s.days[u], d)
		}
	}
	return rows.Err()
}

// before finds when something came last of the units of which nothing came since: there are few, and if not, it is read once.
func (s *silence) before(tx *sqlite.Tx, all []units.Unit) error {
	if !slices.ContainsFunc(all, func(u units.Unit) bool { return s.last[u.Code] == 0 }) {
		return nil
	}
	rows := tx.Query("SELECT unit, max(arrived) FROM records WHERE compartment = 'ordinary' GROUP BY unit")
	for rows.Next() {
		if u := s.home[rows.Text(0)]; u != "" {
			s.last[u] = max(s.last[u], rows.Int64(1))
		}
	}
	return rows.Err()
}

// rhythm is twice the median gap between days on which something came.
func rhythm(days []int64) int {
	slices.Sort(days)
	days = slices.Compact(days)
	if len(days) < 2 {
		return leastRhythm
	}
	gaps := make([]int64, len(days)-1)
	for i := range gaps {
		gaps[i] = days[i+1] - days[i]
	}
	slices.Sort(gaps)
	n := len(gaps)
	return max(leastRhythm, int(gaps[(n-1)/2]+gaps[n/2])) // twice the median of an even number, too
}
