package graph

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/graph/page"
)

// pageKey names a page of a parent's list: what was asked of it, in one spelling.
type pageKey struct {
	parent string
	asked  string
}

// asked is what a selection asks of a nested list: its arguments, and whether it
// wants the rows and the count.
type asked struct {
	page.Asked
	Filter  *linkFilter `json:"filter"`
	OrderBy *struct {
		Direction string `json:"direction"`
	} `json:"orderBy"`
	IncludeEnded bool `json:"includeEnded"`
	Count        bool `json:"count"`
	Rows         bool `json:"rows"`
}

// linkFilter is the SDL's LinkedRecordFilter.
type linkFilter struct {
	Status  list[record.Status]   `json:"status"`
	Kind    list[record.Kind]     `json:"kind"`
	Service *string               `json:"service"`
	OwnerID *string               `json:"ownerId"`
	Role    list[recordlink.Role] `json:"role"`
}

// list is a list of the SDL, for which a lone value stands as well.
type list[T any] []T

// UnmarshalJSON reads a list or a lone value.
func (l *list[T]) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '[' {
		return json.Unmarshal(data, (*[]T)(l))
	}
	if string(data) == "null" {
		return nil
	}
	var one T
	if err := json.Unmarshal(data, &one); err != nil {
		return err
	}
	*l = list[T]{one}
	return nil
}

// askedOf spells what a field asks of its list. The resolver of the field and the
// level above it both spell it here, so that the page primed is the page asked for.
func askedOf(ctx context.Context, field graphql.CollectedField) (string, error) {
	oc := graphql.GetOperationContext(ctx)
	raw, err := json.Marshal(field.ArgumentMap(oc.Variables))
	if err != nil {
		return "", err
	}
	var a asked
	if err := json.Unmarshal(raw, &a); err != nil {
		return "", &page.ArgumentError{Argument: field.Name, Message: "these arguments cannot be read"}
	}
	for _, f := range graphql.CollectFields(oc, field.Selections, nil) {
		if f.Name == "totalCount" {
			a.Count = true
		} else if f.Name != "__typename" {
			a.Rows = true
		}
	}
	spelled, err := json.Marshal(a)
	return string(spelled), err
}

// nested says how to read the pages of one kind of nested list. L is the link's row,
// E the edge, N the node.
type nested[L, E, N any] struct {
	order  func(asked) page.Order
	rows   func(ctx context.Context, parents []string, a asked, w page.Window) ([]*L, error)
	counts func(ctx context.Context, parents []string, a asked) ([]parentCount, error)
	parent func(*L) string
	key    func(*L) (sortKey any, id string)
	edge   func(cursor string, link *L, node *N) *E
	node   func(ctx context.Context, link *L) (*N, error)
	laid   laid // how it is read without ent
}

// parentCount is how many rows a parent's list holds.
type parentCount struct {
	Parent string `sql:"parent"`
	Count  int    `sql:"count"`
}

// pages makes the loader of one kind of nested list: one statement for the pages of
// all parents, and one for the counts where they are asked for.
func pages[L, E, N any](n nested[L, E, N]) *loader[pageKey, *page.Connection[E, N]] {
	return newLoader(func(ctx context.Context, keys []pageKey) (map[pageKey]*page.Connection[E, N], error) {
		parents := map[string][]string{}
		for _, key := range keys {
			parents[key.asked] = append(parents[key.asked], key.parent)
		}
		found := make(map[pageKey]*page.Connection[E, N], len(keys))
		refused := refusals[pageKey]{}
		for spelled, ids := range parents {
			connections, err := n.read(ctx, spelled, ids)
			var argument *page.ArgumentError
			if err != nil && !errors.As(err, &argument) {
				return nil, err
			}
			for _, id := range ids {
				key := pageKey{id, spelled}
				found[key] = connections[id]
				if err != nil {
					refused[key] = err
				}
			}
		}
		if len(refused) > 0 {
			return found, refused
		}
		return found, nil
	})
}

func (n nested[L, E, N]) read(ctx context.Context, spelled string, parents []string) (map[string]*page.Connection[E, N], error) {
	var a asked
	if err := json.Unmarshal([]byte(spelled), &a); err != nil {
		return nil, err
	}
	w, err := a.Window(n.order(a))
	if err != nil {
		return nil, err
	}
	byParent := map[string][]*L{}
	if a.Rows {
		rows, err := n.rows(ctx, parents, a, w)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			byParent[n.parent(row)] = append(byParent[n.parent(row)], row)
		}
	}
	connections := make(map[string]*page.Connection[E, N], len(parents))
	for _, parent := range parents {
		if connections[parent], err = n.connect(ctx, w, byParent[parent]); err != nil {
			return nil, err
		}
	}
	if !a.Count {
		return connections, nil
	}
	counts, err := n.counts(ctx, parents, a)
	for _, c := range counts {
		connections[c.Parent].TotalCount = c.Count
	}
	return connections, err
}

func (n nested[L, E, N]) connect(ctx context.Context, w page.Window, rows []*L) (*page.Connection[E, N], error) {
	cursorOf := func(row *L) string { return w.Cursor(n.key(row)) }
	rows, info := page.Cut(w, rows, cursorOf)
	c := &page.Connection[E, N]{PageInfo: info, Edges: make([]*E, len(rows)), Nodes: make([]*N, len(rows))}
	for i, row := range rows {
		node, err := n.node(ctx, row)
		if err != nil {
			return nil, err
		}
		c.Edges[i], c.Nodes[i] = n.edge(cursorOf(row), row, node), node
	}
	return c, nil
}

// pageOf answers the field being resolved with its page of the parent's list.
func pageOf[E, N any](ctx context.Context, l *loader[pageKey, *page.Connection[E, N]], parent string) (*page.Connection[E, N], error) {
	spelled, err := askedOf(ctx, graphql.GetFieldContext(ctx).Field)
	if err != nil {
		return nil, err
	}
	return l.load(ctx, pageKey{parent, spelled})
}
