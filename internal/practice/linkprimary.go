package practice

import (
	"context"

	"continuum/ent"
	"continuum/ent/recordlink"
	"continuum/schema"
)

// SetPrimaryProfileInput is which profile to make the PRIMARY of which record.
type SetPrimaryProfileInput struct {
	RecordID  string
	ProfileID string
}

// SetPrimaryProfilePayload is what came of SetPrimaryProfile.
type SetPrimaryProfilePayload struct {
	Outcome
	Link   *ent.RecordLink
	Record *ent.Record
}

// SetPrimaryProfile makes one of a record's profiles its PRIMARY; the one that was
// becomes SECONDARY. It takes FULL on the record.
func (p *Practice) SetPrimaryProfile(ctx context.Context, in SetPrimaryProfileInput) (*SetPrimaryProfilePayload, error) {
	var out SetPrimaryProfilePayload
	err := p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
		on, err := w.editableRecord(ctx, "recordId", in.RecordID)
		if err != nil {
			return err
		}
		if err := on.openToLinks("recordId"); err != nil {
			return err
		}
		link := on.link(in.ProfileID)
		if link == nil {
			return notFound("profileId")
		}
		first, err := w.makePrimary(ctx, on, link)
		if err != nil {
			return err
		}
		out = SetPrimaryProfilePayload{Link: first.Unwrap(), Record: on.Unwrap()}
		if link.role == recordlink.RolePRIMARY {
			return nil
		}
		return w.emit(ctx, "profile.made_primary", on.ID, on.profiles()...)
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// makePrimary gives a link the role PRIMARY, which it may have already.
func (w *work) makePrimary(ctx context.Context, on *linkedRecord, link *liveLink) (*ent.RecordLink, error) {
	if link.role == recordlink.RolePRIMARY {
		return w.RecordLink.Get(ctx, link.id)
	}
	// The old one steps down first: at no moment are there two.
	if old := on.primary(); old != nil {
		if _, err := w.setRole(ctx, old.id, recordlink.RoleSECONDARY); err != nil {
			return nil, err
		}
	}
	return w.setRole(ctx, link.id, recordlink.RolePRIMARY)
}

func (w *work) setRole(ctx context.Context, id string, role recordlink.Role) (*ent.RecordLink, error) {
	return w.RecordLink.UpdateOneID(id).SetRole(role).AddVersion(1).SetUpdatedByID(w.viewer.ProfessionalID).Save(ctx)
}
