package graph

import (
	"context"
	stdsql "database/sql"
	"errors"
	"slices"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/internal/store"
)

// part is the columns of one table in the rows of a statement.
type part struct {
	*ent.Entity
	alias string
	names []string
	rows  []any // what was read
}

// partOf is a part of those columns; of all where none are named.
func partOf(typ, alias string, columns []string) *part {
	e := ent.EntityOf(typ)
	if columns == nil {
		columns = e.Columns
	}
	return &part{Entity: e, alias: alias, names: columns}
}

// readRows reads the rows of a statement: a first column, of which at is told, and the parts.
func readRows(ctx context.Context, s *store.Store, statement string, args []any, at func(first any) error, parts ...*part) (err error) {
	rows, err := s.Rows(ctx, statement, args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	return scanRows(rows, at, parts)
}

// column is a column of the part, as a statement names it.
func (p *part) column(name string) string { return sql.Table(p.Table).As(p.alias).C(name) }

// readCounts reads the rows of a statement that counts: a first column, of which at is told, and n.
func readCounts(ctx context.Context, s *store.Store, statement string, args []any, n *int, at func(first any) error) (err error) {
	rows, err := s.Rows(ctx, statement, args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var first any
		if err := rows.Scan(&first, n); err != nil {
			return err
		}
		if err := at(first); err != nil {
			return err
		}
	}
	return rows.Err()
}

func scanRows(rows *stdsql.Rows, at func(any) error, parts []*part) error {
	var first any
	cells := 0
	var setters [][]func(row, value any) error
	for _, p := range parts {
		set := make([]func(row, value any) error, len(p.names))
		for i, name := range p.names {
			set[i] = p.Column(name)
		}
		setters, cells = append(setters, set), cells+len(set)
	}
	values := make([]any, cells)
	dest := append(make([]any, 0, cells+1), &first)
	for i := range values {
		dest = append(dest, &values[i])
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if err := at(first); err != nil {
			return err
		}
		cell := 0
		for i, p := range parts {
			row := p.next()
			for n, set := range setters[i] {
				if err := set(row, values[cell+n]); err != nil {
					return err
				}
			}
			cell += len(setters[i])
		}
	}
	return rows.Err()
}

// next is the row that is read next. Rows are made many at a time, more the more there are.
func (p *part) next() any {
	if len(p.rows) == cap(p.rows) {
		p.rows = slices.Grow(p.rows, max(8, len(p.rows)))
		made := p.NewRows(cap(p.rows) - len(p.rows))
		copy(p.rows[len(p.rows):cap(p.rows)], made)
	}
	p.rows = p.rows[:len(p.rows)+1]
	return p.rows[len(p.rows)-1]
}
