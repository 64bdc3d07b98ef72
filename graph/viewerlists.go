package graph

import (
	"context"

	"continuum/ent"
	"continuum/ent/emergencyaccess"
	"continuum/ent/notification"
	"continuum/ent/predicate"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/graph/exec"
	"continuum/graph/page"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

// The lists of what is shared with the viewer, handed over to and by them, and told to
// them: the latest first.

// latestFirst is the order of all of them.
var latestFirst = page.Order{Column: share.FieldCreatedAt, Desc: true}

func (r *Resolver) listSharedWithMe(ctx context.Context, a page.Asked) (*page.Shares, error) {
	at := instant(ctx)
	return r.listShares(ctx, a, share.StatusEQ(share.StatusACTIVE), share.StartsAtLTE(at),
		share.GranteeIDIn(access.ViewerFrom(ctx).Principals()...))
}

func (r *Resolver) listPendingShares(ctx context.Context, a page.Asked) (*page.Shares, error) {
	return r.listShares(ctx, a, share.StatusEQ(share.StatusPENDING),
		share.GranteeIDIn(access.ViewerFrom(ctx).Answers()...))
}

// listShares lists shares that have not ended, of records that are not thrown away.
func (r *Resolver) listShares(ctx context.Context, a page.Asked, which ...predicate.Share) (*page.Shares, error) {
	q := r.client().Share.Query().Where(which...).
		Where(practice.StandingShares(instant(ctx)), practice.OfKeptRecords)
	return primed(ctx, level.shares)(listOf(ctx, a, latestFirst, listing[ent.Share]{
		rows: func(w page.Window) ([]*ent.Share, error) {
			return q.Clone().Where(w.Where).Order(w.OrderBy).Limit(w.Limit + 1).All(ctx)
		},
		count: q.Clone().Count,
		key:   func(s *ent.Share) any { return s.CreatedAt },
		id:    func(s *ent.Share) string { return s.ID },
	}))
}

func (r *Resolver) listTransfers(ctx context.Context, a page.Asked, direction *exec.TransferDirection, statuses []transfer.Status) (*page.Transfers, error) {
	at := instant(ctx)
	q := r.client().Transfer.Query().Where(towards(ctx, direction))
	if len(statuses) > 0 {
		q.Where(practice.TransferStatusIn(at, statuses...))
	}
	return primed(ctx, level.transfers)(listOf(ctx, a, latestFirst, listing[ent.Transfer]{
		rows: func(w page.Window) ([]*ent.Transfer, error) {
			return q.Clone().Where(w.Where).Order(w.OrderBy).Limit(w.Limit + 1).
				Modify(practice.WithTransferStatus(at)).All(ctx)
		},
		count: q.Clone().Count,
		key:   func(t *ent.Transfer) any { return t.CreatedAt },
		id:    func(t *ent.Transfer) string { return t.ID },
	}))
}

func (r *Resolver) listEmergencies(ctx context.Context, a page.Asked, reviewed *bool) (*page.EmergencyAccesses, error) {
	if err := practice.Needs(ctx, schema.ScopeRecordsRead); err != nil {
		return nil, err
	}
	q := r.client().EmergencyAccess.Query()
	if reviewed != nil {
		q.Where(either(*reviewed, emergencyaccess.ReviewedAtNotNil(), emergencyaccess.ReviewedAtIsNil()))
	}
	return primed(ctx, level.emergencies)(listOf(ctx, a, latestFirst, listing[ent.EmergencyAccess]{
		rows: func(w page.Window) ([]*ent.EmergencyAccess, error) {
			return q.Clone().Where(w.Where).Order(w.OrderBy).Limit(w.Limit + 1).All(ctx)
		},
		count: q.Clone().Count,
		key:   func(e *ent.EmergencyAccess) any { return e.CreatedAt },
		id:    func(e *ent.EmergencyAccess) string { return e.ID },
	}))
}

func (r *Resolver) listNotifications(ctx context.Context, a page.Asked, unread *bool) (*page.Notifications, error) {
	q := r.client().Notification.Query()
	if unread != nil {
		q.Where(either(*unread, notification.ReadAtIsNil(), notification.ReadAtNotNil()))
	}
	return primed(ctx, level.notifications)(listOf(ctx, a, latestFirst, listing[ent.Notification]{
		rows: func(w page.Window) ([]*ent.Notification, error) {
			return q.Clone().Where(w.Where).Order(w.OrderBy).Limit(w.Limit + 1).All(ctx)
		},
		count: q.Clone().Count,
		key:   func(n *ent.Notification) any { return n.CreatedAt },
		id:    func(n *ent.Notification) string { return n.ID },
	}))
}

func (r *Resolver) listSealedCopies(ctx context.Context, a page.Asked) (*page.SealedCopies, error) {
	q := r.client().SealedCopy.Query()
	return primed(ctx, level.sealedCopies)(listOf(ctx, a, latestFirst, listing[ent.SealedCopy]{
		rows: func(w page.Window) ([]*ent.SealedCopy, error) {
			return q.Clone().Where(w.Where).Order(w.OrderBy).Limit(w.Limit + 1).All(ctx)
		},
		count: q.Clone().Count,
		key:   func(c *ent.SealedCopy) any { return c.CreatedAt },
		id:    func(c *ent.SealedCopy) string { return c.ID },
	}))
}

// primed reads what is selected below the nodes of a list that was read.
func primed[T any](ctx context.Context, next func(level, []*T) error) func(*page.Connection[page.Edge[T], T], error) (*page.Connection[page.Edge[T], T], error) {
	return func(c *page.Connection[page.Edge[T], T], err error) (*page.Connection[page.Edge[T], T], error) {
		if err != nil {
			return nil, err
		}
		return c, below(ctx).each(func(v level) error { return next(v, c.Nodes) })
	}
}

func either[P any](first bool, a, b P) P {
	if first {
		return a
	}
	return b
}
