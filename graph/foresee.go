package graph

import (
	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/graph/page"
	"continuum/internal/practice"
)

// foresee primes what one field asks for, of all rows of a level and nothing below it. It fails with errUnforeseen where
// only the resolver knows.
func (v level) foresee(object string, f graphql.CollectedField, rows []any) error {
	switch object {
	case "AccessChain":
		return forRows(v.chain, f, rows)
	case "ApiKey":
		return forRows(v.keyField, f, rows)
	case "Consent":
		return forRows(v.consentField, f, rows)
	case "Contact":
		return forRows(v.contactField, f, rows)
	case "ContactLink":
		return forRows(v.contactLinkField, f, rows)
	case "EmergencyAccess":
		return forRows(v.emergencyField, f, rows)
	case "Institution":
		return forRows(v.institutionField, f, rows)
	case "Notification":
		return forRows(v.notificationField, f, rows)
	case "Professional":
		return forRows(v.professionalField, f, rows)
	case "Profile":
		return forRows(v.profileField, f, rows)
	case "Record":
		return forRows(v.recordField, f, rows)
	case "RecordLink":
		return forRows(v.recordLinkField, f, rows)
	case "SealedCopy":
		return forRows(v.sealedCopyField, f, rows)
	case "SealedProfile":
		return forRows(v.sealedProfileField, f, rows)
	case "Share":
		return forRows(v.shareField, f, rows)
	case "Transfer":
		return forRows(v.transferField, f, rows)
	case "Unit":
		return forRows(v.unitField, f, rows)
	case "UnitMember":
		return forRows(v.memberField, f, rows)
	case "UnitMemberEdge":
		return forRows(v.memberEdgeField, f, rows)
	case "Workspace":
		return forRows(v.workspaceField, f, rows)
	}
	return errUnforeseen
}

func forRows[T any](one func(graphql.CollectedField, []*T) error, f graphql.CollectedField, rows []any) error {
	typed := make([]*T, len(rows))
	for i, row := range rows {
		typed[i] = row.(*T)
	}
	return one(f, typed)
}

func (v level) keyField(f graphql.CollectedField, rows []*ent.ApiKey) error {
	if f.Name != "professional" {
		return errUnforeseen
	}
	return primeWhom(v, rows, func(k *ent.ApiKey) string { return k.ProfessionalID })
}

func (v level) contactLinkField(f graphql.CollectedField, rows []*ent.ContactLink) (err error) {
	switch f.Name {
	case "profile":
		_, err = v.l.profiles.prime(v.ctx, idsOf(rows, func(l *ent.ContactLink) string { return l.ProfileID }))
	case "contact":
		_, err = v.l.contacts.prime(v.ctx, idsOf(rows, func(l *ent.ContactLink) string { return l.ContactID }))
	case "authorityInForce": // told by the row
	default:
		err = errUnforeseen
	}
	return err
}

func (v level) institutionField(f graphql.CollectedField, rows []*ent.Institution) error {
	if f.Name != "addresses" {
		return errUnforeseen
	}
	_, err := v.l.institutionAddresses.prime(v.ctx, idsOf(rows, func(i *ent.Institution) string { return i.ID }))
	return err
}

func (v level) professionalField(f graphql.CollectedField, rows []*ent.Professional) (err error) {
	switch f.Name {
	case "workspace":
		_, err = v.l.workspaces.prime(v.ctx, idsOf(rows, func(p *ent.Professional) string { return p.WorkspaceID }))
	case "units":
		_, err = v.l.memberships.prime(v.ctx, idsOf(rows, func(p *ent.Professional) string { return p.ID }))
	case "directory":
		var sites []string
		for _, p := range rows {
			if colleague(v.ctx, p) {
				sites = append(sites, p.InstitutionIds...)
			}
		}
		_, err = v.l.institutions.prime(v.ctx, sites)
	case "status", "version": // told by the row
	default:
		err = errUnforeseen
	}
	return err
}

func (v level) recordLinkField(f graphql.CollectedField, rows []*ent.RecordLink) (err error) {
	switch f.Name {
	case "record":
		_, err = v.l.records.prime(v.ctx, idsOf(rows, func(l *ent.RecordLink) string { return l.RecordID }))
	case "profile":
		_, err = v.l.profiles.prime(v.ctx, idsOf(rows, func(l *ent.RecordLink) string { return l.ProfileID }))
	case "linkedBy":
		err = primeWhom(v, rows, func(l *ent.RecordLink) string { return l.LinkedByID })
	case "unlinkedBy":
		err = primeWhom(v, rows, func(l *ent.RecordLink) string { return l.UnlinkedByID })
	default:
		err = errUnforeseen
	}
	return err
}

func (v level) sealedProfileField(f graphql.CollectedField, rows []*practice.SealedProfile) error {
	if f.Name != "profile" {
		return errUnforeseen
	}
	_, err := v.l.profiles.prime(v.ctx, idsOf(rows, func(p *practice.SealedProfile) string { return p.ProfileID }))
	return err
}

func (v level) unitField(f graphql.CollectedField, rows []*ent.Unit) (err error) {
	switch f.Name {
	case "workspace":
		_, err = v.l.workspaces.prime(v.ctx, idsOf(rows, func(u *ent.Unit) string { return u.WorkspaceID }))
	case "members":
		nothing := func(level, []*ent.Professional) error { return nil }
		err = primePages(v, f, v.l.unitMembers, idsOf(rows, func(u *ent.Unit) string { return u.ID }), nothing)
	default:
		err = errUnforeseen
	}
	return err
}

func (v level) memberField(f graphql.CollectedField, rows []*ent.UnitMember) (err error) {
	switch f.Name {
	case "unit":
		_, err = v.l.units.prime(v.ctx, idsOf(rows, func(m *ent.UnitMember) string { return m.UnitID }))
	case "professional":
		_, err = v.l.professionals.prime(v.ctx, idsOf(rows, func(m *ent.UnitMember) string { return m.ProfessionalID }))
	default:
		err = errUnforeseen
	}
	return err
}

// memberEdgeField and workspaceField are about fields that ask for nothing: the row tells.
func (level) memberEdgeField(graphql.CollectedField, []*page.UnitMemberEdge) error { return nil }

func (level) workspaceField(graphql.CollectedField, []*ent.Workspace) error { return nil }
