package access_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"continuum/ent"
	"continuum/ent/principal"
	"continuum/internal/access"
	"continuum/internal/oracle"
	"continuum/internal/store"
	"continuum/schema"
)

// dawn is when every world begins.
var dawn = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)

// world is one set of facts told twice: to a database, and to the oracle.
type world struct {
	rapid.TB
	store *store.Store
	facts *oracle.World
	names map[string]string // of ids, so that people can read a failure
	tx    *ent.Client       // while several facts are written at once
	txCtx context.Context
	turn  int // of comparing
}

func newWorld(t rapid.TB, s *store.Store) *world {
	return &world{TB: t, store: s, facts: oracle.New(dawn), names: map[string]string{}}
}

// ctx asks as of the world's instant, as nobody.
func (w *world) ctx() context.Context {
	return access.WithClock(context.Background(), w.facts.Now)
}

func (w *world) system() context.Context { return access.System(w.ctx(), "a test's facts") }

// as asks for a professional with every scope, or with those named. It asks as
// nobody for whoever may not act.
func (w *world) as(id string, scopes ...schema.Scope) context.Context {
	w.Helper()
	ctx := w.ctx()
	if id == "" {
		return ctx
	}
	if scopes == nil {
		scopes = schema.AllScopes()
	}
	viewer, err := access.Load(ctx, w.store.Client(), id, scopes)
	if err != nil {
		w.Fatalf("load %s: %v", w.names[id], err)
	}
	return access.WithViewer(ctx, viewer)
}

// write makes one change by the system, in the batch under way if there is one.
func (w *world) write(do func(ctx context.Context, tx *ent.Client) error) {
	w.Helper()
	var err error
	if w.tx != nil {
		err = do(w.txCtx, w.tx)
	} else {
		err = w.store.Tx(w.system(), do)
	}
	if err != nil {
		w.Fatalf("write a fact: %v", err)
	}
}

// batch writes all that do adds in one transaction.
func (w *world) batch(do func()) {
	w.Helper()
	w.write(func(ctx context.Context, tx *ent.Client) error {
		w.tx, w.txCtx = tx, ctx
		do()
		w.tx = nil
		return nil
	})
}

// add tells a new fact twice.
func add[T any](w *world, rows map[string]*T, prefix, name string, row T,
	create func(ctx context.Context, tx *ent.Client, id string) error) string {
	w.Helper()
	id := schema.NewID(prefix)
	w.names[id] = name
	w.write(func(ctx context.Context, tx *ent.Client) error { return create(ctx, tx, id) })
	rows[id] = &row
	return id
}

func addPrincipal(ctx context.Context, tx *ent.Client, kind principal.Kind, id, workspace string) error {
	return tx.Principal.Create().SetID(id).SetKind(kind).SetWorkspaceID(workspace).Exec(ctx)
}

// optional is nil for the zero value.
func optional[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

func roles(names []string) []schema.Role {
	var list []schema.Role
	for _, name := range names {
		list = append(list, schema.Role(name))
	}
	return list
}

// called gives the names of ids, in the order of names.
func (w *world) called(ids []string) string {
	var names []string
	for _, id := range ids {
		if name, ok := w.names[id]; ok {
			id = name
		}
		names = append(names, id)
	}
	slices.Sort(names)
	return "[" + strings.Join(names, " ") + "]"
}

// ids lists the keys in order, which is the order they were made in.
func ids[T any](rows map[string]T) []string { return slices.Sorted(maps.Keys(rows)) }
