package practice

import (
	"context"

	"continuum/ent"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/internal/access"
	"continuum/schema"
)

// UnlinkProfileInput is which profile to unlink from which record.
type UnlinkProfileInput struct {
	RecordID  string
	ProfileID string
	Reason    *string
}

// UnlinkProfilePayload is what came of UnlinkProfile.
type UnlinkProfilePayload struct {
	Outcome
	Link   *ent.RecordLink
	Record *ent.Record
}

// UnlinkProfile ends a link: exactly the access that came through it ends. The last
// profile of an open record stays. It takes FULL on the record.
func (p *Practice) UnlinkProfile(ctx context.Context, in UnlinkProfileInput) (*UnlinkProfilePayload, error) {
	var check checks
	in.Reason = check.prose("reason", in.Reason, reasonLetters)
	if err := check.err(); err != nil {
		return nil, err
	}
	var out UnlinkProfilePayload
	err := p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
		from, err := w.editableRecord(ctx, "recordId", in.RecordID)
		if err != nil {
			return err
		}
		link := from.link(in.ProfileID)
		if link == nil {
			return notFound("profileId")
		}
		if from.Status == record.StatusOPEN && len(from.links) == 1 {
			return fail(CodeLastProfile, "profileId", lastProfile)
		}
		ended, err := w.endLink(ctx, link.id, in.Reason)
		if err != nil {
			return err
		}
		out = UnlinkProfilePayload{Link: ended.Unwrap(), Record: from.Unwrap()}
		return w.emit(ctx, "profile.unlinked", from.ID, from.profiles()...)
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// endLink ends a link and keeps it: what was, can be told.
func (w *work) endLink(ctx context.Context, id string, reason *string) (*ent.RecordLink, error) {
	return w.RecordLink.UpdateOneID(id).
		Where(recordlink.UnlinkedAtIsNil()).
		SetUnlinkedAt(access.Now(ctx)).SetUnlinkedByID(w.viewer.ProfessionalID).SetNillableUnlinkReason(reason).
		AddVersion(1).SetUpdatedByID(w.viewer.ProfessionalID).
		Save(ctx)
}
