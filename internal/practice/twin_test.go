package practice_test

import (
	"context"
	"testing"

	"continuum/ent/contactlink"
	"continuum/internal/practice"
	"continuum/schema"
)

// Of four who do the same at the same moment exactly one wins; the others are told so.
func TestTwins(t *testing.T) {
	for name, try := range map[string]struct {
		prepare func(*testing.T, *clinic)
		do      func(context.Context, *clinic) error
		who     string
		lost    practice.Code
	}{
		"linkContact": {
			func(t *testing.T, c *clinic) { c.guardian(t, "nora", "lea") },
			func(ctx context.Context, c *clinic) error {
				_, err := c.LinkContact(ctx, practice.LinkContactInput{ContactID: c.id("nora"), Links: []*practice.ContactLinkInput{
					{ProfileID: c.id("leo"), Relationship: contactlink.RelationshipMOTHER},
				}})
				return err
			}, "paul", practice.CodeAlreadyLinked,
		},
		"endContactLink": {
			func(t *testing.T, c *clinic) { c.guardian(t, "nora", "lea"); c.ids["tie"] = c.tie(t, "nora", "lea").ID },
			func(ctx context.Context, c *clinic) error {
				_, err := c.EndContactLink(ctx, practice.EndContactLinkInput{ID: c.id("tie")})
				return err
			}, "paul", practice.CodeInvalidState,
		},
		"addUnitMember": {
			func(t *testing.T, c *clinic) { c.unit(t, "team", "clinic") },
			func(ctx context.Context, c *clinic) error { return c.add(ctx, "team", "paul", false) },
			"mia", practice.CodeAlreadyExists,
		},
		"removeUnitMember": {
			func(t *testing.T, c *clinic) { c.unit(t, "team", "clinic", "paul") },
			func(ctx context.Context, c *clinic) error { return c.remove(ctx, "team", "paul") },
			"mia", practice.CodeNotFound,
		},
		"inviteProfessional": {
			func(*testing.T, *clinic) {},
			func(ctx context.Context, c *clinic) error {
				_, err := c.InviteProfessional(ctx, practice.InviteProfessionalInput{Name: "Eve", Email: "eve@example.org"})
				return err
			}, "ann", practice.CodeAlreadyExists,
		},
		"endProfessional": {
			func(*testing.T, *clinic) {},
			func(ctx context.Context, c *clinic) error {
				_, err := c.EndProfessional(ctx, practice.EndProfessionalInput{ProfessionalID: c.id("paul")})
				return err
			}, "ann", practice.CodeInvalidState,
		},
		"revokeApiKey": {
			func(t *testing.T, c *clinic) { c.key(t, c.as(t, "paul"), "key") },
			func(ctx context.Context, c *clinic) error {
				_, err := c.RevokeApiKey(ctx, practice.RevokeApiKeyInput{ID: c.id("key")})
				return err
			}, "paul", practice.CodeInvalidState,
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachClinic(t, func(t *testing.T, c *clinic) {
				try.prepare(t, c)
				ctx, before := c.as(t, try.who), len(c.events(t))
				once := func() error { return try.do(ctx, c) }
				won := 0
				for _, err := range atOnce(once, once, once, once) {
					if err == nil {
						won++
						continue
					}
					if told := practice.UserErrors(err); len(told) != 1 || told[0].Code != try.lost {
						t.Errorf("a loser is told %v", err)
					}
				}
				if left := len(c.events(t)) - before; won != 1 || left != 1 {
					t.Errorf("%d won, and left %d events", won, left)
				}
			})
		})
	}
}

// Two administrators who demote each other at the same moment do not both succeed.
func TestTwins_AWorkspaceKeepsAnAdministrator(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.professional(t, "eve", "clinic", schema.RoleAdministrator)
		demote := func(who, whom string) func() error {
			ctx := c.as(t, who)
			return func() error {
				_, err := c.SetProfessionalRoles(ctx, practice.SetProfessionalRolesInput{
					ProfessionalID: c.id(whom), Roles: []schema.Role{schema.RolePractitioner},
				})
				return err
			}
		}
		errs := atOnce(demote("ann", "eve"), demote("eve", "ann"))
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("both the same: %v", errs)
		}
		for _, err := range errs {
			if err != nil {
				c.refused(t, err, "FORBIDDEN")
			}
		}
	})
}

