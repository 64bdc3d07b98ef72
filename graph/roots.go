package graph

import (
	"context"
	"strings"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/contact"
	"continuum/ent/contactlink"
	"continuum/ent/institution"
	"continuum/ent/professional"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/unit"
	"continuum/graph/exec"
	"continuum/graph/page"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

// The root lists of the graph: their filters and orders, by hand.

func (r *Resolver) listProfiles(ctx context.Context, a page.Asked, f *exec.ProfileFilter, by *exec.ProfileOrder) (*page.Profiles, error) {
	q := r.client().Profile.Query()
	if f != nil {
		filterProfiles(ctx, q, f)
	}
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
			return q.Clone().Where(w.Where).Order(w.OrderBy).Limit(w.Limit + 1).Modify(alongProfiles(ctx)...).All(ctx)
		},
		count: q.Count,
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

func filterProfiles(ctx context.Context, q *ent.ProfileQuery, f *exec.ProfileFilter) {
	if kinds := f.Kind.Value(); len(kinds) > 0 {
		q.Where(profile.KindIn(kinds...))
	}
	if statuses := f.Status.Value(); len(statuses) > 0 {
		q.Where(profile.StatusIn(statuses...))
	}
	if id, ok := given(f.InstitutionID); ok {
		q.Where(profile.InstitutionID(id))
	}
	if has, ok := given(f.HasRecord); ok {
		q.Where(access.InLiveLink(ctx, !has))
	}
	if prefix, ok := given(f.NamePrefix); ok {
		q.Where(nameBegins(profile.FieldSortName, prefix))
	}
	if since, ok := given(f.UpdatedSince); ok {
		q.Where(profile.UpdatedAtGTE(since))
	}
}

func (r *Resolver) listContacts(ctx context.Context, a page.Asked, f *exec.ContactFilter, by *exec.ContactOrder) (*page.Contacts, error) {
	q := r.client().Contact.Query()
	if f != nil {
		if id, ok := given(f.ProfileID); ok {
			q.Where(r.contactsAround(ctx, id))
		}
		if prefix, ok := given(f.NamePrefix); ok {
			q.Where(nameBegins(contact.FieldSortName, prefix))
		}
	}
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
			return q.Clone().Where(w.Where).Order(w.OrderBy).Limit(w.Limit + 1).All(ctx)
		},
		count: q.Count,
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

// contactsAround keeps the contacts of a profile, which the viewer must see.
func (r *Resolver) contactsAround(ctx context.Context, profileID string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		k := sql.Dialect(s.Dialect()).Select(contactlink.FieldContactID).From(sql.Table(contactlink.Table)).
			Where(sql.And(sql.EQ(contactlink.FieldProfileID, profileID), sql.IsNull(contactlink.FieldEndedAt)))
		access.InReadableProfile(ctx, contactlink.FieldProfileID)(k)
		s.Where(sql.In(s.C(contact.FieldID), k))
	}
}

