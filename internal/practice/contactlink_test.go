package practice_test

import (
	"context"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/ent/contactlink"
	"continuum/internal/practice"
	"continuum/schema"
)

// tie is the live link between a contact and a profile.
func (c *clinic) tie(t *testing.T, contact, profile string) *ent.ContactLink {
	t.Helper()
	row, err := c.store.Client().ContactLink.Query().
		Where(contactlink.ContactID(c.id(contact)), contactlink.ProfileID(c.id(profile)), contactlink.EndedAtIsNil()).
		Only(c.now(t))
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func TestLinkContact(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		nora := c.guardian(t, "nora", "lea")
		in := practice.LinkContactInput{ContactID: nora.ID, Links: []*practice.ContactLinkInput{{
			ProfileID: c.id("leo"), Relationship: contactlink.RelationshipMOTHER, Authority: ptr(contactlink.AuthorityPARENTAL),
			MayConsent: ptr(true), Channels: []string{"EMAIL"}, ValidFrom: ptr("2020-01-01"),
		}}}
		c.expect(t, "paul", "contact.linked", []string{"nora", "lea", "leo"}, func(ctx context.Context) error {
			payload, err := c.LinkContact(ctx, in)
			if err == nil && (payload.Contact.ID != nora.ID || len(payload.ContactLinks) != 1) {
				t.Errorf("answered %v", payload)
			}
			return err
		})
		link := c.tie(t, "nora", "leo")
		if link.Authority != contactlink.AuthorityPARENTAL || !link.MayConsent || link.Restriction != contactlink.RestrictionNONE {
			t.Errorf("stored %v", link)
		}
		c.unchanged(t, func() {
			_, err := c.LinkContact(c.as(t, "paul"), in)
			c.refused(t, err, "ALREADY_LINKED links.0.profileId")
		})
	})
}

func TestLinkContact_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		nora := c.guardian(t, "nora", "lea")
		link := func(name string) *practice.ContactLinkInput {
			return &practice.ContactLinkInput{ProfileID: c.id(name), Relationship: contactlink.RelationshipOTHER}
		}
		for name, try := range map[string]struct {
			who     string
			contact string
			links   []*practice.ContactLinkInput
			want    []string
		}{
			"none":                    {"paul", nora.ID, nil, []string{"INVALID links"}},
			"twice":                   {"paul", nora.ID, []*practice.ContactLinkInput{link("leo"), link("leo")}, []string{"INVALID links.1.profileId"}},
			"a contact of others":     {"bob", nora.ID, []*practice.ContactLinkInput{link("zoe")}, []string{"NOT_FOUND contactId"}},
			"no such contact":         {"bob", schema.NewID(schema.ContactPrefix), []*practice.ContactLinkInput{link("zoe")}, []string{"NOT_FOUND contactId"}},
			"to profiles of others":   {"paul", nora.ID, []*practice.ContactLinkInput{link("leo"), link("zoe")}, []string{"NOT_FOUND links.1.profileId"}},
			"to profiles not to edit": {"rita", nora.ID, []*practice.ContactLinkInput{link("leo"), link("zoe")}, []string{"FORBIDDEN links.0.profileId", "NOT_FOUND links.1.profileId"}},
		} {
			t.Run(name, func(t *testing.T) {
				c.unchanged(t, func() {
					_, err := c.LinkContact(c.as(t, try.who), practice.LinkContactInput{ContactID: try.contact, Links: try.links})
					c.refused(t, err, try.want...)
				})
			})
		}
	})
}

// Fifty children cost as many statements as one.
func TestLinkContact_CostsTheSameForMany(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		nora := c.guardian(t, "nora", "lea")
		in := practice.LinkContactInput{ContactID: nora.ID}
		for i := range 50 {
			name := string(rune('A' + i))
			c.profile(t, name, "paul")
			in.Links = append(in.Links, &practice.ContactLinkInput{ProfileID: c.id(name), Relationship: contactlink.RelationshipTEACHER})
		}
		c.expect(t, "paul", "contact.linked", nil, func(ctx context.Context) error {
			_, err := c.LinkContact(ctx, in)
			return err
		})
		in.Links = append(in.Links, in.Links[0])
		_, err := c.LinkContact(c.as(t, "paul"), in)
		c.refused(t, err, "INVALID links")
	})
}

