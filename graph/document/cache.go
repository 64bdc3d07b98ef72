package document

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
)

// How many documents are remembered. Parsed, a document takes about ten times its text:
// a thousand of the longest would fill the memory of a small server, and anybody could
// send them.
const (
	shortBytes = 4 << 10
	manyShort  = 1000
	fewLong    = 100
)

// Cache remembers something of many short documents, and of a few long ones.
type Cache[T any] struct {
	short, long *lru.LRU[T]
	size        func(key string, value T) int
}

var _ graphql.Cache[int] = Cache[int]{}

// NewCache remembers by the text of documents.
func NewCache[T any]() Cache[T] { return newCache(func(text string, _ T) int { return len(text) }) }

func newCache[T any](size func(string, T) int) Cache[T] {
	return Cache[T]{short: lru.New[T](manyShort), long: lru.New[T](fewLong), size: size}
}

// Get returns what is remembered, if it still is.
func (c Cache[T]) Get(ctx context.Context, key string) (value T, known bool) {
	if value, known = c.short.Get(ctx, key); known {
		return value, true
	}
	return c.long.Get(ctx, key)
}

// Add remembers something.
func (c Cache[T]) Add(ctx context.Context, key string, value T) {
	if c.size(key, value) <= shortBytes {
		c.short.Add(ctx, key, value)
		return
	}
	c.long.Add(ctx, key, value)
}
