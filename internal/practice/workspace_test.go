package practice_test

import (
	"slices"
	"testing"
	"time"

	"continuum/ent/principal"
	"continuum/ent/professional"
	"continuum/ent/workspace"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

func TestCreateWorkspace(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		before := len(c.events(t))
		made, first, token, err := c.CreateWorkspace(t.Context(), " Clinique du Nord ", workspace.KindINDIVIDUAL, "ca",
			practice.NewAdministrator{Name: "Zoé Roy", Email: "Zoe@Example.org"})
		if err != nil {
			t.Fatal(err)
		}
		if made.Name != "Clinique du Nord" || made.Region != "CA" || made.Kind != workspace.KindINDIVIDUAL ||
			first.WorkspaceID != made.ID || first.Status != professional.StatusACTIVE || *first.Email != "zoe@example.org" {
			t.Errorf("made %v and %v", made, first)
		}
		viewer := access.ViewerFrom(c.signedIn(t, token))
		if viewer.ProfessionalID != first.ID || !viewer.Is(schema.RoleAdministrator) || !viewer.Is(schema.RolePractitioner) ||
			!slices.Equal(viewer.Scopes, schema.AllScopes()) {
			t.Errorf("signs in as %v", viewer)
		}
		for id, kind := range map[string]principal.Kind{made.ID: principal.KindWORKSPACE, first.ID: principal.KindPROFESSIONAL} {
			if row := c.store.Client().Principal.GetX(c.now(t), id); row.Kind != kind || row.WorkspaceID != made.ID {
				t.Errorf("the principal is %v", row)
			}
		}
		if left := c.events(t)[before:]; len(left) != 1 || left[0].Type != "workspace.created" || left[0].ActorID != "" {
			t.Errorf("left the events %v", left)
		}
		// A workspace that an operator makes can be worked in at once.
		if _, err := c.CreateUnit(c.signedIn(t, token), practice.CreateUnitInput{Name: "Team"}); err != nil {
			t.Error(err)
		}
	})
}

func TestCreateWorkspace_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unchanged(t, func() {
			_, _, token, err := c.CreateWorkspace(t.Context(), "", "SCHOOL", "Quebec", practice.NewAdministrator{Email: "x"})
			c.refused(t, err, "INVALID name", "INVALID region", "INVALID kind", "INVALID administrator.name", "INVALID administrator.email")
			if token != "" {
				t.Error("there is a token")
			}
			_, _, _, err = c.CreateWorkspace(t.Context(), "X", workspace.KindORGANIZATION, "", practice.NewAdministrator{Name: "X", Email: "x@example.org"})
			c.refused(t, err, "INVALID region")
		})
	})
}

func TestCreateKeyFor(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		payload, err := c.InviteProfessional(c.as(t, "ann"), practice.InviteProfessionalInput{Name: "Eve", Email: "eve@example.org"})
		if err != nil {
			t.Fatal(err)
		}
		c.ids["eve"] = payload.Professional.ID
		before := len(c.events(t))
		token, err := c.CreateKeyFor(t.Context(), c.id("eve"), "first", []schema.Scope{schema.ScopeProfilesRead}, nil)
		if err != nil {
			t.Fatal(err)
		}
		viewer := access.ViewerFrom(c.signedIn(t, token))
		if viewer.ProfessionalID != c.id("eve") || len(viewer.Scopes) != 1 {
			t.Errorf("signs in as %v", viewer)
		}
		if row := c.pro(t, "eve"); row.Status != professional.StatusACTIVE || row.Version != 2 {
			t.Errorf("whom the operator vouches for is %v", row)
		}
		if left := c.events(t)[before:]; len(left) != 1 || left[0].Type != "api_key.created" || left[0].WorkspaceID != c.id("clinic") {
			t.Errorf("left the events %v", left)
		}
	})
}

func TestCreateKeyFor_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		if _, err := c.EndProfessional(c.as(t, "ann"), practice.EndProfessionalInput{ProfessionalID: c.id("paul")}); err != nil {
			t.Fatal(err)
		}
		c.unchanged(t, func() {
			all := schema.AllScopes()
			_, err := c.CreateKeyFor(t.Context(), c.id("paul"), "X", all, nil)
			c.refused(t, err, "INVALID_STATE professionalId")
			_, err = c.CreateKeyFor(t.Context(), schema.NewID(schema.ProfessionalPrefix), "X", all, nil)
			c.refused(t, err, "NOT_FOUND professionalId")
			_, err = c.CreateKeyFor(t.Context(), c.id("rita"), "", nil, ptr(time.Now().Add(-time.Hour)))
			c.refused(t, err, "INVALID name", "INVALID scopes", "INVALID expires")
		})
	})
}
