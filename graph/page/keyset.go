package page

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"continuum/ent/recordlink"
	"continuum/schema"
)

// Bounds of a page.
const (
	DefaultSize = 20
	MaxSize     = 100
)

// ArgumentError says which argument of a page cannot be accepted, and why.
type ArgumentError struct {
	Argument string
	Message  string
}

// Error is the message.
func (e *ArgumentError) Error() string { return e.Argument + ": " + e.Message }

// Asked is what a reader asks of a list.
type Asked struct {
	First  *int    `json:"first"`
	After  *string `json:"after"`
	Last   *int    `json:"last"`
	Before *string `json:"before"`
}

// Order is the order of a list: by a column, then by id, so that no two rows tie.
type Order struct {
	Column string
	Desc   bool
}

// Window is a part of an ordered list: at most Limit rows, from its start or, when
// Backward, from its end, between two cursors.
type Window struct {
	Order
	Limit         int
	Backward      bool
	after, before *cursor
}

// cursor is the sort key and the id of a row. It names the column, so that a cursor
// of another list is refused rather than misread.
type cursor struct {
	Column string `json:"c"`
	Key    any    `json:"k"`
	ID     string `json:"i"`
}

// Window checks what was asked of a list in that order.
func (a Asked) Window(o Order) (Window, error) {
	w := Window{Order: o, Limit: DefaultSize}
	switch {
	case a.First != nil && a.Last != nil:
		return w, &ArgumentError{"last", "give first or last, not both"}
	case a.First != nil:
		w.Limit = *a.First
	case a.Last != nil:
		w.Limit, w.Backward = *a.Last, true
	}
	if w.Limit < 0 || w.Limit > MaxSize {
		name := "first"
		if w.Backward {
			name = "last"
		}
		return w, &ArgumentError{name, fmt.Sprintf("a page has at most %d rows", MaxSize)}
	}
	var err error
	if w.after, err = decode("after", a.After, o); err != nil {
		return w, err
	}
	w.before, err = decode("before", a.Before, o)
	return w, err
}

// Cursor is the place of a row in a list of that order.
func (o Order) Cursor(key any, id string) string {
	text, _ := json.Marshal(cursor{o.Column, key, id}) // strings, numbers and times always marshal
	return base64.RawURLEncoding.EncodeToString(text)
}

func decode(argument string, text *string, o Order) (*cursor, error) {
	if text == nil {
		return nil, nil
	}
	refused := &ArgumentError{argument, "this is no cursor of this list"}
	raw, err := base64.RawURLEncoding.DecodeString(*text)
	if err != nil || len(raw) > 1024 {
		return nil, refused
	}
	var c cursor
	if err := json.Unmarshal(raw, &c); err != nil || c.Column != o.Column || schema.IDPrefix(c.ID) == "" {
		return nil, refused
	}
	var ok bool
	if c.Key, ok = o.key(c.Key); !ok {
		return nil, refused
	}
	return &c, nil
}

// key reads a sort key back as its column has it. A cursor may be forged: what the
// column cannot hold never reaches the database.
func (o Order) key(from any) (key any, ok bool) {
	number, isNumber := from.(float64)
	text, isText := from.(string)
	switch {
	case o.Column == recordlink.FieldPosition:
		return int64(number), isNumber && number == float64(int32(number))
	case strings.HasSuffix(o.Column, "_at"):
		t, err := time.Parse(time.RFC3339Nano, text)
		return t.UTC(), isText && err == nil
	default:
		return text, isText && !strings.ContainsRune(text, 0)
	}
}

// Whole says whether the window lies in the whole list, and not between cursors.
func (w Window) Whole() bool { return w.after == nil && w.before == nil }

// Where keeps the rows between the cursors.
func (w Window) Where(s *sql.Selector) {
	if w.after != nil {
		s.Where(w.beyond(s, w.after, !w.Desc))
	}
	if w.before != nil {
		s.Where(w.beyond(s, w.before, w.Desc))
	}
}

// beyond compares (column, id) with a cursor as a row, which one index answers.
func (w Window) beyond(s *sql.Selector, c *cursor, greater bool) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		op := " < "
		if greater {
			op = " > "
		}
		b.WriteString("(" + s.C(w.Column) + ", " + s.C("id") + ")" + op + "(")
		b.Arg(c.Key).Comma().Arg(c.ID).WriteString(")")
	})
}

// OrderBy sorts the rows the way the page is cut.
func (w Window) OrderBy(s *sql.Selector) { s.OrderBy(w.terms(s)...) }

func (w Window) terms(s *sql.Selector) []string {
	dir := sql.Asc
	if w.Desc != w.Backward {
		dir = sql.Desc
	}
	return []string{dir(s.C(w.Column)), dir(s.C("id"))}
}

// PerParent cuts the page of every parent in one statement: it numbers the rows of
// each and keeps one more than the page holds, which tells whether there are others.
func (w Window) PerParent(parent string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		terms := w.terms(s)
		s.AppendSelectExprAs(sql.ExprFunc(func(b *sql.Builder) {
			b.WriteString("ROW_NUMBER() OVER (PARTITION BY " + s.C(parent) +
				" ORDER BY " + terms[0] + ", " + terms[1] + ")")
		}), "row_number")
		inner := s.Clone().As(s.TableName())
		outer := sql.Dialect(s.Dialect()).Select("*").From(inner)
		*s = *outer.Where(sql.LTE("row_number", w.Limit+1)).OrderBy("row_number").WithContext(s.Context())
	}
}

// Cut turns the rows that were read, one more than asked for when there are more,
// into the page and its place in the list.
func Cut[T any](w Window, rows []*T, at func(*T) string) ([]*T, *Info) {
	rows, info := Part(w, rows)
	if len(rows) > 0 {
		start, end := at(rows[0]), at(rows[len(rows)-1])
		info.StartCursor, info.EndCursor = &start, &end
	}
	return rows, &info
}

// Part is Cut for pages of which nobody asks for the cursors.
func Part[T any](w Window, rows []T) ([]T, Info) {
	more := len(rows) > w.Limit
	if more {
		rows = rows[:w.Limit]
	}
	if !w.Backward {
		return rows, Info{HasNextPage: more || w.before != nil, HasPreviousPage: w.after != nil}
	}
	reversed := make([]T, len(rows))
	for i, row := range rows {
		reversed[len(rows)-1-i] = row
	}
	return reversed, Info{HasPreviousPage: more || w.after != nil, HasNextPage: w.before != nil}
}
