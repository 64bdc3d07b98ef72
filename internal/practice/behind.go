package practice

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"continuum/ent/professional"
	"continuum/ent/unitmember"
	"continuum/ent/workspace"
	"continuum/internal/access"
	"continuum/schema"
)

// behind lists the professionals to tell for each principal: a professional themselves, the live members of
// a unit, the active coordinators and administrators of a workspace. Those who may not act are left out.
func (w *work) behind(ctx context.Context, principals ...string) (map[string][]string, error) {
	found, err := w.Professional.Query().
		Where(professional.StatusEQ(professional.StatusACTIVE),
			professional.HasWorkspaceWith(workspace.StatusEQ(workspace.StatusACTIVE)),
			actsFor(principals)).
		Order(professional.ByID()).
		Modify(withList(unitmember.Table, "professional_id", " AND x.ended_at IS NULL", "x.unit_id", "unit_id")).
		All(access.System(ctx, "whom to tell"))
	if err != nil {
		return nil, err
	}
	people := make(map[string][]string, len(principals))
	for _, id := range principals {
		people[id] = nil
	}
	for _, who := range found {
		units, err := listOf(who, unitmember.Table)
		if err != nil {
			return nil, err
		}
		answersFor := []string{who.ID}
		for _, unit := range units {
			answersFor = append(answersFor, unit.text(0))
		}
		if (&access.Viewer{Roles: who.Roles}).Oversees() {
			answersFor = append(answersFor, who.WorkspaceID)
		}
		for _, id := range answersFor {
			if _, asked := people[id]; asked {
				people[id] = append(people[id], who.ID)
			}
		}
	}
	return people, nil
}

// actsFor keeps the professionals who are among the principals, belong to one of them, or oversee one. Each
// branch has an index of its own.
func actsFor(principals []string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		branch := func(table, id, column string, rest ...func(*sql.Selector)) *sql.Selector {
			t := sql.Table(table)
			b := sql.Dialect(s.Dialect()).Select(t.C(id)).From(t)
			access.AnyOf(column, principals)(b)
			for _, narrow := range rest {
				narrow(b)
			}
			return b
		}
		live := func(s *sql.Selector) { s.Where(sql.IsNull(s.C(unitmember.FieldEndedAt))) }
		s.Where(sql.In(s.C(professional.FieldID),
			branch(professional.Table, professional.FieldID, professional.FieldID).
				UnionAll(branch(unitmember.Table, unitmember.FieldProfessionalID, unitmember.FieldUnitID, live)).
				UnionAll(branch(professional.Table, professional.FieldID, professional.FieldWorkspaceID,
					WithRole(schema.RoleCoordinator, schema.RoleAdministrator)))))
	}
}
