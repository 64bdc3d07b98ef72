package practice_test

import (
	"context"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/go-cmp/cmp"

	"continuum/ent"
	"continuum/ent/contact"
	"continuum/ent/contactlink"
	"continuum/ent/contactpoint"
	"continuum/internal/practice"
	"continuum/schema"
)

// guardian makes a contact that Paul links to profiles as their mother.
func (c *clinic) guardian(t *testing.T, name string, profiles ...string) *ent.Contact {
	t.Helper()
	in := practice.CreateContactInput{GivenName: name}
	for _, p := range profiles {
		in.Links = append(in.Links, &practice.ContactLinkInput{ProfileID: c.id(p), Relationship: contactlink.RelationshipMOTHER})
	}
	payload, err := c.CreateContact(c.as(t, "paul"), in)
	if err != nil {
		t.Fatal(err)
	}
	c.ids[name] = payload.Contact.ID
	return payload.Contact
}

func (c *clinic) contact(t *testing.T, name string) *ent.Contact {
	t.Helper()
	row, err := c.store.Client().Contact.Get(c.now(t), c.id(name))
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func TestCreateContact(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		id := schema.NewID(schema.ContactPrefix)
		in := practice.CreateContactInput{
			ID: &id, GivenName: " Nora ", FamilyName: ptr("Émond"), Languages: []string{"fr"}, ProfileID: ptr(c.id("lea")),
			ContactPoints: []*practice.ContactPointInput{
				{Kind: contactpoint.KindMOBILE, Value: "514 555-0142"}, {Kind: contactpoint.KindEMAIL, Value: "Nora@Example.org"},
			},
			Addresses: []*practice.AddressInput{{Line1: "1, rue des Érables"}},
			Links: []*practice.ContactLinkInput{
				{ProfileID: c.id("lea"), Relationship: contactlink.RelationshipMOTHER, Channels: []string{"SMS", "SMS"}},
				{ProfileID: c.id("leo"), Relationship: contactlink.RelationshipMOTHER, EmergencyRank: ptr(1)},
			},
		}
		c.expect(t, "paul", "contact.created", []string{"lea", "leo"}, func(ctx context.Context) error {
			payload, err := c.CreateContact(ctx, in)
			if err == nil && (payload.Contact.ID != id || payload.Contact.GivenName != "Nora" || payload.Contact.SortName != "emond nora") {
				t.Errorf("made %v", payload.Contact)
			}
			return err
		})
		row := c.store.Client().Contact.Query().Where(contact.ID(id)).OnlyX(c.now(t))
		if row.HomeWorkspaceID != c.id("clinic") || row.CreatedByID != c.id("paul") {
			t.Errorf("stored %v", row)
		}
		links := c.store.Client().ContactLink.Query().Where(contactlink.ContactID(id)).CountX(c.now(t))
		points := c.store.Client().ContactPoint.Query().Where(contactpoint.ContactID(id)).CountX(c.now(t))
		if links != 2 || points != 2 {
			t.Errorf("%d links and %d contact points", links, points)
		}
		c.unchanged(t, func() {
			_, err := c.CreateContact(c.as(t, "paul"), in)
			c.refused(t, err, "ALREADY_EXISTS id")
		})
	})
}

func TestCreateContact_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		link := func(name string) []*practice.ContactLinkInput {
			return []*practice.ContactLinkInput{{ProfileID: c.id(name), Relationship: contactlink.RelationshipOTHER}}
		}
		for name, try := range map[string]struct {
			who  context.Context
			in   practice.CreateContactInput
			want string
		}{
			"nobody":             {t.Context(), practice.CreateContactInput{GivenName: "X"}, "UNAUTHENTICATED"},
			"without scope":      {c.as(t, "paul", schema.ScopeContactsRead), practice.CreateContactInput{GivenName: "X"}, "MISSING_SCOPE"},
			"other workspace":    {c.as(t, "bob"), practice.CreateContactInput{GivenName: "X", Links: link("lea")}, "NOT_FOUND links.0.profileId"},
			"too low":            {c.as(t, "rita"), practice.CreateContactInput{GivenName: "X", Links: link("lea")}, "FORBIDDEN links.0.profileId"},
			"hidden own profile": {c.as(t, "paul"), practice.CreateContactInput{GivenName: "X", ProfileID: ptr(c.id("zoe"))}, "NOT_FOUND profileId"},
			"no such profile":    {c.as(t, "paul"), practice.CreateContactInput{GivenName: "X", ProfileID: ptr(schema.NewID(schema.ProfilePrefix))}, "NOT_FOUND profileId"},
			"no name":            {c.as(t, "paul"), practice.CreateContactInput{GivenName: " "}, "INVALID givenName"},
			"an id of a profile": {c.as(t, "paul"), practice.CreateContactInput{ID: ptr(c.id("lea")), GivenName: "X"}, "INVALID id"},
		} {
			t.Run(name, func(t *testing.T) {
				c.unchanged(t, func() {
					_, err := c.CreateContact(try.who, try.in)
					c.refused(t, err, try.want)
				})
			})
		}
	})
}

