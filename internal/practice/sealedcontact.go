package practice

import (
	"context"
	"encoding/json"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/contact"
	"continuum/ent/contactlink"
	"continuum/internal/access"
)

// sealedContacts reads who is around each of the profiles, in the order in which they
// came, in one statement.
func (w *work) sealedContacts(system context.Context, profileIDs []string) (map[string][]*SealedContact, error) {
	links, err := w.ContactLink.Query().
		Where(access.AnyOf(contactlink.FieldProfileID, profileIDs), contactlink.EndedAtIsNil()).
		Order(contactlink.ByCreatedAt(), contactlink.ByID()).
		Modify(withContact, withContactPointsOf(contactlink.FieldContactID, ofContact), withAddressesOf(contactlink.FieldContactID, ofContact)).
		All(system)
	if err != nil {
		return nil, err
	}
	around := map[string][]*SealedContact{}
	for _, link := range links {
		one, err := sealedContact(link)
		if err != nil {
			return nil, err
		}
		around[link.ProfileID] = append(around[link.ProfileID], one)
	}
	return around, nil
}

func sealedContact(link *ent.ContactLink) (*SealedContact, error) {
	points, err := contactPointsOf(link)
	if err != nil {
		return nil, err
	}
	addresses, err := addressesOf(link)
	if err != nil {
		return nil, err
	}
	who, err := wordsOf(link, contact.FieldGivenName, contact.FieldFamilyName, contact.FieldOrganization, contact.FieldLanguages)
	if err != nil {
		return nil, err
	}
	var languages []string
	if err := json.Unmarshal([]byte(who[3]), &languages); err != nil {
		return nil, fmt.Errorf("practice: the languages of %s are no list", link.ContactID)
	}
	return &SealedContact{
		ContactID: link.ContactID, GivenName: who[0], FamilyName: orNil(who[1]),
		Organization: orNil(who[2]), Languages: orNone(languages),
		Relationship: string(link.Relationship), Authority: string(link.Authority), Custody: link.Custody,
		EmergencyRank: link.EmergencyRank, MayReceiveInformation: link.MayReceiveInformation, MayConsent: link.MayConsent,
		Restriction: string(link.Restriction), Channels: orNone(link.Channels), ValidFrom: link.ValidFrom, ValidTo: link.ValidTo,
		ContactPoints: sealed(points, sealedPoint), Addresses: sealed(addresses, sealedAddress),
	}, nil
}

// withContact adds to each row of a query of contact links who the contact is.
func withContact(s *sql.Selector) {
	c := sql.Table(contact.Table).As("c")
	s.Join(c).On(s.C(contactlink.FieldContactID), c.C(contact.FieldID)).
		AppendSelectAs(c.C(contact.FieldGivenName), contact.FieldGivenName).
		AppendSelectAs(c.C(contact.FieldLanguages), contact.FieldLanguages)
	for _, field := range []string{contact.FieldFamilyName, contact.FieldOrganization} {
		s.AppendSelectExprAs(sql.Expr("COALESCE("+c.C(field)+", '')"), field)
	}
}
