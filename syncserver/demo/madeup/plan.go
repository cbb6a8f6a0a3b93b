package madeup

import "math/rand/v2"

// How many records make each figure. Every number is divided into records;
// none is written down as a total.
const (
	visitedPlaces  = 2137
	attendances    = 325_745
	sessionsOf2017 = 4000
	smallestRound  = 9   // people at the smallest session
	loudspeakers   = 312 // "hơn 300"
	valuableOne    = 3713
	otherOne       = 870
	valuableTwo    = 8957 // "gần 9.000"
	otherTwo       = 900
	handovers      = 250
)

func (w *World) planSessions(r *rand.Rand) {
	communes := w.under(RootOne)
	n := len(communes)
	places := split(r, visitedPlaces, n, 24)
	more := split(r, sessionsOf2017-visitedPlaces, n, 12)
	runs := split(r, loudspeakers, n, 2)
	sizes := split(r, attendances, sessionsOf2017, smallestRound)
	for i := range communes {
		own := places[i] + more[i]
		communes[i].visited, communes[i].runs = int(places[i]), int(runs[i])
		communes[i].sizes, sizes = sizes[:own], sizes[own:]
	}
}

func (w *World) planTips(r *rand.Rand) {
	deal := func(root string, valuable, other int64) {
		communes := w.under(root)
		good := split(r, valuable, len(communes), 20)
		bad := split(r, other, len(communes), 4)
		for i := range communes {
			communes[i].valuable, communes[i].otherTips = int(good[i]), int(bad[i])
		}
	}
	deal(RootOne, valuableOne, otherOne)
	deal(RootTwo, valuableTwo, otherTwo)
}

// item is one row of a handover. Halves is its quantity in halves of the unit,
// since explosive is weighed.
type item struct {
	kind   string
	halves int64
}

// weaponLines says into how many rows the pieces of a kind are divided.
var weaponLines = []struct {
	kind         string
	pieces, rows int64
}{
	{"bomb", 3, 3},
	{"shell", 1, 1},
	{"grenade", 32, 19},
	{"mine", 2, 2},
	{"detonator", 12, 4},
	{"gun_military", 6, 6},
	{"gun_hunting", 121, 92},
	{"gun_air", 26, 21},
	{"round", 3089, 64},
	{"crude", 428, 118},
	{"tool", 355, 87},
}

// planWeapons deals the rows of all kinds to handovers, one row a kind in each.
func (w *World) planWeapons(r *rand.Rand) {
	var items []item
	for _, line := range weaponLines {
		for _, n := range split(r, line.pieces, int(line.rows), 1) {
			items = append(items, item{line.kind, 2 * n})
		}
	}
	for _, halves := range split(r, 2*180, 5, 30) { // 180 grams of explosive
		items = append(items, item{"explosive_g", halves})
	}
	for _, halves := range split(r, 2*15, 2, 5) { // 15 metres of fuse
		items = append(items, item{"fuse_m", halves})
	}
	r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	dealt := make([][]item, handovers)
	for i, next := range items {
		at := i % handovers
		for has(dealt[at], next.kind) {
			at = (at + 1) % handovers
		}
		dealt[at] = append(dealt[at], next)
	}
	communes := w.under(RootTwo)
	for i, rows := range dealt {
		c := &communes[i%len(communes)]
		c.handovers = append(c.handovers, rows)
	}
}

func has(rows []item, kind string) bool {
	for _, row := range rows {
		if row.kind == kind {
			return true
		}
	}
	return false
}

// petitionClass is a number of petitions that a report treats alike.
type petitionClass struct {
	total      int64
	competence string
	received   span
	resolved   span // the zero span: never
}

// petitionClasses make the petitions of January to May 2019. Due are the own
// ones received in these months (7.993 + 135 + 86) and those carried over
// (335 + 15 + 10): 8.574. Resolved in time are 7.993 + 335 = 8.328. Received
// are the own ones of the months with those of another competence: 18.987,
// "gần 18.990". The last two classes belong to neither.
func petitionClasses() []petitionClass {
	months := span{day("2019-01-01"), day("2019-05-31")}
	before := span{day("2018-07-01"), day("2018-12-31")}
	after := span{day("2019-06-01"), day("2019-08-31")}
	never := span{}
	return []petitionClass{
		{7993, "own", months, months},
		{135, "own", months, after},
		{86, "own", months, never},
		{335, "own", before, months},
		{15, "own", before, after},
		{10, "own", before, never},
		{7900, "other", months, never},
		{1650, "ineligible", months, never},
		{1223, "duplicate", months, never},
		{700, "own", before, before},
		{250, "own", after, after},
	}
}

func (w *World) planPetitions(r *rand.Rand) {
	communes := w.under(RootFour)
	for _, class := range petitionClasses() {
		for i, n := range split(r, class.total, len(communes), 0) {
			communes[i].petitions = append(communes[i].petitions, int(n))
		}
	}
}

// split divides total into n parts of at least `least` each, unevenly, so that
// they sum to it exactly. Total must be at least n·least. It works in whole
// numbers alone: fractions differ between processors.
func split(r *rand.Rand, total int64, n int, least int64) []int64 {
	weights, sum := make([]int64, n), int64(0)
	for i := range weights {
		u := r.Int64N(1000)
		weights[i] = 30 + u*u*u/1_000_000 // many small, few large
		sum += weights[i]
	}
	spare := total - int64(n)*least
	parts, given := make([]int64, n), int64(0)
	for i := range parts {
		share := spare * weights[i] / sum
		parts[i] = least + share
		given += share
	}
	for ; given < spare; given++ {
		parts[r.IntN(n)]++
	}
	return parts
}
