package graph

import (
	"context"
	"strconv"

	"continuum/ent"
	"continuum/ent/address"
	"continuum/ent/contact"
	"continuum/ent/contactlink"
	"continuum/ent/contactpoint"
	"continuum/ent/identifier"
	"continuum/ent/institution"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/ent/workspaceprofile"
	"continuum/graph/page"
	"continuum/graph/scalar"
	"continuum/graph/sweep"
	"continuum/internal/access"
	"continuum/internal/practice"
)

// How some fields that no column holds are answered faster than by their resolvers, for those that large answers are made
// of: each does for all rows what its resolver does for one, and takes no more columns than it needs.

func (r *Resolver) profileHows() hows {
	id := func(p *ent.Profile) string { return p.ID }
	return hows{
		"Profile.displayName": computed(func(b []byte, p *ent.Profile) []byte {
			return scalar.AppendString(b, displayName(&p.GivenName, &p.FamilyName, p.PreferredName))
		}, profile.FieldGivenName, profile.FieldFamilyName, profile.FieldPreferredName),
		"Profile.birthDatePrecision": computed(func(b []byte, p *ent.Profile) []byte {
			return appendMaybe(b, (*string)(precisionOf(p)))
		}, profile.FieldBirthDate, profile.FieldBirthDatePrecision),
		"Profile.institution": lookedUp(func(ctx context.Context, l *loaders, rows []*ent.Profile) error {
			_, err := l.institutions.prime(ctx, someOf(alone(rows, institution.Table), func(p *ent.Profile) *string { return p.InstitutionID }))
			return err
		}, institutionOf, profile.FieldInstitutionID),
		"Profile.workspaceFile": lookedUp(func(ctx context.Context, l *loaders, rows []*ent.Profile) error {
			_, err := l.files.prime(ctx, idsOf(alone(rows, workspaceprofile.Table), id))
			return err
		}, fileOf, profile.FieldID),
		"Profile.homeWorkspace": byKey(func(l *loaders) *loader[string, *ent.Workspace] { return l.workspaces },
			func(p *ent.Profile) string { return p.HomeWorkspaceID }, profile.FieldHomeWorkspaceID),
		"Profile.contactPoints":               belongings(r, ent.TypeContactPoint, contactpoint.FieldProfileID, preferredFirst, id, profile.FieldID),
		"Profile.addresses":                   belongings(r, ent.TypeAddress, address.FieldProfileID, preferredFirst, id, profile.FieldID),
		"Profile.identifiers":                 belongings(r, ent.TypeIdentifier, identifier.FieldProfileID, bySystem, id, profile.FieldID),
		"Profile.viewerCan":                   {Columns: []string{profile.FieldID}, Ask: r.askRights},
		"Profile.contacts":                    paged(r, profileContacts(r.client()), id, profile.FieldID),
		"Profile.records":                     paged(r, profileRecords(r.client()), id, profile.FieldID),
		"ProfileContactEdge.node":             far[page.ContactLinkEdge, ent.Contact](func(e *page.ContactLinkEdge) any { return e.Far }),
		"ProfileContactEdge.authorityInForce": inForce(func(e *page.ContactLinkEdge) *ent.ContactLink { return e.ContactLink }),
		"ProfileRecordEdge.node":              far[page.RecordLinkEdge, ent.Record](func(e *page.RecordLinkEdge) any { return e.Far }),
		"ProfileRecordEdge.linkedBy":          linkedBy(func(e *page.RecordLinkEdge) string { return e.LinkedByID }),
	}
}

