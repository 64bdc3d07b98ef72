package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"continuum/internal/practice"
)

// Crowd bounds what is open and what runs at once; a nil function bounds nothing. The gate of the edge sees only
// requests: what runs over a socket passes it here.
type Crowd struct {
	// Claim counts a socket or a stream for its credential until ctx is done; false when there are too many.
	Claim func(ctx context.Context, credential string) bool
	// Enter takes a place to run in, which leave gives back.
	Enter func(ctx context.Context) (leave func(), ok bool)
}

type seatedKey struct{}

// seat counts a socket that has signed in, and marks what runs on it; false when its credential has too many.
func (c Crowd) seat(ctx context.Context) (context.Context, bool) {
	if c.Claim != nil && !c.Claim(ctx, credential(ctx)) {
		return ctx, false
	}
	return context.WithValue(ctx, seatedKey{}, true), true
}

func seated(ctx context.Context) bool { return ctx.Value(seatedKey{}) != nil }

// claimStream counts a subscription that has a request of its own, and refuses it when there are too many.
func (c Crowd) claimStream(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	streams := !seated(ctx) && graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription
	if !streams || c.Claim == nil || c.Claim(ctx, credential(ctx)) {
		return next(ctx)
	}
	return graphql.OneShot(busy("Your credential has too many streams open."))
}

// enter holds a place while an operation of a socket runs. A subscription holds none: it mostly waits.
func (c Crowd) enter(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	operation := graphql.GetOperationContext(ctx).Operation
	runs := seated(ctx) && operation != nil && operation.Operation != ast.Subscription
	if !runs || c.Enter == nil {
		return next(ctx)
	}
	leave, ok := c.Enter(ctx)
	if !ok {
		return busy("The server is busy. Try again in a moment.")
	}
	defer leave()
	return next(ctx)
}

func busy(message string) *graphql.Response {
	return &graphql.Response{Errors: gqlerror.List{{
		Message: message, Extensions: map[string]any{"code": string(practice.CodeUnavailable), "retryAfter": 1},
	}}}
}