func TestUpdateContactLink(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.guardian(t, "nora", "lea")
		link := c.tie(t, "nora", "lea")
		c.expect(t, "paul", "contact_link.updated", []string{"nora", "lea"}, func(ctx context.Context) error {
			_, err := c.UpdateContactLink(ctx, practice.UpdateContactLinkInput{
				ID: link.ID, ExpectedVersion: 1, Relationship: graphql.OmittableOf(ptr(contactlink.RelationshipGUARDIAN)),
				Authority: graphql.OmittableOf(ptr(contactlink.AuthorityTUTOR)), Custody: graphql.OmittableOf(ptr("with Nora")),
				EmergencyRank: graphql.OmittableOf(ptr(2)), MayReceiveInformation: graphql.OmittableOf(ptr(true)),
				MayConsent: graphql.OmittableOf(ptr(true)), Restriction: graphql.OmittableOf(ptr(contactlink.RestrictionNO_CONTACT)),
				Channels: graphql.OmittableOf([]string{"POST"}), ValidFrom: graphql.OmittableOf(ptr("2026-01-01")),
				ValidTo: graphql.OmittableOf(ptr("2026-06-30")),
			})
			return err
		})
		c.expect(t, "paul", "contact_link.updated", nil, func(ctx context.Context) error {
			_, err := c.UpdateContactLink(ctx, practice.UpdateContactLinkInput{
				ID: link.ID, ExpectedVersion: 2, Custody: graphql.OmittableOf[*string](nil), ValidTo: graphql.OmittableOf[*string](nil),
			})
			return err
		})
		now := c.tie(t, "nora", "lea")
		if now.Version != 3 || now.Custody != nil || now.ValidTo != nil || *now.EmergencyRank != 2 ||
			now.Authority != contactlink.AuthorityTUTOR || now.UpdatedByID != c.id("paul") {
			t.Errorf("stored %v", now)
		}
		c.unchanged(t, func() {
			_, err := c.UpdateContactLink(c.as(t, "paul"), practice.UpdateContactLinkInput{
				ID: link.ID, ExpectedVersion: 3, EmergencyRank: graphql.OmittableOf(ptr(2)),
			})
			c.refused(t, err)
		})
	})
}

func TestUpdateContactLink_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.guardian(t, "nora", "lea")
		link := c.tie(t, "nora", "lea")
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.ContactLink.UpdateOneID(link.ID).SetVersion(2).SetCustody("alone").SetValidTo("2026-06-30").Exec(ctx)
		})
		set := func(change func(*practice.UpdateContactLinkInput)) practice.UpdateContactLinkInput {
			in := practice.UpdateContactLinkInput{ID: link.ID, ExpectedVersion: 2, Custody: graphql.OmittableOf(ptr("shared"))}
			change(&in)
			return in
		}
		keep := func(*practice.UpdateContactLinkInput) {}
		for name, try := range map[string]struct {
			who  string
			in   practice.UpdateContactLinkInput
			want []string
		}{
			"other workspace": {"bob", set(keep), []string{"NOT_FOUND id"}},
			"no such link": {"paul", set(func(in *practice.UpdateContactLinkInput) {
				in.ID = schema.NewID(schema.ContactLinkPrefix)
			}), []string{"NOT_FOUND id"}},
			"too low": {"rita", set(keep), []string{"FORBIDDEN id"}},
			"cleared": {"paul", set(func(in *practice.UpdateContactLinkInput) {
				in.Relationship = graphql.OmittableOf[*contactlink.Relationship](nil)
				in.MayConsent = graphql.OmittableOf[*bool](nil)
			}), []string{"INVALID relationship", "INVALID mayConsent"}},
			"days out of order": {"paul", set(func(in *practice.UpdateContactLinkInput) {
				in.ValidFrom = graphql.OmittableOf(ptr("2026-07-01"))
			}), []string{"INVALID validFrom"}},
			"somebody was faster": {"paul", set(func(in *practice.UpdateContactLinkInput) {
				in.ExpectedVersion = 1
				in.ValidTo = graphql.OmittableOf(ptr("2026-06-30"))
			}), []string{"CONFLICT custody"}},
			"no such version": {"paul", set(func(in *practice.UpdateContactLinkInput) { in.ExpectedVersion = 3 }), []string{"INVALID expectedVersion"}},
		} {
			t.Run(name, func(t *testing.T) {
				c.unchanged(t, func() {
					_, err := c.UpdateContactLink(c.as(t, try.who), try.in)
					c.refused(t, err, try.want...)
				})
			})
		}
	})
}

