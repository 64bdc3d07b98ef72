package graph

import (
	"context"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/graph/sweep"
	"continuum/internal/access"
	"continuum/internal/rows"
)

// belongings is a field that leads to the small list of what belongs to a row: all of a type whose column names it.
func belongings[P any](r *Resolver, typ, column string, order func(*sql.Selector), id func(*P) string, columns ...string) sweep.How {
	return sweep.How{Columns: columns, Ask: func(ctx context.Context, level *sweep.Level) ([]sweep.Question, error) {
		own := columnSet{}
		own.all(level.Below)
		part := rows.Of(typ, "own", own.list())
		parents, of := parentsOf(level, id)
		q := owned(ctx, r.store.Engine(), typ, column, parents, order, part)
		q.done = func(context.Context) error {
			theirs := make([][]any, len(parents.ids))
			for i, parent := range q.of {
				theirs[parent] = append(theirs[parent], part.Rows[i])
			}
			all, ends := make([]any, 0, len(part.Rows)), make([]int, len(level.Rows))
			for i, parent := range of {
				all = append(all, theirs[parent]...)
				ends[i] = len(all)
			}
			level.GivesLists(all, ends)
			return nil
		}
		return []sweep.Question{q}, nil
	}}
}

// owned asks for what belongs to the parents, that of each in its order.
func owned(ctx context.Context, engine, typ, column string, parents *parents, order func(*sql.Selector), part *rows.Part) *question {
	own := sql.Table(ent.EntityOf(typ).Table).As("own")
	s := sql.Dialect(engine).Select().From(own)
	q := &question{parents: parents, rows: s, parts: []*rows.Part{part}}
	if engine == dialect.Postgres {
		q.column, q.rule = own.C(column), access.SeesBelow(ctx, typ, column, up)
	} else {
		s.AppendSelect(own.C(column))
		access.AnyOf(column, parents.ids)(s)
		s.Where(access.SeesBelow(ctx, typ, column, own.C(column)))
	}
	part.Select(s)
	order(s)
	return q
}
