package graph

import (
	"context"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"continuum/ent/transfer"
	"continuum/graph/exec"
	"continuum/graph/page"
	"continuum/internal/practice"
)

// Limits of a document. They are looked at before it is validated, because the cost
// of validating grows faster than the document.
const (
	maxTokens     = 2_000
	maxDepth      = 24
	maxSelections = 5_000  // after the fragments are spread
	maxComplexity = 50_000 // fields, a page counting as many times as it has rows

	previewCost      = 500 // what a preview of a share costs besides its fields
	handOverCost     = 250 // what a hand-over of one record of a caseload costs besides its fields
	consequencesCost = 500 // what the consequences of one transfer cost for each of their fields
	reportCost       = 500 // how many chains a report may hold, each with what is selected of it
	explainCost      = 100 // as a full page: a viewer has few chains to one thing
)

// documentLimits refuses documents that ask for too much by their shape alone.
type documentLimits struct {
	fine *lru.LRU[struct{}] // documents that passed before
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
} = documentLimits{}

// ExtensionName names the extension to gqlgen.
func (documentLimits) ExtensionName() string { return "DocumentLimits" }

// Validate has nothing to check of the schema.
func (documentLimits) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters changes nothing; it is gqlgen's place before parsing.
func (l documentLimits) MutateOperationParameters(ctx context.Context, request *graphql.RawParams) *gqlerror.Error {
	if _, seen := l.fine.Get(ctx, request.Query); seen {
		return nil
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: request.Query}, maxTokens)
	if err != nil && strings.Contains(err.Error(), "exceeded ") {
		return limitError("The document is too long or too deep.")
	}
	if err != nil {
		return nil //nolint:nilerr // gqlgen parses it again, and says what is wrong
	}
	w := weigher{doc: doc, known: map[string]weight{}}
	for _, operation := range doc.Operations {
		if weighed := w.weigh(operation.SelectionSet); weighed.depth > maxDepth || weighed.selections > maxSelections {
			return limitError("The operation is too deep or too wide.")
		}
	}
	l.fine.Add(ctx, request.Query, struct{}{})
	return nil
}

func limitError(message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": "LIMIT_EXCEEDED"}}
}

// weight is how deep a selection goes and how many fields it selects once its
// fragments are spread.
type weight struct{ depth, selections int }

// weigher weighs each fragment once, so that fragments of fragments cost no more
// than their text.
type weigher struct {
	doc   *ast.QueryDocument
	known map[string]weight
}

func (w weigher) weigh(set ast.SelectionSet) weight {
	var sum weight
	for _, selection := range set {
		var one weight
		switch s := selection.(type) {
		case *ast.Field:
			one = w.weigh(s.SelectionSet)
			one.depth++
			one.selections++
		case *ast.InlineFragment:
			one = w.weigh(s.SelectionSet)
		case *ast.FragmentSpread:
			one = w.fragment(s.Name)
		}
		sum.depth = max(sum.depth, one.depth)
		sum.selections = min(sum.selections+one.selections, maxSelections+1)
	}
	return sum
}

func (w weigher) fragment(name string) weight {
	if known, ok := w.known[name]; ok {
		return known
	}
	w.known[name] = weight{} // a fragment that spreads itself is refused by validation
	for _, fragment := range w.doc.Fragments {
		if fragment.Name == name {
			w.known[name] = w.weigh(fragment.SelectionSet)
		}
	}
	return w.known[name]
}