func TestEndContactLink(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		nora := c.guardian(t, "nora", "lea", "leo")
		in := practice.EndContactLinkInput{ID: c.tie(t, "nora", "lea").ID, Reason: ptr("moved")}
		for who, want := range map[string]string{"bob": "NOT_FOUND id", "rita": "FORBIDDEN id"} {
			c.unchanged(t, func() {
				_, err := c.EndContactLink(c.as(t, who), in)
				c.refused(t, err, want)
			})
		}
		c.expect(t, "paul", "contact_link.ended", []string{"nora", "lea"}, func(ctx context.Context) error {
			payload, err := c.EndContactLink(ctx, in)
			if err == nil && (payload.ContactLink.EndedAt == nil || *payload.ContactLink.EndReason != "moved" ||
				payload.ContactLink.EndedByID != c.id("paul")) {
				t.Errorf("answered %v", payload.ContactLink)
			}
			return err
		})
		c.unchanged(t, func() {
			_, err := c.EndContactLink(c.as(t, "paul"), in)
			c.refused(t, err, "INVALID_STATE id")
			_, err = c.UpdateContactLink(c.as(t, "paul"), practice.UpdateContactLinkInput{ID: in.ID, ExpectedVersion: 2})
			c.refused(t, err, "INVALID_STATE id")
		})
		// What has ended may begin again, with a history of two.
		c.expect(t, "paul", "contact.linked", []string{"lea", "leo"}, func(ctx context.Context) error {
			_, err := c.LinkContact(ctx, practice.LinkContactInput{ContactID: nora.ID, Links: []*practice.ContactLinkInput{
				{ProfileID: c.id("lea"), Relationship: contactlink.RelationshipMOTHER},
			}})
			return err
		})
	})
}

func TestK2_AuthorityCountsOnlyInsideItsDates(t *testing.T) {
	day := func(text string) time.Time {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	first, last := ptr("2026-03-01"), ptr("2026-03-31")
	parental := ent.ContactLink{Authority: contactlink.AuthorityPARENTAL, ValidFrom: first, ValidTo: last}
	ended, none, always := parental, parental, ent.ContactLink{Authority: contactlink.AuthoritySOLE}
	ended.EndedAt, none.Authority = ptr(day("2026-12-31")), contactlink.AuthorityNONE
	for name, try := range map[string]struct {
		link ent.ContactLink
		day  string
		want bool
	}{
		"the day before": {parental, "2026-02-28", false},
		"the first day":  {parental, "2026-03-01", true},
		"the last day":   {parental, "2026-03-31", true},
		"the day after":  {parental, "2026-04-01", false},
		"an ended link":  {ended, "2026-03-15", false},
		"no authority":   {none, "2026-03-15", false},
		"no dates":       {always, "1999-01-01", true},
	} {
		if got := practice.AuthorityInForce(&try.link, day(try.day)); got != try.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
