package graph

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/contact"
	"continuum/ent/contactlink"
	"continuum/ent/predicate"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/graph/exec"
	"continuum/graph/page"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

// The root lists of people and records: their filters and orders, by hand.

func (r *Resolver) listProfiles(ctx context.Context, a page.Asked, f *exec.ProfileFilter, by *exec.ProfileOrder) (*page.Profiles, error) {
	if err := practice.Needs(ctx, schema.ScopeProfilesRead); err != nil {
		return nil, err
	}
	where := profilesWanted(ctx, f)
	q := r.client().Profile.Query().Where(where...)
	if by == nil {
		by = &exec.ProfileOrder{Field: exec.ProfileOrderFieldName, Direction: exec.OrderDirectionAsc}
	}
	order := orderOf(by.Field, by.Direction, map[exec.ProfileOrderField]string{
		exec.ProfileOrderFieldName:    profile.FieldSortName,
		exec.ProfileOrderFieldCreated: profile.FieldCreatedAt,
		exec.ProfileOrderFieldUpdated: profile.FieldUpdatedAt,
	})
	connection, err := listOf(ctx, a, order, listing[ent.Profile]{
		rows: func(w page.Window) ([]*ent.Profile, error) {
			if level := listedBy(ctx); level != nil {
				return rawList[ent.Profile](ctx, r, level, ent.TypeProfile, w, where)
			}
			return q.Clone().Where(w.Where).Order(w.OrderBy).Limit(w.Limit + 1).Modify(alongProfiles(ctx)...).
				All(access.Ordered(ctx, ent.TypeProfile, w.Column, w.Desc != w.Backward))
		},
		count: func(ctx context.Context) (int, error) { return q.Clone().Count(access.Counted(ctx, ent.TypeProfile)) },
		key: func(p *ent.Profile) any {
			switch order.Column {
			case profile.FieldCreatedAt:
				return p.CreatedAt
			case profile.FieldUpdatedAt:
				return p.UpdatedAt
			default:
				return p.SortName
			}
		},
		id: func(p *ent.Profile) string { return p.ID },
	})
	if err != nil {
		return nil, err
	}
	return connection, below(ctx).profilesOfList(connection.Nodes)
}

func profilesWanted(ctx context.Context, f *exec.ProfileFilter) (where []predicate.Profile) {
	if f == nil {
		return nil
	}
	if kinds := f.Kind.Value(); len(kinds) > 0 {
		where = append(where, profile.KindIn(kinds...))
	}
	if statuses := f.Status.Value(); len(statuses) > 0 {
		where = append(where, profile.StatusIn(statuses...))
	}
	if id, ok := given(f.InstitutionID); ok {
		where = append(where, naming(ctx, id, schema.ScopeWorkspaceRead, profile.InstitutionID(id)))
	}
	if has, ok := given(f.HasRecord); ok {
		where = append(where, access.InLiveLink(ctx, !has))
	}
	if prefix, ok := given(f.NamePrefix); ok {
		where = append(where, nameBegins(prefix))
	}
	if since, ok := given(f.UpdatedSince); ok {
		where = append(where, profile.UpdatedAtGTE(since))
	}
	return where
}

func (r *Resolver) listContacts(ctx context.Context, a page.Asked, f *exec.ContactFilter, by *exec.ContactOrder) (*page.Contacts, error) {
	if err := practice.Needs(ctx, schema.ScopeContactsRead); err != nil {
		return nil, err
	}
	where := contactsWanted(ctx, f)
	q := r.client().Contact.Query().Where(where...)
	if by == nil {
		by = &exec.ContactOrder{Field: exec.ContactOrderFieldName, Direction: exec.OrderDirectionAsc}
	}
	order := orderOf(by.Field, by.Direction, map[exec.ContactOrderField]string{
		exec.ContactOrderFieldName:    contact.FieldSortName,
		exec.ContactOrderFieldCreated: contact.FieldCreatedAt,
		exec.ContactOrderFieldUpdated: contact.FieldUpdatedAt,
	})
	connection, err := listOf(ctx, a, order, listing[ent.Contact]{
		rows: func(w page.Window) ([]*ent.Contact, error) {
			if level := listedBy(ctx); level != nil {
				return rawList[ent.Contact](ctx, r, level, ent.TypeContact, w, where)
			}
			return q.Clone().Where(w.Where).Order(w.OrderBy).Limit(w.Limit + 1).
				All(access.Ordered(ctx, ent.TypeContact, w.Column, w.Desc != w.Backward))
		},
		count: func(ctx context.Context) (int, error) { return q.Clone().Count(access.Counted(ctx, ent.TypeContact)) },
		key: func(c *ent.Contact) any {
			switch order.Column {
			case contact.FieldCreatedAt:
				return c.CreatedAt
			case contact.FieldUpdatedAt:
				return c.UpdatedAt
			default:
				return c.SortName
			}
		},
		id: func(c *ent.Contact) string { return c.ID },
	})
	if err != nil {
		return nil, err
	}
	return connection, below(ctx).contactsOfList(connection.Nodes)
}

