package practice

import (
	"context"

	"continuum/ent"
	"continuum/ent/principal"
	"continuum/ent/professional"
	"continuum/internal/access"
	"continuum/schema"
)

// InviteProfessionalInput is whom to invite.
type InviteProfessionalInput struct {
	ID            *string
	Name          string
	Email         string
	Roles         []schema.Role
	Title         *string
	LicenceNumber *string
	Directory     *DirectoryInput
}

// InviteProfessionalPayload is what came of InviteProfessional.
type InviteProfessionalPayload struct {
	Outcome
	Professional *ent.Professional
}

// InviteProfessional makes a professional of the viewer's workspace who has yet to sign in.
func (p *Practice) InviteProfessional(ctx context.Context, in InviteProfessionalInput) (*InviteProfessionalPayload, error) {
	if in.Roles == nil {
		in.Roles = []schema.Role{schema.RolePractitioner}
	}
	var c checks
	invited := newProfessional{
		id:            c.id(schema.ProfessionalPrefix, in.ID),
		name:          c.text("name", in.Name, 200),
		email:         c.email("email", in.Email),
		roles:         c.roles("roles", in.Roles),
		title:         c.optional("title", in.Title, 200),
		licenceNumber: c.optional("licenceNumber", in.LicenceNumber, 100),
		directory:     c.directory("directory", in.Directory),
		status:        professional.StatusINVITED,
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	var out InviteProfessionalPayload
	err := p.change(ctx, schema.ScopeWorkspaceWrite, &out, func(ctx context.Context, w *work) (err error) {
		if err := w.only(schema.RoleAdministrator); err != nil {
			return err
		}
		if err := w.freeEmail(ctx, invited.email); err != nil {
			return err
		}
		if err := w.ownInstitutions(ctx, invited.directory); err != nil {
			return err
		}
		if out.Professional, err = w.addProfessional(ctx, w.viewer.WorkspaceID, invited); err != nil {
			return err
		}
		return w.emit(ctx, "professional.invited", out.Professional.ID, out.Professional.WorkspaceID)
	})
	if err != nil {
		return nil, err
	}
	out.Professional = out.Professional.Unwrap()
	return &out, nil
}

// newProfessional is who joins a workspace.
type newProfessional struct {
	id, name, email      string
	roles                []schema.Role
	title, licenceNumber *string
	directory            *DirectoryInput
	status               professional.Status
}

// addProfessional makes the professional, and the principal that can own and receive.
func (w *work) addProfessional(ctx context.Context, workspaceID string, who newProfessional) (*ent.Professional, error) {
	err := w.Principal.Create().
		SetID(who.id).
		SetKind(principal.KindPROFESSIONAL).
		SetWorkspaceID(workspaceID).
		Exec(ctx)
	if err != nil {
		return nil, taken("id", err)
	}
	row := w.Professional.Create().
		SetID(who.id).
		SetWorkspaceID(workspaceID).
		SetName(who.name).
		SetSortName(sortName(who.name)).
		SetEmail(who.email).
		SetRoles(who.roles).
		SetNillableTitle(who.title).
		SetNillableLicenceNumber(who.licenceNumber).
		SetStatus(who.status).
		SetCreatedByID(w.viewer.ProfessionalID)
	if d := who.directory; d != nil {
		row.SetDirectoryScope(d.Scope).SetDirectoryRight(d.Right).SetInstitutionIds(d.InstitutionIDs)
	}
	made, err := row.Save(ctx)
	if clashes(err, "email") {
		return nil, taken("email", err)
	}
	return made, taken("id", err)
}

// freeEmail refuses an address that somebody who works here, or is invited, has.
func (w *work) freeEmail(ctx context.Context, email string) error {
	found, err := w.Professional.Query().
		Where(professional.WorkspaceID(w.viewer.WorkspaceID), professional.Email(email),
			professional.StatusNEQ(professional.StatusENDED)).
		Exist(access.System(ctx, "an address is taken, whoever may see by whom"))
	if err == nil && found {
		return fail(CodeAlreadyExists, "email", "Somebody in this workspace has this address already.")
	}
	return err
}
