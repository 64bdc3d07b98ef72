package protocol

import (
	"context"
	"errors"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// errExpired ends what lasts when the sign-in has run out.
var errExpired = errors.New("the sign-in has expired")

type (
	lastingKey struct{}
	endingKey  struct{}
)

// Lasts says whether an operation came over a socket or a stream: whoever asks may have
// signed in long ago, and may follow for long.
func Lasts(ctx context.Context) bool { return ctx.Value(lastingKey{}) != nil }

// ending is why a subscription ended, if not by itself.
type ending struct {
	mu       sync.Mutex
	failures gqlerror.List
}

func withEnding(ctx context.Context) context.Context {
	return context.WithValue(ctx, endingKey{}, &ending{})
}

// End says why a subscription ends. It is called before its channel is closed.
func End(ctx context.Context, why *gqlerror.Error) {
	if e, ok := ctx.Value(endingKey{}).(*ending); ok {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.failures = append(e.failures, why)
	}
}

func endingOf(ctx context.Context) gqlerror.List {
	e, ok := ctx.Value(endingKey{}).(*ending)
	if !ok {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return few(e.failures)
}

// responses runs an operation and returns its responses one by one, and nil at its end.
// A panic is its last response.
func (c Config) responses(ctx context.Context, operation *graphql.OperationContext, exec graphql.GraphExecutor) func() *graphql.Response {
	var next graphql.ResponseHandler
	over := false
	return func() (response *graphql.Response) {
		defer func() {
			if panicked := recover(); panicked != nil {
				response, over = c.faulty(ctx, panicked), true
			}
		}()
		if over {
			return nil
		}
		if next == nil {
			next, ctx = exec.DispatchOperation(ctx, operation)
		}
		return next(ctx)
	}
}
