package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"continuum/graph/document"
	"continuum/graph/page"
	"continuum/graph/scalar"
	"continuum/internal/practice"
	"continuum/internal/store"
)

// errAccessEnded ends a subscription whose viewer no longer sees what it follows.
var errAccessEnded = errors.New("You no longer have access to what this subscription follows.") //nolint:staticcheck // shown to people as it stands

// retryAfter is how many seconds to wait before what was unavailable is tried again.
const retryAfter = 1

// present shows an error to a client: failures for people as they are, with their
// code; what GraphQL itself says about the request; and of everything else nothing
// but a request id to quote.
func present(log *slog.Logger, requestID func(context.Context) string) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		shown := graphql.DefaultErrorPresenter(ctx, err)
		code, field, message := explain(err)
		if shown.Extensions["code"] == "COMPLEXITY_LIMIT_EXCEEDED" {
			return document.TooMuch("The operation asks for too many rows and fields at once.")
		}
		if code == "" && shown.Err == nil && shown.Extensions["code"] != nil {
			return shown // said by the parser, the validator or a limit
		}
		if code == "" && shown.Err == nil {
			return shown // said by the executor: a null where there may be none
		}
		cause := shown.Err // without the path, which has the caller's words in it
		shown.Err = nil
		shown.Extensions = map[string]any{}
		if code == "" {
			log.ErrorContext(ctx, "operation failed", "request", requestID(ctx), "path", fieldsTo(ctx), "error", store.Fault(cmp.Or(cause, err)))
			code, message = "INTERNAL", "internal error"
			shown.Extensions["requestId"] = requestID(ctx)
		}
		shown.Message = message
		shown.Extensions["code"] = code
		if field != "" {
			shown.Extensions["field"] = field
		}
		if code == string(practice.CodeUnavailable) {
			log.WarnContext(ctx, "operation unavailable", "request", requestID(ctx), "path", fieldsTo(ctx), "error", store.Fault(cmp.Or(cause, err)))
			shown.Extensions["retryAfter"] = retryAfter
		}
		return shown
	}
}

// fieldsTo is where an operation stands, by the names of the schema: a path has the caller's own words for them.
func fieldsTo(ctx context.Context) string {
	var names []string
	for at := graphql.GetFieldContext(ctx); at != nil; at = at.Parent {
		if at.Field.Field != nil {
			names = append(names, at.Field.Name)
		}
	}
	slices.Reverse(names)
	return strings.Join(names, ".")
}

// explain tells the code, the field and the message of an error that a client may
// see; no code for any other.
func explain(err error) (code, field, message string) {
	if failures := practice.UserErrors(err); len(failures) > 0 {
		e := failures[0]
		if e.Field != nil {
			field = *e.Field
		}
		return string(e.Code), field, e.Message
	}
	var argument *page.ArgumentError
	if errors.As(err, &argument) {
		return string(practice.CodeInvalid), argument.Argument, argument.Message
	}
	var input *scalar.Error
	if errors.As(err, &input) {
		return string(practice.CodeInvalid), "", input.Error()
	}
	switch {
	case errors.Is(err, errAccessEnded):
		return "ACCESS_ENDED", "", errAccessEnded.Error()
	case errors.Is(err, store.ErrUnknownOutcome):
		return string(practice.CodeUnavailable), "", "The database was lost; whether the change took effect is not known. Try again, with the same idempotency key if there is one."
	case errors.Is(err, context.DeadlineExceeded):
		return "LIMIT_EXCEEDED", "", "The operation took too long."
	case errors.Is(err, context.Canceled):
		return string(practice.CodeUnavailable), "", "The operation was cancelled."
	case store.Unavailable(err):
		return string(practice.CodeUnavailable), "", "The database is busy or was lost. Try again."
	}
	return "", "", ""
}

// caught makes a fault of a panic, in a goroutine whose panic would end the program: defer caught(ctx, &err).
func caught(ctx context.Context, err *error) {
	if panicked := recover(); panicked != nil {
		*err = recovered(ctx, panicked)
	}
}

// recovered turns a panic into a fault like any other, with the place it came from in
// the log alone. What the runtime says holds no data; of anything else only the type
// is told.
func recovered(_ context.Context, panicked any) error {
	if fault, ok := panicked.(runtime.Error); ok {
		return fmt.Errorf("panic: %w\n%s", fault, debug.Stack())
	}
	return fmt.Errorf("panic: %T\n%s", panicked, debug.Stack())
}
