package graph

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/contact"
	"continuum/ent/contactlink"
	"continuum/ent/predicate"
	"continuum/ent/professional"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/ent/unitmember"
	"continuum/graph/page"
	"continuum/internal/access"
)

// The nested lists of the graph. Each reads the link and what it leads to in one
// statement; a live link that a viewer sees leads to what they see.

func profileRecords(c *ent.Client) nested[ent.RecordLink, page.RecordLinkEdge, ent.Record] {
	query := func(ctx context.Context, parents []string, a asked) *ent.RecordLinkQuery {
		return c.RecordLink.Query().Where(
			access.AnyOf(recordlink.FieldProfileID, parents), recordlink.UnlinkedAtIsNil(), a.Filter.links(ctx))
	}
	return nested[ent.RecordLink, page.RecordLinkEdge, ent.Record]{
		order: func(a asked) page.Order {
			return page.Order{
				Column: recordlink.FieldLinkedAt,
				Desc:   a.OrderBy == nil || a.OrderBy.Direction != "ASC",
			}
		},
		rows: func(ctx context.Context, parents []string, a asked, w page.Window) ([]*ent.RecordLink, error) {
			return query(ctx, parents, a).Where(w.Where).
				Modify(with(record.Table, recordlink.FieldRecordID, record.Columns), w.PerParent(recordlink.FieldProfileID)).All(ctx)
		},
		counts: func(ctx context.Context, parents []string, a asked) (rows []parentCount, err error) {
			err = query(ctx, parents, a).Modify(countPer(recordlink.FieldProfileID)).Scan(ctx, &rows)
			return rows, err
		},
		parent: func(l *ent.RecordLink) string { return l.ProfileID },
		key:    func(l *ent.RecordLink) (any, string) { return l.LinkedAt, l.ID },
		edge: func(cursor string, l *ent.RecordLink, node *ent.Record) *page.RecordLinkEdge {
			return &page.RecordLinkEdge{Cursor: cursor, Far: node, RecordLink: l}
		},
		node: linkedRecord,
		laid: laid{
			link: ent.TypeRecordLink, parent: recordlink.FieldProfileID, node: ent.TypeRecord, via: recordlink.FieldRecordID,
			where: func(ctx context.Context, a asked) []func(*sql.Selector) {
				return []func(*sql.Selector){recordlink.UnlinkedAtIsNil(), a.Filter.links(ctx)}
			},
		},
	}
}

// links keeps the links whose record the filter wants. The links are those of
// records that the viewer reads, so a filter finds nothing that its answer hides.
func (f *linkFilter) links(ctx context.Context) predicate.RecordLink {
	if f == nil {
		return func(*sql.Selector) {}
	}
	var wanted []predicate.Record
	if len(f.Status) > 0 {
		wanted = append(wanted, record.StatusIn(f.Status...))
	}
	if len(f.Kind) > 0 {
		wanted = append(wanted, record.KindIn(f.Kind...))
	}
	if f.Service != nil {
		wanted = append(wanted, ofService(*f.Service))
	}
	if f.OwnerID != nil {
		wanted = append(wanted, ownedBy(ctx, *f.OwnerID))
	}
	return func(s *sql.Selector) {
		if len(f.Role) > 0 {
			recordlink.RoleIn(f.Role...)(s)
		}
		if len(wanted) > 0 {
			recordlink.HasRecordWith(wanted...)(s)
		}
	}
}

func linkedRecord(_ context.Context, l *ent.RecordLink) (*ent.Record, error) {
	found, _, err := brought(l, record.Table, ent.RecordFromJoin)
	return found, err
}

