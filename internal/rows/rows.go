// Package rows reads the rows of statements that ent does not write into ent's structs, as ent does, but no more columns
// than are wanted.
//
// Its one rule: it knows nothing of who may see them. The statement does.
package rows

import (
	"database/sql"
	"errors"
	"slices"

	entsql "entgo.io/ent/dialect/sql"

	"continuum/ent"
)

// Part is the columns of one type in the rows of a statement.
type Part struct {
	// Names of the columns, in the order of the statement.
	Names []string
	// Rows that were read: pointers to the type's struct.
	Rows []any

	entity *ent.Entity
	alias  string
	maybe  bool
	made   []any // and not yet read
}

// Of is a part of these columns of a type, whose table the statement calls alias; of all columns where none are named.
func Of(typ, alias string, columns []string) *Part {
	p := &Part{Names: columns, entity: ent.EntityOf(typ), alias: alias}
	if columns == nil {
		p.Names = p.entity.Columns
	}
	return p
}

// Maybe is a part of an outer join: where it found nothing the row is nil.
func Maybe(typ, alias string, columns []string) *Part {
	p := Of(typ, alias, columns)
	p.maybe = true
	if i := slices.Index(p.Names, "id"); i != 0 {
		p.Names = append([]string{"id"}, slices.DeleteFunc(slices.Clone(p.Names), func(name string) bool { return name == "id" })...)
	}
	return p
}

// Column is a column of the part, as a statement names it.
func (p *Part) Column(name string) string { return entsql.Table(p.entity.Table).As(p.alias).C(name) }

// Select adds the part's columns to what a statement selects.
func (p *Part) Select(s *entsql.Selector) {
	for _, name := range p.Names {
		s.AppendSelect(p.Column(name))
	}
}

// Read reads all rows, and closes them: first what a statement selects before its parts, then the parts. Each is called
// when lead holds what a row says, and before its parts are read.
func Read(rows *sql.Rows, lead []any, each func() error, parts ...*Part) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	var set []func(row, value any) error
	for _, p := range parts {
		for _, name := range p.Names {
			set = append(set, p.entity.Column(name))
		}
	}
	values := make([]any, len(set))
	for i := range values {
		lead = append(lead, &values[i])
	}
	for rows.Next() {
		if err := rows.Scan(lead...); err != nil {
			return err
		}
		if err := each(); err != nil {
			return err
		}
		if err := fill(parts, set, values); err != nil {
			return err
		}
	}
	return rows.Err()
}

func fill(parts []*Part, set []func(row, value any) error, values []any) error {
	cell := 0
	for _, p := range parts {
		if p.maybe && values[cell] == nil {
			p.Rows = append(p.Rows, nil)
			cell += len(p.Names)
			continue
		}
		row := p.next()
		for range p.Names {
			if err := set[cell](row, values[cell]); err != nil {
				return err
			}
			cell++
		}
	}
	return nil
}

// next is the row that is read next. Rows are made many at a time, more the more there are.
func (p *Part) next() any {
	if len(p.made) == 0 {
		p.made = p.entity.NewRows(max(1, len(p.Rows)))
	}
	p.Rows, p.made = append(p.Rows, p.made[0]), p.made[1:]
	return p.Rows[len(p.Rows)-1]
}
