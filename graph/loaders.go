package graph

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/account"
	"continuum/ent/address"
	"continuum/ent/contact"
	"continuum/ent/contactpoint"
	"continuum/ent/identifier"
	"continuum/ent/institution"
	"continuum/ent/principal"
	"continuum/ent/professional"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/ent/unit"
	"continuum/ent/unitmember"
	"continuum/ent/workspace"
	"continuum/ent/workspaceprofile"
	"continuum/graph/page"
	"continuum/internal/access"
)

// loaders read every edge of the graph, each in one statement for all that ask.
type loaders struct {
	accounts      *loader[string, *ent.Account]
	contacts      *loader[string, *ent.Contact]
	institutions  *loader[string, *ent.Institution]
	professionals *loader[string, *ent.Professional]
	profiles      *loader[string, *ent.Profile]
	records       *loader[string, *ent.Record]
	units         *loader[string, *ent.Unit]
	workspaces    *loader[string, *ent.Workspace]
	owners        *loader[string, *ent.Principal]

	profilePoints        *loader[string, []*ent.ContactPoint]
	contactPoints        *loader[string, []*ent.ContactPoint]
	profileAddresses     *loader[string, []*ent.Address]
	contactAddresses     *loader[string, []*ent.Address]
	institutionAddresses *loader[string, []*ent.Address]
	identifiers          *loader[string, []*ent.Identifier]
	files                *loader[string, *ent.WorkspaceProfile]
	memberships          *loader[string, []*ent.UnitMember]

	profileRecords  *loader[pageKey, *page.ProfileRecords]
	recordProfiles  *loader[pageKey, *page.RecordProfiles]
	formerProfiles  *loader[pageKey, *page.RecordProfiles]
	profileContacts *loader[pageKey, *page.ProfileContacts]
	contactProfiles *loader[pageKey, *page.ContactProfiles]
	unitMembers     *loader[pageKey, *page.UnitMembers]

	profileAccess *loader[string, access.ProfileAccess]
	recordLevels  *loader[string, access.Level]
	profileCounts *loader[string, int]
}

func newLoaders(c *ent.Client) *loaders {
	l := &loaders{}
	l.addEntities(c)
	l.addBelongings(c)
	l.addPages(c)
	l.addRights(c)
	return l
}

// addEntities makes the loaders of rows by id.
func (l *loaders) addEntities(c *ent.Client) {
	l.accounts = byID(func(ctx context.Context, ids []string) ([]*ent.Account, error) {
		return c.Account.Query().Where(access.AnyOf(account.FieldID, ids)).All(ctx)
	}, func(a *ent.Account) string { return a.ID })
	l.contacts = byID(func(ctx context.Context, ids []string) ([]*ent.Contact, error) {
		return c.Contact.Query().Where(access.AnyOf(contact.FieldID, ids)).All(ctx)
	}, func(c *ent.Contact) string { return c.ID })
	l.institutions = byID(func(ctx context.Context, ids []string) ([]*ent.Institution, error) {
		return c.Institution.Query().Where(access.AnyOf(institution.FieldID, ids)).All(ctx)
	}, func(i *ent.Institution) string { return i.ID })
	l.professionals = byID(func(ctx context.Context, ids []string) ([]*ent.Professional, error) {
		return c.Professional.Query().Where(access.AnyOf(professional.FieldID, ids)).All(ctx)
	}, func(p *ent.Professional) string { return p.ID })
	l.profiles = byID(func(ctx context.Context, ids []string) ([]*ent.Profile, error) {
		return c.Profile.Query().Where(access.AnyOf(profile.FieldID, ids)).All(ctx)
	}, func(p *ent.Profile) string { return p.ID })
	l.records = byID(func(ctx context.Context, ids []string) ([]*ent.Record, error) {
		return c.Record.Query().Where(access.AnyOf(record.FieldID, ids)).All(ctx)
	}, func(r *ent.Record) string { return r.ID })
	l.units = byID(func(ctx context.Context, ids []string) ([]*ent.Unit, error) {
		return c.Unit.Query().Where(access.AnyOf(unit.FieldID, ids)).All(ctx)
	}, func(u *ent.Unit) string { return u.ID })
	l.workspaces = byID(func(ctx context.Context, ids []string) ([]*ent.Workspace, error) {
		return c.Workspace.Query().Where(access.AnyOf(workspace.FieldID, ids)).All(ctx)
	}, func(w *ent.Workspace) string { return w.ID })
	l.owners = byID(func(ctx context.Context, ids []string) ([]*ent.Principal, error) {
		return c.Principal.Query().Where(access.AnyOf(principal.FieldID, ids)).Modify(withOwner).All(ctx)
	}, func(p *ent.Principal) string { return p.ID })
}

// withOwner brings the professional or the unit that a principal is.
func withOwner(s *sql.Selector) {
	q, u := sql.Table(professional.Table).As("q"), sql.Table(unit.Table).As("u")
	s.LeftJoin(q).On(s.C(principal.FieldID), q.C(professional.FieldID))
	s.LeftJoin(u).On(s.C(principal.FieldID), u.C(unit.FieldID))
	bring(s, q, professional.Table, professional.Columns)
	bring(s, u, unit.Table, unit.Columns)
}

