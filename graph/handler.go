package graph

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"continuum/graph/document"
	"continuum/graph/exec"
	"continuum/graph/protocol"
	"continuum/graph/sweep"
	"continuum/internal/practice"
	"continuum/internal/store"
)

// Config is what the handler needs from the rest of the house.
type Config struct {
	Practice *practice.Practice
	Store    *store.Store
	Log      *slog.Logger
	// SignIn gives a context to the viewer that a token names; false when it is refused.
	SignIn func(ctx context.Context, token string) (context.Context, bool, error)
	// RequestID names the request in logs and in errors.
	RequestID func(context.Context) string
	// Lasting frees a subscription of the deadline of its request; false when the server
	// takes no more of them.
	Lasting func(context.Context) (ctx context.Context, done func(), ok bool)
	// Shelf holds the documents that a request may name instead of sending them.
	Shelf *document.Shelf
	// Allowance is what each credential may spend; nil where nothing is counted.
	Allowance *Allowance
	// Crowd bounds what is open and what runs at once.
	Crowd Crowd
	// Watch is told about operations.
	Watch Watch
	// Resolvers has every operation answered by the resolvers: the reference that tests compare with.
	Resolvers bool
	// Left is told of each query that was left to the resolvers; nil where nobody asks.
	Left func()
}

// New makes the handler that executes operations over HTTP, as streams and over sockets. The
// request's context carries the viewer; only a WebSocket signs in by its first message.
func New(c Config) http.Handler {
	r := &Resolver{practice: c.Practice, store: c.Store, present: present(c.Log, c.RequestID), looks: make(chan struct{}, looksAtOnce)}
	config := exec.Config{Resolvers: r}
	complexity(&config.Complexity)

	srv := handler.New(executable(config, r, c))
	speaking := protocol.Config{
		Shelf: c.Shelf, SignIn: c.SignIn, Lasting: c.Lasting, Seat: c.Crowd.seat, Recover: recovered, Present: r.present,
	}
	srv.AddTransport(protocol.Socket{Config: speaking})
	srv.AddTransport(protocol.HTTP{Config: speaking})
	srv.SetQueryCache(document.NewCache[*ast.QueryDocument]())
	srv.SetParserTokenLimit(document.MaxTokens)
	srv.SetDisableSuggestion(true)
	srv.SetValidationRulesFn(plainRules)
	srv.SetErrorPresenter(r.present)
	srv.SetRecoverFunc(recovered)
	srv.Use(newWatcher(c))
	if c.Allowance != nil {
		srv.Use(toll{c.Allowance})
	}
	srv.Use(document.NewLimits())
	srv.Use(idempotency{})
	srv.Use(extension.Introspection{})
	srv.Use(extension.FixedComplexityLimit(maxComplexity))
	if c.Allowance != nil {
		srv.Use(price{c.Allowance})
	}
	srv.AroundOperations(c.Crowd.claim)
	srv.AroundOperations(r.seatFresh)
	srv.AroundResponses(c.Crowd.enter)
	srv.AroundResponses(func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		return next(r.withLoaders(ctx))
	})
	srv.AroundRootFields(func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
		if graphql.GetOperationContext(ctx).Operation.Operation == ast.Mutation {
			ctx = r.withLoaders(r.underKey(ctx))
		}
		return next(ctx)
	})
	return telling(srv)
}

// executable answers queries level by level, as far as the guide goes, and everything else by resolvers.
func executable(config exec.Config, r *Resolver, c Config) graphql.ExecutableSchema {
	resolvers := exec.NewExecutableSchema(config)
	if c.Resolvers {
		return resolvers
	}
	return sweep.New(resolvers, r.guide(), c.Left)
}

// plainRules are the rules of validation, without guesses at what was meant: looking for
// them in a large schema costs more than the rest. The executor sees to the two that
// it knows of itself.
func plainRules() *rules.Rules {
	all := rules.NewDefaultRules()
	all.ReplaceRule(rules.KnownArgumentNamesRule.Name, rules.KnownArgumentNamesRuleWithoutSuggestions.RuleFunc)
	all.ReplaceRule(rules.KnownTypeNamesRule.Name, rules.KnownTypeNamesRuleWithoutSuggestions.RuleFunc)
	all.ReplaceRule(rules.ValuesOfCorrectTypeRule.Name, rules.ValuesOfCorrectTypeRuleWithoutSuggestions.RuleFunc)
	return all
}
