package practice

import (
	"context"
	"fmt"
	"slices"

	"continuum/ent/institution"
	"continuum/ent/professional"
	"continuum/schema"
)

// DirectoryInput is which profiles a professional reaches without any record.
type DirectoryInput struct {
	Scope          professional.DirectoryScope
	Right          professional.DirectoryRight
	InstitutionIDs []string
}

// directory checks that institutions are named with the scope that asks for them,
// and with no other.
func (c *checks) directory(field string, in *DirectoryInput) *DirectoryInput {
	if in == nil {
		return nil
	}
	if professional.DirectoryScopeValidator(in.Scope) != nil {
		c.refuse(field+".scope", "This is no directory scope.")
	}
	if professional.DirectoryRightValidator(in.Right) != nil {
		c.refuse(field+".right", "This is no directory right.")
	}
	named := len(in.InstitutionIDs)
	if in.Scope == professional.DirectoryScopeINSTITUTIONS && (named == 0 || named > 100) {
		c.refuse(field+".institutionIds", "Name 1 to 100 institutions.")
	}
	if in.Scope != professional.DirectoryScopeINSTITUTIONS && named > 0 {
		c.refuse(field+".institutionIds", "Institutions go with the scope INSTITUTIONS only.")
	}
	out := *in
	out.InstitutionIDs = slices.Clone(in.InstitutionIDs)
	if out.InstitutionIDs == nil {
		out.InstitutionIDs = []string{}
	}
	return &out
}

// ownInstitutions refuses a directory over institutions of another workspace.
func (w *work) ownInstitutions(ctx context.Context, in *DirectoryInput) error {
	if in == nil || len(in.InstitutionIDs) == 0 {
		return nil
	}
	if err := w.needs(schema.ScopeWorkspaceRead); err != nil {
		return err
	}
	own, err := w.Institution.Query().
		Where(institution.IDIn(wellFormed(schema.InstitutionPrefix, in.InstitutionIDs)...), institution.WorkspaceID(w.viewer.WorkspaceID)).
		IDs(ctx)
	if err != nil {
		return err
	}
	var missing checks
	for i, id := range in.InstitutionIDs {
		if !slices.Contains(own, id) {
			missing.errs = append(missing.errs, notFound(fmt.Sprintf("directory.institutionIds.%d", i)))
		}
	}
	return missing.err()
}

// roles checks that there is at least one role, and drops what is said twice.
func (c *checks) roles(field string, in []schema.Role) []schema.Role {
	known := []schema.Role{schema.RolePractitioner, schema.RoleCoordinator, schema.RoleManager, schema.RoleAdministrator}
	if len(in) == 0 {
		c.refuse(field, "Give at least one role.")
	}
	var out []schema.Role
	for i, role := range in {
		if !slices.Contains(known, role) {
			c.refuse(fmt.Sprintf("%s.%d", field, i), "This is no role.")
		}
		if !slices.Contains(out, role) {
			out = append(out, role)
		}
	}
	return out
}
