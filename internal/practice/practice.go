// Package practice is what a practice does: one file per noun, one method per
// change that the SDL offers.
//
// Its one rule: a change is one transaction that reads the viewer's rights afresh,
// checks at the top, writes, and leaves exactly one event. What it returns is the
// payload that the SDL declares.
package practice

import (
	"context"
	"sync"

	"github.com/hashicorp/golang-lru/v2/expirable"

	"continuum/ent"
	"continuum/internal/access"
	"continuum/internal/issuer"
	"continuum/internal/seal"
	"continuum/internal/store"
	"continuum/schema"
)

// Practice does what its viewers ask, in the database that it was given.
type Practice struct {
	store  *store.Store
	keys   access.Keys
	report func(context.Context, error)
	seal   *seal.Keys                       // nil where the server has none
	noting sync.Map                         // ids of the keys whose use is being noted
	issuer *issuer.Issuer                   // nil where API keys alone sign in
	looked *expirable.LRU[string, struct{}] // accounts whose invitations were looked for a moment ago
}

// Option changes how a practice works.
type Option func(*Practice)

// WithReport gives report each failure that does not stop what it happened in: that
// the last use of a key could not be noted, that something could not be tidied.
// Without it, they are not told.
func WithReport(report func(context.Context, error)) Option {
	return func(p *Practice) { p.report = report }
}

// WithSeal gives the keys of sealed copies. Without them, none is made and none opens.
func WithSeal(keys *seal.Keys) Option {
	return func(p *Practice) { p.seal = keys }
}

// WithIssuer lets access tokens of this issuer sign in. Without one, API keys alone do.
func WithIssuer(i *issuer.Issuer) Option {
	return func(p *Practice) { p.issuer = i }
}

// New makes a practice over a store.
func New(s *store.Store, opts ...Option) *Practice {
	p := &Practice{
		store: s, keys: access.NewKeys(s), report: func(context.Context, error) {},
		looked: expirable.NewLRU[string, struct{}](accountsLooked, nil, lookedEvery),
	}
	for _, opt := range opts {
		opt(p)
	}
	return p
}

// work is one attempt of one change: a transaction, and who asks for it.
type work struct {
	*ent.Client
	viewer  *access.Viewer
	decided map[string]schema.Policies // of the workspaces that were asked for them
	seal    *seal.Keys                 // nil where the server has none
}

// change runs do in one write transaction, for a viewer whose rights are those of
// the transaction's own snapshot and whose sign-in carries the scope. do may run
// again when the database asks for it. It fills in out, the payload, which is kept in the
// same transaction when the change is made under a key.
func (p *Practice) change(ctx context.Context, scope schema.Scope, out any, do func(context.Context, *work) error) error {
	viewer, err := asking(ctx, scope)
	if err != nil {
		return err
	}
	var acted *access.Viewer
	err = p.store.Tx(ctx, func(ctx context.Context, tx *ent.Client) error {
		fresh, err := viewer.Reload(ctx, tx)
		if err != nil {
			return err
		}
		if fresh == nil {
			return fail(CodeUnauthenticated, "", "You can no longer act here.")
		}
		acted = fresh
		w := &work{Client: tx, viewer: fresh, seal: p.seal}
		if err := w.claim(ctx, scope); err != nil {
			return err
		}
		if err := do(access.Known(access.WithViewer(ctx, fresh)), w); err != nil {
			return err
		}
		return w.keep(ctx, scope, out)
	})
	if err != nil {
		return err
	}
	// What is read next, the rest of the payload first, is read by what holds from now on.
	acted.At = access.Now(ctx)
	access.Refresh(ctx, acted)
	return nil
}

// look lets a question of the viewer's read what a change would: the answer may be out of
// date by the time it comes, as any answer may.
func (p *Practice) look(ctx context.Context, scope schema.Scope) (*work, error) {
	viewer, err := asking(ctx, scope)
	if err != nil {
		return nil, err
	}
	return &work{Client: p.store.Client(), viewer: viewer, seal: p.seal}, nil
}

// asking is the viewer who asks for something that takes a scope.
func asking(ctx context.Context, scope schema.Scope) (*access.Viewer, error) {
	viewer := access.ViewerFrom(ctx)
	if viewer == nil {
		return nil, fail(CodeUnauthenticated, "", "Sign in first.")
	}
	if !viewer.Has(scope) {
		return nil, missing(scope)
	}
	if viewer.Unchosen {
		return nil, fail(CodeWorkspaceRequired, "", "You act in several workspaces: name one of them by the header X-Workspace.")
	}
	return viewer, nil
}

// unasked runs do in one write transaction that no viewer asks for: what it writes has
// no author. Its context says why the rule is lifted.
func (p *Practice) unasked(ctx context.Context, do func(context.Context, *work) error) error {
	return p.store.Tx(ctx, func(ctx context.Context, tx *ent.Client) error {
		return do(ctx, &work{Client: tx, viewer: &access.Viewer{}})
	})
}
