// Package madeup owns the invented data of the demonstrations: 97 communes and
// three units of the army that do not exist, and the single records whose sums, shares and counts are the
// published figures of the articles (package report holds those).
//
// No total is stored: a plan divides each figure into the sessions, tips,
// petitions and rows that make it up, and around them stand records of other
// days and other places, so that a wrong filter shows. Nothing here is a real
// place, number of a document, or person; no text names a citizen.
//
// The same seed gives the same lines, byte for byte, on every machine.
package madeup

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"slices"

	"banlang/shared/units"
)

// The places that stand for those of the articles, and the unit above them.
const (
	Top       = "T0"
	RootOne   = "T1" // stands for Gia Lai: sessions and tips of 2017
	RootTwo   = "T2" // stands for Nam Định: tips and weapons of 2017–2021
	RootThree = "T3" // stands for Kỳ Liên, a single commune: groups and profile of May 2017
	RootFour  = "T4" // stands for the whole force: petitions and visits of January–May 2019
	RootFive  = "T5" // stands for the units of the army: welfare of the first half of 2019
)

// Unit is a node of the made-up tree. Parent is empty for Top alone.
type Unit struct{ Code, Name, Parent string }

// Entry is one line of a commune's file, as `desktop import` reads it: a record
// under a key that is unique in the file. A value "@v12" refers to the record
// of key v12, which stands on an earlier line.
type Entry struct {
	Key    string            `json:"key"`
	Form   string            `json:"form"`
	Unit   string            `json:"unit"` // the commune's code
	Values map[string]string `json:"values"`
}

// World is a plan of all communes. It is safe for concurrent use: it does not
// change, and each call makes its records anew.
type World struct {
	seed     uint64
	communes []commune
	index    map[string]int
}

// commune is a unit and its share of the figures.
type commune struct {
	Unit
	visited   int     // places with a session in 2017
	sizes     []int64 // attendances of the sessions of 2017: the first `visited` of them one a place
	runs      int     // loudspeaker runs of 2017
	valuable  int     // tips of value in the root's period
	otherTips int     // tips of the period that are not
	handovers [][]item
	petitions []int // how many of each class of petitionClasses
	programme       // what the other forms hold
	groups    bool  // the groups and profiles of the single commune
}

// Plan divides the figures among the communes, and what partners report among their units.
func Plan(seed uint64) *World {
	w := &World{seed: seed, index: map[string]int{}}
	for _, root := range roots() {
		for i := range root.communes {
			w.index[code(root.Code, i)] = len(w.communes)
			w.communes = append(w.communes, commune{Unit: Unit{code(root.Code, i), root.names.commune(i), root.Code}})
		}
	}
	r := w.stream(0)
	w.planSessions(r)
	w.planTips(r)
	w.planWeapons(r)
	w.planPetitions(r)
	w.under(RootThree)[0].groups = true
	w.planProgramme(w.stream(1 << 40)) // a source of its own: what was planned before it stays
	return w
}

// root is a place of the articles with its communes.
type root struct {
	Unit
	communes int
	names    bank
}

func roots() []root {
	return []root{
		{Unit{RootOne, "Tỉnh A (thay Gia Lai)", Top}, 60, highland},
		{Unit{RootTwo, "Tỉnh B (thay Nam Định)", Top}, 20, northern},
		{Unit{RootThree, "Nơi C (thay Kỳ Liên)", Top}, 1, single},
		{Unit{RootFour, "Toàn ngành (dữ liệu dựng)", Top}, 16, foothill},
		{Unit{RootFive, "Các đơn vị Quân đội (dữ liệu dựng)", Top}, 3, army},
	}
}

func code(root string, i int) string { return fmt.Sprintf("%s-%02d", root, i+1) }

// Units gives the tree from the top down: Top, the roots, the communes.
func (w *World) Units() []Unit {
	all := []Unit{{Code: Top, Name: "Trung tâm (dữ liệu dựng)"}}
	for _, root := range roots() {
		all = append(all, root.Unit)
	}
	for _, c := range w.communes {
		all = append(all, c.Unit)
	}
	return all
}

