// Package graph shows the practice as a graph: resolvers of one line each, the
// loaders behind them, pages, errors, limits, and the handler that speaks GraphQL.
//
// Its one rule: a resolver decides nothing. It reads through a loader or the guarded
// client, or asks package practice for a change.
package graph

import (
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
}

// client reads under the guard.
func (r *Resolver) client() *ent.Client { return r.store.Client() }