func TestCreateContact_Links(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		for want, change := range map[string]func(*practice.ContactLinkInput){
			"INVALID links.0.relationship":  func(in *practice.ContactLinkInput) { in.Relationship = "AUNT" },
			"INVALID links.0.authority":     func(in *practice.ContactLinkInput) { in.Authority = ptr(contactlink.Authority("KING")) },
			"INVALID links.0.restriction":   func(in *practice.ContactLinkInput) { in.Restriction = ptr(contactlink.Restriction("ALL")) },
			"INVALID links.0.emergencyRank": func(in *practice.ContactLinkInput) { in.EmergencyRank = ptr(100) },
			"INVALID links.0.channels.1":    func(in *practice.ContactLinkInput) { in.Channels = []string{"SMS", "PIGEON"} },
			"INVALID links.0.validFrom":     func(in *practice.ContactLinkInput) { in.ValidFrom = ptr("2026-02-30") },
			"INVALID links.0.validTo": func(in *practice.ContactLinkInput) {
				in.ValidFrom, in.ValidTo = ptr("2026-02-02"), ptr("2026-02-01")
			},
		} {
			in := &practice.ContactLinkInput{ProfileID: c.id("lea"), Relationship: contactlink.RelationshipOTHER}
			change(in)
			_, err := c.CreateContact(c.as(t, "paul"), practice.CreateContactInput{GivenName: "X", Links: []*practice.ContactLinkInput{in}})
			c.refused(t, err, want)
		}
		twice := &practice.ContactLinkInput{ProfileID: c.id("lea"), Relationship: contactlink.RelationshipOTHER}
		_, err := c.CreateContact(c.as(t, "paul"), practice.CreateContactInput{GivenName: "X", Links: []*practice.ContactLinkInput{twice, twice}})
		c.refused(t, err, "INVALID links.1.profileId")
	})
}

func TestCreateContact_WithoutLinksIsItsMakersAlone(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		nora := c.guardian(t, "nora")
		rename := practice.UpdateContactInput{ID: nora.ID, ExpectedVersion: 1, GivenName: graphql.OmittableOf(ptr("Norah"))}
		for _, who := range []string{"ann", "rita", "bob"} {
			_, err := c.UpdateContact(c.as(t, who), rename)
			c.refused(t, err, "NOT_FOUND id")
		}
		c.expect(t, "paul", "contact.updated", []string{"nora"}, func(ctx context.Context) error {
			_, err := c.UpdateContact(ctx, rename)
			return err
		})
		c.expect(t, "paul", "contact.linked", []string{"lea"}, func(ctx context.Context) error {
			_, err := c.LinkContact(ctx, practice.LinkContactInput{ContactID: nora.ID, Links: []*practice.ContactLinkInput{
				{ProfileID: c.id("lea"), Relationship: contactlink.RelationshipMOTHER},
			}})
			return err
		})
	})
}

