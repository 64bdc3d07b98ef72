package practice

import (
	"context"
	"slices"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/professional"
	"continuum/ent/workspace"
	"continuum/internal/access"
	"continuum/schema"
)

// SetProfessionalRolesInput is whose roles to set, and which.
type SetProfessionalRolesInput struct {
	ProfessionalID string
	Roles          []schema.Role
	Directory      *DirectoryInput
}

// SetProfessionalRolesPayload is what came of SetProfessionalRoles.
type SetProfessionalRolesPayload struct {
	Outcome
	Professional *ent.Professional
}

// SetProfessionalRoles sets what a professional is in the viewer's workspace.
func (p *Practice) SetProfessionalRoles(ctx context.Context, in SetProfessionalRolesInput) (*SetProfessionalRolesPayload, error) {
	var c checks
	roles := c.roles("roles", in.Roles)
	directory := c.directory("directory", in.Directory)
	if err := c.err(); err != nil {
		return nil, err
	}
	var out SetProfessionalRolesPayload
	err := p.change(ctx, schema.ScopeWorkspaceWrite, &out, func(ctx context.Context, w *work) error {
		row, err := w.administered(ctx, in.ProfessionalID, w.viewer.WorkspaceKind == workspace.KindINDIVIDUAL)
		if err != nil {
			return err
		}
		if err := w.keepsAdministrator(ctx, row, roles); err != nil {
			return err
		}
		if err := w.ownInstitutions(ctx, directory); err != nil {
			return err
		}
		update := row.Update().
			SetRoles(roles).
			AddVersion(1).
			SetUpdatedByID(w.viewer.ProfessionalID)
		if directory != nil {
			update.SetDirectoryScope(directory.Scope).
				SetDirectoryRight(directory.Right).
				SetInstitutionIds(directory.InstitutionIDs)
		}
		if out.Professional, err = update.Save(ctx); err != nil {
			return err
		}
		return w.emit(ctx, "professional.updated", row.ID, row.WorkspaceID)
	})
	if err != nil {
		return nil, err
	}
	out.Professional = out.Professional.Unwrap()
	return &out, nil
}

// administered reads a professional of the viewer's workspace whom the viewer, an
// administrator, may change: one who still works here, and not the viewer.
func (w *work) administered(ctx context.Context, id string, orOneself bool) (*ent.Professional, error) {
	if err := w.only(schema.RoleAdministrator); err != nil {
		return nil, err
	}
	found, err := w.reachColleagues(ctx, id)
	if err != nil {
		return nil, err
	}
	row := found[id]
	switch {
	case row == nil:
		return nil, notFound("professionalId")
	case id == w.viewer.ProfessionalID && !orOneself:
		return nil, fail(CodeForbidden, "professionalId", "Another administrator does this for you.")
	case row.Status == professional.StatusENDED:
		return nil, fail(CodeInvalidState, "professionalId", "This professional no longer works here.")
	}
	return row, nil
}

// keepsAdministrator refuses to leave a workspace without an active administrator.
func (w *work) keepsAdministrator(ctx context.Context, row *ent.Professional, roles []schema.Role) error {
	if !slices.Contains(row.Roles, schema.RoleAdministrator) || slices.Contains(roles, schema.RoleAdministrator) {
		return nil
	}
	another, err := w.Professional.Query().
		Where(professional.WorkspaceID(row.WorkspaceID), professional.IDNEQ(row.ID),
			professional.StatusEQ(professional.StatusACTIVE), WithRole(schema.RoleAdministrator)).
		Exist(access.System(ctx, "a workspace keeps an administrator, whoever may see them"))
	if err == nil && !another {
		return fail(CodeInvalidState, "roles", "A workspace keeps at least one active administrator.")
	}
	return err
}

// only refuses whoever has none of the roles.
func (w *work) only(roles ...schema.Role) error {
	if w.viewer.Is(roles...) {
		return nil
	}
	return fail(CodeForbidden, "", "Your roles in this workspace do not reach this far.")
}

// WithRole keeps the professionals who have one of the roles.
func WithRole(roles ...schema.Role) func(*sql.Selector) {
	return func(s *sql.Selector) {
		var either []*sql.Predicate
		for _, role := range roles {
			either = append(either, sql.P(func(b *sql.Builder) {
				b.WriteString("CAST(" + s.C(professional.FieldRoles) + " AS text) LIKE ")
				b.Arg(`%"` + string(role) + `"%`)
			}))
		}
		s.Where(sql.Or(either...))
	}
}
