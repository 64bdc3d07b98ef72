package practice

import (
	"context"

	"continuum/ent"
	"continuum/ent/recordlink"
	"continuum/schema"
)

// LinkProfileInput is which profile to link to which record.
type LinkProfileInput struct {
	RecordID  string
	ProfileID string
	Role      *recordlink.Role
	Position  *int
	Notify    *bool
	Reason    *string
}

// LinkProfilePayload is what came of LinkProfile.
type LinkProfilePayload struct {
	Outcome
	Link   *ent.RecordLink
	Record *ent.Record
}

// LinkProfile links a profile to a record: whoever reads the record sees the profile
// from now on. It takes FULL on the record and READ on the profile.
func (p *Practice) LinkProfile(ctx context.Context, in LinkProfileInput) (*LinkProfilePayload, error) {
	var check checks
	check.role("role", in.Role)
	in.Reason = check.prose("reason", in.Reason, reasonLetters)
	if in.Position != nil && *in.Position < 0 {
		check.refuse("position", "The position counts from 0.")
	}
	if err := check.err(); err != nil {
		return nil, err
	}
	var out LinkProfilePayload
	err := p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
		into, err := w.editableRecord(ctx, "recordId", in.RecordID)
		if err != nil {
			return err
		}
		if err := w.linkable(ctx, "profileId", in.ProfileID); err != nil {
			return err
		}
		if err := into.takes(in); err != nil {
			return err
		}
		made, err := w.linkAt(ctx, into, in)
		if err != nil {
			return err
		}
		out = LinkProfilePayload{Link: made.Unwrap(), Record: into.Unwrap()}
		return w.emit(ctx, "profile.linked", into.ID, append(into.profiles(), in.ProfileID)...)
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// takes refuses a link that the record cannot have.
func (r *linkedRecord) takes(in LinkProfileInput) error {
	if err := r.openToLinks("recordId"); err != nil {
		return err
	}
	if r.link(in.ProfileID) != nil {
		return fail(CodeAlreadyLinked, "profileId", alreadyLinked)
	}
	if roleOr(in.Role) == recordlink.RolePRIMARY && r.primary() != nil {
		return fail(CodePrimaryTaken, "role", primaryTaken)
	}
	return nil
}

// linkAt begins the link at the place asked for: those from there on move up by one.
func (w *work) linkAt(ctx context.Context, into *linkedRecord, in LinkProfileInput) (*ent.RecordLink, error) {
	link := newLink{
		profile: in.ProfileID, role: roleOr(in.Role), position: into.end(),
		notify: in.Notify == nil || *in.Notify, reason: in.Reason,
	}
	if in.Position != nil && *in.Position < link.position {
		link.position = *in.Position
		err := w.RecordLink.Update().
			Where(recordlink.RecordID(into.ID), recordlink.UnlinkedAtIsNil(), recordlink.PositionGTE(link.position)).
			AddPosition(1).AddVersion(1).SetUpdatedByID(w.viewer.ProfessionalID).
			Exec(ctx)
		if err != nil {
			return nil, err
		}
	}
	made, err := w.insertLinks(ctx, into.ID, link)
	if err != nil {
		return nil, err
	}
	return made[0], nil
}