func (r *Resolver) listRecords(ctx context.Context, a page.Asked, f *exec.RecordFilter, by *exec.RecordOrder) (*page.Records, error) {
	q := r.client().Record.Query()
	if f != nil {
		filterRecords(ctx, q, f)
	}
	if by == nil {
		by = &exec.RecordOrder{Field: exec.RecordOrderFieldCreated, Direction: exec.OrderDirectionDesc}
	}
	order := orderOf(by.Field, by.Direction, map[exec.RecordOrderField]string{
		exec.RecordOrderFieldCreated: record.FieldCreatedAt,
		exec.RecordOrderFieldUpdated: record.FieldUpdatedAt,
	})
	connection, err := listOf(ctx, a, order, listing[ent.Record]{
		rows: func(w page.Window) ([]*ent.Record, error) {
			return q.Clone().Where(w.Where).Order(w.OrderBy).Limit(w.Limit + 1).All(ctx)
		},
		count: q.Count,
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

func filterRecords(ctx context.Context, q *ent.RecordQuery, f *exec.RecordFilter) {
	if statuses := f.Status.Value(); len(statuses) > 0 {
		q.Where(record.StatusIn(statuses...))
	}
	if kinds := f.Kind.Value(); len(kinds) > 0 {
		q.Where(record.KindIn(kinds...))
	}
	if service, ok := given(f.Service); ok {
		q.Where(record.Service(service), access.InReadableRecord(ctx, record.FieldID))
	}
	if id, ok := given(f.OwnerID); ok {
		q.Where(record.OwnerID(id))
	}
	if id, ok := given(f.ProfileID); ok {
		q.Where(access.LinksProfile(ctx, id))
	}
}

func (r *Resolver) listInstitutions(ctx context.Context, a page.Asked, f *exec.InstitutionFilter, by *exec.InstitutionOrder) (*page.Institutions, error) {
	q := r.client().Institution.Query()
	if f != nil {
		if kinds := f.Kind.Value(); len(kinds) > 0 {
			q.Where(institution.KindIn(kinds...))
		}
		if prefix, ok := given(f.NamePrefix); ok {
			q.Where(nameBegins(institution.FieldSortName, prefix))
		}
	}
	if by == nil {
		by = &exec.InstitutionOrder{Field: exec.InstitutionOrderFieldName, Direction: exec.OrderDirectionAsc}
	}
	order := orderOf(by.Field, by.Direction, map[exec.InstitutionOrderField]string{
		exec.InstitutionOrderFieldName:    institution.FieldSortName,
		exec.InstitutionOrderFieldCreated: institution.FieldCreatedAt,
	})
	return listOf(ctx, a, order, listing[ent.Institution]{
		rows: func(w page.Window) ([]*ent.Institution, error) {
			return q.Clone().Where(w.Where).Order(w.OrderBy).Limit(w.Limit + 1).All(ctx)
		},
		count: q.Count,
		key: func(i *ent.Institution) any {
			if order.Column == institution.FieldCreatedAt {
				return i.CreatedAt
			}
			return i.SortName
		},
		id: func(i *ent.Institution) string { return i.ID },
	})
}

func (r *Resolver) listUnits(ctx context.Context, a page.Asked, f *exec.UnitFilter, by *exec.UnitOrder) (*page.Units, error) {
	q := r.client().Unit.Query().Where(unit.WorkspaceID(workspaceOf(ctx)))
	if f != nil {
		if kinds := f.Kind.Value(); len(kinds) > 0 {
			q.Where(unit.KindIn(kinds...))
		}
		if statuses := f.Status.Value(); len(statuses) > 0 {
			q.Where(unit.StatusIn(statuses...))
		}
	}
	if by == nil {
		by = &exec.UnitOrder{Field: exec.UnitOrderFieldName, Direction: exec.OrderDirectionAsc}
	}
	order := orderOf(by.Field, by.Direction, map[exec.UnitOrderField]string{
		exec.UnitOrderFieldName:    unit.FieldSortName,
		exec.UnitOrderFieldCreated: unit.FieldCreatedAt,
	})
	return listOf(ctx, a, order, listing[ent.Unit]{
		rows: func(w page.Window) ([]*ent.Unit, error) {
			return q.Clone().Where(w.Where).Order(w.OrderBy).Limit(w.Limit + 1).All(ctx)
		},
		count: q.Count,
		key: func(u *ent.Unit) any {
			if order.Column == unit.FieldCreatedAt {
				return u.CreatedAt
			}
			return u.SortName
		},
		id: func(u *ent.Unit) string { return u.ID },
	})
}

func (r *Resolver) listProfessionals(ctx context.Context, a page.Asked, f *exec.ProfessionalFilter, by *exec.ProfessionalOrder) (*page.Professionals, error) {
	q := r.client().Professional.Query().Where(professional.WorkspaceID(workspaceOf(ctx)))
	var statuses []professional.Status
	if f != nil {
		statuses = f.Status.Value()
		if roles := f.Roles.Value(); len(roles) > 0 {
			q.Where(withRole(roles))
		}
		if prefix, ok := given(f.NamePrefix); ok {
			q.Where(nameBegins(professional.FieldSortName, prefix))
		}
	}
	if len(statuses) > 0 {
		q.Where(professional.StatusIn(statuses...))
	} else {
		q.Where(professional.StatusNEQ(professional.StatusENDED))
	}
	if by == nil {
		by = &exec.ProfessionalOrder{Field: exec.ProfessionalOrderFieldName, Direction: exec.OrderDirectionAsc}
	}
	order := orderOf(by.Field, by.Direction, map[exec.ProfessionalOrderField]string{
		exec.ProfessionalOrderFieldName:    professional.FieldSortName,
		exec.ProfessionalOrderFieldCreated: professional.FieldCreatedAt,
	})
	return listOf(ctx, a, order, listing[ent.Professional]{
		rows: func(w page.Window) ([]*ent.Professional, error) {
			return q.Clone().Where(w.Where).Order(w.OrderBy).Limit(w.Limit + 1).All(ctx)
		},
		count: q.Count,
		key: func(p *ent.Professional) any {
			if order.Column == professional.FieldCreatedAt {
				return p.CreatedAt
			}
			return p.SortName
		},
		id: func(p *ent.Professional) string { return p.ID },
	})
}

// nameBegins keeps the rows whose folded name begins so, as a range that the index
// of the name answers on both engines.
func nameBegins(column, prefix string) func(*sql.Selector) {
	folded := practice.FoldName(strings.TrimSpace(prefix))
	return func(s *sql.Selector) {
		s.Where(sql.And(
			sql.GTE(s.C(column), folded),
			sql.LT(s.C(column), folded+"\U0010FFFF"),
		))
	}
}

// withRole keeps the professionals who have one of the roles.
func withRole(roles []schema.Role) func(*sql.Selector) {
	return func(s *sql.Selector) {
		var any []*sql.Predicate
		for _, role := range roles {
			any = append(any, sql.P(func(b *sql.Builder) {
				b.WriteString("CAST(" + s.C(professional.FieldRoles) + " AS text) LIKE ")
				b.Arg(`%"` + string(role) + `"%`)
			}))
		}
		s.Where(sql.Or(any...))
	}
}

// workspaceOf is the viewer's workspace.
func workspaceOf(ctx context.Context) string {
	if v := access.ViewerFrom(ctx); v != nil {
		return v.WorkspaceID
	}
	return ""
}
