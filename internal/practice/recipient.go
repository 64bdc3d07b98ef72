package practice

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"continuum/ent/principal"
	"continuum/ent/professional"
	"continuum/ent/unit"
	"continuum/ent/workspace"
	"continuum/internal/access"
	"continuum/schema"
)

// recipient is whom a record is shared with or handed over to.
type recipient struct {
	id, workspace string
	kind          principal.Kind
	works         bool // they are there to receive: not ended, not closed
	acts          bool // they can look after a record: no professional who is only invited
	closed        bool // they are a unit that was closed
}

// recipient reads whom a field of the input names. They may belong to another
// workspace: whoever knows their id, which nobody can guess, may name them.
func (w *work) recipient(ctx context.Context, field, id string) (*recipient, error) {
	found, err := w.recipients(ctx, id)
	if err != nil {
		return nil, err
	}
	if to := found[id]; to != nil && to.works {
		return to, nil
	}
	return nil, notFound(field)
}

// recipients reads the principals of the ids, in one statement.
func (w *work) recipients(ctx context.Context, ids ...string) (map[string]*recipient, error) {
	var known []string
	for _, id := range ids {
		switch schema.IDPrefix(id) {
		case schema.ProfessionalPrefix, schema.UnitPrefix, schema.WorkspacePrefix:
			known = append(known, id)
		}
	}
	found := make(map[string]*recipient, len(known))
	if len(known) == 0 {
		return found, nil
	}
	rows, err := w.Principal.Query().Where(access.AnyOf(principal.FieldID, known)).Modify(withState).
		All(access.System(ctx, "whoever knows the id of a recipient may name them"))
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		to := &recipient{id: row.ID, workspace: row.WorkspaceID, kind: row.Kind}
		for name, state := range map[string]*bool{"works": &to.works, "acts": &to.acts, "closed": &to.closed} {
			value, err := row.Value(name)
			if err != nil {
				return nil, err
			}
			// SQLite answers a condition with a number.
			*state = value == true || value == int64(1)
		}
		found[row.ID] = to
	}
	return found, nil
}

// withState tells of each principal whether they can receive anything.
func withState(s *sql.Selector) {
	q, u, w := sql.Table(professional.Table).As("q"), sql.Table(unit.Table).As("u"), sql.Table(workspace.Table).As("w")
	s.LeftJoin(q).On(s.C(principal.FieldID), q.C(professional.FieldID))
	s.LeftJoin(u).On(s.C(principal.FieldID), u.C(unit.FieldID))
	s.Join(w).On(s.C(principal.FieldWorkspaceID), w.C(workspace.FieldID))
	s.AppendSelectExprAs(sql.Expr(w.C(workspace.FieldStatus)+" = 'ACTIVE'"+
		" AND COALESCE("+q.C(professional.FieldStatus)+", 'ACTIVE') IN ('ACTIVE', 'INVITED')"+
		" AND COALESCE("+u.C(unit.FieldStatus)+", 'ACTIVE') = 'ACTIVE'"), "works")
	s.AppendSelectExprAs(sql.Expr("COALESCE("+q.C(professional.FieldStatus)+", 'ACTIVE') = 'ACTIVE'"), "acts")
	s.AppendSelectExprAs(sql.Expr("COALESCE("+u.C(unit.FieldStatus)+", 'ACTIVE') = 'CLOSED'"), "closed")
}
