package practice

import (
	"context"
	"time"

	"continuum/ent"
	"continuum/ent/consent"
	"continuum/internal/access"
	"continuum/schema"
)

// RecordConsentInput is a consent that was given.
type RecordConsentInput struct {
	ProfileID     string
	ContactLinkID *string
	Purpose       consent.Purpose
	TargetID      *string
	Method        consent.Method
	SignedAt      *time.Time
	ExpiresAt     *time.Time
}

// RecordConsentPayload is what came of RecordConsent.
type RecordConsentPayload struct {
	Outcome
	Consent *ent.Consent
}

// RecordConsent keeps, in the viewer's workspace, a consent that the person or a contact
// of theirs has given. It takes EDIT on the profile.
func (p *Practice) RecordConsent(ctx context.Context, in RecordConsentInput) (*RecordConsentPayload, error) {
	var c checks
	in = c.consent(ctx, in)
	if err := c.err(); err != nil {
		return nil, err
	}
	var out RecordConsentPayload
	err := p.change(ctx, schema.ScopeProfilesWrite, &out, func(ctx context.Context, w *work) error {
		who, err := w.consenting(ctx, in.ProfileID)
		if err != nil {
			return err
		}
		policies, err := w.policies(ctx, w.viewer.WorkspaceID)
		if err != nil {
			return err
		}
		effective := in.SignedAt.AddDate(0, 0, policies.CoolingOffDays)
		if in.ExpiresAt != nil && !in.ExpiresAt.After(effective) {
			return fail(CodeInvalid, "expiresAt", "A consent cannot expire before it takes effect.")
		}
		if err := w.mayConsent(ctx, who, in, policies.AdultAge); err != nil {
			return err
		}
		if in.TargetID != nil {
			if _, err := w.recipient(ctx, "targetId", *in.TargetID); err != nil {
				return err
			}
		}
		if out.Consent, err = w.insertConsent(ctx, in, effective); err != nil {
			return err
		}
		return w.emit(ctx, "consent.recorded", out.Consent.ID, out.Consent.ProfileID)
	})
	if err != nil {
		return nil, err
	}
	out.Consent = out.Consent.Unwrap()
	return &out, nil
}

func (w *work) insertConsent(ctx context.Context, in RecordConsentInput, effective time.Time) (*ent.Consent, error) {
	return w.Consent.Create().
		SetWorkspaceID(w.viewer.WorkspaceID).SetProfileID(in.ProfileID).
		SetNillableContactLinkID(in.ContactLinkID).
		SetPurpose(in.Purpose).SetNillableTargetID(in.TargetID).SetMethod(in.Method).
		SetSignedAt(*in.SignedAt).SetEffectiveAt(effective).SetNillableExpiresAt(in.ExpiresAt).
		SetCreatedByID(w.viewer.ProfessionalID).SetUpdatedByID(w.viewer.ProfessionalID).
		Save(ctx)
}

// WithdrawConsentInput is which consent was withdrawn, and why.
type WithdrawConsentInput struct {
	ID     string
	Reason *string
}

// WithdrawConsentPayload is what came of WithdrawConsent.
type WithdrawConsentPayload struct {
	Outcome
	Consent *ent.Consent
}

// WithdrawConsent ends a consent at once. It takes EDIT on the profile.
func (p *Practice) WithdrawConsent(ctx context.Context, in WithdrawConsentInput) (*WithdrawConsentPayload, error) {
	var c checks
	reason := c.prose("reason", in.Reason, reasonLetters)
	if err := c.err(); err != nil {
		return nil, err
	}
	var out WithdrawConsentPayload
	err := p.change(ctx, schema.ScopeProfilesWrite, &out, func(ctx context.Context, w *work) error {
		row, err := w.editableConsent(ctx, in.ID)
		if err != nil {
			return err
		}
		if row.WithdrawnAt != nil {
			return fail(CodeInvalidState, "id", "This consent was withdrawn already.")
		}
		out.Consent, err = row.Update().
			SetWithdrawnAt(access.Now(ctx)).SetWithdrawnByID(w.viewer.ProfessionalID).SetNillableWithdrawReason(reason).
			AddVersion(1).SetUpdatedByID(w.viewer.ProfessionalID).
			Save(ctx)
		if err != nil {
			return err
		}
		return w.emit(ctx, "consent.withdrawn", row.ID, row.ProfileID)
	})
	if err != nil {
		return nil, err
	}
	out.Consent = out.Consent.Unwrap()
	return &out, nil
}

// editableConsent reads a consent of the viewer's workspace whose profile they may edit.
func (w *work) editableConsent(ctx context.Context, id string) (*ent.Consent, error) {
	if err := w.needs(schema.ScopeProfilesRead); err != nil {
		return nil, err
	}
	if !schema.ValidID(schema.ConsentPrefix, id) {
		return nil, notFound("id")
	}
	found, err := w.Consent.Query().Where(consent.ID(id)).All(ctx)
	row, err := theOne("id", found, err)
	if err != nil {
		return nil, err
	}
	if _, err := w.reachProfile(ctx, "id", row.ProfileID, access.EditRight); err != nil {
		return nil, err
	}
	return row, nil
}
