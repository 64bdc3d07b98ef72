// Package rows reads the rows of statements that ent does not write into ent's structs, as ent does, but no more columns
// than are wanted.
//
// Its one rule: it knows nothing of who may see them. The statement does.
package rows

import (
	"database/sql"
	"errors"
	"fmt"
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

// Numbers is a part of whole numbers that no type has. Its rows are of []int64; the names are for those who read the code.
func Numbers(names ...string) *Part {
	return &Part{Names: names, entity: &ent.Entity{
		NewRows: func(n int) []any {
			made := make([]any, n)
			for i := range made {
				made[i] = make([]int64, len(names))
			}
			return made
		},
		Column: func(name string) func(row, value any) error {
			at := slices.Index(names, name)
			return func(row, value any) error {
				if value == nil {
					return nil // it stays 0
				}
				number, is := value.(int64)
				if !is {
					return fmt.Errorf("rows: %s is a %T, and no whole number", name, value)
				}
				row.([]int64)[at] = number
				return nil
			}
		},
	}}
}

// Column is a column of the part, as a statement names it.
func (p *Part) Column(name string) string { return entsql.Table(p.entity.Table).As(p.alias).C(name) }

// WriteNothing writes a NULL of its type for each of the part's columns: what stands there in the rows of another group.
func (p *Part) WriteNothing(b *entsql.Builder) {
	for _, name := range p.Names {
		if p.entity.Table == "" {
			b.WriteString(", NULL::bigint")
			continue
		}
		b.WriteString(", (NULL::" + p.entity.Table + ")." + name)
	}
}

// Select adds the part's columns to what a statement selects: all in one, as ent looks at each name for long.
func (p *Part) Select(s *entsql.Selector) {
	s.AppendSelectExpr(entsql.ExprFunc(func(b *entsql.Builder) {
		for i, name := range p.Names {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteByte('"').WriteString(p.alias).WriteString(`"."`).WriteString(name).WriteByte('"')
		}
	}))
}

// Read reads all rows, and closes them: first what a statement selects before its parts, then the parts. Each is called
// when lead holds what a row says, and before its parts are read. The parts come in groups, and each tells of which one a
// row is: the columns of the others say nothing in it.
func Read(rows *sql.Rows, lead []any, each func() (group int, err error), groups ...[]*Part) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	var cells []setter
	starts := make([]int, len(groups))
	for g, parts := range groups {
		starts[g] = len(cells)
		for _, p := range parts {
			for _, name := range p.Names {
				cells = append(cells, p.entity.Column(name))
			}
		}
	}
	values := make([]any, len(cells))
	for i := range values {
		lead = append(lead, &values[i])
	}
	for rows.Next() {
		if err := rows.Scan(lead...); err != nil {
			return err
		}
		g, err := each()
		if err != nil {
			return err
		}
		if err := fill(groups[g], cells[starts[g]:], values[starts[g]:]); err != nil {
			return err
		}
	}
	return rows.Err()
}

// setter sets a column of a row.
type setter = func(row, value any) error

func fill(parts []*Part, set []setter, values []any) error {
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

// One is for statements whose rows are all of one group.
func One() (group int, err error) { return 0, nil }

// next is the row that is read next. Rows are made many at a time, more the more there are.
func (p *Part) next() any {
	if len(p.made) == 0 {
		p.made = p.entity.NewRows(max(1, len(p.Rows)))
	}
	p.Rows, p.made = append(p.Rows, p.made[0]), p.made[1:]
	return p.Rows[len(p.Rows)-1]
}
