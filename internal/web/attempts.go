package web

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/throttled/throttled/v2"
	"github.com/throttled/throttled/v2/store/memstore"
)

const (
	rememberedFailures = 50_000 // addresses and credentials that failed; about 100 bytes each
	rememberedKeys     = 50_000 // credentials that signed in
	sameAgain          = 6      // what a failure weighs against its own credential: a sixth as many as from an address
)

// SignInFunc gives a context to the viewer that a token names; false when it is refused, an error when nobody could tell.
type SignInFunc = func(ctx context.Context, token string) (context.Context, bool, error)

// Attempts bounds the sign-ins that fail, by address and by credential.
//
// Many people may share an address. So a credential that signed in before is checked however many others failed from
// its address, and so is a token that is refused by its signature, before the database is asked. Only an API key that
// this server has never seen work has to wait. A program that repeats one bad credential is stopped by that credential,
// before it makes its neighbours wait.
type Attempts struct {
	failures *throttled.GCRARateLimiterCtx
	worked   *lru.Cache[[sha256.Size]byte, struct{}]
	proxies  proxies
	// OnRefused, when set, is told of each attempt that was not checked.
	OnRefused func()
}

// NewAttempts lets so many sign-ins fail a minute from one address. The address is the peer's, or, when the peer is one
// of the proxies ("10.0.0.0/8"), the last in X-Forwarded-For that is none of them.
func NewAttempts(perMinute int, trusted []string) (*Attempts, error) {
	known, err := newProxies(trusted)
	if err != nil {
		return nil, err
	}
	if perMinute < sameAgain {
		return nil, fmt.Errorf("fewer than %d failed sign-ins a minute would punish a slip", sameAgain)
	}
	memory, err := memstore.NewCtx(rememberedFailures)
	if err != nil {
		return nil, err
	}
	failures, err := throttled.NewGCRARateLimiterCtx(memory, throttled.RateQuota{MaxRate: throttled.PerMin(perMinute), MaxBurst: perMinute - 1})
	if err != nil {
		return nil, err
	}
	worked, err := lru.New[[sha256.Size]byte, struct{}](rememberedKeys)
	return &Attempts{failures: failures, worked: worked, proxies: known}, err
}

// tooMany says that a sign-in was refused for those that failed before it.
type tooMany struct{ wait time.Duration }

func (tooMany) Error() string { return "too many failed sign-ins" }

// Check puts the bound before a sign-in, whether a header or a socket's first message asks for it.
func (a *Attempts) Check(signIn SignInFunc) SignInFunc {
	return func(ctx context.Context, token string) (context.Context, bool, error) {
		credential, address := sha256.Sum256([]byte(token)), addressOf(ctx)
		if wait := a.wait(ctx, string(credential[:])); wait > 0 {
			return a.refuse(wait)
		}
		wait := a.wait(ctx, address)
		if wait > 0 && !a.worked.Contains(credential) && !selfContained(token) {
			return a.refuse(wait)
		}
		signed, ok, err := signIn(ctx, token)
		switch {
		case err != nil:
			return signed, false, err
		case ok:
			a.worked.Add(credential, struct{}{})
			return signed, true, nil
		}
		a.worked.Remove(credential)
		a.count(ctx, address, 1)
		a.count(ctx, string(credential[:]), sameAgain)
		if wait > 0 {
			return a.refuse(wait)
		}
		return signed, false, nil
	}
}

func (a *Attempts) refuse(wait time.Duration) (context.Context, bool, error) {
	if a.OnRefused != nil {
		a.OnRefused()
	}
	return nil, false, tooMany{wait}
}

// wait is how long the next failure would have to wait; 0 when it need not. The store is memory, and never fails.
func (a *Attempts) wait(ctx context.Context, who string) time.Duration {
	_, state, err := a.failures.RateLimitCtx(ctx, who, 0)
	if err != nil {
		return time.Second
	}
	return max(state.RetryAfter, 0)
}

func (a *Attempts) count(ctx context.Context, who string, weight int) {
	// When it is over the bound already there is nothing more to count.
	_, _, _ = a.failures.RateLimitCtx(ctx, who, weight)
}

// selfContained says whether a token has the form of a signed one, three parts between dots. One that begins like an API
// key is looked up as one, whatever dots are in it.
func selfContained(token string) bool {
	return strings.Count(token, ".") == 2 && !strings.HasPrefix(token, "ck_")
}

type addressKey struct{}

func addressOf(ctx context.Context) string {
	address, _ := ctx.Value(addressKey{}).(string)
	return address
}

// locate notes where a request comes from, for nobody but Check: it is not logged and goes nowhere else.
func (a *Attempts) locate(next http.Handler) http.Handler {
	if a == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), addressKey{}, a.proxies.address(r))))
	})
}