func TestK1_OneEditShowsOnAllSiblings(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		nora := c.guardian(t, "nora", "lea", "leo")
		// Zoe is another child of hers, whom Paul cannot see.
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.ContactLink.Create().SetProfileID(c.id("zoe")).SetContactID(nora.ID).
				SetRelationship(contactlink.RelationshipMOTHER).Exec(ctx)
		})
		c.expect(t, "paul", "contact.updated", []string{"nora", "lea", "leo", "zoe"}, func(ctx context.Context) error {
			_, err := c.UpdateContact(ctx, practice.UpdateContactInput{
				ID: nora.ID, ExpectedVersion: nora.Version, FamilyName: graphql.OmittableOf(ptr("Roy")),
			})
			return err
		})
		for who, child := range map[string]string{"paul": "lea", "rita": "leo", "bob": "zoe"} {
			row, err := c.store.Client().ContactLink.Query().
				Where(contactlink.ProfileID(c.id(child)), contactlink.EndedAtIsNil()).QueryContact().Only(c.as(t, who))
			if err != nil || row.FamilyName == nil || *row.FamilyName != "Roy" {
				t.Errorf("%s sees at %s: %v %v", who, child, row, err)
			}
		}
	})
}

func TestK5_AGuardianListsOnlyReadableChildren(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		nora := c.guardian(t, "nora", "lea", "leo")
		c.profile(t, "tim", "bob")
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			for _, child := range []string{"zoe", "tim"} {
				err := tx.ContactLink.Create().SetProfileID(c.id(child)).SetContactID(nora.ID).
					SetRelationship(contactlink.RelationshipMOTHER).Exec(ctx)
				if err != nil {
					return err
				}
			}
			return nil
		})
		for who, want := range map[string][]string{"paul": {c.id("lea"), c.id("leo")}, "bob": {c.id("tim"), c.id("zoe")}, "cora": nil} {
			links, err := c.store.Client().ContactLink.Query().
				Where(contactlink.ContactID(nora.ID)).Order(ent.Asc(contactlink.FieldProfileID)).All(c.as(t, who))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, link := range links {
				got = append(got, link.ProfileID)
			}
			if diff := cmp.Diff(sorted(want), sorted(got)); diff != "" {
				t.Errorf("%s sees other children (-want +got):\n%s", who, diff)
			}
		}
	})
}

func TestUpdateContact(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		nora := c.guardian(t, "nora", "lea")
		c.expect(t, "paul", "contact.updated", []string{"lea"}, func(ctx context.Context) error {
			_, err := c.UpdateContact(ctx, practice.UpdateContactInput{
				ID: nora.ID, ExpectedVersion: nora.Version,
				GivenName: graphql.OmittableOf(ptr("Norah")), Languages: graphql.OmittableOf([]string{"fr", "en"}),
				ContactPoints: graphql.OmittableOf([]*practice.ContactPointInput{{Kind: contactpoint.KindEMAIL, Value: "n@example.org"}}),
				Addresses:     graphql.OmittableOf([]*practice.AddressInput{{Line1: "1, rue A"}}),
				ProfileID:     graphql.OmittableOf(ptr(c.id("leo"))),
			})
			return err
		})
		// A change of every list at once stays within the budget too.
		c.expect(t, "paul", "contact.updated", []string{"lea"}, func(ctx context.Context) error {
			payload, err := c.UpdateContact(ctx, practice.UpdateContactInput{
				ID: nora.ID, ExpectedVersion: nora.Version + 1, ProfileID: graphql.OmittableOf(ptr(c.id("lea"))),
				ContactPoints: graphql.OmittableOf([]*practice.ContactPointInput{{Kind: contactpoint.KindEMAIL, Value: "m@example.org"}}),
				Addresses:     graphql.OmittableOf([]*practice.AddressInput{{Line1: "2, rue B"}}),
			})
			if err == nil && payload.Contact.Version != nora.Version+2 {
				t.Errorf("version %d", payload.Contact.Version)
			}
			return err
		})
		row := c.contact(t, "nora")
		if row.GivenName != "Norah" || row.SortName != "norah" || *row.ProfileID != c.id("lea") {
			t.Errorf("stored %v", row)
		}
		point := c.store.Client().ContactPoint.Query().Where(contactpoint.ContactID(nora.ID)).OnlyX(c.now(t))
		if point.Normalized != "m@example.org" {
			t.Errorf("stored %v", point)
		}
	})
}

