package graph

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/graph/page"
	"continuum/graph/sweep"
	"continuum/internal/access"
	"continuum/internal/rows"
)

// listedBy is the level of the root list that a context is about, where its rows are answered level by level.
func listedBy(ctx context.Context) *sweep.Level {
	s, _ := ctx.Value(sweepingKey{}).(sweeping)
	return s.list
}

// rawList reads the rows of a root list without ent: no more of them than is selected, with what comes along.
func rawList[T any, P ~func(*sql.Selector)](ctx context.Context, r *Resolver, level *sweep.Level, typ string, w page.Window, where []P) ([]*T, error) {
	columns := columnSet{}
	columns.add("id", w.Column)
	nodes := nodesOf(level.Below)
	for _, selection := range nodes {
		columns.all(selection)
	}
	table := sql.Table(ent.EntityOf(typ).Table)
	row := rows.Of(typ, ent.EntityOf(typ).Table, columns.list())
	s := sql.Dialect(r.store.Engine()).Select().From(table)
	access.List(ctx, s, typ, w.Column, w.Desc != w.Backward)
	for _, p := range where {
		p(s)
	}
	w.Where(s)
	w.OrderBy(s)
	parts, along := selectAlong(ctx, s, []*rows.Part{row}, typ, table, nodes...)
	statement, args := s.Limit(w.Limit + 1).Query()
	if err := r.store.Read(ctx, statement, args, nil, rows.One, parts); err != nil {
		return nil, err
	}
	handOver(ctx, level, row.Rows, along)
	list := make([]*T, len(row.Rows))
	for i, found := range row.Rows {
		list[i] = found.(*T)
	}
	return list, nil
}
