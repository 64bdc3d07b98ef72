// Package graph shows the practice as a graph: resolvers of one line each, the
// loaders behind them, pages, errors, limits, and the handler that speaks GraphQL.
//
// Its one rule: a resolver decides nothing. It reads through a loader or the guarded
// client, or asks package practice for a change.
package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/internal/practice"
	"continuum/internal/store"
)

// Resolver answers the fields of the SDL.
type Resolver struct {
	practice *practice.Practice
	store    *store.Store
	present  graphql.ErrorPresenterFunc
	looks    chan struct{} // held by the subscriptions that read just now
}

// looksAtOnce is how many subscriptions read at once, when something has changed: all of them would leave no connection
// to those who ask.
const looksAtOnce = 4

// inTurn does what a subscription reads, when it is its turn.
func (r *Resolver) inTurn(ctx context.Context, read func() error) error {
	select {
	case r.looks <- struct{}{}:
		defer func() { <-r.looks }()
		return read()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// client reads under the guard.
func (r *Resolver) client() *ent.Client { return r.store.Client() }
