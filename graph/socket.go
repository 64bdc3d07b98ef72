package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"continuum/graph/protocol"
	"continuum/internal/access"
	"continuum/internal/practice"
)

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
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{r.present(ctx, err)}})
	}
	return next(access.WithViewer(ctx, fresh))
}
