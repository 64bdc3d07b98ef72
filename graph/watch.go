package graph

import (
	"cmp"
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"continuum/graph/document"
)

// Watch is what is told about operations, to operators. None of it may be about a person, so a name is told only when
// Names lists it: clients choose theirs, and could choose a person's.
type Watch struct {
	// Began is told of each operation that runs, and gives the context that it runs in and who is told of its end.
	Began func(ctx context.Context, kind, name string) (context.Context, func(Outcome))
	// Refused is told the code of each error of a request that does not run.
	Refused func(code string)
	// Names are the operation names that may be told; every other is "other".
	Names []string
	// Slow is from when on a query or a mutation stands in the log; 0 for never.
	Slow time.Duration
}

// Outcome is how an operation ended. A subscription's lasts until it is over.
type Outcome struct {
	Cost  int
	Took  time.Duration
	Codes []string // of the errors in its answers
}

// watcher hears of operations and of what is refused before.
type watcher struct {
	Watch
	names     map[string]bool // Watch.Names, looked up with each operation
	log       *slog.Logger
	requestID func(context.Context) string
}

func newWatcher(c Config) watcher {
	w := watcher{Watch: c.Watch, names: map[string]bool{}, log: c.Log, requestID: c.RequestID}
	for _, name := range c.Watch.Names {
		w.names[name] = true
	}
	return w
}

var _ interface {
	graphql.OperationInterceptor
	graphql.ResponseInterceptor
} = watcher{}

// ExtensionName names the extension to gqlgen.
func (watcher) ExtensionName() string { return "Watcher" }

// Validate has nothing to check of the schema.
func (watcher) Validate(graphql.ExecutableSchema) error { return nil }

// running is an operation that has begun, and what became of it so far.
type running struct {
	mu    sync.Mutex
	codes []string
}

func (r *running) note(errs gqlerror.List) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.codes = append(r.codes, codesOf(errs)...)
}

type runningKey struct{}

// InterceptOperation follows an operation from its beginning to its last answer.
func (w watcher) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx)
	kind, name := string(operation.Operation.Operation), w.nameOf(operation.Operation.Name)
	ended := func(Outcome) {}
	if w.Began != nil {
		ctx, ended = w.Began(ctx, kind, name)
	}
	run := &running{}
	over := sync.OnceFunc(func() {
		run.mu.Lock()
		defer run.mu.Unlock()
		outcome := Outcome{Cost: costOf(operation), Took: time.Since(operation.Stats.OperationStart), Codes: run.codes}
		ended(outcome)
		w.logSlow(ctx, operation, name, outcome)
	})
	stop := context.AfterFunc(ctx, over) // a client that has gone asks for no more answers
	answers := next(context.WithValue(ctx, runningKey{}, run))
	return func(ctx context.Context) *graphql.Response {
		response := answers(ctx)
		if response != nil {
			run.note(response.Errors)
		}
		if response == nil || operation.Operation.Operation != ast.Subscription {
			stop()
			over()
		}
		return response
	}
}

// InterceptResponse tells of what never began.
func (w watcher) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if w.Refused != nil && response != nil && ctx.Value(runningKey{}) == nil {
		for _, code := range codesOf(response.Errors) {
			w.Refused(code)
		}
	}
	return response
}

func codesOf(errs gqlerror.List) []string {
	var codes []string
	for _, err := range errs {
		code, _ := err.Extensions["code"].(string)
		codes = append(codes, cmp.Or(code, "NONE"))
	}
	return codes
}

func (w watcher) nameOf(name string) string {
	if name == "" || w.names[name] {
		return name
	}
	return "other"
}

func (w watcher) logSlow(ctx context.Context, operation *graphql.OperationContext, name string, outcome Outcome) {
	kind := operation.Operation.Operation
	if w.Slow == 0 || outcome.Took < w.Slow || kind == ast.Subscription {
		return
	}
	w.log.LogAttrs(ctx, slog.LevelWarn, "slow operation",
		slog.String("kind", string(kind)),
		slog.String("name", name),
		slog.String("document", hashOf(operation.RawQuery)),
		slog.Int("cost", outcome.Cost),
		slog.Duration("duration", outcome.Took),
		slog.Int("errors", len(outcome.Codes)),
		slog.String("request", w.requestID(ctx)),
	)
}

// hashOf names a document by its SHA-256, as persisted queries do. One with values written into it is not named: from
// its hash one could find out by guessing whom it asked for.
func hashOf(text string) string {
	if strings.ContainsAny(text, `"#`) {
		return "has values in it"
	}
	return document.Hash(text)
}
