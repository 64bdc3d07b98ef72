package graph

import (
	"bytes"
	"context"
	"encoding/json"

	"entgo.io/ent/dialect/sql"
	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/graph/exec"
	"continuum/graph/page"
	"continuum/graph/sweep"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/internal/rows"
	"continuum/schema"
)

// How the fields of the query itself are answered: by what their resolvers do, which then reads no more than is selected,
// and leaves what is below to the next level.

func (r *Resolver) rootHows() guide {
	return guide{
		// What else comes along with a profile, ent's statement brings.
		"Query.profile": rawRow(r, ent.TypeProfile, schema.ScopeProfilesRead, rootRow(r.profileOf), func(_ *access.Viewer, s *sweep.Selection) bool {
			return s.Has("institution") || s.Has("workspaceFile")
		}),
		// Of a record that they oversee a viewer may read a part, which ent's statement finds out.
		"Query.record": rawRow(r, ent.TypeRecord, schema.ScopeRecordsRead, rootRow(func(ctx context.Context, id string) (*ent.Record, error) {
			return one(ctx, schema.ScopeRecordsRead, loadersFrom(ctx).records, id, level.records)
		}), func(v *access.Viewer, _ *sweep.Selection) bool { return v.Oversees() }),
		"Query.contact": rawRow(r, ent.TypeContact, schema.ScopeContactsRead, rootRow(func(ctx context.Context, id string) (*ent.Contact, error) {
			return one(ctx, schema.ScopeContactsRead, loadersFrom(ctx).contacts, id, level.contacts)
		}), func(*access.Viewer, *sweep.Selection) bool { return false }),
		"Query.profiles": rootList(r.listProfiles, func(by *exec.ProfileOrder) {
			orDefault(&by.Field, exec.ProfileOrderFieldName, &by.Direction, exec.OrderDirectionAsc)
		}),
		"Query.records": rootList(r.listRecords, func(by *exec.RecordOrder) {
			orDefault(&by.Field, exec.RecordOrderFieldCreated, &by.Direction, exec.OrderDirectionDesc)
		}),
		"Query.contacts": rootList(r.listContacts, func(by *exec.ContactOrder) {
			orDefault(&by.Field, exec.ContactOrderFieldName, &by.Direction, exec.OrderDirectionAsc)
		}),
	}
}

// rootRow is a row by the id that a client sent.
func rootRow[T any](of func(context.Context, string) (*T, error)) sweep.How {
	return sweep.How{Read: func(ctx context.Context, level *sweep.Level) error {
		id, ok := level.Field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)["id"].(string)
		if !ok {
			return errNotSwept
		}
		columns := columnSet{}
		columns.add("id")
		columns.all(level.Below)
		row, err := of(swept(ctx, level, columns), id)
		level.Gives([]any{orNothing(row)})
		return err
	}}
}

// rawRow is a row by the id that a client sent, read without ent unless it takes more than a row.
func rawRow(r *Resolver, typ string, scope schema.Scope, byEnt sweep.How, unless func(*access.Viewer, *sweep.Selection) bool) sweep.How {
	return sweep.How{Read: func(ctx context.Context, level *sweep.Level) error {
		if unless(access.ViewerFrom(ctx), level.Below) {
			return byEnt.Read(ctx, level)
		}
		if err := practice.Needs(ctx, scope); err != nil {
			return err
		}
		id, ok := level.Field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)["id"].(string)
		if !ok {
			return errNotSwept
		}
		level.Gives([]any{nil})
		if schema.IDPrefix(id) == "" {
			return nil
		}
		columns := columnSet{}
		columns.all(level.Below)
		row := rows.Of(typ, "row", columns.list())
		s := sql.Dialect(r.store.Engine()).Select().From(sql.Table(ent.EntityOf(typ).Table).As("row"))
		row.Select(s)
		statement, args := s.Where(sql.EQ(s.C("id"), id)).Where(access.Sees(ctx, typ, "row")).Query()
		found, err := r.store.Rows(ctx, statement, args)
		if err != nil {
			return err
		}
		if err := rows.Read(found, nil, func() error { return nil }, row); err != nil || len(row.Rows) == 0 {
			return err
		}
		level.Gives(row.Rows)
		return nil
	}}
}

// rootList is a page of a root list. A filter that JSON does not read as GraphQL does is left to the resolvers.
func rootList[F, O, N any](of func(context.Context, page.Asked, *F, *O) (*page.Connection[page.Edge[N], N], error), order func(*O)) sweep.How {
	return sweep.How{Read: func(ctx context.Context, level *sweep.Level) error {
		var given struct {
			page.Asked
			Filter  *F `json:"filter"`
			OrderBy *O `json:"orderBy"`
		}
		raw, err := json.Marshal(level.Field.ArgumentMap(graphql.GetOperationContext(ctx).Variables))
		if err != nil {
			return err
		}
		if bytes.Contains(raw, []byte(`"updatedSince"`)) { // an instant, which is rounded when it is read
			return errNotSwept
		}
		if err := json.Unmarshal(raw, &given); err != nil {
			return err
		}
		if given.OrderBy != nil {
			order(given.OrderBy)
		}
		columns := columnSet{}
		columns.add("id", "sort_name", "created_at", "updated_at")
		level.Below.Each("nodes", func(f *sweep.Field) { columns.all(f.Below) })
		level.Below.Each("edges", func(f *sweep.Field) {
			f.Below.Each("node", func(f *sweep.Field) { columns.all(f.Below) })
		})
		connection, err := of(swept(ctx, level, columns), given.Asked, given.Filter, given.OrderBy)
		level.Gives([]any{orNothing(connection)})
		return err
	}}
}

// orDefault fills in what a client left out of an order.
func orDefault[F ~string](field *F, usual F, direction *exec.OrderDirection, way exec.OrderDirection) {
	if *field == "" {
		*field = usual
	}
	if *direction == "" {
		*direction = way
	}
}

// sweeping is a level under way: what is selected is read, of those columns, and nothing below it.
type sweeping struct{ columns []string }

type sweepingKey struct{}

// swept gives ctx to a resolver whose field is answered level by level.
func swept(ctx context.Context, level *sweep.Level, columns columnSet) context.Context {
	s := sweeping{}
	if !columns.whole {
		s.columns = columns.names
	}
	ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: "Query", Field: level.Field})
	return context.WithValue(ctx, sweepingKey{}, s)
}

// picked are the columns to read of a table, of which the context may want some alone.
func picked(ctx context.Context, all []string) []string {
	if s, ok := ctx.Value(sweepingKey{}).(sweeping); ok && s.columns != nil {
		return intersection(all, s.columns)
	}
	return all
}

func intersection(all, some []string) []string {
	wanted := make([]string, 0, len(some))
	for _, column := range all {
		for _, name := range some {
			if name == column {
				wanted = append(wanted, column)
			}
		}
	}
	return wanted
}
