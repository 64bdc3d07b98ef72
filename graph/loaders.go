package graph

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/account"
	"continuum/ent/address"
	"continuum/ent/consent"
	"continuum/ent/contact"
	"continuum/ent/contactlink"
	"continuum/ent/contactpoint"
	"continuum/ent/emergencyaccess"
	"continuum/ent/identifier"
	"continuum/ent/institution"
	"continuum/ent/notification"
	"continuum/ent/principal"
	"continuum/ent/professional"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/ent/sealedcopy"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/ent/unit"
	"continuum/ent/unitmember"
	"continuum/ent/workspace"
	"continuum/ent/workspaceprofile"
	"continuum/graph/page"
	"continuum/internal/access"
	"continuum/internal/practice"
)

// loaders read every edge of the graph, each in one statement for all that ask.
type loaders struct {
	accounts      *loader[string, *ent.Account]
	consents      *loader[string, *ent.Consent]
	contactLinks  *loader[string, *ent.ContactLink]
	contacts      *loader[string, *ent.Contact]
	emergencies   *loader[string, *ent.EmergencyAccess]
	institutions  *loader[string, *ent.Institution]
	notifications *loader[string, *ent.Notification]
	links         *loader[string, *ent.RecordLink]
	members       *loader[string, *ent.UnitMember]
	professionals *loader[string, *ent.Professional]
	profiles      *loader[string, *ent.Profile]
	records       *loader[string, *ent.Record]
	sealedCopies  *loader[string, *ent.SealedCopy]
	shares        *loader[string, *ent.Share]
	transfers     *loader[string, *ent.Transfer]
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
	openTransfers        *loader[string, *ent.Transfer]

	profileRecords  *loader[pageKey, *page.ProfileRecords]
	recordProfiles  *loader[pageKey, *page.RecordProfiles]
	formerProfiles  *loader[pageKey, *page.RecordProfiles]
	profileContacts *loader[pageKey, *page.ProfileContacts]
	contactProfiles *loader[pageKey, *page.ContactProfiles]
	unitMembers     *loader[pageKey, *page.UnitMembers]
	recordShares    *loader[pageKey, *page.Shares]
	profileConsents *loader[pageKey, *page.Consents]

	profileAccess *loader[string, access.ProfileAccess]
	recordLevels  *loader[string, access.Level]
	profileCounts *loader[string, int]
	previews      *loader[string, *practice.TransferPreview]
}

