package seed

import (
	"context"
	"time"

	"continuum/ent"
	"continuum/ent/contactlink"
	"continuum/internal/practice"
)

// The demo's contacts.
const (
	sophie    = "sophie"
	marcAndre = "marc-andre"
	denise    = "denise"
	cadieux   = "cadieux"
	pelletier = "pelletier"
	partner   = "partner" // Julien, as Élodie knows him
	nadia     = "nadia"
	eric      = "eric"
)

type demoContact struct {
	id, workspace, maker string
	given, family        string
	organization         string
	profile              string // when the contact is also a client
	points               []string
}

var contacts = []demoContact{
	{id: sophie, workspace: school, maker: bob, given: "Sophie", family: "Fontaine",
		points: []string{"450 555-0121", "sophie.fontaine@example.org"}},
	{id: marcAndre, workspace: school, maker: bob, given: "Marc-André", family: "Dupuis",
		points: []string{"450 555-0122", "ma.dupuis@example.org"}},
	{id: denise, workspace: school, maker: bob, given: "Denise", family: "Fontaine", points: []string{"450 555-0123"}},
	{id: cadieux, workspace: school, maker: bob, given: "Hélène", family: "Cadieux",
		organization: "Clinique médicale du Faubourg", points: []string{"450 555-0150"}},
	{id: pelletier, workspace: school, maker: bob, given: "Luc", family: "Pelletier",
		organization: "École primaire du Ruisseau", points: []string{"luc.pelletier@ecoles.example.org"}},
	{id: partner, workspace: clinic, maker: ann, given: "Julien", family: "Roy", profile: julien,
		points: []string{"438 555-0117"}},
	{id: nadia, workspace: school, maker: bob, given: "Nadia", family: "Gagné", points: []string{"819 555-0134"}},
	{id: eric, workspace: school, maker: bob, given: "Éric", family: "Lemay", points: []string{"819 555-0135"}},
}

func contactID(name string) string { return id("cont", name) }

func writeContacts(ctx context.Context, tx *ent.Client) error {
	for _, c := range contacts {
		create := tx.Contact.Create().SetID(contactID(c.id)).SetHomeWorkspaceID(workspaceID(c.workspace)).
			SetGivenName(c.given).SetFamilyName(c.family).SetSortName(practice.FoldName(c.family + " " + c.given)).
			SetNillableOrganization(optional(c.organization)).SetLanguages([]string{"fr"}).
			SetCreatedAt(day(2)).SetUpdatedAt(day(2)).
			SetCreatedByID(professionalID(c.maker)).SetUpdatedByID(professionalID(c.maker))
		if c.profile != "" {
			create.SetProfileID(profileID(c.profile))
		}
		if err := create.Exec(ctx); err != nil {
			return err
		}
		for i, typed := range c.points {
			if err := contactPoint(tx, c.id, i, typed).SetContactID(contactID(c.id)).Exec(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

type demoContactLink struct {
	contact      string
	profiles     []string
	relationship contactlink.Relationship
	authority    contactlink.Authority
	custody      string
	rank         int // in an emergency; 0 for nobody to call
	informed     bool
	consents     bool
	restriction  contactlink.Restriction
	channels     []string
	from, to     string
}

var contactLinks = []demoContactLink{
	{contact: sophie, profiles: []string{lea, noah, mia}, relationship: contactlink.RelationshipMOTHER,
		authority: contactlink.AuthorityPARENTAL, custody: "Even weeks", rank: 1, informed: true, consents: true,
		channels: []string{"EMAIL", "SMS"}},
	{contact: marcAndre, profiles: []string{lea, noah, mia}, relationship: contactlink.RelationshipFATHER,
		authority: contactlink.AuthorityPARENTAL, custody: "Odd weeks", rank: 2, informed: true, consents: true,
		channels: []string{"PHONE"}},
	{contact: denise, profiles: []string{lea, noah}, relationship: contactlink.RelationshipGRANDPARENT, rank: 3,
		restriction: contactlink.RestrictionNO_INFORMATION, channels: []string{"PHONE"}},
	{contact: cadieux, profiles: []string{lea, mia}, relationship: contactlink.RelationshipPHYSICIAN, informed: true,
		channels: []string{"PHONE"}},
	{contact: pelletier, profiles: []string{lea, noah}, relationship: contactlink.RelationshipTEACHER,
		channels: []string{"EMAIL"}},
	{contact: partner, profiles: []string{elodie}, relationship: contactlink.RelationshipSPOUSE, rank: 1,
		channels: []string{"SMS"}},
	{contact: nadia, profiles: []string{olivier}, relationship: contactlink.RelationshipMOTHER,
		authority: contactlink.AuthorityCOURT_ORDER, rank: 1, informed: true, consents: true, channels: []string{"SMS"},
		from: "2025-06-01", to: "2029-03-08"},
	{contact: eric, profiles: []string{olivier}, relationship: contactlink.RelationshipFATHER,
		restriction: contactlink.RestrictionNO_CONTACT},
}

func writeContactLinks(ctx context.Context, tx *ent.Client) error {
	for i, l := range contactLinks {
		for _, profile := range l.profiles {
			// In this order they are listed.
			made := day(2).Add(time.Duration(i) * time.Minute)
			if err := l.create(tx, profile).SetCreatedAt(made).SetUpdatedAt(made).Exec(ctx); err != nil {
				return err
			}
		}
	}
	// Denise was to be called for Mia too, and is no longer.
	former := demoContactLink{contact: denise, relationship: contactlink.RelationshipGRANDPARENT, rank: 3}
	return former.create(tx, mia).SetCreatedAt(day(2)).SetUpdatedAt(day(40)).SetVersion(2).SetEndedAt(day(40)).SetEndedByID(professionalID(bob)).
		SetEndReason("The parents asked for it.").Exec(ctx)
}

func (l demoContactLink) create(tx *ent.Client, profile string) *ent.ContactLinkCreate {
	create := tx.ContactLink.Create().SetID(id("cl", l.contact+" "+profile)).
		SetProfileID(profileID(profile)).SetContactID(contactID(l.contact)).SetRelationship(l.relationship).
		SetNillableCustody(optional(l.custody)).SetMayReceiveInformation(l.informed).SetMayConsent(l.consents).
		SetNillableValidFrom(optional(l.from)).SetNillableValidTo(optional(l.to))
	if l.authority != "" {
		create.SetAuthority(l.authority)
	}
	if l.restriction != "" {
		create.SetRestriction(l.restriction)
	}
	if l.rank > 0 {
		create.SetEmergencyRank(l.rank)
	}
	if l.channels != nil {
		create.SetChannels(l.channels)
	}
	return create
}
