package practice

import (
	"context"
	"maps"
	"slices"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/internal/access"
)

// moveShares lets the shares that the offer keeps live on under the new owner, and ends
// the others. What the clock has ended is left to it.
func (w *work) moveShares(ctx context.Context, d *handedOver) error {
	live, err := w.plannedShares(ctx, d)
	if err != nil {
		return err
	}
	now := access.Now(ctx)
	for _, s := range live {
		switch {
		case !d.record.lets(s, now):
		case d.keeps(s):
			d.kept = append(d.kept, s)
		default:
			d.ended = append(d.ended, s)
		}
	}
	if len(d.kept) > 0 {
		err = w.Share.Update().Where(access.AnyOf(share.FieldID, idsOf(d.kept))).SetEpoch(d.epoch()).
			SetUpdatedAt(now).SetUpdatedByID(w.viewer.ProfessionalID).AddVersion(1).Exec(ctx)
	}
	if err != nil || len(d.ended) == 0 {
		return err
	}
	return w.Share.Update().Where(access.AnyOf(share.FieldID, idsOf(d.ended))).SetStatus(share.StatusREVOKED).
		SetEndedAt(now).SetEndedByID(w.viewer.ProfessionalID).SetEndReason("The record was handed over.").
		SetUpdatedAt(now).SetUpdatedByID(w.viewer.ProfessionalID).AddVersion(1).Modify(neverHeld(now)).Exec(ctx)
}

// plannedShares reads the shares of a record that is handed over, those that the offer
// names among them. What it says of one holds for whatever has taken its place since: a
// share that was changed has another id, and the same grantee.
func (w *work) plannedShares(ctx context.Context, d *handedOver) ([]*ent.Share, error) {
	named := slices.Collect(maps.Keys(d.transfer.SharePlan))
	shares, err := w.Share.Query().
		Where(share.RecordID(d.record.ID),
			share.Or(share.StatusIn(share.StatusPENDING, share.StatusACTIVE), access.AnyOf(share.FieldID, named))).
		Order(share.ByID()).All(access.System(ctx, "the shares of a record that is handed over"))
	d.plan = make(map[string]string, len(named))
	for _, s := range shares {
		if plan, is := d.transfer.SharePlan[s.ID]; is {
			d.plan[s.GranteeID] = plan
		}
	}
	return shares, err
}

// keeps says whether the offer keeps a share. The new owner has no use for one.
func (d *handedOver) keeps(s *ent.Share) bool {
	plan, named := d.plan[s.GranteeID]
	if !named {
		plan = string(d.transfer.SharesDefault)
	}
	return plan == string(transfer.SharesDefaultKEEP) && s.GranteeID != d.owner.id
}

func idsOf(shares []*ent.Share) []string {
	ids := make([]string, len(shares))
	for i, s := range shares {
		ids[i] = s.ID
	}
	return ids
}

// leaveRead gives the previous owner the READ that the offer says, if its time has not
// passed meanwhile.
func (w *work) leaveRead(ctx context.Context, d *handedOver) error {
	now, until := access.Now(ctx), d.transfer.KeepUntil
	if d.transfer.PreviousOwnerKeeps != transfer.PreviousOwnerKeepsREAD_UNTIL || runOut(until, now) {
		return nil
	}
	// A share from before they owned it may have run out without being written down yet.
	err := w.Share.Update().
		Where(share.RecordID(d.record.ID), share.GranteeID(d.transfer.FromID), share.StatusIn(share.StatusPENDING, share.StatusACTIVE)).
		SetStatus(share.StatusEXPIRED).SetUpdatedAt(now).AddVersion(1).Modify(endedByTheClock).Exec(ctx)
	if err != nil {
		return err
	}
	return w.Share.Create().SetRecordID(d.record.ID).SetGranteeID(d.transfer.FromID).SetLevel(share.LevelREAD).
		SetIncludesConfidential(d.record.Confidential).SetOrigin(share.OriginTRANSFER).SetStatus(share.StatusACTIVE).
		SetStartsAt(now).SetNillableExpiresAt(until).SetEpoch(d.epoch()).
		SetCreatedAt(now).SetCreatedByID(w.viewer.ProfessionalID).SetUpdatedByID(w.viewer.ProfessionalID).
		Exec(ctx)
}

// endedByTheClock lets a share end when it ran out, whenever that is written down.
func endedByTheClock(u *sql.UpdateBuilder) {
	u.Set(share.FieldEndedAt, sql.Expr(share.FieldExpiresAt))
	u.Set(share.FieldStartsAt, sql.Expr("CASE WHEN status = 'PENDING' THEN expires_at ELSE starts_at END"))
}
