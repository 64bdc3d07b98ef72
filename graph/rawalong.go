package graph

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/graph/sweep"
	"continuum/internal/access"
	"continuum/internal/rows"
	"continuum/schema"
)

// along is a row that the statement of another row can bring: it is visible wherever that row is.
type along struct {
	typ, alias string
	join       func(row, brought *sql.SelectTable) *sql.Predicate
}

// alongs are the fields of single rows that come along, by the name of the type and of the field: each the first of the
// rows that is there.
func alongs(ctx context.Context, object, field string) []along {
	switch object + "." + field {
	case "Profile.institution":
		return []along{{typ: ent.TypeInstitution, alias: "institution", join: func(row, brought *sql.SelectTable) *sql.Predicate {
			return isInstitution(ctx, row.C(profile.FieldInstitutionID), brought)
		}}}
	case "Profile.workspaceFile":
		return []along{{typ: ent.TypeWorkspaceProfile, alias: "file", join: func(row, brought *sql.SelectTable) *sql.Predicate {
			return isFile(ctx, row.C(profile.FieldID), brought)
		}}}
	case "Record.workspace":
		return []along{{typ: ent.TypeWorkspace, alias: "workspace", join: func(row, brought *sql.SelectTable) *sql.Predicate {
			return sql.ColumnsEQ(row.C(record.FieldWorkspaceID), brought.C("id"))
		}}}
	case "Record.owner":
		if !access.ViewerFrom(ctx).Has(schema.ScopeWorkspaceRead) {
			return nil // such a sign-in knows nobody but itself
		}
		owner := func(row, brought *sql.SelectTable) *sql.Predicate {
			return sql.ColumnsEQ(row.C(record.FieldOwnerID), brought.C("id"))
		}
		return []along{{typ: ent.TypeProfessional, alias: "professional", join: owner}, {typ: ent.TypeUnit, alias: "unit", join: owner}}
	default:
		return nil
	}
}

// company is what comes along for one field.
type company struct {
	field *sweep.Field
	parts []*rows.Part
}

// mostAlong is how many fields come along with one statement. A database plans many joins for longer than it runs them; what
// is asked for under more names than that is read by itself.
const mostAlong = 4

// bringAlong joins to a statement of readable rows of a type what of them is selected and can come along.
func bringAlong(ctx context.Context, s *sql.Selector, object string, row *sql.SelectTable, selections ...*sweep.Selection) []company {
	var all []company
	for _, selection := range selections {
		for _, f := range selection.Fields {
			if len(all) == mostAlong {
				return all
			}
			b := company{field: f}
			for _, a := range alongs(ctx, object, f.Name) {
				columns := columnSet{}
				if a.typ == ent.TypeProfessional {
					columns.add("workspace_id") // by which it is masked
				}
				columns.all(f.Below.Of(a.typ))
				// The same field may be asked for under two names.
				table := sql.Table(ent.EntityOf(a.typ).Table).As(a.alias + suffix(len(all)))
				s.LeftJoin(table).OnP(a.join(row, table))
				b.parts = append(b.parts, rows.Maybe(a.typ, a.alias+suffix(len(all)), columns.list()))
			}
			if b.parts != nil {
				all = append(all, b)
			}
		}
	}
	return all
}

// selectAlong selects parts of readable rows of a type and, after them, what comes along.
func selectAlong(ctx context.Context, s *sql.Selector, parts []*rows.Part, object string, row *sql.SelectTable, selections ...*sweep.Selection) (all []*rows.Part, along []company) {
	along = bringAlong(ctx, s, object, row, selections...)
	all = append(parts, partsOf(along)...)
	for _, part := range all {
		part.Select(s)
	}
	return all, along
}

func suffix(n int) string { return string(rune('a' + n)) }

// partsOf are all that is brought, in the order of the statement.
func partsOf(all []company) []*rows.Part {
	var list []*rows.Part
	for _, b := range all {
		list = append(list, b.parts...)
	}
	return list
}

// handOver gives each row what came along with it.
func handOver(ctx context.Context, level *sweep.Level, list []any, all []company) {
	for _, b := range all {
		for i, row := range list {
			level.Brings(b.field, row, firstThere(ctx, b.parts, i))
		}
	}
}

func firstThere(ctx context.Context, parts []*rows.Part, i int) any {
	for _, p := range parts {
		switch row := p.Rows[i].(type) {
		case nil:
		case *ent.Professional:
			return access.ViewerFrom(ctx).Mask(row)
		case *ent.Workspace:
			return access.ViewerFrom(ctx).MaskWorkspace(row)
		default:
			return row
		}
	}
	return nil
}
