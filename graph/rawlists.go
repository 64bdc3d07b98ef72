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
	return sweep.How{Columns: columns, Read: func(ctx context.Context, level *sweep.Level) error {
		own := columnSet{}
		own.all(level.Below)
		part := rows.Of(typ, "own", own.list())
		statement, args := owned(ctx, r.store.Engine(), typ, column, idsOf(rowsOf[P](level), id), order, part)
		var parent string
		of := map[string][]int{}
		n := 0
		err := r.store.Read(ctx, statement, args, []any{&parent}, func() error {
			of[parent] = append(of[parent], n)
			n++
			return nil
		}, part)
		if err != nil {
			return err
		}
		all, ends := make([]any, 0, n), make([]int, len(level.Rows))
		for i, row := range level.Rows {
			for _, at := range of[id(row.(*P))] {
				all = append(all, part.Rows[at])
			}
			ends[i] = len(all)
		}
		level.GivesLists(all, ends)
		return nil
	}}
}

// owned reads what belongs to the parents, that of each in its order.
func owned(ctx context.Context, engine, typ, column string, parents []string, order func(*sql.Selector), part *rows.Part) (string, []any) {
	own := sql.Table(ent.EntityOf(typ).Table).As("own")
	s := sql.Dialect(engine).Select().From(own)
	if engine != dialect.Postgres {
		s.AppendSelect(own.C(column))
		part.Select(s)
		access.AnyOf(column, parents)(s)
		s.Where(access.SeesBelow(ctx, typ, column, own.C(column)))
		order(s)
		return s.Query()
	}
	part.Select(s)
	order(s)
	return lateral(up, parents, own.C(column), s, access.SeesBelow(ctx, typ, column, up))
}
