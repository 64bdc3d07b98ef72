package practice

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/ent/professional"
	"continuum/ent/profile"
	"continuum/internal/access"
	"continuum/schema"
)

// UpdateProfileInput is what to change in a profile: absent is unchanged, null clears.
type UpdateProfileInput struct {
	ID                 string
	ExpectedVersion    int
	Kind               graphql.Omittable[*profile.Kind]
	GivenName          graphql.Omittable[*string]
	MiddleName         graphql.Omittable[*string]
	FamilyName         graphql.Omittable[*string]
	PreferredName      graphql.Omittable[*string]
	FormerNames        graphql.Omittable[[]string]
	BirthDate          graphql.Omittable[*string] // YYYY-MM-DD
	BirthDatePrecision graphql.Omittable[*profile.BirthDatePrecision]
	Gender             graphql.Omittable[*string]
	Pronouns           graphql.Omittable[*string]
	Languages          graphql.Omittable[[]string]
	InstitutionID      graphql.Omittable[*string]
	Grade              graphql.Omittable[*string]
	Status             graphql.Omittable[*profile.Status]
	ContactPoints      graphql.Omittable[[]*ContactPointInput]
	Addresses          graphql.Omittable[[]*AddressInput]
	Identifiers        graphql.Omittable[[]*IdentifierInput]
}

// UpdateProfilePayload is what came of UpdateProfile. The profile is nil when the
// change itself took it out of the viewer's sight.
type UpdateProfilePayload struct {
	Outcome
	Profile *ent.Profile
}

// UpdateProfile changes a profile; every record that links it shows the change at once.
func (p *Practice) UpdateProfile(ctx context.Context, in UpdateProfileInput) (*UpdateProfilePayload, error) {
	var check checks
	in = check.profileChanges(ctx, in)
	if err := check.err(); err != nil {
		return nil, err
	}
	var out UpdateProfilePayload
	err := p.change(ctx, schema.ScopeProfilesWrite, &out, func(ctx context.Context, w *work) error {
		if err := w.needs(schema.ScopeProfilesRead); err != nil {
			return err
		}
		reached, err := w.reachProfile(ctx, "id", in.ID, access.EditRight)
		if err != nil {
			return err
		}
		change, err := w.editProfile(ctx, in)
		if err != nil {
			return err
		}
		out.Profile = change.row.Unwrap()
		if !change.changes() {
			return nil
		}
		if err := w.saveProfileEdit(ctx, change); err != nil {
			return err
		}
		sees, err := w.stillSees(ctx, reached, change)
		if err != nil {
			return err
		}
		if !sees {
			out.Profile = nil
		}
		return w.emitProfile(ctx, "profile.updated", change.row)
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// saveProfileEdit writes the profile's row and its lists.
func (w *work) saveProfileEdit(ctx context.Context, change *profileEdit) error {
	for _, replace := range change.lists {
		if err := replace(ctx); err != nil {
			return err
		}
	}
	return w.saveProfile(ctx, change.edit, change.row)
}

// stillSees says whether the viewer sees a profile after their own change. Only who
// sees it for its institution alone can lose it, by moving it to another.
func (w *work) stillSees(ctx context.Context, before access.ProfileAccess, change *profileEdit) (bool, error) {
	moved := slices.Contains(change.edit.fields, "institutionId")
	if !moved || before.Level >= access.Read || w.viewer.DirectoryScope != professional.DirectoryScopeINSTITUTIONS {
		return true, nil
	}
	return w.Profile.Query().Where(profile.ID(change.row.ID)).Exist(ctx)
}
