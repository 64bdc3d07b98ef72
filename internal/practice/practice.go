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

	"continuum/ent"
	"continuum/internal/access"
	"continuum/internal/store"
	"continuum/schema"
)

// Practice does what its viewers ask, in the database that it was given.
type Practice struct {
	store  *store.Store
	report func(context.Context, error)
	noting sync.Map // ids of the keys whose use is being noted
}

// Option changes how a practice works.
type Option func(*Practice)

// WithReport gives report each failure that does not stop what it happened in: that
// the last use of a key could not be noted. Without it, they are not told.
func WithReport(report func(context.Context, error)) Option {
	return func(p *Practice) { p.report = report }
}

// New makes a practice over a store.
func New(s *store.Store, opts ...Option) *Practice {
	p := &Practice{store: s, report: func(context.Context, error) {}}
	for _, opt := range opts {
		opt(p)
	}
	return p
}

// work is one attempt of one change: a transaction, and who asks for it.
type work struct {
	*ent.Client
	viewer *access.Viewer
}

// change runs do in one write transaction, for a viewer whose rights are those of
// the transaction's own snapshot and whose sign-in carries the scope. do may run
// again when the database asks for it.
func (p *Practice) change(ctx context.Context, scope schema.Scope, do func(context.Context, *work) error) error {
	viewer := access.ViewerFrom(ctx)
	if viewer == nil {
		return fail(CodeUnauthenticated, "", "Sign in first.")
	}
	if !viewer.Has(scope) {
		return fail(CodeMissingScope, "", "This needs the scope "+string(scope)+".")
	}
	return p.store.Tx(ctx, func(ctx context.Context, tx *ent.Client) error {
		fresh, err := viewer.Reload(ctx, tx)
		if err != nil {
			return err
		}
		if fresh == nil {
			return fail(CodeUnauthenticated, "", "You can no longer act here.")
		}
		return do(access.WithViewer(ctx, fresh), &work{Client: tx, viewer: fresh})
	})
}
