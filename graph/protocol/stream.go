package protocol

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"continuum/graph/document"
	"continuum/internal/access"
	"continuum/internal/media"
	"continuum/internal/practice"
)

// stream answers by graphql-sse, in its mode of distinct connections: one request, one
// stream. A subscription lasts for as long as the client listens; a query keeps the
// deadline that it has anywhere else.
func (c Config) stream(w http.ResponseWriter, r *http.Request, operation *graphql.OperationContext, exec graphql.GraphExecutor) {
	ctx := r.Context()
	if operation.Operation.Operation == ast.Subscription {
		lasting, done, ok := c.Lasting(ctx)
		if !ok {
			write(w, media.Older, Refused(document.Refusal(string(practice.CodeUnavailable), "The server takes no more streams now.")))
			return
		}
		defer done()
		ctx = lasting
	}
	ctx, cancel := untilExpiry(ctx)
	defer cancel()
	ctx = withEnding(context.WithValue(ctx, lastingKey{}, true))

	events := begin(w)
	defer events.keepAlive()()
	next := c.responses(ctx, operation, exec)
	for response := next(); response != nil; response = next() {
		events.next(response)
		if operation.Operation.Operation != ast.Subscription {
			break
		}
	}
	if stopped(ctx) {
		return // without an end, so that the client comes again
	}
	failures := endingOf(ctx)
	if errors.Is(context.Cause(ctx), errExpired) {
		failures = gqlerror.List{document.Refusal(string(practice.CodeUnauthenticated), "Sign in again.")}
	}
	if len(failures) > 0 {
		events.next(&graphql.Response{Errors: failures})
	}
	events.complete()
}

// stopped says whether something else than the operation or its sign-in ended a stream.
func stopped(ctx context.Context) bool {
	return ctx.Err() != nil && !errors.Is(context.Cause(ctx), errExpired)
}

// events writes a stream.
type events struct {
	w  http.ResponseWriter
	to *http.ResponseController

	mu   sync.Mutex
	over bool // nothing may come after the end
}

// begin tells the client that a stream follows.
func begin(w http.ResponseWriter) *events {
	w.Header().Set("Content-Type", media.Events+"; charset=utf-8")
	w.Header().Set("X-Accel-Buffering", "no") // a proxy that waits for more would wait for long
	s := &events{w: w, to: http.NewResponseController(w)}
	// The request has been read; what watches over that must not end a stream.
	_ = s.to.SetReadDeadline(time.Time{})
	s.write(":\n\n")
	return s
}

func (s *events) next(response *graphql.Response) {
	s.write("event: next\ndata: " + string(encode(response)) + "\n\n")
}

func (s *events) complete() {
	s.write("event: complete\ndata:\n\n")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
}

// write sends a message at once. A client that does not take it is waited for no longer
// than for any other answer; it is gone then, and its context ends.
func (s *events) write(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return
	}
	_ = s.to.SetWriteDeadline(time.Now().Add(writeTime))
	if _, err := s.w.Write([]byte(text)); err == nil {
		_ = s.to.Flush()
	}
}

// keepAlive writes a comment now and then, so that nothing between here and the client
// takes the stream for dead. It returns what ends that.
func (s *events) keepAlive() (end func()) {
	ended, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		clock := time.NewTicker(keepAlive)
		defer clock.Stop()
		for {
			select {
			case <-ended:
				return
			case <-clock.C:
				s.write(":\n\n")
			}
		}
	}()
	return func() {
		close(ended)
		<-over
	}
}

// untilExpiry ends a context when the viewer's sign-in does.
func untilExpiry(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	end := func() { cancel(nil) }
	viewer := access.ViewerFrom(ctx)
	if viewer == nil || viewer.ExpiresAt == nil {
		return ctx, end
	}
	timer := time.AfterFunc(viewer.ExpiresAt.Sub(access.Now(ctx)), func() { cancel(errExpired) })
	return ctx, func() {
		timer.Stop()
		end()
	}
}