// Communes gives the communes alone, by code.
func (w *World) Communes() []Unit {
	units := make([]Unit, len(w.communes))
	for i, c := range w.communes {
		units[i] = c.Unit
	}
	return units
}

// Tree gives the units as the country of a centre: roots are provinces.
func (w *World) Tree() *units.Tree {
	var all []units.Unit
	for _, u := range w.Units() {
		level := "commune"
		switch u.Parent {
		case "":
			level = "country"
		case Top:
			level = "province"
		}
		all = append(all, units.Unit{Code: u.Code, Parent: u.Parent, Name: u.Name, Level: level})
	}
	return units.New(units.Usual, all)
}

// Records gives the lines of one commune in the order in which its officers
// entered them; what happened first is not always entered first. A code that is
// no commune has none.
func (w *World) Records(commune string) iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		for _, entry := range w.entries(commune) {
			if !yield(entry) {
				return
			}
		}
	}
}

func (w *World) entries(commune string) []Entry {
	i, ok := w.index[commune]
	if !ok {
		return nil
	}
	first := w.under(w.communes[i].Parent)[0].Code == commune
	o := newOfficer(w.stream(uint64(i)+1), &w.communes[i], first)
	o.writeAll()
	return o.file()
}

// WriteRecords writes Records as JSON, one a line. The error is that of out.
func (w *World) WriteRecords(out io.Writer, commune string) error {
	for entry := range w.Records(commune) {
		data, err := json.Marshal(entry)
		if err != nil {
			return err
		}
		if _, err := out.Write(append(data, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// stream is the n-th independent source of chance of this world.
func (w *World) stream(n uint64) *rand.Rand { return rand.New(rand.NewPCG(w.seed, n)) }

// under gives the communes of a root, which lie next to each other.
func (w *World) under(root string) []commune {
	from := slices.IndexFunc(w.communes, func(c commune) bool { return c.Parent == root })
	to := from
	for to < len(w.communes) && w.communes[to].Parent == root {
		to++
	}
	return w.communes[from:to]
}

// Edit is a later change to a record of the same file. Two people of a commune
// write at two machines, 1 and 2, neither knowing of the other's edit.
type Edit struct {
	Machine int               `json:"-"`
	Key     string            `json:"edit"`
	Values  map[string]string `json:"values"`
}

// Edits gives a handful of edits of a commune: one field of a record edited at
// both machines, two fields of another record at one machine each, a note
// written at both. None touches a published figure, whichever value is shown.
func (w *World) Edits(commune string) []Edit {
	var sessions []Entry
	for entry := range w.Records(commune) {
		if entry.Form == "awareness_session" && entry.Values["occurred_on"] >= "2018" && entry.Values["method"] != "xe_loa" {
			sessions = append(sessions, entry)
		}
	}
	if len(sessions) < 3 {
		return nil
	}
	count, apart, note := sessions[0].Key, sessions[1].Key, sessions[2].Key
	return []Edit{
		{1, count, map[string]string{"participants_total": "164"}},
		{2, count, map[string]string{"participants_total": "146"}},
		{1, apart, map[string]string{"duration_min": "97"}},
		{2, apart, map[string]string{"materials": "125"}},
		{1, note, map[string]string{"note": "Bà con đề nghị nói thêm về an toàn giao thông."}},
		{2, note, map[string]string{"note": "Trời mưa, bắt đầu muộn 30 phút."}},
		{1, "v1", map[string]string{"households": "212"}},
	}
}

// keys counts the keys given out for each form.
type keys map[string]int

// next gives s1, s2 … for sessions, v1 … for venues, and so on.
func (k keys) next(form string) string {
	k[form]++
	return fmt.Sprintf("%s%d", keyLetter[form], k[form])
}

var keyLetter = map[string]string{
	"venue_register": "v", "awareness_session": "s", "tip": "t", "weapon_handover": "w",
	"self_mgmt_group": "g", "commune_profile": "c", "petition": "p", "model": "m", "media_item": "n", "recognition": "r",
	"commune_staffing": "l", "id_card_drive": "d", "blood_donation": "b", "citizen_reception": "q", "evaluation": "e",
	"welfare_activity": "h", "joint_programme": "j", "joint_activity": "k",
}
