package graph

import (
	"context"

	"continuum/ent"
	"continuum/ent/institution"
	"continuum/ent/professional"
	"continuum/ent/unit"
	"continuum/graph/exec"
	"continuum/graph/page"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

// The root lists of a workspace: its institutions, units and professionals.

func (r *Resolver) listInstitutions(ctx context.Context, a page.Asked, f *exec.InstitutionFilter, by *exec.InstitutionOrder) (*page.Institutions, error) {
	if err := practice.Needs(ctx, schema.ScopeWorkspaceRead); err != nil {
		return nil, err
	}
	q := r.client().Institution.Query()
	if f != nil {
		if kinds := f.Kind.Value(); len(kinds) > 0 {
			q.Where(institution.KindIn(kinds...))
		}
		if prefix, ok := given(f.NamePrefix); ok {
			q.Where(nameBegins(prefix))
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
		count: q.Clone().Count,
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
	if err := practice.Needs(ctx, schema.ScopeWorkspaceRead); err != nil {
		return nil, err
	}
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
		count: q.Clone().Count,
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
	if err := practice.Needs(ctx, schema.ScopeWorkspaceRead); err != nil {
		return nil, err
	}
	q := r.client().Professional.Query().Where(professional.WorkspaceID(workspaceOf(ctx)))
	var statuses []professional.Status
	if f != nil {
		statuses = f.Status.Value()
		if roles := f.Roles.Value(); len(roles) > 0 {
			q.Where(practice.WithRole(roles...))
		}
		if prefix, ok := given(f.NamePrefix); ok {
			q.Where(nameBegins(prefix))
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
		count: q.Clone().Count,
		key: func(p *ent.Professional) any {
			if order.Column == professional.FieldCreatedAt {
				return p.CreatedAt
			}
			return p.SortName
		},
		id: func(p *ent.Professional) string { return p.ID },
	})
}

// workspaceOf is the viewer's workspace.
func workspaceOf(ctx context.Context) string {
	if v := access.ViewerFrom(ctx); v != nil {
		return v.WorkspaceID
	}
	return ""
}
