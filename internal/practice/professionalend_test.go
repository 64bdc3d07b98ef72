package practice_test

import (
	"context"
	"testing"

	"continuum/ent/apikey"
	"continuum/ent/professional"
	"continuum/ent/unitmember"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

func TestEndProfessional(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		in := practice.EndProfessionalInput{ProfessionalID: c.id("paul"), Reason: ptr("retired")}
		c.unchanged(t, func() {
			for who, want := range map[string]string{"mia": "FORBIDDEN", "bob": "NOT_FOUND professionalId"} {
				_, err := c.EndProfessional(c.as(t, who), in)
				c.refused(t, err, want)
			}
			_, err := c.EndProfessional(c.as(t, "ann"), practice.EndProfessionalInput{ProfessionalID: c.id("ann")})
			c.refused(t, err, "FORBIDDEN professionalId")
		})
		c.unit(t, "team", "clinic", "paul*", "rita")
		c.unit(t, "other", "clinic", "paul")
		c.expect(t, "ann", "professional.ended", []string{"paul", "clinic", "team", "other"}, func(ctx context.Context) error {
			payload, err := c.EndProfessional(ctx, in)
			if err == nil && (payload.Professional.Status != professional.StatusENDED || payload.Professional.EndedAt == nil ||
				payload.Professional.EndedByID != c.id("ann") || *payload.Professional.EndReason != "retired") {
				t.Errorf("answered %v", payload.Professional)
			}
			return err
		})
		c.unchanged(t, func() {
			_, err := c.EndProfessional(c.as(t, "ann"), in)
			c.refused(t, err, "INVALID_STATE professionalId")
			_, err = c.SetProfessionalRoles(c.as(t, "ann"), practice.SetProfessionalRolesInput{
				ProfessionalID: c.id("paul"), Roles: []schema.Role{schema.RoleManager},
			})
			c.refused(t, err, "INVALID_STATE professionalId")
		})
	})
}

func TestA5_AnEndedProfessionalLosesEverythingAtOnce(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "paul*", "rita")
		key, err := c.CreateApiKey(c.as(t, "paul"), practice.CreateApiKeyInput{Name: "booking", Scopes: schema.AllScopes()})
		if err != nil {
			t.Fatal(err)
		}
		before := c.as(t, "paul")
		if _, err := c.EndProfessional(c.as(t, "ann"), practice.EndProfessionalInput{ProfessionalID: c.id("paul")}); err != nil {
			t.Fatal(err)
		}
		if viewer, err := access.Load(t.Context(), c.store.Client(), c.id("paul"), schema.AllScopes()); viewer != nil || err != nil {
			t.Errorf("may still act: %v %v", viewer, err)
		}
		if viewer, err := c.SignIn(t.Context(), *key.Secret); viewer != nil || err != nil {
			t.Errorf("may still sign in: %v %v", viewer, err)
		}
		// Who asked before the end, and changes after it, is told that it is over.
		_, err = c.CreateContact(before, practice.CreateContactInput{GivenName: "X"})
		c.refused(t, err, "UNAUTHENTICATED")
		live := c.store.Client().UnitMember.Query().
			Where(unitmember.ProfessionalID(c.id("paul")), unitmember.EndedAtIsNil()).CountX(c.now(t))
		keys := c.store.Client().ApiKey.Query().
			Where(apikey.ProfessionalID(c.id("paul")), apikey.RevokedAtIsNil()).CountX(c.now(t))
		if live != 0 || keys != 0 {
			t.Errorf("%d memberships and %d keys outlive the professional", live, keys)
		}
		left := c.store.Client().UnitMember.Query().Where(unitmember.ProfessionalID(c.id("rita")), unitmember.EndedAtIsNil()).CountX(c.now(t))
		if left != 1 {
			t.Error("a colleague's membership ended with it")
		}
	})
}
