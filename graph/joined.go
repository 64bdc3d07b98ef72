package graph

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/institution"
	"continuum/ent/profile"
	"continuum/ent/workspaceprofile"
	"continuum/internal/access"
	"continuum/schema"
)

// A row can bring another row along: its columns stand beside its own, under the
// names of the other's table and column.

// bring adds the columns of a joined table to what s selects.
func bring(s *sql.Selector, t *sql.SelectTable, table string, columns []string) {
	for _, column := range columns {
		s.AppendSelectAs(t.C(column), table+"__"+column)
	}
}

// brought reads a row that a statement brought along. It is not there when the
// statement did not join the table.
func brought[T any](row interface {
	Value(string) (ent.Value, error)
}, table string, read func(func(string) (any, error)) (*T, error)) (found *T, there bool, err error) {
	if _, err := row.Value(table + "__id"); err != nil {
		return nil, false, nil //nolint:nilerr // ent tells by an error that the column was not selected
	}
	found, err = read(func(column string) (any, error) { return row.Value(table + "__" + column) })
	return found, true, err
}

// with brings the row of a table that a column names, which is visible wherever the row
// that names it is: what a live link or a live membership leads to.
func with(table, column string, columns []string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		t := sql.Table(table).As("b")
		s.Join(t).On(s.C(column), t.C("id"))
		bring(s, t, table, columns)
	}
}

// withProfile brings the profile of a live link, which is visible wherever the link
// is, to a sign-in that may see profiles.
func withProfile(ctx context.Context) func(*sql.Selector) {
	return func(s *sql.Selector) {
		t := sql.Table(profile.Table).As("p")
		s.LeftJoin(t).OnP(ifScope(ctx, schema.ScopeProfilesRead, sql.ColumnsEQ(s.C("profile_id"), t.C(profile.FieldID))))
		bring(s, t, profile.Table, profile.Columns)
	}
}

// ifScope is the condition, for a sign-in that carries the scope; nothing for others.
func ifScope(ctx context.Context, scope schema.Scope, on *sql.Predicate) *sql.Predicate {
	if v := access.ViewerFrom(ctx); v == nil || !v.Has(scope) {
		return sql.And(on, sql.False())
	}
	return on
}

// withInstitution brings the institution of a profile, which is visible wherever the
// profile is, to a sign-in that may see institutions.
func withInstitution(ctx context.Context) func(*sql.Selector) {
	return func(s *sql.Selector) {
		t := sql.Table(institution.Table).As("i")
		s.LeftJoin(t).OnP(isInstitution(ctx, s.C(profile.FieldInstitutionID), t))
		bring(s, t, institution.Table, institution.Columns)
	}
}

// withFile brings the viewer's workspace's own view of a profile.
func withFile(ctx context.Context) func(*sql.Selector) {
	return func(s *sql.Selector) {
		t := sql.Table(workspaceprofile.Table).As("f")
		s.LeftJoin(t).OnP(isFile(ctx, s.C(profile.FieldID), t))
		bring(s, t, workspaceprofile.Table, workspaceprofile.Columns)
	}
}

// isInstitution is the condition that t is the institution of a profile, for a sign-in that may see institutions.
func isInstitution(ctx context.Context, id string, t *sql.SelectTable) *sql.Predicate {
	return ifScope(ctx, schema.ScopeWorkspaceRead, sql.ColumnsEQ(id, t.C(institution.FieldID)))
}

// isFile is the condition that t is the viewer's workspace's own view of a profile.
func isFile(ctx context.Context, profileID string, t *sql.SelectTable) *sql.Predicate {
	own := sql.False()
	if v := access.ViewerFrom(ctx); v != nil {
		own = sql.EQ(t.C(workspaceprofile.FieldWorkspaceID), v.WorkspaceID)
	}
	return sql.And(sql.ColumnsEQ(profileID, t.C(workspaceprofile.FieldProfileID)), own)
}