// A key that may change and not see is told so; it does not learn what is there.
func TestAChangeOfWhatIsThereNeedsTheScopeToSeeIt(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.guardian(t, "nora", "lea")
		contacts, work := c.as(t, "paul", schema.ScopeContactsWrite), c.as(t, "ann", schema.ScopeWorkspaceWrite)
		for name, do := range map[string]func() error{
			"updateContact": func() error {
				_, err := c.UpdateContact(contacts, practice.UpdateContactInput{ID: c.id("nora"), ExpectedVersion: 1})
				return err
			},
			"linkContact": func() error {
				_, err := c.LinkContact(contacts, practice.LinkContactInput{ContactID: c.id("nora"), Links: []*practice.ContactLinkInput{
					{ProfileID: c.id("leo"), Relationship: contactlink.RelationshipMOTHER},
				}})
				return err
			},
			"endContactLink": func() error {
				_, err := c.EndContactLink(contacts, practice.EndContactLinkInput{ID: c.tie(t, "nora", "lea").ID})
				return err
			},
			"endProfessional": func() error {
				_, err := c.EndProfessional(work, practice.EndProfessionalInput{ProfessionalID: c.id("paul")})
				return err
			},
			"addUnitMember": func() error { return c.add(work, "team", "paul", false) },
			"revokeApiKey": func() error {
				_, err := c.RevokeApiKey(work, practice.RevokeApiKeyInput{ID: "key"})
				return err
			},
		} {
			t.Run(name, func(t *testing.T) {
				c.unchanged(t, func() { c.refused(t, do(), "MISSING_SCOPE") })
			})
		}
	})
}

// Bytes that are no id are nobody's id, and no fault of the server.
func TestWhatIsNoIDIsNotFound(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		const none = "pro_\x00\xff"
		c.unit(t, "team", "clinic", "paul*")
		c.ids[none] = none
		link := []*practice.ContactLinkInput{{ProfileID: none, Relationship: contactlink.RelationshipMOTHER}}
		ann, paul := c.as(t, "ann"), c.as(t, "paul")
		_, err := c.CreateContact(paul, practice.CreateContactInput{GivenName: "X", Links: link, ProfileID: ptr(none)})
		c.refused(t, err, "NOT_FOUND profileId", "NOT_FOUND links.0.profileId")
		_, err = c.LinkContact(paul, practice.LinkContactInput{ContactID: none, Links: link})
		c.refused(t, err, "NOT_FOUND contactId")
		_, err = c.UpdateContact(paul, practice.UpdateContactInput{ID: none, ExpectedVersion: 1})
		c.refused(t, err, "NOT_FOUND id")
		_, err = c.UpdateContactLink(paul, practice.UpdateContactLinkInput{ID: none, ExpectedVersion: 1})
		c.refused(t, err, "NOT_FOUND id")
		_, err = c.EndContactLink(paul, practice.EndContactLinkInput{ID: none})
		c.refused(t, err, "NOT_FOUND id")
		_, err = c.RevokeApiKey(paul, practice.RevokeApiKeyInput{ID: none})
		c.refused(t, err, "NOT_FOUND id")
		_, err = c.EndProfessional(ann, practice.EndProfessionalInput{ProfessionalID: none})
		c.refused(t, err, "NOT_FOUND professionalId")
		_, err = c.SetProfessionalRoles(ann, practice.SetProfessionalRolesInput{
			ProfessionalID: c.id("paul"), Roles: []schema.Role{schema.RoleManager}, Directory: directory(none),
		})
		c.refused(t, err, "NOT_FOUND directory.institutionIds.0")
		_, err = c.CreateUnit(ann, practice.CreateUnitInput{Name: "X", Members: []*practice.NewUnitMemberInput{{ProfessionalID: none}}})
		c.refused(t, err, "NOT_FOUND members.0.professionalId")
		_, err = c.CreateKeyFor(t.Context(), none, "X", schema.AllScopes(), nil)
		c.refused(t, err, "NOT_FOUND professionalId")
		c.refused(t, c.add(ann, none, "paul", false), "NOT_FOUND unitId")
		c.refused(t, c.add(ann, "team", none, false), "NOT_FOUND professionalId")
		c.refused(t, c.remove(ann, "team", none), "NOT_FOUND professionalId")
	})
}
