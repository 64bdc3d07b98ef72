package practice

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/principal"
	"continuum/ent/profile"
	"continuum/ent/recordlink"
	"continuum/internal/access"
)

// sealedRecord reads what a record holds, in three statements however much that is. The
// record itself is as it was read, before it moved.
func (w *work) sealedRecord(system context.Context, r *linkedRecord) (*SealedRecord, error) {
	row, err := w.Principal.Query().Where(principal.ID(r.OwnerID)).Modify(withName).Only(system)
	if err != nil {
		return nil, err
	}
	owner, err := wordOf(row, "name")
	if err != nil {
		return nil, err
	}
	profiles, err := w.sealedProfiles(system, r)
	if err != nil {
		return nil, err
	}
	return &SealedRecord{
		Number: r.Number, Title: r.Title, Kind: string(r.Kind), Service: r.Service, Reason: r.Reason,
		Status: string(r.Status), Confidential: r.Confidential, OwnerName: owner,
		OpenedAt: inUTC(r.OpenedAt), ClosedAt: inUTC(r.ClosedAt), CreatedAt: r.CreatedAt.UTC(),
		Profiles: profiles,
	}, nil
}

// sealedProfiles reads the people of a record, in their order, with who is around them.
func (w *work) sealedProfiles(system context.Context, r *linkedRecord) ([]*SealedProfile, error) {
	rows, err := w.Profile.Query().Where(access.AnyOf(profile.FieldID, r.profiles())).
		Modify(withLinkTo(r.ID), withContactPoints(ofProfile), withAddresses(ofProfile), withIdentifiers, withInstitutionName).
		All(system)
	if err != nil {
		return nil, err
	}
	people := make(map[string]*ent.Profile, len(rows))
	for _, row := range rows {
		people[row.ID] = row
	}
	around, err := w.sealedContacts(system, r.profiles())
	if err != nil {
		return nil, err
	}
	kept := make([]*SealedProfile, len(r.links))
	for i, link := range r.links {
		row, found := people[link.profile]
		if !found {
			return nil, fmt.Errorf("practice: record %s has lost its link to %s", r.ID, link.profile)
		}
		if kept[i], err = sealedProfile(link, row); err != nil {
			return nil, err
		}
		kept[i].Contacts = orNone(around[link.profile])
	}
	return kept, nil
}

func sealedProfile(link liveLink, row *ent.Profile) (*SealedProfile, error) {
	points, err := contactPointsOf(row)
	if err != nil {
		return nil, err
	}
	addresses, err := addressesOf(row)
	if err != nil {
		return nil, err
	}
	identifiers, err := identifiersOf(row)
	if err != nil {
		return nil, err
	}
	words, err := wordsOf(row, "institution_name", recordlink.FieldLinkReason)
	if err != nil {
		return nil, err
	}
	since, err := row.Value(recordlink.FieldLinkedAt)
	if err != nil {
		return nil, err
	}
	linkedAt, is := since.(time.Time)
	if !is {
		return nil, fmt.Errorf("practice: linked_at came as %T", since)
	}
	return &SealedProfile{
		ProfileID: row.ID, Role: string(link.role), Position: link.position, Notify: link.notify,
		LinkedAt: linkedAt.UTC(), LinkReason: orNil(words[1]),
		Kind: string(row.Kind), Status: string(row.Status),
		GivenName: row.GivenName, MiddleName: row.MiddleName, FamilyName: row.FamilyName,
		PreferredName: row.PreferredName, FormerNames: orNone(row.FormerNames),
		BirthDate: row.BirthDate, BirthDatePrecision: string(row.BirthDatePrecision),
		Gender: row.Gender, Pronouns: row.Pronouns, Languages: orNone(row.Languages),
		Grade: row.Grade, InstitutionName: orNil(words[0]),
		ContactPoints: sealed(points, sealedPoint), Addresses: sealed(addresses, sealedAddress),
		Identifiers: sealed(identifiers, sealedIdentifier),
	}, nil
}

// withLinkTo keeps the profiles that a record links, and adds to each since when and why.
func withLinkTo(recordID string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		l := sql.Table(recordlink.Table).As("l")
		s.Join(l).On(s.C(profile.FieldID), l.C(recordlink.FieldProfileID)).
			Where(sql.And(sql.EQ(l.C(recordlink.FieldRecordID), recordID), sql.IsNull(l.C(recordlink.FieldUnlinkedAt)))).
			AppendSelectAs(l.C(recordlink.FieldLinkedAt), recordlink.FieldLinkedAt).
			AppendSelectExprAs(sql.Expr("COALESCE("+l.C(recordlink.FieldLinkReason)+", '')"), recordlink.FieldLinkReason)
	}
}

// withName adds the name of a professional or a unit to each row of a query of principals.
func withName(s *sql.Selector) {
	id := s.C(principal.FieldID)
	s.AppendSelectExprAs(sql.Expr("COALESCE((SELECT q.name FROM professionals q WHERE q.id = "+id+"),"+
		" (SELECT u.name FROM units u WHERE u.id = "+id+"), '')"), "name")
}

// withInstitutionName adds the institution's name to each row of a query of profiles.
func withInstitutionName(s *sql.Selector) {
	s.AppendSelectExprAs(sql.Expr("COALESCE((SELECT i.name FROM institutions i WHERE i.id = "+
		s.C(profile.FieldInstitutionID)+"), '')"), "institution_name")
}
