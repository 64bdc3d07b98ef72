package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"continuum/graph/protocol"
	"continuum/internal/access"
	"continuum/internal/practice"
)

// Crowd bounds what is open and what runs at once; a nil function bounds nothing. The gate of the edge holds a request
// until its answer begins: what runs over a socket, or on a stream that has begun, passes it here.
type Crowd struct {
	// Claim counts a socket or a stream for its credential until ctx is done; false when there are too many.
	Claim func(ctx context.Context, credential string) bool
	// Follow counts a subscription, of a socket or a stream, likewise: each is read for again and again, and pays once.
	Follow func(ctx context.Context, credential string) bool
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

// claim counts a subscription, and once more one that has a request of its own, and refuses it when there are too many.
func (c Crowd) claim(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	switch {
	case graphql.GetOperationContext(ctx).Operation.Operation != ast.Subscription:
		return next(ctx)
	case !seated(ctx) && c.Claim != nil && !c.Claim(ctx, credential(ctx)):
		return graphql.OneShot(protocol.Refused(busy("Your credential has too many streams open.")))
	case c.Follow != nil && !c.Follow(ctx, credential(ctx)):
		return graphql.OneShot(protocol.Refused(busy("Your credential follows too much at once.")))
	}
	return next(ctx)
}

// enter holds a place while an operation of a socket or a stream runs. A subscription holds none: it mostly waits.
func (c Crowd) enter(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	operation := graphql.GetOperationContext(ctx).Operation
	runs := protocol.Lasts(ctx) && operation != nil && operation.Operation != ast.Subscription
	if !runs || c.Enter == nil {
		return next(ctx)
	}
	leave, ok := c.Enter(ctx)
	if !ok {
		return protocol.Refused(busy("The server is busy. Try again in a moment."))
	}
	defer leave()
	return next(ctx)
}

func busy(message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": string(practice.CodeUnavailable), "retryAfter": retryAfter}}
}

// seatFresh gives each operation of a socket or a stream the viewer's facts as they are
// now: it may have been open for hours. Any other request has just been signed in.
func (r *Resolver) seatFresh(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if !protocol.Lasts(ctx) {
		return next(ctx)
	}
	fresh, err := r.practice.SignInAgain(ctx, access.ViewerFrom(ctx))
	if err == nil && fresh == nil {
		err = &practice.Error{Code: practice.CodeUnauthenticated, Message: "Sign in again."}
	}
	if err != nil {
		return graphql.OneShot(protocol.Refused(r.present(ctx, err)))
	}
	return next(access.WithViewer(ctx, fresh))
}