func recordProfiles(c *ent.Client, column string, desc bool, which predicate.RecordLink) nested[ent.RecordLink, page.RecordLinkEdge, ent.Profile] {
	query := func(parents []string) *ent.RecordLinkQuery {
		return c.RecordLink.Query().Where(access.AnyOf(recordlink.FieldRecordID, parents), which)
	}
	live := column == recordlink.FieldPosition
	return nested[ent.RecordLink, page.RecordLinkEdge, ent.Profile]{
		order: func(asked) page.Order { return page.Order{Column: column, Desc: desc} },
		rows: func(ctx context.Context, parents []string, _ asked, w page.Window) ([]*ent.RecordLink, error) {
			q := query(parents).Where(w.Where)
			if live {
				return q.Modify(withProfile(ctx), w.PerParent(recordlink.FieldRecordID)).All(ctx)
			}
			rows, err := q.Modify(w.PerParent(recordlink.FieldRecordID)).All(ctx)
			if err != nil {
				return nil, err
			}
			// A former link brings no profile along: all of them are asked for at once.
			_, err = loadersFrom(ctx).profiles.prime(ctx, idsOf(rows, func(l *ent.RecordLink) string { return l.ProfileID }))
			return rows, err
		},
		counts: func(ctx context.Context, parents []string, _ asked) (rows []parentCount, err error) {
			err = query(parents).Modify(countPer(recordlink.FieldRecordID)).Scan(ctx, &rows)
			return rows, err
		},
		parent: func(l *ent.RecordLink) string { return l.RecordID },
		key: func(l *ent.RecordLink) (any, string) {
			if live {
				return l.Position, l.ID
			}
			return l.UnlinkedAt, l.ID
		},
		edge: func(cursor string, l *ent.RecordLink, node *ent.Profile) *page.RecordLinkEdge {
			return &page.RecordLinkEdge{Cursor: cursor, Far: node, RecordLink: l}
		},
		node: linkedProfile,
		laid: laid{
			link: ent.TypeRecordLink, parent: recordlink.FieldRecordID, node: ent.TypeProfile, via: recordlink.FieldProfileID,
			where: always(which), ofRecord: live,
		},
	}
}

// linkedProfile is the profile that a live link brought along; that of a former link
// is asked for by its id, because the link no longer opens it.
func linkedProfile(ctx context.Context, l *ent.RecordLink) (*ent.Profile, error) {
	found, there, err := brought(l, profile.Table, ent.ProfileFromJoin)
	if there || err != nil {
		return found, err
	}
	return loadersFrom(ctx).profiles.load(ctx, l.ProfileID)
}

func profileContacts(c *ent.Client) nested[ent.ContactLink, page.ContactLinkEdge, ent.Contact] {
	query := func(parents []string) *ent.ContactLinkQuery {
		return c.ContactLink.Query().Where(access.AnyOf(contactlink.FieldProfileID, parents), contactlink.EndedAtIsNil())
	}
	return nested[ent.ContactLink, page.ContactLinkEdge, ent.Contact]{
		order: func(asked) page.Order { return page.Order{Column: contactlink.FieldCreatedAt} },
		rows: func(ctx context.Context, parents []string, _ asked, w page.Window) ([]*ent.ContactLink, error) {
			return query(parents).Where(w.Where).
				Modify(with(contact.Table, contactlink.FieldContactID, contact.Columns), w.PerParent(contactlink.FieldProfileID)).All(ctx)
		},
		counts: func(ctx context.Context, parents []string, _ asked) (rows []parentCount, err error) {
			err = query(parents).Modify(countPer(contactlink.FieldProfileID)).Scan(ctx, &rows)
			return rows, err
		},
		parent: func(l *ent.ContactLink) string { return l.ProfileID },
		key:    func(l *ent.ContactLink) (any, string) { return l.CreatedAt, l.ID },
		edge: func(cursor string, l *ent.ContactLink, node *ent.Contact) *page.ContactLinkEdge {
			return &page.ContactLinkEdge{Cursor: cursor, Far: node, ContactLink: l}
		},
		node: linkedContact,
		laid: laid{
			link: ent.TypeContactLink, parent: contactlink.FieldProfileID, node: ent.TypeContact, via: contactlink.FieldContactID,
			where: always(contactlink.EndedAtIsNil()),
		},
	}
}

