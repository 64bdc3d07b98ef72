package access

import (
	"context"
	"errors"
	"time"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/predicate"
	"continuum/ent/recordlink"
	"continuum/schema"
)

// ErrFuture is returned for a moment that has not come yet: who will see what is not a
// matter of facts.
var ErrFuture = errors.New("access: the moment has not come yet")

// audienceOf asks as of now, or as of a past moment.
func audienceOf(v *Viewer, at *time.Time) (audience, error) {
	if at == nil {
		return audience{v: v, at: v.At}, nil
	}
	if at.After(v.At) {
		return audience{}, ErrFuture
	}
	return audience{v: v, at: at.UTC(), past: true}, nil
}

// WhoSeesRecord tells everybody who sees a record, and by which chain: now, or at a past
// moment as far as facts are dated. It is for those who have FULL on the record now, and
// nil for everybody else.
func WhoSeesRecord(ctx context.Context, client *ent.Client, recordID string, at *time.Time) (*Report, error) {
	v := ViewerFrom(ctx)
	if v == nil || !v.Has(schema.ScopeRecordsRead) {
		return nil, nil
	}
	a, err := audienceOf(v, at)
	if err != nil {
		return nil, err
	}
	if level, err := RecordLevel(ctx, client, recordID); err != nil || level < Full {
		return nil, err
	}
	a.records = []string{recordID}
	chains, err := a.chains(ctx, client, append(a.readers(), a.overseers()...))
	if err != nil {
		return nil, err
	}
	return report(chains), date(ctx, client, chains, a.at)
}

// WhoSeesProfile tells those who see a profile, and by which chain, to whoever edits it:
// through the records on which the viewer has FULL, and by the directory of their own
// workspace. That other records exist nothing tells.
func WhoSeesProfile(ctx context.Context, client *ent.Client, profileID string, at *time.Time) (*Report, error) {
	v := ViewerFrom(ctx)
	if v == nil || !v.Has(schema.ScopeProfilesRead) {
		return nil, nil
	}
	a, err := audienceOf(v, at)
	if err != nil {
		return nil, err
	}
	if right, err := ProfileRight(ctx, client, profileID); err != nil || right < EditRight {
		return nil, err
	}
	links, err := a.links(ctx, client, profileID)
	if err != nil {
		return nil, err
	}
	of := make(map[string]string, len(links))
	for _, l := range links {
		of[l.RecordID] = l.ID
		a.records = append(a.records, l.RecordID)
	}
	chains, err := a.chains(ctx, client, append(a.readers(), a.directory(profileID)...))
	if err != nil {
		return nil, err
	}
	for i, c := range chains {
		chains[i].LinkID, chains[i].ProfileID = of[c.RecordID], profileID
	}
	asProfiles(chains)
	told := report(chains)
	told.Complete = told.Complete && len(links) <= maxChains
	return told, date(ctx, client, chains, a.at)
}

// links are those of a profile to the records on which the viewer has FULL, as they were.
func (a audience) links(ctx context.Context, client *ent.Client, profileID string) ([]*ent.RecordLink, error) {
	if !a.v.Has(schema.ScopeRecordsRead) {
		return nil, nil
	}
	live := []predicate.RecordLink{recordlink.UnlinkedAtIsNil()}
	if a.past {
		live = []predicate.RecordLink{recordlink.LinkedAtLTE(a.at),
			recordlink.Or(recordlink.UnlinkedAtIsNil(), recordlink.UnlinkedAtGT(a.at))}
	}
	return client.RecordLink.Query().
		Where(recordlink.ProfileID(profileID), recordlink.And(live...), func(s *sql.Selector) {
			s.Where(a.v.editableRecords().in(s.C(recordlink.FieldRecordID)))
		}).
		Order(recordlink.ByID()).Limit(maxChains + 1).
		All(System(ctx, "the access function itself"))
}

// chains reads the branches, the strongest first, and one more than a report holds.
func (a audience) chains(ctx context.Context, client *ent.Client, branches set) ([]Chain, error) {
	return scan(ctx, client, func(s *sql.Selector) *sql.Selector {
		return s.Select("level", "access", "reason", "professional_id", "recipient_id", "unit_id", "membership_id", "share_id",
			"emergency_id", "record_id").FromExpr(branches.table()).
			OrderExpr(sql.Expr(strongest + `, professional_id, membership_id`)).Limit(maxChains + 1)
	})
}
