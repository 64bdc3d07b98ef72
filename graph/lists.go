package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"continuum/graph/exec"
	"continuum/graph/page"
)

// listing says how to read one root list.
type listing[T any] struct {
	rows  func(page.Window) ([]*T, error)
	count func(context.Context) (int, error)
	key   func(*T) any
	id    func(*T) string
}

// listOf answers a root field with its page, and counts only when the count is
// selected.
func listOf[T any](ctx context.Context, a page.Asked, o page.Order, l listing[T]) (*page.Connection[page.Edge[T], T], error) {
	w, err := a.Window(o)
	if err != nil {
		return nil, err
	}
	c := &page.Connection[page.Edge[T], T]{PageInfo: &page.Info{}}
	wanted := selected(ctx)
	if wanted["totalCount"] {
		if c.TotalCount, err = l.count(ctx); err != nil {
			return nil, err
		}
	}
	if !wanted["edges"] && !wanted["nodes"] && !wanted["pageInfo"] {
		return c, nil
	}
	rows, err := l.rows(w)
	if err != nil {
		return nil, err
	}
	cursorOf := func(row *T) string { return w.Cursor(l.key(row), l.id(row)) }
	c.Nodes, c.PageInfo = page.Cut(w, rows, cursorOf)
	c.Edges = make([]*page.Edge[T], len(c.Nodes))
	for i, row := range c.Nodes {
		c.Edges[i] = &page.Edge[T]{Cursor: cursorOf(row), Node: row}
	}
	return c, nil
}

// selected names the fields that are selected below the field being resolved.
func selected(ctx context.Context) map[string]bool {
	names := map[string]bool{}
	for _, f := range graphql.CollectFieldsCtx(ctx, nil) {
		names[f.Name] = true
	}
	return names
}

// orderOf is the order that a list is asked for, by the column that its field names.
func orderOf[F comparable](field F, direction exec.OrderDirection, columns map[F]string) page.Order {
	return page.Order{Column: columns[field], Desc: direction == exec.OrderDirectionDesc}
}

// given is the value of a filter's field, and whether it narrows the list.
func given[T any](o graphql.Omittable[*T]) (T, bool) {
	if v := o.Value(); v != nil {
		return *v, true
	}
	var zero T
	return zero, false
}