func TestUpdateContact_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		nora := c.guardian(t, "nora", "lea")
		other := graphql.OmittableOf(ptr("Other"))
		for name, try := range map[string]struct {
			who  string
			in   practice.UpdateContactInput
			want string
		}{
			"other workspace": {"bob", practice.UpdateContactInput{ID: nora.ID, ExpectedVersion: 1, GivenName: other}, "NOT_FOUND id"},
			"no such contact": {"paul", practice.UpdateContactInput{ID: schema.NewID(schema.ContactPrefix), ExpectedVersion: 1, GivenName: other}, "NOT_FOUND id"},
			"a coordinator":   {"cora", practice.UpdateContactInput{ID: nora.ID, ExpectedVersion: 1, GivenName: other}, "NOT_FOUND id"},
			"too low":         {"rita", practice.UpdateContactInput{ID: nora.ID, ExpectedVersion: 1, GivenName: other}, "FORBIDDEN id"},
			"cleared name":    {"paul", practice.UpdateContactInput{ID: nora.ID, ExpectedVersion: 1, GivenName: graphql.OmittableOf[*string](nil)}, "INVALID givenName"},
			"no such version": {"paul", practice.UpdateContactInput{ID: nora.ID, ExpectedVersion: 9, GivenName: other}, "INVALID expectedVersion"},
			"hidden profile":  {"paul", practice.UpdateContactInput{ID: nora.ID, ExpectedVersion: 1, ProfileID: graphql.OmittableOf(ptr(c.id("zoe")))}, "NOT_FOUND profileId"},
		} {
			t.Run(name, func(t *testing.T) {
				c.unchanged(t, func() {
					_, err := c.UpdateContact(c.as(t, try.who), try.in)
					c.refused(t, err, try.want)
				})
			})
		}
	})
}

func TestM1_EditsOfOneContactFieldConflict(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		nora := c.guardian(t, "nora", "lea")
		set := func(in practice.UpdateContactInput) error {
			in.ID, in.ExpectedVersion = nora.ID, nora.Version
			_, err := c.UpdateContact(c.as(t, "paul"), in)
			return err
		}
		if err := set(practice.UpdateContactInput{FamilyName: graphql.OmittableOf(ptr("Roy"))}); err != nil {
			t.Fatal(err)
		}
		if err := set(practice.UpdateContactInput{Organization: graphql.OmittableOf(ptr("School"))}); err != nil {
			t.Errorf("an edit of another field did not survive: %v", err)
		}
		err := set(practice.UpdateContactInput{FamilyName: graphql.OmittableOf(ptr("Roi"))})
		c.refused(t, err, "CONFLICT familyName")
		if now := practice.UserErrors(err)[0].CurrentValue; now == nil || *now != `"Roy"` {
			t.Errorf("the present value came as %v", now)
		}
		if row := c.contact(t, "nora"); *row.FamilyName != "Roy" || *row.Organization != "School" {
			t.Errorf("stored %v", row)
		}
	})
}

// A form sends back the null that it was shown: that must not cut a tie which its
// viewer cannot see, nor may a conflict tell of it.
func TestUpdateContact_KeepsAHiddenProfile(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		nora := c.guardian(t, "nora", "lea")
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Contact.UpdateOneID(nora.ID).SetProfileID(c.id("zoe")).
				SetVersion(2).SetFieldVersions(map[string]int{"profileId": 2}).Exec(ctx)
		})
		update := func(own *string) error {
			_, err := c.UpdateContact(c.as(t, "paul"), practice.UpdateContactInput{
				ID: nora.ID, ExpectedVersion: 1, ProfileID: graphql.OmittableOf(own), FamilyName: graphql.OmittableOf(ptr("Roy")),
			})
			return err
		}
		if err := update(nil); err != nil {
			t.Fatal(err)
		}
		if row := c.contact(t, "nora"); row.ProfileID == nil || *row.ProfileID != c.id("zoe") {
			t.Error("the hidden tie was cut")
		}
		err := update(ptr(c.id("lea")))
		c.refused(t, err, "CONFLICT profileId")
		if now := practice.UserErrors(err)[0].CurrentValue; now == nil || *now != "null" {
			t.Errorf("the conflict tells %v", now)
		}
	})
}
