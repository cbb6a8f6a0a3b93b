package projection

import (
	"banlang/shared/record"
	"banlang/shared/sqlite"
)

// Scope says whose records a reader sees: the ordinary ones of Units, and those of other compartments of the unit Own alone.
// The zero Scope sees nothing.
type Scope struct {
	Units []string
	Own   string
	Of    []string // which compartments of Own; nil: all of them
}

// Where is the condition under which a row of records is in the scope, for a query in which that table goes by the alias,
// and its arguments. It costs one look into a set a row.
func (s Scope) Where(alias string) (condition string, args []any) {
	others, of := s.others(alias)
	return "(" + alias + ".compartment = 'ordinary' AND " + alias + ".unit IN (SELECT value FROM json_each(?)) OR " + others + ")", append([]any{sqlite.List(s.Units)}, of...)
}

// others is the part of Where that is about other compartments.
func (s Scope) others(alias string) (condition string, args []any) {
	condition, args = alias+".compartment <> 'ordinary' AND "+alias+".unit = ?", []any{s.Own}
	if s.Of != nil {
		condition, args = condition+" AND "+alias+".compartment IN (SELECT value FROM json_each(?))", append(args, sqlite.List(s.Of))
	}
	return condition, args
}

// Filter narrows a list. Empty fields ask nothing.
type Filter struct {
	Form    string
	Units   []string // one of these: a unit and all below it; nil: all that the scope has, empty but not nil: none
	State   State
	From    string // first and last day by which the records count, yyyy-mm-dd
	To      string
	Text    string // words of the record, folded or not; the last one may be a beginning of two letters and more
	Officer string
	Replica record.ReplicaID
	Hidden  bool // deleted records instead of all others; they are found by no Text
}

// Order is how a list is sorted.
type Order struct {
	By  Sort
	Asc bool // oldest first
}

// Sort is what a list is sorted by; what is equal, by arrival.
type Sort string

// The sorts.
const (
	ByArrival Sort = ""    // when the record reached the centre
	ByDay     Sort = "day" // by which it counts
)

// Cursor is a place in a list between two rows. It holds in the same list (scope, filter and order), also when records come
// and go meanwhile; the empty Cursor is the beginning. It is no secret, and may stand in an address.
type Cursor string

// Row is a record in a list: the columns of the table records.
type Row struct {
	Rec         int64
	Dot         record.Dot
	Name        string
	Form        string
	Version     string
	Unit        string
	Compartment string
	Day         string
	Written     record.Millis
	Arrived     record.Millis
	Altered     record.Millis
	Replica     record.ReplicaID
	Officer     string
	Title       string
	Review      string
	State       State
	Conflicts   int
	Hidden      bool
	Unread      bool
}

// Page is a part of a list.
type Page struct {
	Rows  []Row
	Next  Cursor // where the rest begins; empty: this is the end
	Total int    // how many records the whole list has
	Exact bool   // Total is the number; otherwise there may be more
}
