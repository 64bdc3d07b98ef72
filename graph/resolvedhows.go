package graph

import (
	"context"
	"errors"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"golang.org/x/sync/errgroup"

	"continuum/graph/exec"
	"continuum/graph/sweep"
)

// How every other field is answered: by its resolver, row by row, after what it asks for was read for all of them.

// resolved is a field that a resolver answers.
func (r *Resolver) resolved(object, field string) (sweep.How, bool) {
	how, ok := exec.ResolvedField(object, field)
	if !ok {
		return sweep.How{}, false
	}
	return sweep.How{Whole: true, Read: func(ctx context.Context, level *sweep.Level) error {
		return r.ask(ctx, how, level)
	}}, true
}

// answer is what a resolver gave for one row.
type answer struct {
	one  any
	all  []any
	none bool // instead of a list
}

// ask asks the resolver of a field for all rows of a level.
func (r *Resolver) ask(ctx context.Context, how exec.Resolved, level *sweep.Level) (err error) {
	defer caught(ctx, &err)
	var args map[string]any
	if how.Args != nil {
		if args, err = how.Args(ctx, level.Field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)); err != nil {
			return err
		}
	}
	ctx = swept(ctx, level)
	answers := make([]answer, len(level.Rows))
	one := func(ctx context.Context, i int) (err error) {
		defer caught(ctx, &err)
		answers[i], err = r.askOne(ctx, how, level.Rows[i], args)
		return err
	}
	if err = errUnforeseen; level.Object != "Query" {
		err = onField(ctx).foresee(level.Object, level.Field, level.Rows)
	}
	switch {
	case errors.Is(err, errUnforeseen) && len(level.Rows) > 1:
		err = atOnce(together(ctx), len(answers), one)
	case err == nil || errors.Is(err, errUnforeseen):
		err = oneByOne(ctx, len(answers), one)
	}
	if err != nil {
		return err
	}
	give(level, answers, how.All != nil)
	return nil
}

// askOne asks for one row.
func (r *Resolver) askOne(ctx context.Context, how exec.Resolved, row any, args map[string]any) (a answer, err error) {
	switch {
	case how.Value != nil:
		b, err := how.Value(ctx, r, row, args, nil)
		if b != nil {
			a.one = b
		}
		return a, err
	case how.One != nil:
		a.one, err = how.One(ctx, r, row, args)
	default:
		var there bool
		a.all, there, err = how.All(ctx, r, row, args, nil)
		a.none = !there
	}
	return a, err
}

// oneByOne asks one row after the other.
func oneByOne(ctx context.Context, n int, one func(context.Context, int) error) error {
	for i := range n {
		if err := one(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// atOnce asks all rows beside each other, as their own executor would: the loaders gather what they ask for.
func atOnce(ctx context.Context, n int, one func(context.Context, int) error) error {
	var rows errgroup.Group
	for i := range n {
		rows.Go(func() error { return one(ctx, i) })
	}
	return rows.Wait()
}

// give hands the answers to the level.
func give(level *sweep.Level, answers []answer, lists bool) {
	var found []any
	if !lists {
		for _, a := range answers {
			found = append(found, a.one)
		}
		level.Gives(found)
		return
	}
	ends, none := make([]int, len(answers)), make([]bool, len(answers))
	for i, a := range answers {
		found = append(found, a.all...)
		ends[i], none[i] = len(found), a.none
	}
	level.GivesLists(found, ends)
	level.GivesNone(none)
}

// sweeping is a level under way: what is selected is read, of those columns, and nothing below it.
type sweeping struct {
	together bool         // whether its rows are asked beside each other
	list     *sweep.Level // of a field of the query itself
}

type sweepingKey struct{}

// swept gives ctx to the resolver of a field that is answered level by level.
func swept(ctx context.Context, level *sweep.Level) context.Context {
	s := sweeping{}
	if level.Object == "Query" && level.Below != nil {
		s.list = level
	}
	ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: level.Object, Field: level.Field})
	return context.WithValue(ctx, sweepingKey{}, s)
}

// together gives ctx to resolvers that are asked beside each other.
func together(ctx context.Context) context.Context {
	return context.WithValue(ctx, sweepingKey{}, sweeping{together: true})
}

// lone says whether whoever loads waits for nobody else.
func lone(ctx context.Context) bool {
	s, swept := ctx.Value(sweepingKey{}).(sweeping)
	return swept && !s.together
}

// shownColumns lists what the answer takes of a row, or of the rows of a list; nil for all.
func shownColumns(s *sweep.Selection) []string {
	columns := columnSet{}
	columns.add("id", "sort_name", "created_at", "updated_at") // which cursors are made of
	columns.all(s)
	for _, nodes := range nodesOf(s) {
		columns.all(nodes)
	}
	return columns.list()
}

// picked are the columns to read of a table, of which the context may want some alone.
func picked(ctx context.Context, all []string) []string {
	level := listedBy(ctx)
	if level == nil {
		return all
	}
	shown := shownColumns(level.Below)
	if shown == nil {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(column string) bool { return !slices.Contains(shown, column) })
}
