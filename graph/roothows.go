package graph

import (
	"context"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/graph/sweep"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/internal/rows"
	"continuum/schema"
)

// How single rows are read at the root: faster than by their resolvers, and no more of them than is selected.

func (r *Resolver) rootHows() hows {
	return hows{
		"Query.profile": rawRow(r, ent.TypeProfile, schema.ScopeProfilesRead, never),
		// Of a record that they oversee a viewer may read a part, which ent's statement finds out.
		"Query.record":  rawRow(r, ent.TypeRecord, schema.ScopeRecordsRead, (*access.Viewer).Oversees),
		"Query.contact": rawRow(r, ent.TypeContact, schema.ScopeContactsRead, never),
	}
}

func never(*access.Viewer) bool { return false }

// rawRow is a row by the id that a client sent, read without ent unless the viewer may see a part of it.
func rawRow(r *Resolver, typ string, scope schema.Scope, unless func(*access.Viewer) bool) sweep.How {
	return sweep.How{Read: func(ctx context.Context, level *sweep.Level) error {
		if unless(access.ViewerFrom(ctx)) {
			how, _ := r.resolved(level.Object, level.Field.Name)
			return how.Read(ctx, level)
		}
		if err := practice.Needs(ctx, scope); err != nil {
			return err
		}
		id, _ := level.Field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)["id"].(string)
		level.Gives([]any{nil})
		if schema.IDPrefix(id) == "" {
			return nil
		}
		return r.readRow(ctx, level, typ, id)
	}}
}

// readRow reads a row, and on PostgreSQL in the same statement what is asked of it.
func (r *Resolver) readRow(ctx context.Context, level *sweep.Level, typ, id string) error {
	columns := columnSet{}
	columns.all(level.Below)
	row := rows.Of(typ, "row", columns.list())
	table := sql.Table(ent.EntityOf(typ).Table).As("row")
	s := sql.Dialect(r.store.Engine()).Select().From(table)
	parts, along := selectAlong(ctx, s, []*rows.Part{row}, typ, table, level.Below)
	more, err := r.askAhead(level, typ, id)
	if err != nil {
		return err
	}
	if len(more) == 0 {
		statement, args := s.Where(sql.EQ(s.C("id"), id)).Where(access.Sees(ctx, typ, "row")).Query()
		err = r.store.Read(ctx, statement, args, nil, rows.One, parts)
	} else {
		q := &question{parents: oneParent(id), rows: s, column: s.C("id"), rule: access.SeesOf(ctx, typ, up), parts: parts}
		err = r.askTogether(ctx, q.before(more))
	}
	if err != nil || len(row.Rows) == 0 {
		return err
	}
	handOver(ctx, level, row.Rows, along)
	level.Gives(row.Rows)
	return nil
}

// askAhead asks what hangs on a row whose id is known before it is read.
func (r *Resolver) askAhead(level *sweep.Level, typ, id string) ([]sweep.Question, error) {
	if r.store.Engine() != dialect.Postgres {
		return nil, nil
	}
	standIn := ent.EntityOf(typ).New()
	if err := ent.EntityOf(typ).Column("id")(standIn, id); err != nil {
		return nil, err
	}
	return level.AskAhead(standIn)
}
