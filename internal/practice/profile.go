package practice

import (
	"context"
	"errors"

	"continuum/ent"
	"continuum/ent/profile"
	"continuum/ent/recordlink"
	"continuum/internal/access"
	"continuum/schema"
)

// CreateProfileInput is who a person is.
type CreateProfileInput struct {
	ID                 *string
	Kind               *profile.Kind
	GivenName          string
	MiddleName         *string
	FamilyName         string
	PreferredName      *string
	FormerNames        []string
	BirthDate          *string // YYYY-MM-DD
	BirthDatePrecision *profile.BirthDatePrecision
	Gender             *string
	Pronouns           *string
	Languages          []string
	InstitutionID      *string
	Grade              *string
	ContactPoints      []*ContactPointInput
	Addresses          []*AddressInput
	Identifiers        []*IdentifierInput
	FileNumber         *string
	Tags               []string
	LinkTo             *ProfileLinkInput
}

// ProfileLinkInput is a record to link a new profile to.
type ProfileLinkInput struct {
	RecordID string
	Role     *recordlink.Role
	Reason   *string
}

// CreateProfilePayload is what came of CreateProfile.
type CreateProfilePayload struct {
	Outcome
	Profile *ent.Profile
}

// newProfile is a checked CreateProfileInput.
type newProfile struct {
	CreateProfileInput
	id            string
	contactPoints []contactPoint
	addresses     []address
	identifiers   []identifier
	file          *workspaceFile
}

// CreateProfile makes a profile at home in the viewer's workspace; no record is needed.
func (p *Practice) CreateProfile(ctx context.Context, in CreateProfileInput) (*CreateProfilePayload, error) {
	var check checks
	who := check.newProfile(ctx, in)
	if err := check.err(); err != nil {
		return nil, err
	}
	var out CreateProfilePayload
	err := p.change(ctx, schema.ScopeProfilesWrite, &out, func(ctx context.Context, w *work) error {
		into, err := w.recordForNewProfile(ctx, who.LinkTo)
		if err != nil {
			return err
		}
		made, err := w.insertProfile(ctx, who)
		if err != nil {
			return err
		}
		if err := w.writeBelongings(ctx, who); err != nil {
			return err
		}
		out.Profile = made.Unwrap()
		if into == nil {
			return w.emit(ctx, "profile.created", made.ID)
		}
		_, err = w.insertLinks(ctx, into.ID, newLink{
			profile: made.ID, role: roleOr(who.LinkTo.Role), position: into.end(), notify: true, reason: who.LinkTo.Reason,
		})
		if err != nil {
			return err
		}
		return w.emit(ctx, "profile.created", made.ID, append(into.profiles(), into.ID)...)
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

func (c *checks) newProfile(ctx context.Context, in CreateProfileInput) newProfile {
	who := newProfile{CreateProfileInput: in, id: c.id(schema.ProfilePrefix, in.ID)}
	c.kind(in.Kind)
	who.GivenName = c.text("givenName", in.GivenName, nameLetters)
	who.MiddleName = c.optional("middleName", in.MiddleName, nameLetters)
	who.FamilyName = c.text("familyName", in.FamilyName, nameLetters)
	who.PreferredName = c.optional("preferredName", in.PreferredName, nameLetters)
	who.FormerNames = c.words("formerNames", in.FormerNames, mostFormerNames, nameLetters)
	who.BirthDate = c.birthDate(ctx, in.BirthDate, c.precision(in.BirthDatePrecision))
	who.Gender = c.optional("gender", in.Gender, wordLetters)
	who.Pronouns = c.optional("pronouns", in.Pronouns, wordLetters)
	who.Languages = c.languages(in.Languages)
	who.Grade = c.optional("grade", in.Grade, wordLetters)
	who.contactPoints = c.contactPoints(region(ctx), in.ContactPoints)
	who.addresses = c.addresses(in.Addresses)
	who.identifiers = c.identifiers("identifiers", in.Identifiers)
	who.file = c.newFile(in.FileNumber, in.Tags)
	who.LinkTo = c.linkTo(in.LinkTo)
	c.institution(in.InstitutionID)
	return who
}

// insertProfile writes the profile's own row.
func (w *work) insertProfile(ctx context.Context, who newProfile) (*ent.Profile, error) {
	kind, precision := profile.KindCLIENT, profile.BirthDatePrecisionDAY
	if who.Kind != nil {
		kind = *who.Kind
	}
	if who.BirthDatePrecision != nil {
		precision = *who.BirthDatePrecision
	}
	made, err := w.Profile.Create().SetID(who.id).SetHomeWorkspaceID(w.viewer.WorkspaceID).SetKind(kind).
		SetGivenName(who.GivenName).SetNillableMiddleName(who.MiddleName).SetFamilyName(who.FamilyName).
		SetNillablePreferredName(who.PreferredName).SetFormerNames(who.FormerNames).
		SetSortName(sortName(who.FamilyName, who.GivenName)).
		SetNillableBirthDate(who.BirthDate).SetBirthDatePrecision(precision).
		SetNillableGender(who.Gender).SetNillablePronouns(who.Pronouns).SetLanguages(who.Languages).
		SetNillableInstitutionID(who.InstitutionID).SetNillableGrade(who.Grade).
		SetCreatedByID(w.viewer.ProfessionalID).SetUpdatedByID(w.viewer.ProfessionalID).
		Save(ctx)
	// The guard asks whether the institution is the workspace's own, the one end that
	// can be refused here; asking before would be one more statement.
	if errors.Is(err, access.ErrRefused) && who.InstitutionID != nil {
		return nil, notFound("institutionId")
	}
	return made, taken("id", err)
}

// writeBelongings writes what hangs on a new profile.
func (w *work) writeBelongings(ctx context.Context, who newProfile) error {
	if err := w.writeContactPoints(ctx, ofProfile, who.id, who.contactPoints); err != nil {
		return err
	}
	if err := w.writeAddresses(ctx, ofProfile, who.id, who.addresses); err != nil {
		return err
	}
	if err := w.writeIdentifiers(ctx, who.id, who.identifiers); err != nil {
		return err
	}
	if who.file == nil {
		return nil
	}
	_, err := w.insertFile(ctx, who.id, *who.file)
	return err
}