func contactProfiles(c *ent.Client) nested[ent.ContactLink, page.ContactLinkEdge, ent.Profile] {
	query := func(parents []string) *ent.ContactLinkQuery {
		return c.ContactLink.Query().Where(access.AnyOf(contactlink.FieldContactID, parents), contactlink.EndedAtIsNil())
	}
	return nested[ent.ContactLink, page.ContactLinkEdge, ent.Profile]{
		order: func(asked) page.Order { return page.Order{Column: contactlink.FieldCreatedAt} },
		rows: func(ctx context.Context, parents []string, _ asked, w page.Window) ([]*ent.ContactLink, error) {
			return query(parents).Where(w.Where).
				Modify(withProfile(ctx), w.PerParent(contactlink.FieldContactID)).All(ctx)
		},
		counts: func(ctx context.Context, parents []string, _ asked) (rows []parentCount, err error) {
			err = query(parents).Modify(countPer(contactlink.FieldContactID)).Scan(ctx, &rows)
			return rows, err
		},
		parent: func(l *ent.ContactLink) string { return l.ContactID },
		key:    func(l *ent.ContactLink) (any, string) { return l.CreatedAt, l.ID },
		edge: func(cursor string, l *ent.ContactLink, node *ent.Profile) *page.ContactLinkEdge {
			return &page.ContactLinkEdge{Cursor: cursor, Far: node, ContactLink: l}
		},
		node: func(_ context.Context, l *ent.ContactLink) (*ent.Profile, error) { return joinedProfile(l) },
		laid: laid{
			link: ent.TypeContactLink, parent: contactlink.FieldContactID, node: ent.TypeProfile, via: contactlink.FieldProfileID,
			where: always(contactlink.EndedAtIsNil()),
		},
	}
}

func unitMembers(c *ent.Client) nested[ent.UnitMember, page.UnitMemberEdge, ent.Professional] {
	query := func(parents []string) *ent.UnitMemberQuery {
		return c.UnitMember.Query().Where(access.AnyOf(unitmember.FieldUnitID, parents), unitmember.EndedAtIsNil())
	}
	return nested[ent.UnitMember, page.UnitMemberEdge, ent.Professional]{
		order: func(asked) page.Order { return page.Order{Column: unitmember.FieldStartedAt} },
		rows: func(ctx context.Context, parents []string, _ asked, w page.Window) ([]*ent.UnitMember, error) {
			return query(parents).Where(w.Where).
				Modify(with(professional.Table, unitmember.FieldProfessionalID, professional.Columns), w.PerParent(unitmember.FieldUnitID)).All(ctx)
		},
		counts: func(ctx context.Context, parents []string, _ asked) (rows []parentCount, err error) {
			err = query(parents).Modify(countPer(unitmember.FieldUnitID)).Scan(ctx, &rows)
			return rows, err
		},
		parent: func(m *ent.UnitMember) string { return m.UnitID },
		key:    func(m *ent.UnitMember) (any, string) { return m.StartedAt, m.ID },
		edge: func(cursor string, m *ent.UnitMember, node *ent.Professional) *page.UnitMemberEdge {
			return &page.UnitMemberEdge{Cursor: cursor, Far: node, UnitMember: m}
		},
		node: func(_ context.Context, m *ent.UnitMember) (*ent.Professional, error) { return member(m) },
	}
}

// always is the condition of a list that cannot be filtered.
func always[P ~func(*sql.Selector)](where P) func(context.Context, asked) []func(*sql.Selector) {
	return func(context.Context, asked) []func(*sql.Selector) { return []func(*sql.Selector){where} }
}

func linkedContact(_ context.Context, l *ent.ContactLink) (*ent.Contact, error) {
	found, _, err := brought(l, contact.Table, ent.ContactFromJoin)
	return found, err
}

func joinedProfile(l *ent.ContactLink) (*ent.Profile, error) {
	found, _, err := brought(l, profile.Table, ent.ProfileFromJoin)
	return found, err
}

func member(m *ent.UnitMember) (*ent.Professional, error) {
	found, _, err := brought(m, professional.Table, ent.ProfessionalFromJoin)
	return found, err
}
