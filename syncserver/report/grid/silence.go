package grid

import (
	"slices"
	"time"

	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/shared/viet"
)

// Silent is a unit of which nothing has come for longer than its rhythm.
type Silent struct {
	Unit  units.Unit
	Last  record.Millis // when something reached the centre last; 0 never
	Usual int           // days that may pass between two arrivals: twice the median gap, at least leastRhythm
	Days  int           // that have passed
}

// leastRhythm is how many days any unit may be silent.
const leastRhythm = 3

// Silence lists the units of a level within root that are silent, the longest first; units that never sent anything come before all
// others. A unit of which something came on one day only has the least rhythm.
func Silence(tx *sqlite.Tx, view *units.View, root, level string, now time.Time) ([]Silent, error) {
	home := map[string]string{} // unit of the level by code
	arrivals := map[string][]int64{}
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
	_, east := time.Unix(0, 0).In(viet.Zone).Zone() // days are those of the country
	rows := tx.Query(`SELECT unit, (arrived + ?) / ?, max(arrived) FROM records WHERE arrived > 0 GROUP BY 1, 2`, int64(east)*1000, day)
	last := map[string]int64{}
	for rows.Next() {
		if u := home[rows.Text(0)]; u != "" {
			arrivals[u] = append(arrivals[u], rows.Int64(1))
			last[u] = max(last[u], rows.Int64(2))
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	var silent []Silent
	for _, u := range all {
		s := Silent{Unit: u, Last: last[u.Code], Usual: rhythm(arrivals[u.Code])}
		s.Days = int((now.UnixMilli() - last[u.Code]) / day)
		if s.Last == 0 || s.Days > s.Usual {
			silent = append(silent, s)
		}
	}
	slices.SortStableFunc(silent, func(a, b Silent) int { return int((a.Last - b.Last) / day) })
	return silent, nil
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