func contactsWanted(ctx context.Context, f *exec.ContactFilter) (where []predicate.Contact) {
	if f == nil {
		return nil
	}
	if id, ok := given(f.ProfileID); ok {
		where = append(where, naming(ctx, id, schema.ScopeProfilesRead, contactsAround(ctx, id)))
	}
	if prefix, ok := given(f.NamePrefix); ok {
		where = append(where, nameBegins(prefix))
	}
	return where
}

// contactsAround keeps the contacts of a profile, which the viewer must see.
func contactsAround(ctx context.Context, profileID string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		k := sql.Dialect(s.Dialect()).Select(contactlink.FieldContactID).From(sql.Table(contactlink.Table)).
			Where(sql.And(sql.EQ(contactlink.FieldProfileID, profileID), sql.IsNull(contactlink.FieldEndedAt)))
		access.InReadableProfile(ctx, contactlink.FieldProfileID)(k)
		s.Where(sql.In(s.C(contact.FieldID), k))
	}
}

func (r *Resolver) listRecords(ctx context.Context, a page.Asked, f *exec.RecordFilter, by *exec.RecordOrder) (*page.Records, error) {
	if err := practice.Needs(ctx, schema.ScopeRecordsRead); err != nil {
		return nil, err
	}
	where := recordsWanted(ctx, f)
	q := r.client().Record.Query().Where(where...)
	if by == nil {
		by = &exec.RecordOrder{Field: exec.RecordOrderFieldCreated, Direction: exec.OrderDirectionDesc}
	}
	order := orderOf(by.Field, by.Direction, map[exec.RecordOrderField]string{
		exec.RecordOrderFieldCreated: record.FieldCreatedAt,
		exec.RecordOrderFieldUpdated: record.FieldUpdatedAt,
	})
	connection, err := listOf(ctx, a, order, listing[ent.Record]{
		rows: func(w page.Window) ([]*ent.Record, error) {
			// Of a record that they oversee a viewer may read a part, which ent's statement finds out.
			if level := listedBy(ctx); level != nil && !access.ViewerFrom(ctx).Oversees() {
				return rawList[ent.Record](ctx, r, level, ent.TypeRecord, w, where)
			}
			return q.Clone().Where(w.Where).Order(w.OrderBy).Limit(w.Limit + 1).
				Select(picked(ctx, record.Columns)...).All(access.Ordered(ctx, ent.TypeRecord, w.Column, w.Desc != w.Backward))
		},
		count: func(ctx context.Context) (int, error) { return q.Clone().Count(access.Counted(ctx, ent.TypeRecord)) },
		key: func(r *ent.Record) any {
			if order.Column == record.FieldUpdatedAt {
				return r.UpdatedAt
			}
			return r.CreatedAt
		},
		id: func(r *ent.Record) string { return r.ID },
	})
	if err != nil {
		return nil, err
	}
	return connection, below(ctx).recordsOfList(connection.Nodes)
}

func recordsWanted(ctx context.Context, f *exec.RecordFilter) (where []predicate.Record) {
	if f == nil {
		return nil
	}
	if statuses := f.Status.Value(); len(statuses) > 0 {
		where = append(where, record.StatusIn(statuses...))
	}
	if kinds := f.Kind.Value(); len(kinds) > 0 {
		where = append(where, record.KindIn(kinds...))
	}
	if service, ok := given(f.Service); ok {
		where = append(where, ofService(service), access.InReadableRecord(ctx, record.FieldID))
	}
	if id, ok := given(f.OwnerID); ok {
		where = append(where, ownedBy(ctx, id))
	}
	if id, ok := given(f.ProfileID); ok {
		where = append(where, naming(ctx, id, schema.ScopeProfilesRead, access.LinksProfile(ctx, id)))
	}
	return where
}