// addBelongings makes the loaders of the small lists that belong to a row.
func (l *loaders) addBelongings(c *ent.Client) {
	points := func(column string, holder func(*ent.ContactPoint) *string) *loader[string, []*ent.ContactPoint] {
		return byParent(func(ctx context.Context, ids []string) ([]*ent.ContactPoint, error) {
			return c.ContactPoint.Query().Where(access.AnyOf(column, ids)).
				Order(contactpoint.ByPreferred(sql.OrderDesc()), contactpoint.ByPosition(), contactpoint.ByID()).All(ctx)
		}, func(p *ent.ContactPoint) string { return *holder(p) })
	}
	l.profilePoints = points(contactpoint.FieldProfileID, func(p *ent.ContactPoint) *string { return p.ProfileID })
	l.contactPoints = points(contactpoint.FieldContactID, func(p *ent.ContactPoint) *string { return p.ContactID })

	addresses := func(column string, holder func(*ent.Address) *string) *loader[string, []*ent.Address] {
		return byParent(func(ctx context.Context, ids []string) ([]*ent.Address, error) {
			return c.Address.Query().Where(access.AnyOf(column, ids)).
				Order(address.ByPreferred(sql.OrderDesc()), address.ByPosition(), address.ByID()).All(ctx)
		}, func(a *ent.Address) string { return *holder(a) })
	}
	l.profileAddresses = addresses(address.FieldProfileID, func(a *ent.Address) *string { return a.ProfileID })
	l.contactAddresses = addresses(address.FieldContactID, func(a *ent.Address) *string { return a.ContactID })
	l.institutionAddresses = addresses(address.FieldInstitutionID, func(a *ent.Address) *string { return a.InstitutionID })

	l.identifiers = byParent(func(ctx context.Context, ids []string) ([]*ent.Identifier, error) {
		return c.Identifier.Query().Where(access.AnyOf(identifier.FieldProfileID, ids)).
			Order(identifier.BySystem(), identifier.ByID()).All(ctx)
	}, func(i *ent.Identifier) string { return i.ProfileID })
	l.files = byID(func(ctx context.Context, ids []string) ([]*ent.WorkspaceProfile, error) {
		return c.WorkspaceProfile.Query().Where(access.AnyOf(workspaceprofile.FieldProfileID, ids)).All(ctx)
	}, func(f *ent.WorkspaceProfile) string { return f.ProfileID })
	l.memberships = byParent(func(ctx context.Context, ids []string) ([]*ent.UnitMember, error) {
		return c.UnitMember.Query().
			Where(access.AnyOf(unitmember.FieldProfessionalID, ids), unitmember.EndedAtIsNil()).
			Modify(with(unit.Table, unitmember.FieldUnitID, unit.Columns)).Order(unitmember.ByStartedAt(), unitmember.ByID()).All(ctx)
	}, func(m *ent.UnitMember) string { return m.ProfessionalID })
}

// addPages makes the loaders of the nested lists.
func (l *loaders) addPages(c *ent.Client) {
	live := recordlink.UnlinkedAtIsNil()
	l.profileRecords = pages(profileRecords(c))
	l.recordProfiles = pages(recordProfiles(c, recordlink.FieldPosition, false, live))
	l.formerProfiles = pages(recordProfiles(c, recordlink.FieldUnlinkedAt, true, recordlink.UnlinkedAtNotNil()))
	l.profileContacts = pages(profileContacts(c))
	l.contactProfiles = pages(contactProfiles(c))
	l.unitMembers = pages(unitMembers(c))
}

// addRights makes the loaders of what the viewer may do, and of the counts that even
// METADATA tells.
func (l *loaders) addRights(c *ent.Client) {
	l.profileAccess = newLoader(func(ctx context.Context, ids []string) (map[string]access.ProfileAccess, error) {
		return access.ProfileAccesses(ctx, c, ids)
	})
	l.recordLevels = newLoader(func(ctx context.Context, ids []string) (map[string]access.Level, error) {
		return access.RecordLevels(ctx, c, ids)
	})
	l.profileCounts = newLoader(func(ctx context.Context, ids []string) (map[string]int, error) {
		var rows []parentCount
		err := c.RecordLink.Query().
			Where(access.AnyOf(recordlink.FieldRecordID, ids), recordlink.UnlinkedAtIsNil()).
			Modify(countPer(recordlink.FieldRecordID)).
			Scan(access.System(ctx, "the number of profiles, which METADATA tells"), &rows)
		counts := make(map[string]int, len(rows))
		for _, r := range rows {
			counts[r.Parent] = r.Count
		}
		return counts, err
	})
}

// countPer turns a query into the number of its rows for each parent.
func countPer(parent string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		s.Select(sql.As(s.C(parent), "parent"), sql.As(sql.Count("*"), "count")).GroupBy(s.C(parent))
	}
}
