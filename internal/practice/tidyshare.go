package practice

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/notification"
	"continuum/ent/share"
	"continuum/internal/access"
)

// expiredShares are the shares whose time is over although their status does not say so.
type expiredShares struct{}

// unended keeps the shares that nobody has ended. The words are those of the index that finds them.
func unended(s *sql.Selector) {
	s.Where(sql.ExprP(s.C(share.FieldStatus) + " IN ('PENDING', 'ACTIVE')"))
}

func (expiredShares) due(ctx context.Context, client *ent.Client, recordID string) ([]string, error) {
	return client.Share.Query().
		Where(unended, share.ExpiresAtLTE(access.Now(ctx)), ofRecord(recordID)).
		Order(ent.Asc(share.FieldExpiresAt)).
		Limit(tidiedAtOnce).
		IDs(ctx)
}

// end lets the share end at the instant at which it expired, so that the past is told right.
func (expiredShares) end(ctx context.Context, w *work, id string) (bool, error) {
	found, err := w.Share.Query().Where(share.ID(id), unended, share.ExpiresAtLTE(access.Now(ctx))).All(ctx)
	if err != nil || len(found) == 0 {
		return false, err
	}
	row := found[0]
	ended, err := w.Share.Update().
		Where(share.ID(id), share.StatusEQ(row.Status)).
		SetStatus(share.StatusEXPIRED).
		AddVersion(1).
		Modify(endedByTheClock).
		Save(ctx)
	if err != nil || ended == 0 {
		return false, err
	}
	on, err := w.readRecord(ctx, row.RecordID)
	if err != nil {
		return false, err
	}
	// Whoever never took the share loses nothing.
	if row.Status == share.StatusPENDING {
		return true, w.emit(ctx, "record.share_expired", on.ID, shareTopics(on, row)...)
	}
	people, err := w.behind(ctx, row.GranteeID)
	if err != nil {
		return false, err
	}
	return true, w.tell(ctx, "record.share_expired", on.ID, shareTopics(on, row), notice{
		kind: notification.KindACCESS_ENDED, to: people[row.GranteeID], record: on.ID, share: id,
	})
}
