// Package issuer verifies access tokens of an OpenID Connect issuer.
//
// Its one rule: a token is believed for its signature alone, by a key that the
// configured issuer publishes. What a token says about where keys are is never
// followed, and strangers cannot make us ask the issuer more often than we like.
package issuer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/hashicorp/golang-lru/v2/expirable"
	"golang.org/x/sync/singleflight"
)

const (
	// askedEvery is how long an answer of the issuer, or its failure, stands before it is asked again.
	askedEvery = 10 * time.Second
	// answersWithin bounds one question to the issuer.
	answersWithin = 5 * time.Second
	// subjectsKept bounds of how many subjects the e-mail is remembered for askedEvery.
	subjectsKept = 10_000
)

// Issuer is the one whose tokens sign in.
type Issuer struct {
	url, audience string
	client        *http.Client
	now           func() time.Time

	finding sync.Mutex
	found   *published // nil until the issuer was found

	asking singleflight.Group
	told   *expirable.LRU[string, told]
}

// published is what the issuer says of itself.
type published struct {
	*oidc.Provider
	keys *oidc.RemoteKeySet
}

// New takes the issuer's address, exactly as its tokens name it, and the audience that
// they must be for. The issuer is not asked before the first token comes, so that a
// server starts, and serves API keys, while the issuer is away.
func New(address, audience string) (*Issuer, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || !guarded(u) {
		return nil, errors.New("the issuer is an address that begins with https://, without a query; http:// is for loopback alone")
	}
	if audience == "" {
		return nil, errors.New("name the audience that access tokens must be for: the identifier of this API at the issuer")
	}
	i := &Issuer{
		url: address, audience: audience, now: time.Now,
		told: expirable.NewLRU[string, told](subjectsKept, nil, askedEvery),
	}
	i.client = newClient(func() time.Time { return i.now() })
	return i, nil
}

// guarded says whether nobody between us and the address can change what it says.
func guarded(u *url.URL) bool {
	if u.Scheme == "https" {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// published finds the issuer, once. A failure is a fault of the issuer or of the way to
// it; it is not tried again before askedEvery has passed.
func (i *Issuer) published(ctx context.Context) (*published, error) {
	i.finding.Lock()
	defer i.finding.Unlock()
	if i.found != nil {
		return i.found, nil
	}
	// Somebody who hangs up must not make those who wait behind them fail.
	ctx = oidc.ClientContext(context.WithoutCancel(ctx), i.client)
	provider, err := oidc.NewProvider(ctx, i.url)
	if err != nil {
		return nil, fmt.Errorf("issuer: discovery: %w", err)
	}
	var says struct {
		Keys string `json:"jwks_uri"`
	}
	if err := provider.Claims(&says); err != nil {
		return nil, fmt.Errorf("issuer: discovery: %w", err)
	}
	i.found = &published{Provider: provider, keys: oidc.NewRemoteKeySet(ctx, says.Keys)}
	return i.found, nil
}
