package practice

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/schema"
)

// holder is what has contact points or addresses.
type holder string

// The holders.
const (
	ofProfile     holder = "profile"
	ofContact     holder = "contact"
	ofInstitution holder = "institution"
)

func (h holder) column() string { return string(h) + "_id" }

// byPlace is the order of a list whose rows have a place.
const byPlace = "x.position, x.id"

// stored is a row of a list: what it says, and at which place.
type stored[T any] struct {
	ID       string
	Position int
	Says     T
}

// says is what the rows of a list say, in their order.
func says[T any](rows []stored[T]) []T {
	values := make([]T, len(rows))
	for i, row := range rows {
		values[i] = row.Says
	}
	return values
}

// replace turns a list into the one given: a row that stays as it is stays, and the
// others go. One that moves is among both the gone and the made, under its own id.
func replace[T comparable](prefix string, rows []stored[T], given []T) (gone []string, made []stored[T]) {
	var loose []stored[T]
	stays := map[int]bool{} // the places whose row stays
	for _, row := range rows {
		if row.Position < len(given) && given[row.Position] == row.Says && !stays[row.Position] {
			stays[row.Position] = true
			continue
		}
		gone, loose = append(gone, row.ID), append(loose, row)
	}
	for i, value := range given {
		if stays[i] {
			continue
		}
		id := schema.NewID(prefix)
		if at := slices.IndexFunc(loose, func(row stored[T]) bool { return row.Says == value }); at >= 0 {
			id = loose[at].ID
			loose = slices.Delete(loose, at, at+1)
		}
		made = append(made, stored[T]{ID: id, Position: i, Says: value})
	}
	return gone, made
}

// withList adds to each row of a query, as one more column, a list of what belongs to
// it: a change reads a row and its lists in one statement. Whoever passes the row's
// guard may read them.
func withList(table, owner, where, order string, columns ...string) func(*sql.Selector) {
	return withListOf("id", table, owner, where, order, columns...)
}

// withListOf does the same for what belongs to the row that a column names.
func withListOf(column, table, owner, where, order string, columns ...string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		array, all := "json_array", "json_group_array"
		if s.Dialect() == dialect.Postgres {
			array, all = "json_build_array", "json_agg"
		}
		s.AppendSelectExprAs(sql.Expr("(SELECT "+all+"("+array+"(x."+strings.Join(columns, ", x.")+
			") ORDER BY "+order+") FROM "+table+" x WHERE x."+owner+" = "+s.C(column)+where+")"), table)
	}
}

// cells is one row of a list, column by column.
type cells []any

func (c cells) text(i int) string {
	text, _ := c[i].(string)
	return text
}

func (c cells) number(i int) int {
	number, _ := c[i].(float64)
	return int(number)
}

// yes reads a boolean, which SQLite keeps as a number.
func (c cells) yes(i int) bool { return c[i] == true || c[i] == float64(1) }

// valued is a row that a query gave with more columns than its own.
type valued interface {
	Value(name string) (ent.Value, error)
}

// listOf reads a list that withList added.
func listOf(row valued, table string) ([]cells, error) {
	value, err := row.Value(table)
	if err != nil {
		return nil, err
	}
	var rows []cells
	switch value := value.(type) {
	case nil:
	case []byte:
		err = json.Unmarshal(value, &rows)
	case string:
		err = json.Unmarshal([]byte(value), &rows)
	default:
		err = fmt.Errorf("practice: a list of %s came as %T", table, value)
	}
	return rows, err
}
