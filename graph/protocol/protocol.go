// Package protocol speaks GraphQL with clients: over HTTP, as a stream of events, and
// over a WebSocket.
//
// Its one rule: however an operation comes in, it is found, limited and answered by the
// same few functions; the ways of speaking differ in their envelopes alone.
package protocol

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"continuum/graph/document"
	"continuum/internal/practice"
)

const (
	executionTime = 10 * time.Second // of one query or mutation on a socket; the edge watches the others
	writeTime     = 30 * time.Second // for a client to take one message
	keepAlive     = 15 * time.Second
)

// Config is what the ways of speaking need from the rest of the house.
type Config struct {
	Shelf *document.Shelf
	// SignIn gives a context to the viewer that a token names; false when it is refused.
	SignIn func(ctx context.Context, token string) (context.Context, bool, error)
	// Lasting turns the context of a request into one for a subscription: without the
	// deadline of an answer, and ending when the server stops. It answers false when the
	// server takes no more of them.
	Lasting func(context.Context) (ctx context.Context, done func(), ok bool)
	// Seat counts a socket that has signed in, and marks what runs on it; false when its
	// credential has too many.
	Seat func(context.Context) (context.Context, bool)
	// Recover makes an error of a panic, and Present shows an error to a client.
	Recover graphql.RecoverFunc
	Present graphql.ErrorPresenterFunc
}

// prepare finds the document of a request and makes it ready to run. What it refuses has
// not run.
func (c Config) prepare(ctx context.Context, r *request, exec graphql.GraphExecutor) (operation *graphql.OperationContext, failed *graphql.Response) {
	defer func() {
		if panicked := recover(); panicked != nil {
			failed = c.faulty(ctx, panicked)
		}
	}()
	text, hash, refused := c.Shelf.Find(ctx, document.Wanted{
		Text: r.query, ID: r.documentID, Extensions: r.extensions, Browser: r.browser(),
	})
	if refused != nil {
		return nil, Refused(refused)
	}
	operation, failures := exec.CreateOperationContext(ctx, &graphql.RawParams{
		Query: text, OperationName: r.operationName, Variables: r.variables, Extensions: r.extensions,
		Headers: r.headers, ReadTime: graphql.TraceTiming{Start: r.start, End: graphql.Now()},
	})
	if len(failures) > 0 {
		return nil, exec.DispatchError(graphql.WithOperationContext(ctx, operation), failures)
	}
	if hash != "" {
		c.Shelf.Keep(ctx, hash, text)
	}
	return operation, nil
}

// Refused is an answer that is nothing but why there is none.
func Refused(why *gqlerror.Error) *graphql.Response {
	return &graphql.Response{Errors: gqlerror.List{why}}
}

// badRequest is the answer to what is no request of GraphQL.
func badRequest(message string) *graphql.Response {
	return Refused(document.Refusal("BAD_REQUEST", message))
}

// onlyStreamed is the answer to a subscription of a client that takes no stream.
func onlyStreamed() *graphql.Response {
	return Refused(document.Refusal(string(practice.CodeInvalid),
		"A subscription needs a WebSocket that speaks "+subprotocol+", or Accept: text/event-stream."))
}

// faulty is the answer where a panic left none.
func (c Config) faulty(ctx context.Context, panicked any) *graphql.Response {
	return Refused(c.Present(ctx, c.Recover(ctx, panicked)))
}