func (r *Resolver) recordHows() hows {
	id := func(r *ent.Record) string { return r.ID }
	return hows{
		"Record.title": computed(func(b []byte, r *ent.Record) []byte { return appendMaybe(b, nonEmpty(r.Title)) }, record.FieldTitle),
		"Record.workspace": byKey(func(l *loaders) *loader[string, *ent.Workspace] { return l.workspaces },
			func(r *ent.Record) string { return r.WorkspaceID }, record.FieldWorkspaceID),
		"Record.owner": {Columns: []string{record.FieldOwnerID}, Read: func(ctx context.Context, level *sweep.Level) error {
			rows := rowsOf[ent.Record](level)
			if _, err := loadersFrom(ctx).owners.prime(ctx, idsOf(rows, func(r *ent.Record) string { return r.OwnerID })); err != nil {
				return err
			}
			found := make([]any, len(rows))
			for i, row := range rows {
				var err error
				if found[i], err = ownerBy(ctx, row.OwnerID); err != nil {
					return err
				}
			}
			level.Gives(found)
			return nil
		}},
		"Record.profileCount": {Columns: []string{record.FieldID}, Read: func(ctx context.Context, level *sweep.Level) error {
			counts, err := loadersFrom(ctx).profileCounts.prime(ctx, idsOf(rowsOf[ent.Record](level), id))
			sweep.GivesEach(level, func(r *ent.Record) any { return strconv.AppendInt(nil, int64(counts[r.ID]), 10) })
			return err
		}},
		"Record.viewerCan": lookedUp(func(ctx context.Context, l *loaders, rows []*ent.Record) error {
			_, err := l.recordLevels.prime(ctx, idsOf(rows, id))
			return err
		}, recordCan, record.FieldID, record.FieldStatus),
		"Record.profiles":            paged(r, recordProfiles(r.client(), recordlink.FieldPosition, false, recordlink.UnlinkedAtIsNil()), id, record.FieldID),
		"RecordProfileEdge.node":     far[page.RecordLinkEdge, ent.Profile](func(e *page.RecordLinkEdge) any { return e.Far }),
		"RecordProfileEdge.linkedBy": linkedBy(func(e *page.RecordLinkEdge) string { return e.LinkedByID }),
	}
}

func (r *Resolver) contactHows() hows {
	id := func(c *ent.Contact) string { return c.ID }
	return hows{
		"Contact.displayName": computed(func(b []byte, c *ent.Contact) []byte {
			return scalar.AppendString(b, displayName(&c.GivenName, c.FamilyName, nil))
		}, contact.FieldGivenName, contact.FieldFamilyName),
		"Contact.contactPoints": belongings(r, ent.TypeContactPoint, contactpoint.FieldContactID, preferredFirst, id, contact.FieldID),
		"Contact.addresses":     belongings(r, ent.TypeAddress, address.FieldContactID, preferredFirst, id, contact.FieldID),
		"Contact.profile": byKey(func(l *loaders) *loader[string, *ent.Profile] { return l.profiles },
			func(c *ent.Contact) string { return deref(c.ProfileID) }, contact.FieldProfileID),
		"Contact.profiles":                    paged(r, contactProfiles(r.client()), id, contact.FieldID),
		"ContactProfileEdge.node":             far[page.ContactLinkEdge, ent.Profile](func(e *page.ContactLinkEdge) any { return e.Far }),
		"ContactProfileEdge.authorityInForce": inForce(func(e *page.ContactLinkEdge) *ent.ContactLink { return e.ContactLink }),
	}
}

// linkedBy is the professional who did something.
func linkedBy[P any](by func(*P) string) sweep.How {
	return byKey(func(l *loaders) *loader[string, *ent.Professional] { return l.professionals }, by, recordlink.FieldLinkedByID)
}

// inForce says whether the authority of a contact counts today.
func inForce[P any](link func(*P) *ent.ContactLink) sweep.How {
	return sweep.How{
		Columns: []string{contactlink.FieldAuthority, contactlink.FieldValidFrom, contactlink.FieldValidTo, contactlink.FieldEndedAt},
		Read: func(ctx context.Context, level *sweep.Level) error {
			now := access.Now(ctx)
			sweep.GivesEach(level, func(row *P) any { return strconv.AppendBool(nil, practice.AuthorityInForce(link(row), now)) })
			return nil
		},
	}
}

// appendMaybe appends a text, or null.
func appendMaybe(b []byte, text *string) []byte {
	if text == nil {
		return append(b, "null"...)
	}
	return scalar.AppendString(b, *text)
}
