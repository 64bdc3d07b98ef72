package practice

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/ent/profile"
	"continuum/internal/access"
	"continuum/schema"
)

// ArchiveProfileInput is which profile to set aside.
type ArchiveProfileInput struct {
	ID string
}

// ArchiveProfilePayload is what came of ArchiveProfile.
type ArchiveProfilePayload struct {
	Outcome
	Profile *ent.Profile
}

// ArchiveProfile sets an active profile aside. Nothing is lost.
func (p *Practice) ArchiveProfile(ctx context.Context, in ArchiveProfileInput) (*ArchiveProfilePayload, error) {
	var out ArchiveProfilePayload
	err := p.change(ctx, schema.ScopeProfilesWrite, &out, func(ctx context.Context, w *work) error {
		if err := w.needs(schema.ScopeProfilesRead); err != nil {
			return err
		}
		if _, err := w.reachProfile(ctx, "id", in.ID, access.EditRight); err != nil {
			return err
		}
		row, err := w.Profile.Query().Where(profile.ID(in.ID)).Modify(withRecords).Only(ctx)
		if err != nil {
			return err
		}
		if row.Status != profile.StatusACTIVE {
			return fail(CodeInvalidState, "id", "Only an active profile can be set aside.")
		}
		e, err := newEdit(row.Version, row.Version, row.FieldVersions)
		if err != nil {
			return err
		}
		inactive := profile.StatusINACTIVE
		editValue(e, "status", graphql.OmittableOf(&inactive), &row.Status)
		if err := w.saveProfile(ctx, e, row); err != nil {
			return err
		}
		out.Profile = row.Unwrap()
		return w.emitProfile(ctx, "profile.archived", row)
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}
