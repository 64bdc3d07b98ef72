package graph

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/graph-gophers/dataloader/v7"

	"continuum/internal/access"
)

// wait is how long a loader gathers keys that no level above has foreseen.
const wait = time.Millisecond

// loader answers for many keys in one statement. A level that is complete primes it
// at once (see below.go); keys that come one by one are gathered by the dataloader.
type loader[K comparable, V any] struct {
	fetch   func(context.Context, []K) (map[K]V, error)
	batches func() *dataloader.Loader[K, V] // made when it is wanted: few answers need all loaders

	mu     sync.Mutex
	primed map[K]bool
}

func newLoader[K comparable, V any](fetch func(context.Context, []K) (map[K]V, error)) *loader[K, V] {
	batch := func(ctx context.Context, keys []K) []*dataloader.Result[V] {
		found, err := calmly(ctx, fetch, keys)
		var refused refusals[K]
		partly := errors.As(err, &refused)
		results := make([]*dataloader.Result[V], len(keys))
		for i, key := range keys {
			if partly {
				err = refused[key]
			}
			results[i] = &dataloader.Result[V]{Data: found[key], Error: err}
		}
		return results
	}
	return &loader[K, V]{
		fetch: fetch,
		batches: sync.OnceValue(func() *dataloader.Loader[K, V] {
			return dataloader.NewBatchedLoader(batch, dataloader.WithWait[K, V](wait))
		}),
		primed: map[K]bool{},
	}
}

// refusals are the keys of a batch that ask for what cannot be, and why. The others are no worse for it: which keys come
// into a batch is left to the clock.
type refusals[K comparable] map[K]error

// Error is the message of one of them.
func (r refusals[K]) Error() string {
	for _, err := range r {
		return err.Error()
	}
	return "nothing is refused"
}

// Unwrap lets what is said of one of them be found.
func (r refusals[K]) Unwrap() []error { return slices.Collect(maps.Values(r)) }

// calmly fetches in a goroutine of the dataloader's, which would print what a panic says.
func calmly[K comparable, V any](ctx context.Context, fetch func(context.Context, []K) (map[K]V, error), keys []K) (found map[K]V, err error) {
	defer caught(ctx, &err)
	return fetch(access.Known(ctx), keys)
}

// load waits for the value of one key; the zero value when there is none. It waits for no other key where none can come.
func (l *loader[K, V]) load(ctx context.Context, key K) (V, error) {
	if lone(ctx) {
		found, err := l.prime(ctx, []K{key})
		return found[key], err
	}
	return l.batches().Load(ctx, key)()
}

// prime reads the values of a whole level in one statement.
func (l *loader[K, V]) prime(ctx context.Context, keys []K) (map[K]V, error) {
	fresh := l.unprimed(keys)
	found := map[K]V{}
	if len(fresh) > 0 {
		var err error
		if found, err = l.fetch(access.Known(ctx), fresh); err != nil {
			return nil, err
		}
		for _, key := range fresh {
			l.batches().Prime(ctx, key, found[key])
		}
	}
	for _, key := range keys {
		if _, ok := found[key]; ok {
			continue
		}
		v, err := l.batches().Load(ctx, key)()
		if err != nil {
			return nil, err
		}
		found[key] = v
	}
	return found, nil
}

// unprimed returns the keys that no level has primed yet, each once.
func (l *loader[K, V]) unprimed(keys []K) []K {
	l.mu.Lock()
	defer l.mu.Unlock()
	var fresh []K
	for _, key := range keys {
		if !l.primed[key] {
			l.primed[key] = true
			fresh = append(fresh, key)
		}
	}
	return fresh
}

// byID loads rows by their own id.
func byID[T any](rows func(context.Context, []string) ([]*T, error), id func(*T) string) *loader[string, *T] {
	return newLoader(func(ctx context.Context, ids []string) (map[string]*T, error) {
		all, err := rows(ctx, ids)
		found := make(map[string]*T, len(all))
		for _, row := range all {
			found[id(row)] = row
		}
		return found, err
	})
}

// byParent loads the rows that belong to each parent, in the order of the statement.
func byParent[T any](rows func(context.Context, []string) ([]*T, error), parent func(*T) string) *loader[string, []*T] {
	return newLoader(func(ctx context.Context, parents []string) (map[string][]*T, error) {
		all, err := rows(ctx, parents)
		found := make(map[string][]*T, len(parents))
		for _, row := range all {
			found[parent(row)] = append(found[parent(row)], row)
		}
		return found, err
	})
}

type loadersKey struct{}

// withLoaders gives ctx loaders of its own: one set per response and per root field
// of a mutation, so that nothing is answered from before a change.
func (r *Resolver) withLoaders(ctx context.Context) context.Context {
	return context.WithValue(ctx, loadersKey{}, sync.OnceValue(func() *loaders { return newLoaders(r.client(), r.practice) }))
}

func loadersFrom(ctx context.Context) *loaders {
	of, _ := ctx.Value(loadersKey{}).(func() *loaders)
	if of == nil {
		return nil
	}
	return of()
}
