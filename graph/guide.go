package graph

import (
	"context"
	"maps"

	"continuum/graph/exec"
	"continuum/graph/page"
	"continuum/graph/sweep"
)

// hows are ways to answer fields, by the name of the object type and of the field.
type hows map[string]sweep.How

// guide tells how fields are answered level by level: those that stand in their row, which is generated; those that have
// a way of their own, for speed; and all others by their resolvers.
type guide struct {
	*Resolver
	own hows
}

func (r *Resolver) guide() guide {
	g := hows{}
	maps.Copy(g, r.rootHows())
	maps.Copy(g, r.profileHows())
	maps.Copy(g, r.recordHows())
	maps.Copy(g, r.contactHows())
	return guide{Resolver: r, own: g}
}

// How tells how a field of an object type is answered.
func (g guide) How(object, field string) (sweep.How, bool) {
	if how, ok := g.own[object+"."+field]; ok {
		return how, true
	}
	if plain, ok := exec.PlainField(object, field); ok {
		return sweep.How{Columns: plain.Columns, Write: plain.Write}, true
	}
	if inner, ok := exec.InnerField(object, field); ok {
		return sweep.How{One: inner.One, Many: inner.All}, true
	}
	return g.resolved(object, field)
}

// TypeOf names the type of a row.
func (guide) TypeOf(row any) string { return exec.TypeOf(row) }

// computed is a field that is worked out from some columns of its row.
func computed[P any](write func(b []byte, row *P) []byte, columns ...string) sweep.How {
	return sweep.How{Columns: columns, Write: func(b []byte, row any) []byte { return write(b, row.(*P)) }}
}

// lookedUp is a field for which something is read for all rows of a level, before each is answered by what its resolver does.
func lookedUp[P, T any](read func(context.Context, *loaders, []*P) error, of func(context.Context, *P) (*T, error), columns ...string) sweep.How {
	return sweep.How{Columns: columns, Read: func(ctx context.Context, level *sweep.Level) error {
		rows := rowsOf[P](level)
		if err := read(ctx, loadersFrom(ctx), rows); err != nil {
			return err
		}
		found := make([]any, len(rows))
		for i, row := range rows {
			one, err := of(ctx, row)
			if err != nil {
				return err
			}
			if one != nil {
				found[i] = one
			}
		}
		level.Gives(found)
		return nil
	}}
}

// byKey is a field that leads to the row of a loader, by a key; the empty key leads nowhere.
func byKey[P, T any](of func(*loaders) *loader[string, *T], key func(*P) string, columns ...string) sweep.How {
	return sweep.How{Columns: columns, Read: func(ctx context.Context, level *sweep.Level) error {
		rows := rowsOf[P](level)
		found, err := of(loadersFrom(ctx)).prime(ctx, someOf(rows, func(row *P) *string { return nonEmpty(key(row)) }))
		if err != nil {
			return err
		}
		sweep.GivesEach(level, func(row *P) any { return orNothing(found[key(row)]) })
		return nil
	}}
}

// paged is a field that leads to pages that are read without ent.
func paged[P, L, E, N any](r *Resolver, n nested[L, E, N], key func(*P) string, columns ...string) sweep.How {
	return sweep.How{Columns: columns, Ask: func(ctx context.Context, level *sweep.Level) ([]sweep.Question, error) {
		return askPages(ctx, r, level, n, key)
	}}
}

// far is a field of an edge that leads to its far end, which came along.
func far[E, N any](of func(*E) any) sweep.How {
	return sweep.How{One: func(row any) any { return orNothing(page.FarEnd[N](of(row.(*E)))) }}
}

// rowsOf are the rows of a level, by their type.
func rowsOf[P any](level *sweep.Level) []*P {
	rows := make([]*P, len(level.Rows))
	for i, row := range level.Rows {
		rows[i] = row.(*P)
	}
	return rows
}

// orNothing is a row, or nil that is nothing else besides.
func orNothing[T any](row *T) any {
	if row == nil {
		return nil
	}
	return row
}

// deref is a text that may be absent, which is empty then.
func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
