package practice

import (
	"context"
	"time"

	"continuum/ent"
	"continuum/ent/consent"
	"continuum/ent/contactlink"
	"continuum/ent/profile"
	"continuum/internal/access"
	"continuum/schema"
)

// consent checks a consent as it was given; one that tells no day was signed now.
func (c *checks) consent(ctx context.Context, in RecordConsentInput) RecordConsentInput {
	if consent.PurposeValidator(in.Purpose) != nil {
		c.refuse("purpose", "The purpose is SHARE, TRANSFER or SHARE_AND_TRANSFER.")
	}
	if consent.MethodValidator(in.Method) != nil {
		c.refuse("method", "The method is VERBAL, WRITTEN or ELECTRONIC.")
	}
	signed := access.Now(ctx)
	if in.SignedAt != nil {
		if in.SignedAt.After(signed) {
			c.refuse("signedAt", "A consent cannot be signed in the future.")
		}
		signed = instant(*in.SignedAt)
	}
	in.SignedAt = &signed
	in.ExpiresAt = instantOrNil(in.ExpiresAt)
	return in
}

// instant is a time as both engines keep it.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func instantOrNil(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	kept := instant(*t)
	return &kept
}

// consenting reads the profile whose consent it is, which the viewer must be able to edit.
func (w *work) consenting(ctx context.Context, profileID string) (*ent.Profile, error) {
	if err := w.needs(schema.ScopeProfilesRead); err != nil {
		return nil, err
	}
	if _, err := w.reachProfile(ctx, "profileId", profileID, access.EditRight); err != nil {
		return nil, err
	}
	who, err := w.Profile.Query().Where(profile.ID(profileID)).Only(ctx)
	if err != nil {
		return nil, err
	}
	if who.Status == profile.StatusMERGED || who.Status == profile.StatusERASED {
		return nil, fail(CodeInvalidState, "profileId", "No consent can be kept for a profile that was merged or erased.")
	}
	return who, nil
}

// mayConsent refuses a consent of somebody who may not give it. An adult gives it
// themselves, or a contact who may consent does; for a minor only such a contact can.
func (w *work) mayConsent(ctx context.Context, who *ent.Profile, in RecordConsentInput, adultAge int) error {
	if in.ContactLinkID != nil {
		return w.contactMayConsent(ctx, who.ID, *in.ContactLinkID, *in.SignedAt)
	}
	if !adult(who, *in.SignedAt, adultAge) {
		return fail(CodeInvalid, "contactLinkId", "A minor's consent comes from a contact who may consent for them.")
	}
	return nil
}

// contactMayConsent refuses a contact who is not around the profile, who may not consent
// for it, or with whom there is to be no contact. An authority counts only inside its days.
func (w *work) contactMayConsent(ctx context.Context, profileID, linkID string, signed time.Time) error {
	if err := w.needs(schema.ScopeContactsRead); err != nil {
		return err
	}
	if !schema.ValidID(schema.ContactLinkPrefix, linkID) {
		return notFound("contactLinkId")
	}
	found, err := w.ContactLink.Query().
		Where(contactlink.ID(linkID), contactlink.ProfileID(profileID), contactlink.EndedAtIsNil()).
		All(ctx)
	link, err := theOne("contactLinkId", found, err)
	if err != nil {
		return err
	}
	lapsed := link.Authority != contactlink.AuthorityNONE && !AuthorityInForce(link, signed)
	if !link.MayConsent || link.Restriction == contactlink.RestrictionNO_CONTACT || lapsed {
		return fail(CodeInvalid, "contactLinkId", "This contact may not consent for this profile.")
	}
	return nil
}

// adult says whether somebody was surely of age on a day. Whoever's date of birth is not
// known counts as a minor, and what is not known of it counts as late as it can be.
func adult(who *ent.Profile, on time.Time, age int) bool {
	if who.BirthDate == nil {
		return false
	}
	born, err := time.Parse(time.DateOnly, *who.BirthDate)
	if err != nil {
		return false
	}
	switch who.BirthDatePrecision {
	case profile.BirthDatePrecisionYEAR:
		born = born.AddDate(1, 0, -1)
	case profile.BirthDatePrecisionMONTH:
		born = born.AddDate(0, 1, -1)
	}
	return born.AddDate(age, 0, 0).Format(time.DateOnly) <= on.Format(time.DateOnly)
}