func newLoaders(c *ent.Client, work *practice.Practice) *loaders {
	l := &loaders{}
	l.previews = newLoader(work.PreviewTransfers)
	l.addEntities(c)
	l.addHanded(c)
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
	l.links = byID(func(ctx context.Context, ids []string) ([]*ent.RecordLink, error) {
		return c.RecordLink.Query().Where(access.AnyOf(recordlink.FieldID, ids)).All(ctx)
	}, func(l *ent.RecordLink) string { return l.ID })
	l.members = byID(func(ctx context.Context, ids []string) ([]*ent.UnitMember, error) {
		return c.UnitMember.Query().Where(access.AnyOf(unitmember.FieldID, ids)).All(ctx)
	}, func(m *ent.UnitMember) string { return m.ID })
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

// addHanded makes the loaders of what is shared and handed over, by id.
func (l *loaders) addHanded(c *ent.Client) {
	l.shares = byID(func(ctx context.Context, ids []string) ([]*ent.Share, error) {
		return c.Share.Query().Where(access.AnyOf(share.FieldID, ids)).All(ctx)
	}, func(s *ent.Share) string { return s.ID })
	l.transfers = byID(func(ctx context.Context, ids []string) ([]*ent.Transfer, error) {
		return c.Transfer.Query().Where(access.AnyOf(transfer.FieldID, ids)).
			Modify(practice.WithTransferStatus(instant(ctx))).All(ctx)
	}, func(t *ent.Transfer) string { return t.ID })
	l.openTransfers = byID(func(ctx context.Context, records []string) ([]*ent.Transfer, error) {
		at := instant(ctx)
		return c.Transfer.Query().
			Where(access.AnyOf(transfer.FieldRecordID, records), practice.TransferStatusIn(at, transfer.StatusOFFERED)).
			Modify(practice.WithTransferStatus(at)).All(ctx)
	}, func(t *ent.Transfer) string { return t.RecordID })
	l.sealedCopies = byID(func(ctx context.Context, ids []string) ([]*ent.SealedCopy, error) {
		return c.SealedCopy.Query().Where(access.AnyOf(sealedcopy.FieldID, ids)).All(ctx)
	}, func(s *ent.SealedCopy) string { return s.ID })
	l.consents = byID(func(ctx context.Context, ids []string) ([]*ent.Consent, error) {
		return c.Consent.Query().Where(access.AnyOf(consent.FieldID, ids)).All(ctx)
	}, func(c *ent.Consent) string { return c.ID })
	l.contactLinks = byID(func(ctx context.Context, ids []string) ([]*ent.ContactLink, error) {
		return c.ContactLink.Query().Where(access.AnyOf(contactlink.FieldID, ids)).All(ctx)
	}, func(l *ent.ContactLink) string { return l.ID })
	l.emergencies = byID(func(ctx context.Context, ids []string) ([]*ent.EmergencyAccess, error) {
		return c.EmergencyAccess.Query().Where(access.AnyOf(emergencyaccess.FieldID, ids)).All(ctx)
	}, func(e *ent.EmergencyAccess) string { return e.ID })
	l.notifications = byID(func(ctx context.Context, ids []string) ([]*ent.Notification, error) {
		return c.Notification.Query().Where(access.AnyOf(notification.FieldID, ids)).All(ctx)
	}, func(n *ent.Notification) string { return n.ID })
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
				Order(preferredFirst).All(ctx)
		}, func(p *ent.ContactPoint) string { return *holder(p) })
	}
	l.profilePoints = points(contactpoint.FieldProfileID, func(p *ent.ContactPoint) *string { return p.ProfileID })
	l.contactPoints = points(contactpoint.FieldContactID, func(p *ent.ContactPoint) *string { return p.ContactID })

	addresses := func(column string, holder func(*ent.Address) *string) *loader[string, []*ent.Address] {
		return byParent(func(ctx context.Context, ids []string) ([]*ent.Address, error) {
			return c.Address.Query().Where(access.AnyOf(column, ids)).
				Order(preferredFirst).All(ctx)
		}, func(a *ent.Address) string { return *holder(a) })
	}
	l.profileAddresses = addresses(address.FieldProfileID, func(a *ent.Address) *string { return a.ProfileID })
	l.contactAddresses = addresses(address.FieldContactID, func(a *ent.Address) *string { return a.ContactID })
	l.institutionAddresses = addresses(address.FieldInstitutionID, func(a *ent.Address) *string { return a.InstitutionID })

	l.identifiers = byParent(func(ctx context.Context, ids []string) ([]*ent.Identifier, error) {
		return c.Identifier.Query().Where(access.AnyOf(identifier.FieldProfileID, ids)).
			Order(bySystem).All(ctx)
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

// preferredFirst is the order of contact points and addresses.
func preferredFirst(s *sql.Selector) {
	s.OrderBy(sql.Desc(s.C(contactpoint.FieldPreferred)), sql.Asc(s.C(contactpoint.FieldPosition)), sql.Asc(s.C(contactpoint.FieldID)))
}

// bySystem is the order of identifiers.
func bySystem(s *sql.Selector) {
	s.OrderBy(sql.Asc(s.C(identifier.FieldSystem)), sql.Asc(s.C(identifier.FieldID)))
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
	l.recordShares = pages(recordShares(c))
	l.profileConsents = pages(profileConsents(c))
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
