package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// A statement is a prepared statement with room for its arguments.
type statement struct {
	raw    *sqlite3.SQLiteStmt
	args   []driver.NamedValue
	busy   bool
	cached bool
}

// take returns the prepared statement of the text. One that is at work, because its
// rows are still being read, is not disturbed: the caller gets another.
func (c *conn) take(text string) (*statement, error) {
	if s := c.statements[text]; s != nil && !s.busy {
		s.busy = true
		return s, nil
	}
	if isSeveral(text) {
		return nil, errors.New("several statements in one text are for Script")
	}
	raw, err := c.raw.Prepare(text)
	if err != nil {
		return nil, err
	}
	s := &statement{raw: raw.(*sqlite3.SQLiteStmt), busy: true}
	s.args = make([]driver.NamedValue, s.raw.NumInput())
	for i := range s.args {
		s.args[i].Ordinal = i + 1
	}
	if c.statements[text] == nil {
		c.makeRoom()
		c.statements[text], s.cached = s, true
	}
	return s, nil
}

// makeRoom drops some statement that is not at work if there are too many.
func (c *conn) makeRoom() {
	if len(c.statements) < maxStatements {
		return
	}
	for text, s := range c.statements {
		if !s.busy {
			s.raw.Close()
			delete(c.statements, text)
			return
		}
	}
}

// give returns a statement when its rows are closed.
func (c *conn) give(s *statement) {
	for i := range s.args {
		s.args[i].Value = nil // hold on to no caller's bytes
	}
	s.busy = false
	if !s.cached {
		s.raw.Close()
	}
}

// bind sets the arguments.
func (s *statement) bind(args []any) error {
	if len(args) != len(s.args) {
		return fmt.Errorf("%d arguments for %d parameters", len(args), len(s.args))
	}
	for i, arg := range args {
		switch v := arg.(type) {
		case nil, int64, string, []byte, float64, bool:
			s.args[i].Value = v
		case int:
			s.args[i].Value = int64(v)
		default:
			value, err := plain(arg)
			if err != nil {
				return fmt.Errorf("argument %d: %w", i+1, err)
			}
			s.args[i].Value = value
		}
	}
	return nil
}

// plain converts arguments of other kinds: sizes of integers and named types.
func plain(arg any) (driver.Value, error) {
	v := reflect.ValueOf(arg)
	switch {
	case v.CanInt():
		return v.Int(), nil
	case v.CanUint() && v.Uint() <= 1<<63-1:
		return int64(v.Uint()), nil
	case v.CanUint():
		return nil, fmt.Errorf("%d does not fit an INTEGER", v.Uint())
	case v.CanFloat():
		return v.Float(), nil
	case v.Kind() == reflect.String:
		return v.String(), nil
	case v.Kind() == reflect.Bool:
		return v.Bool(), nil
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		return v.Bytes(), nil
	}
	return nil, fmt.Errorf("%T cannot be stored", arg)
}

// exec runs the statement to its first row or its end. The driver binds and steps in
// one call from Go to C this way, and resets in another.
func (s *statement) exec() error {
	rows, err := s.raw.QueryContext(context.Background(), s.args)
	if err != nil {
		return err
	}
	return rows.Close()
}

// isSeveral reports whether something follows the first semicolon outside of quotes and
// comments: the driver would leave it out without a word.
func isSeveral(text string) bool {
	ended := false
	for len(text) > 0 {
		skip := 1
		switch c := text[0]; {
		case c == '\'' || c == '"' || c == '`':
			skip = through(text, 1, string(c))
		case c == '[':
			skip = through(text, 1, "]")
		case strings.HasPrefix(text, "--"):
			text = text[through(text, 2, "\n"):]
			continue
		case strings.HasPrefix(text, "/*"):
			text = text[through(text, 2, "*/"):]
			continue
		case c == ';':
			ended = true
			text = text[1:]
			continue
		case strings.IndexByte(" \t\r\n\f", c) >= 0:
			text = text[1:]
			continue
		}
		if ended {
			return true
		}
		text = text[skip:]
	}
	return false
}

// through returns the length of the text up to and with the next end, from the given place on.
func through(text string, from int, end string) int {
	if i := strings.Index(text[from:], end); i >= 0 {
		return from + i + len(end)
	}
	return len(text)
}
