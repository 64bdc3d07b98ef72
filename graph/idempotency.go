package graph

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"continuum/internal/practice"
)

// Where a request says that its mutation is to happen once.
const (
	idempotencyHeader    = "Idempotency-Key"
	idempotencyDirective = "idempotent"
)

// idempotency refuses a request whose keys cannot be meant as they stand, before any of it
// is executed.
type idempotency struct{}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = idempotency{}

// ExtensionName names the extension to gqlgen.
func (idempotency) ExtensionName() string { return "Idempotency" }

// Validate has nothing to check of the schema.
func (idempotency) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext changes nothing; it is gqlgen's place after parsing.
func (idempotency) MutateOperationContext(ctx context.Context, o *graphql.OperationContext) *gqlerror.Error {
	mutates := o.Operation.Operation == ast.Mutation
	var fields []graphql.CollectedField
	if mutates {
		fields = graphql.CollectFields(o, o.Operation.SelectionSet, []string{"Mutation"})
	}
	header := headerOf(ctx, o)
	if mutates && len(header) > 0 && (len(header) > 1 || len(fields) != 1) {
		return badKey("The header " + idempotencyHeader + " is sent once and speaks of one mutation; with several, give each its own @" + idempotencyDirective + ".")
	}
	onMutations := 0
	for _, field := range fields {
		key, given := keyOf(ctx, o, field)
		if given && !practice.ValidIdempotencyKey(key) {
			return badKey("An idempotency key is 1 to 255 visible ASCII letters, without spaces.")
		}
		if own := field.Directives.ForName(idempotencyDirective); own != nil {
			onMutations++
			if len(header) > 0 && header[0] != key {
				return badKey("The header " + idempotencyHeader + " and @" + idempotencyDirective + " give different keys.")
			}
		}
	}
	// Elsewhere it would promise what nobody keeps. Few documents have the word.
	if strings.Contains(o.RawQuery, idempotencyDirective) && directivesIn(o.Doc, o.Operation.SelectionSet) > onMutations {
		return badKey("@" + idempotencyDirective + " belongs on the fields of a mutation, each once.")
	}
	return nil
}

func badKey(message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": string(practice.CodeInvalid)}}
}

// headerOf is the header. It speaks of the request that it came with: that of a socket's
// upgrade is none of the mutations.
func headerOf(ctx context.Context, o *graphql.OperationContext) []string {
	if seated(ctx) {
		return nil
	}
	return o.Headers.Values(idempotencyHeader)
}

// keyOf is the key under which a field of a mutation is to happen.
func keyOf(ctx context.Context, o *graphql.OperationContext, field graphql.CollectedField) (key string, given bool) {
	if own := field.Directives.ForName(idempotencyDirective); own != nil {
		key, _ = own.ArgumentMap(o.Variables)["key"].(string)
		return key, true
	}
	header := headerOf(ctx, o)
	if len(header) == 0 {
		return "", false
	}
	return header[0], true
}

// directivesIn counts the directives in a selection, each fragment once.
func directivesIn(doc *ast.QueryDocument, set ast.SelectionSet) int {
	seen := map[string]bool{}
	var count func(ast.SelectionSet) int
	count = func(set ast.SelectionSet) (n int) {
		for _, selection := range set {
			switch s := selection.(type) {
			case *ast.Field:
				if s.Directives.ForName(idempotencyDirective) != nil {
					n++
				}
				n += count(s.SelectionSet)
			case *ast.InlineFragment:
				n += count(s.SelectionSet)
			case *ast.FragmentSpread:
				if fragment := doc.Fragments.ForName(s.Name); fragment != nil && !seen[s.Name] {
					seen[s.Name] = true
					n += count(fragment.SelectionSet)
				}
			}
		}
		return n
	}
	return count(set)
}

// underKey gives a mutation its key, if it has one. The input is written as it was coerced,
// its fields in the order of the alphabet.
func (r *Resolver) underKey(ctx context.Context) context.Context {
	o, field := graphql.GetOperationContext(ctx), graphql.GetRootFieldContext(ctx).Field
	key, given := keyOf(ctx, o, field)
	if !given {
		return ctx
	}
	input, err := json.Marshal(field.ArgumentMap(o.Variables))
	if err != nil {
		panic(err) // what came as JSON or as GraphQL is JSON again
	}
	return r.practice.Under(ctx, practice.IdempotencyKey{Key: key, Mutation: field.Name, Input: input})
}
