package projection

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/sqlite"
)

// Value is what stands in a column of a table of a form.
type Value struct {
	Kind   Kind
	Text   string
	Number int64
}

// Kind says what a Value is.
type Kind int

// The kinds.
const (
	Nothing Kind = iota
	Number
	Text
	Other // a number that is no whole one
)

// Values reads the values of a list that json_group_array of SQLite has made, one after the other: so a column of many records comes in
// one row, since a step from SQLite to here costs more than to read a record in an index. Texts are parts of the list, and not
// copied, but where they have letters that JSON writes otherwise.
type Values struct{ rest string }

// NewValues begins a list.
func NewValues(list string) Values { return Values{strings.TrimPrefix(list, "[")} }

// EachList runs a query of a name and so many lists of values a row, and has each row visited while SQLite makes the next: the one takes
// about as long as the other. Visit must not use the transaction.
func EachList(tx *sqlite.Tx, lists int, visit func(name string, lists []Values) error, query string, args ...any) (err error) {
	type row struct {
		name  string
		lists []Values
	}
	rows := tx.Query(query, args...)
	made, stop := make(chan row, rowsAhead), make(chan struct{})
	go func() {
		defer close(made)
		for rows.Next() {
			r := row{rows.Text(0), make([]Values, lists)}
			for i := range lists {
				r.lists[i] = NewValues(rows.Text(i + 1))
			}
			select {
			case made <- r:
			case <-stop:
				return
			}
		}
	}()
	defer func() { // the transaction is nobody else's any more when this returns
		close(stop)
		for range made { // what was made ahead
		}
		rows.Close()
		if err == nil {
			err = rows.Err()
		}
	}()
	for r := range made {
		if err := visit(r.name, r.lists); err != nil {
			return err
		}
	}
	return nil
}

// rowsAhead is how many rows are made before the first of them is visited.
const rowsAhead = 64

// More reports whether there is another value.
func (l *Values) More() bool { return len(l.rest) > 1 }

var errList = fault.New(fault.Internal, "projection", errors.New("a list that SQLite does not make"))

// Next takes the next value. It fails with fault.Internal on what is no such list.
func (l *Values) Next() (v Value, err error) {
	if l.rest == "" {
		return v, errList
	}
	switch first := l.rest[0]; {
	case first == '"':
		return l.nextText()
	case '0' <= first && first <= '9':
		if n, end := digits(l.rest); end < len(l.rest) && (l.rest[end] == ',' || l.rest[end] == ']') {
			l.rest = l.rest[end+1:]
			return Value{Kind: Number, Number: n}, nil
		}
	}
	end := strings.IndexAny(l.rest, ",]")
	if end < 0 {
		return v, errList
	}
	word := l.rest[:end]
	l.rest = l.rest[end+1:]
	if word == "null" {
		return v, nil
	}
	if v.Number, err = strconv.ParseInt(word, 10, 64); err != nil {
		return Value{Kind: Other}, nil //nolint:nilerr // it is said
	}
	v.Kind = Number
	return v, nil
}

// sureDigits is how many digits a number may have that certainly fits.
const sureDigits = 18

// digits reads a number that has no sign, as far as it certainly fits, and says where it ends.
func digits(s string) (n int64, end int) {
	for end < min(len(s), sureDigits) && '0' <= s[end] && s[end] <= '9' {
		n = 10*n + int64(s[end]-'0')
		end++
	}
	return n, end
}

func (l *Values) nextText() (v Value, err error) {
	end, escaped := 1, false
	for ; end < len(l.rest) && l.rest[end] != '"'; end++ {
		if l.rest[end] == '\\' {
			escaped = true
			end++
		}
	}
	if end+1 >= len(l.rest) {
		return v, errList
	}
	v = Value{Kind: Text, Text: l.rest[1:end]}
	if escaped {
		err = json.Unmarshal([]byte(l.rest[:end+1]), &v.Text)
	}
	l.rest = l.rest[end+2:]
	return v, err
}
