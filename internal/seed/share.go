package seed

import (
	"context"
	"time"

	"continuum/ent"
	"continuum/ent/share"
)

// writeShares gives records away in three ways: to a colleague, to a unit, and to a professional of another workspace,
// where it was accepted.
func writeShares(ctx context.Context, tx *ent.Client) error {
	for _, s := range []struct {
		record, giver, grantee string
		level                  share.Level
		until                  *time.Time
	}{
		{couple, ann, professionalID(ben), share.LevelREAD, nil},
		{family, bob, unitID(psychosocial), share.LevelWRITE, nil},
		{attention, bob, professionalID(ann), share.LevelFULL, new(time.Date(2099, time.December, 31, 0, 0, 0, 0, time.UTC))},
	} {
		err := tx.Share.Create().SetID(id("share", s.record)).SetRecordID(recordID(s.record)).SetGranteeID(s.grantee).
			SetLevel(s.level).SetStatus(share.StatusACTIVE).SetEpoch(1).SetNillableExpiresAt(s.until).
			SetStartsAt(day(16)).SetCreatedAt(day(16)).SetUpdatedAt(day(16)).SetCreatedByID(professionalID(s.giver)).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}
