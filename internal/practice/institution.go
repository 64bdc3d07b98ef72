package practice

import (
	"context"

	"continuum/ent"
	"continuum/ent/institution"
	"continuum/schema"
)

// CreateInstitutionInput is what institution to create.
type CreateInstitutionInput struct {
	ID        *string
	Name      string
	Kind      *institution.Kind
	Addresses []*AddressInput
}

// CreateInstitutionPayload is what came of CreateInstitution.
type CreateInstitutionPayload struct {
	Outcome
	Institution *ent.Institution
}

// CreateInstitution makes an institution of the viewer's workspace.
func (p *Practice) CreateInstitution(ctx context.Context, in CreateInstitutionInput) (*CreateInstitutionPayload, error) {
	kind := institution.KindOTHER
	if in.Kind != nil {
		kind = *in.Kind
	}
	var c checks
	id := c.id(schema.InstitutionPrefix, in.ID)
	name := c.text("name", in.Name, 200)
	addresses := c.addresses(in.Addresses)
	if err := c.err(); err != nil {
		return nil, err
	}
	var out CreateInstitutionPayload
	err := p.change(ctx, schema.ScopeWorkspaceWrite, &out, func(ctx context.Context, w *work) (err error) {
		if err := w.only(schema.RoleAdministrator, schema.RoleManager, schema.RoleCoordinator); err != nil {
			return err
		}
		out.Institution, err = w.Institution.Create().
			SetID(id).
			SetWorkspaceID(w.viewer.WorkspaceID).
			SetName(name).
			SetSortName(sortName(name)).
			SetKind(kind).
			SetCreatedByID(w.viewer.ProfessionalID).
			Save(ctx)
		if err != nil {
			return taken("id", err)
		}
		if err := w.writeAddresses(ctx, ofInstitution, id, addresses); err != nil {
			return err
		}
		return w.emit(ctx, "institution.created", id, w.viewer.WorkspaceID)
	})
	if err != nil {
		return nil, err
	}
	out.Institution = out.Institution.Unwrap()
	return &out, nil
}