// complexity makes a page cost what it holds.
func complexity(c *exec.ComplexityRoot) {
	c.Query.Profiles = func(child int, first *int, _ *string, last *int, _ *string, _ *exec.ProfileFilter, _ *exec.ProfileOrder) int {
		return pageCost(child, first, last)
	}
	c.Query.Records = func(child int, first *int, _ *string, last *int, _ *string, _ *exec.RecordFilter, _ *exec.RecordOrder) int {
		return pageCost(child, first, last)
	}
	c.Query.Contacts = func(child int, first *int, _ *string, last *int, _ *string, _ *exec.ContactFilter, _ *exec.ContactOrder) int {
		return pageCost(child, first, last)
	}
	c.Query.Institutions = func(child int, first *int, _ *string, last *int, _ *string, _ *exec.InstitutionFilter, _ *exec.InstitutionOrder) int {
		return pageCost(child, first, last)
	}
	c.Query.Units = func(child int, first *int, _ *string, last *int, _ *string, _ *exec.UnitFilter, _ *exec.UnitOrder) int {
		return pageCost(child, first, last)
	}
	c.Query.Professionals = func(child int, first *int, _ *string, last *int, _ *string, _ *exec.ProfessionalFilter, _ *exec.ProfessionalOrder) int {
		return pageCost(child, first, last)
	}
	c.Profile.Records = func(child int, first *int, _ *string, last *int, _ *string, _ *exec.LinkedRecordFilter, _ *exec.LinkOrder) int {
		return pageCost(child, first, last)
	}
	nested := func(child int, first *int, _ *string, last *int, _ *string) int { return pageCost(child, first, last) }
	c.Profile.Contacts = nested
	c.Contact.Profiles = nested
	c.Record.Profiles = nested
	c.Record.FormerProfiles = nested
	c.Unit.Members = nested
	complexityOfHanded(c)
	c.Record.Access = func(child int, _ *time.Time) int { return times(child, reportCost) }
	c.Profile.Access = c.Record.Access
	c.Query.ExplainAccess = func(child int, _ string) int { return times(child, explainCost) }
	c.Query.Nodes = func(child int, ids []string) int { return times(child, len(ids)) }
}

// complexityOfHanded is that of the lists of what is shared and handed over.
func complexityOfHanded(c *exec.ComplexityRoot) {
	nested := func(child int, first *int, _ *string, last *int, _ *string) int { return pageCost(child, first, last) }
	c.Profile.Consents = nested
	c.Viewer.SharedWithMe = nested
	c.Viewer.PendingShares = nested
	c.Viewer.SealedCopies = nested
	narrowed := func(child int, first *int, _ *string, last *int, _ *string, _ *bool) int {
		return pageCost(child, first, last)
	}
	c.Viewer.Notifications = narrowed
	c.Query.EmergencyAccesses = narrowed
	c.Record.Shares = func(child int, first *int, _ *string, last *int, _ *string, _ bool) int {
		return pageCost(child, first, last)
	}
	c.Viewer.Transfers = func(child int, first *int, _ *string, last *int, _ *string, _ *exec.TransferDirection, _ []transfer.Status) int {
		return pageCost(child, first, last)
	}
	// Each is worked out on its own, by several statements.
	c.Transfer.Consequences = func(child int) int { return times(child, consequencesCost) }
	c.Query.PreviewShare = func(child int, _ practice.ShareRecordInput) int { return child + previewCost }
	c.Mutation.TransferCaseload = func(child int, in practice.TransferCaseloadInput) int { return caseloadCost(child, in.RecordIDs) }
	c.Mutation.AssignCaseload = func(child int, in practice.AssignCaseloadInput) int { return caseloadCost(child, in.RecordIDs) }
}

// caseloadCost counts a hand-over for each record that is named. All of an owner's may be
// many: one such field is as much as an operation may ask for.
func caseloadCost(child int, named []string) int {
	if named == nil {
		return child + maxComplexity/2 + 1
	}
	return times(child+handOverCost, len(named))
}

// pageCost counts a page as its rows, of which the fields below are a share each.
func pageCost(child int, first, last *int) int {
	size := page.DefaultSize
	if first != nil {
		size = *first
	} else if last != nil {
		size = *last
	}
	return times(child, min(size, page.MaxSize))
}

// times is the cost of rows below which child is selected. It stops at what is too
// much anyhow: lists in lists in lists would count past the largest number there is.
func times(child, rows int) int {
	return 1 + min(child, maxComplexity+1)*min(max(rows, 1), maxComplexity)
}
