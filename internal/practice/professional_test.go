package practice_test

import (
	"context"
	"testing"

	"continuum/ent"
	"continuum/ent/principal"
	"continuum/ent/professional"
	"continuum/ent/workspace"
	"continuum/internal/practice"
	"continuum/schema"
)

func directory(ids ...string) *practice.DirectoryInput {
	return &practice.DirectoryInput{
		Scope: professional.DirectoryScopeINSTITUTIONS, Right: professional.DirectoryRightREAD, InstitutionIDs: ids,
	}
}

func (c *clinic) pro(t *testing.T, name string) *ent.Professional {
	t.Helper()
	row, err := c.store.Client().Professional.Get(c.now(t), c.id(name))
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func TestInviteProfessional(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.institution(t, "north", "clinic")
		in := practice.InviteProfessionalInput{
			Name: "Zoé Roy", Email: "Zoe@Example.org", Title: ptr("Psychologist"), Directory: directory(c.id("north")),
		}
		c.expect(t, "ann", "professional.invited", []string{"clinic"}, func(ctx context.Context) error {
			payload, err := c.InviteProfessional(ctx, in)
			if err != nil {
				return err
			}
			c.ids["zoe roy"] = payload.Professional.ID
			return nil
		})
		row := c.pro(t, "zoe roy")
		if row.Status != professional.StatusINVITED || *row.Email != "zoe@example.org" || row.SortName != "zoe roy" ||
			len(row.Roles) != 1 || row.Roles[0] != schema.RolePractitioner || row.InstitutionIds[0] != c.id("north") ||
			row.WorkspaceID != c.id("clinic") {
			t.Errorf("stored %v", row)
		}
		if p := c.store.Client().Principal.GetX(c.now(t), row.ID); p.Kind != principal.KindPROFESSIONAL || p.WorkspaceID != c.id("clinic") {
			t.Errorf("the principal is %v", p)
		}
		c.unchanged(t, func() {
			_, err := c.InviteProfessional(c.as(t, "ann"), in)
			c.refused(t, err, "ALREADY_EXISTS email")
			in := practice.InviteProfessionalInput{ID: &row.ID, Name: "X", Email: "x@example.org"}
			_, err = c.InviteProfessional(c.as(t, "ann"), in)
			c.refused(t, err, "ALREADY_EXISTS id")
		})
		// The address is free in another workspace, and again here once the membership has ended.
		in.Directory = nil
		if _, err := c.InviteProfessional(c.as(t, "bob"), in); err != nil {
			t.Errorf("in another workspace: %v", err)
		}
		if _, err := c.EndProfessional(c.as(t, "ann"), practice.EndProfessionalInput{ProfessionalID: row.ID}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.InviteProfessional(c.as(t, "ann"), in); err != nil {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestInviteProfessional_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.institution(t, "south", "school")
		in := func(change func(*practice.InviteProfessionalInput)) practice.InviteProfessionalInput {
			in := practice.InviteProfessionalInput{Name: "X", Email: "x@example.org"}
			change(&in)
			return in
		}
		keep := func(*practice.InviteProfessionalInput) {}
		for name, try := range map[string]struct {
			who  string
			in   practice.InviteProfessionalInput
			want string
		}{
			"a manager": {"mia", in(keep), "FORBIDDEN"},
			"no name":   {"ann", in(func(in *practice.InviteProfessionalInput) { in.Name = "" }), "INVALID name"},
			"no e-mail": {"ann", in(func(in *practice.InviteProfessionalInput) { in.Email = "x" }), "INVALID email"},
			"no role":   {"ann", in(func(in *practice.InviteProfessionalInput) { in.Roles = []schema.Role{} }), "INVALID roles"},
			"such role": {"ann", in(func(in *practice.InviteProfessionalInput) { in.Roles = []schema.Role{"KING"} }), "INVALID roles.0"},
			"no institutions": {"ann", in(func(in *practice.InviteProfessionalInput) {
				in.Directory = directory()
			}), "INVALID directory.institutionIds"},
			"institutions of others": {"ann", in(func(in *practice.InviteProfessionalInput) {
				in.Directory = directory(c.id("south"))
			}), "NOT_FOUND directory.institutionIds.0"},
		} {
			t.Run(name, func(t *testing.T) {
				c.unchanged(t, func() {
					_, err := c.InviteProfessional(c.as(t, try.who), try.in)
					c.refused(t, err, try.want)
				})
			})
		}
	})
}

func TestSetProfessionalRoles(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.institution(t, "north", "clinic")
		set := func(ctx context.Context, who string, d *practice.DirectoryInput, roles ...schema.Role) error {
			_, err := c.SetProfessionalRoles(ctx, practice.SetProfessionalRolesInput{ProfessionalID: c.id(who), Roles: roles, Directory: d})
			return err
		}
		c.expect(t, "ann", "professional.updated", []string{"paul", "clinic"}, func(ctx context.Context) error {
			return set(ctx, "paul", directory(c.id("north")), schema.RoleAdministrator, schema.RoleAdministrator)
		})
		c.expect(t, "ann", "professional.updated", nil, func(ctx context.Context) error {
			return set(ctx, "rita", nil, schema.RoleCoordinator)
		})
		if row := c.pro(t, "paul"); len(row.Roles) != 1 || row.DirectoryRight != professional.DirectoryRightREAD || row.Version != 2 {
			t.Errorf("stored %v", row)
		}
		if row := c.pro(t, "rita"); row.DirectoryScope != professional.DirectoryScopeALL {
			t.Error("an absent directory changed the directory")
		}
		c.unchanged(t, func() {
			c.refused(t, set(c.as(t, "mia"), "rita", nil, schema.RoleManager), "FORBIDDEN")
			c.refused(t, set(c.as(t, "ann"), "ann", nil, schema.RoleManager), "FORBIDDEN professionalId")
			c.refused(t, set(c.as(t, "ann"), "bob", nil, schema.RoleManager), "NOT_FOUND professionalId")
			c.refused(t, set(c.as(t, "ann"), "nobody", nil, schema.RoleManager), "NOT_FOUND professionalId")
			c.refused(t, set(c.as(t, "ann"), "rita", nil), "INVALID roles")
		})
		c.expect(t, "paul", "professional.updated", nil, func(ctx context.Context) error {
			return set(ctx, "ann", nil, schema.RolePractitioner)
		})
	})
}

func TestSetProfessionalRoles_InAPrivatePractice(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Workspace.UpdateOneID(c.id("school")).SetKind(workspace.KindINDIVIDUAL).Exec(ctx)
		})
		set := func(roles ...schema.Role) error {
			_, err := c.SetProfessionalRoles(c.as(t, "bob"), practice.SetProfessionalRolesInput{ProfessionalID: c.id("bob"), Roles: roles})
			return err
		}
		if err := set(schema.RoleAdministrator, schema.RolePractitioner); err != nil {
			t.Fatal(err)
		}
		c.unchanged(t, func() { c.refused(t, set(schema.RolePractitioner), "INVALID_STATE roles") })
		c.professional(t, "eve", "school", schema.RoleAdministrator)
		if err := set(schema.RolePractitioner); err != nil {
			t.Errorf("with another administrator: %v", err)
		}
	})
}
