package graph

import (
	"context"
	"maps"
	"slices"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/consent"
	"continuum/ent/predicate"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/graph/exec"
	"continuum/graph/page"
	"continuum/internal/access"
	"continuum/internal/practice"
)

// What is shared and handed over: the lists below a record and a profile, and the fields
// that no column holds as they are shown.

func recordShares(c *ent.Client) nested[ent.Share, page.ShareRow, ent.Share] {
	query := func(ctx context.Context, parents []string, a asked) *ent.ShareQuery {
		q := c.Share.Query().Where(access.AnyOf(share.FieldRecordID, parents))
		if a.IncludeEnded {
			return q
		}
		return q.Where(practice.StandingShares(instant(ctx)))
	}
	return nested[ent.Share, page.ShareRow, ent.Share]{
		order: func(asked) page.Order { return page.Order{Column: share.FieldCreatedAt, Desc: true} },
		rows: func(ctx context.Context, parents []string, a asked, w page.Window) ([]*ent.Share, error) {
			return query(ctx, parents, a).Where(w.Where).Modify(w.PerParent(share.FieldRecordID)).All(ctx)
		},
		counts: func(ctx context.Context, parents []string, a asked) (rows []parentCount, err error) {
			err = query(ctx, parents, a).Modify(countPer(share.FieldRecordID)).Scan(ctx, &rows)
			return rows, err
		},
		parent: func(s *ent.Share) string { return s.RecordID },
		key:    func(s *ent.Share) (any, string) { return s.CreatedAt, s.ID },
		edge:   func(cursor string, s, _ *ent.Share) *page.ShareRow { return &page.ShareRow{Cursor: cursor, Node: s} },
		node:   func(_ context.Context, s *ent.Share) (*ent.Share, error) { return s, nil },
	}
}

func profileConsents(c *ent.Client) nested[ent.Consent, page.ConsentRow, ent.Consent] {
	query := func(parents []string) *ent.ConsentQuery {
		return c.Consent.Query().Where(access.AnyOf(consent.FieldProfileID, parents))
	}
	return nested[ent.Consent, page.ConsentRow, ent.Consent]{
		order: func(asked) page.Order { return page.Order{Column: consent.FieldCreatedAt, Desc: true} },
		rows: func(ctx context.Context, parents []string, _ asked, w page.Window) ([]*ent.Consent, error) {
			return query(parents).Where(w.Where).Modify(w.PerParent(consent.FieldProfileID)).All(ctx)
		},
		counts: func(ctx context.Context, parents []string, _ asked) (rows []parentCount, err error) {
			err = query(parents).Modify(countPer(consent.FieldProfileID)).Scan(ctx, &rows)
			return rows, err
		},
		parent: func(c *ent.Consent) string { return c.ProfileID },
		key:    func(c *ent.Consent) (any, string) { return c.CreatedAt, c.ID },
		edge: func(cursor string, c, _ *ent.Consent) *page.ConsentRow {
			return &page.ConsentRow{Cursor: cursor, Node: c}
		},
		node: func(_ context.Context, c *ent.Consent) (*ent.Consent, error) { return c, nil },
	}
}

// overrideOf is why a share was given although a consent was missing, for whoever edits
// the record.
func overrideOf(ctx context.Context, s *ent.Share) (*string, error) {
	if s.ConsentOverride == nil {
		return nil, nil
	}
	level, err := loadersFrom(ctx).recordLevels.load(ctx, s.RecordID)
	if err != nil || level < access.Full {
		return nil, err
	}
	return s.ConsentOverride, nil
}

// statusOf is where a transfer stands. What a change returned is read again: its row
// alone does not tell what has happened to the record meanwhile.
func statusOf(ctx context.Context, t *ent.Transfer) (transfer.Status, error) {
	status, known := practice.TransferStatus(t)
	if known {
		return status, nil
	}
	again, err := loadersFrom(ctx).transfers.load(ctx, t.ID)
	if err != nil || again == nil {
		return status, err
	}
	status, _ = practice.TransferStatus(again)
	return status, nil
}

// planOf is what becomes of those single shares that the viewer sees.
func planOf(ctx context.Context, t *ent.Transfer) ([]*exec.PlannedShare, error) {
	shares, err := allOf(ctx, loadersFrom(ctx).shares, slices.Sorted(maps.Keys(t.SharePlan)))
	if err != nil {
		return nil, err
	}
	plan := make([]*exec.PlannedShare, len(shares))
	for i, s := range shares {
		plan[i] = &exec.PlannedShare{Share: *s, Keep: t.SharePlan[s.ID] == string(transfer.SharesDefaultKEEP)}
	}
	return plan, nil
}

// towards keeps the transfers that go one way: to whom the viewer answers for, or from
// them.
func towards(ctx context.Context, direction *exec.TransferDirection) predicate.Transfer {
	v := access.ViewerFrom(ctx)
	switch {
	case direction == nil:
		return func(*sql.Selector) {}
	case *direction == exec.TransferDirectionIncoming:
		return transfer.ToIDIn(v.Answers()...)
	default:
		return transfer.FromIDIn(v.Sides()...)
	}
}
