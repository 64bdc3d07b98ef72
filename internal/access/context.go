package access

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"continuum/schema"
)

type (
	viewerKey      struct{}
	systemKey      struct{}
	clockKey       struct{}
	transactionKey struct{}
	workspaceKey   struct{}
	knownKey       struct{}
)

// seat holds the viewer of a context. What lives longer than a request, a
// subscription, puts fresh facts into it before each event.
type seat struct{ atomic.Pointer[Viewer] }

// WithViewer gives ctx to the viewer who asks.
func WithViewer(ctx context.Context, v *Viewer) context.Context {
	s := &seat{}
	s.Store(v)
	return context.WithValue(ctx, viewerKey{}, s)
}

// ViewerFrom returns who asks, or nil for nobody.
func ViewerFrom(ctx context.Context) *Viewer {
	s, _ := ctx.Value(viewerKey{}).(*seat)
	if s == nil {
		return nil
	}
	return s.Load()
}

// Refresh gives ctx, and all that was derived from it, the facts of its viewer anew.
func Refresh(ctx context.Context, v *Viewer) {
	if s, _ := ctx.Value(viewerKey{}).(*seat); s != nil {
		s.Store(v)
	}
}

// ErrNoWorkspace refuses a sign-in, right by itself, in a workspace where whoever signs in
// does not act. It is the same whether there is such a workspace or not.
var ErrNoWorkspace = errors.New("the workspace does not exist, or not for whoever signs in")

// InWorkspace asks for the sign-in that follows to be in this workspace; empty asks for none.
func InWorkspace(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, workspaceKey{}, id)
}

// WorkspaceAsked is the workspace that a sign-in is asked to be in, or empty.
func WorkspaceAsked(ctx context.Context) string {
	id, _ := ctx.Value(workspaceKey{}).(string)
	return id
}

// System lifts the rule for work that no viewer asked for, or that comes before
// one is known. The reason is for the reader of the code: .golangci.yml
// lists the packages that may say it.
func System(ctx context.Context, reason string) context.Context {
	return context.WithValue(ctx, systemKey{}, reason)
}

func isSystem(ctx context.Context) bool { return ctx.Value(systemKey{}) != nil }

// IsSystem says whether the rule is lifted, for what goes past the guard and must
// never serve a viewer.
func IsSystem(ctx context.Context) bool { return isSystem(ctx) }

// Known says that a query names its rows, by their ids or by those of what they belong to, as all queries of a change do. The
// rule is the same; it is asked of each of them, instead of gathering first all that the viewer sees.
func Known(ctx context.Context) context.Context { return context.WithValue(ctx, knownKey{}, true) }

func isKnown(ctx context.Context) bool { return ctx.Value(knownKey{}) != nil }

// WithClock makes ctx ask as of t, for tests of what begins and ends by the clock.
func WithClock(ctx context.Context, t time.Time) context.Context {
	return context.WithValue(ctx, clockKey{}, t)
}

// Now is the instant at which ctx asks: UTC, in microseconds.
func Now(ctx context.Context) time.Time {
	if t, ok := ctx.Value(clockKey{}).(time.Time); ok {
		return t
	}
	return schema.Now()
}

// transaction remembers what the guard has checked within one attempt of one
// transaction, so that fifty rows under one parent cost one check.
type transaction struct {
	mu      sync.Mutex
	checked map[check]bool
}

type check struct {
	right right
	id    string
}

// InTransaction marks ctx as one attempt of one write transaction.
func InTransaction(ctx context.Context) context.Context {
	return context.WithValue(ctx, transactionKey{}, &transaction{checked: map[check]bool{}})
}
