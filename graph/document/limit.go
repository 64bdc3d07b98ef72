package document

import (
	"context"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// Limits of a document. They are looked at before it is validated, because the cost of
// validating grows faster than the document.
const (
	MaxTokens = 2_000 // of a document

	maxBytes         = 64 << 10
	maxDepth         = 24
	maxSelections    = 5_000 // after the fragments are spread
	maxAliases       = 50
	maxRootFields    = 20
	maxDirectives    = 50
	maxFragments     = 50
	maxSpreads       = 100
	maxSameName      = 10 // of a field, under one parent
	maxIntrospection = 2  // __schema and __type
	maxNameBytes     = 200
	maxSchemaLists   = 2 // of __schema and __type, in one another
	maxListItems     = 100
	maxValueDepth    = 16
)

// Limits refuses documents and variables that ask for too much by their shape alone.
type Limits struct {
	fine Cache[struct{}] // documents that passed before
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
} = Limits{}

// NewLimits remembers which documents have passed.
func NewLimits() Limits { return Limits{fine: NewCache[struct{}]()} }

// ExtensionName names the extension to gqlgen.
func (Limits) ExtensionName() string { return "DocumentLimits" }

// Validate has nothing to check of the schema.
func (Limits) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters changes nothing; it is gqlgen's place before parsing.
func (l Limits) MutateOperationParameters(ctx context.Context, request *graphql.RawParams) *gqlerror.Error {
	if excess := tooMuchOf(request.Variables, 0); excess != "" {
		return TooMuch("The variables " + excess + ".")
	}
	if _, seen := l.fine.Get(ctx, request.Query); seen {
		return nil
	}
	if len(request.Query) > maxBytes {
		return TooMuch("The document is longer than 64 kB.")
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: request.Query}, MaxTokens)
	if err != nil && strings.Contains(err.Error(), "exceeded ") {
		return TooMuch("The document is too long or too deep.")
	}
	if err != nil {
		return nil //nolint:nilerr // gqlgen parses it again, and says what is wrong
	}
	if excess := weigh(doc); excess != "" {
		return TooMuch("The document " + excess + ".")
	}
	l.fine.Add(ctx, request.Query, struct{}{})
	return nil
}

// TooMuch is the error of all limits.
func TooMuch(message string) *gqlerror.Error { return Refusal("LIMIT_EXCEEDED", message) }
