package graph

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/throttled/throttled/v2"
	"github.com/throttled/throttled/v2/store/memstore"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"continuum/internal/access"
	"continuum/internal/practice"
)

const (
	leastCost = 10     // of an operation, however little it asks: it is read, checked and answered all the same
	accounts  = 50_000 // credentials remembered, about 100 bytes each; beyond them, whoever asked least lately starts anew
)

// Allowance is what each credential may spend. A request pays when its operation is known, by what the operation may
// cost at most; nothing is given back.
type Allowance struct {
	limiter *throttled.GCRARateLimiterCtx
	policy  string // as a header tells it
}

// NewAllowance lets every credential spend perMinute, and burst of it at once. The dearest operation must fit into a burst,
// or it could never run.
func NewAllowance(perMinute, burst int) (*Allowance, error) {
	if burst < maxComplexity {
		return nil, fmt.Errorf("a burst must let the dearest operation run, which costs %d", maxComplexity)
	}
	if perMinute < 1 || burst/perMinute > 24*60 {
		return nil, fmt.Errorf("a burst of %d at %d a minute would take days to come back", burst, perMinute)
	}
	memory, err := memstore.NewCtx(accounts)
	if err != nil {
		return nil, err
	}
	limiter, err := throttled.NewGCRARateLimiterCtx(memory, throttled.RateQuota{
		MaxRate: throttled.PerMin(perMinute), MaxBurst: burst - 1,
	})
	if err != nil {
		return nil, err
	}
	// The twins of one credential may meet; each try takes less than a microsecond.
	limiter.SetMaxCASAttemptsLimit(1000)
	window := math.Ceil(float64(burst) * 60 / float64(perMinute))
	return &Allowance{limiter: limiter, policy: fmt.Sprintf(`"cost";q=%d;w=%.0f`, burst, window)}, nil
}

// Cost is what an answer says of it, as extensions.cost.
type Cost struct {
	Spent        int `json:"spent"`
	Limit        int `json:"limit"`
	Remaining    int `json:"remaining"`
	ResetSeconds int `json:"resetSeconds"`
}

// toll takes the price of entry, before anything is read: a credential that has spent everything costs nothing more.
type toll struct{ allowance *Allowance }

// price takes what the operation costs beyond it, once that is known, and tells it in the answer.
type price struct{ allowance *Allowance }

var (
	_ graphql.OperationParameterMutator = toll{}
	_ graphql.OperationContextMutator   = price{}
	_ graphql.ResponseInterceptor       = price{}
)

// ExtensionName names the extension to gqlgen.
func (toll) ExtensionName() string { return "Toll" }

// Validate has nothing to check of the schema.
func (toll) Validate(graphql.ExecutableSchema) error { return nil }

// ExtensionName names the extension to gqlgen.
func (price) ExtensionName() string { return "Price" }

// Validate has nothing to check of the schema.
func (price) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters is gqlgen's place before parsing.
func (t toll) MutateOperationParameters(ctx context.Context, _ *graphql.RawParams) *gqlerror.Error {
	return t.allowance.take(ctx, graphql.GetOperationContext(ctx), leastCost)
}

// MutateOperationContext comes behind the limit of complexity, which has worked out the cost.
func (p price) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	return p.allowance.take(ctx, operation, costOf(operation)-leastCost)
}

// costOf is what an operation may cost at most; a little, while nobody has worked it out.
func costOf(operation *graphql.OperationContext) int {
	ctx := graphql.WithOperationContext(context.Background(), operation)
	if stats := extension.GetComplexityStats(ctx); stats != nil {
		return max(stats.Complexity, leastCost)
	}
	return leastCost
}

// InterceptResponse tells the first answer of an operation what it has spent, and those that follow, of a subscription,
// that they spend nothing.
func (p price) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	paid := receiptOf(graphql.GetOperationContext(ctx))
	if response == nil || paid == nil || response.Data == nil {
		return response
	}
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}
	response.Extensions["cost"] = paid.next()
	return response
}

// receipt is what an operation has paid so far, and how the credential stood then.
type receipt struct {
	spent int
	state throttled.RateLimitResult
	told  atomic.Bool
}

const receiptName = "Receipt"

func receiptOf(operation *graphql.OperationContext) *receipt {
	paid, _ := operation.Stats.GetExtension(receiptName).(*receipt)
	return paid
}

func (p *receipt) next() Cost {
	cost := Cost{Limit: p.state.Limit, Remaining: p.state.Remaining, ResetSeconds: seconds(p.state.ResetAfter)}
	if !p.told.Swap(true) {
		cost.Spent = p.spent
	}
	return cost
}

// take pays from the credential's allowance, or says how long it must wait.
func (b *Allowance) take(ctx context.Context, operation *graphql.OperationContext, amount int) *gqlerror.Error {
	if amount <= 0 {
		return nil
	}
	limited, state, err := b.limiter.RateLimitCtx(ctx, credential(ctx), amount)
	if err != nil {
		return busy("The server is busy. Try again in a moment.")
	}
	paid := receiptOf(operation)
	if paid == nil {
		paid = &receipt{}
		operation.Stats.SetExtension(receiptName, paid)
	}
	paid.state = state
	b.tell(ctx, state)
	if limited {
		return &gqlerror.Error{
			Message:    "Your credential has spent what it may spend for now.",
			Extensions: map[string]any{"code": string(practice.CodeRateLimited), "retryAfter": seconds(state.RetryAfter)},
		}
	}
	paid.spent += amount
	return nil
}

// credential is who pays: the account that signed in or that made the key, or else the professional. All of their keys
// spend together, as a key could make another for itself.
func credential(ctx context.Context) string {
	v := access.ViewerFrom(ctx)
	switch {
	case v == nil:
		return ""
	case v.AccountID != "":
		return v.AccountID
	default:
		return v.ProfessionalID
	}
}

// seconds rounds up: whoever waits that long has waited long enough.
func seconds(d time.Duration) int { return int(math.Ceil(max(d, 0).Seconds())) }

type headerKey struct{}

// telling lets take put into the headers of an answer how the credential stands. A socket has one answer for all of its
// operations, which was given before.
func telling(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") == "" {
			r = r.WithContext(context.WithValue(r.Context(), headerKey{}, w.Header()))
		}
		next.ServeHTTP(w, r)
	})
}

// tell does it as draft-ietf-httpapi-ratelimit-headers-11 has it.
func (b *Allowance) tell(ctx context.Context, state throttled.RateLimitResult) {
	if header, ok := ctx.Value(headerKey{}).(http.Header); ok {
		header.Set("RateLimit-Policy", b.policy)
		header.Set("RateLimit", `"cost";r=`+strconv.Itoa(state.Remaining)+`;t=`+strconv.Itoa(seconds(state.ResetAfter)))
	}
}
