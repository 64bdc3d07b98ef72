package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"continuum/internal/practice"
)

// outcome is a payload of package practice: it has room for user errors.
type outcome[P any] interface {
	*P
	Fail([]*practice.Error)
}

// change asks for a change. What goes wrong and is for people stands in the payload's
// userErrors when the client selected them, and is a top-level error when it did not. Under
// an idempotency key it is done once.
func change[I, P any, O outcome[P]](ctx context.Context, do func(context.Context, I) (*P, error), input I) (*P, error) {
	payload, err := practice.Once(ctx, do, input)
	if err == nil {
		return payload, nil
	}
	failures := practice.UserErrors(err)
	if failures == nil {
		return nil, err
	}
	if !selected(ctx)["userErrors"] {
		for _, failure := range failures[1:] {
			graphql.AddError(ctx, failure)
		}
		return nil, failures[0]
	}
	payload = new(P)
	O(payload).Fail(failures)
	return payload, nil
}
