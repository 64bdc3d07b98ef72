package practice

import (
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	entidentifier "continuum/ent/identifier"
)

const mostIdentifiers = 20

// IdentifierInput is a number by which another system knows a profile.
type IdentifierInput struct {
	System string
	Value  string
}

// identifier is what a row of it says.
type identifier struct {
	System string `json:"system"`
	Value  string `json:"value"`
}

// identifiers checks the numbers by which other systems know a profile.
func (c *checks) identifiers(field string, in []*IdentifierInput) []identifier {
	kept := make([]identifier, 0, len(in))
	if !c.atMost(field, len(in), mostIdentifiers) {
		return kept
	}
	for i, one := range in {
		at := fmt.Sprintf("%s.%d.", field, i)
		value := identifier{System: c.text(at+"system", one.System, 100), Value: c.text(at+"value", one.Value, 100)}
		if slices.Contains(kept, value) {
			c.refuse(at+"value", "This identifier is named twice.")
		}
		kept = append(kept, value)
	}
	return kept
}

// withIdentifiers adds the identifiers to each row of a query of profiles.
func withIdentifiers(s *sql.Selector) {
	withList(entidentifier.Table, ofProfile.column(), "", "x.id", "id", "system", "value")(s)
}

// identifiersOf reads what withIdentifiers added.
func identifiersOf(row valued) ([]stored[identifier], error) {
	rows, err := listOf(row, entidentifier.Table)
	list := make([]stored[identifier], len(rows))
	for i, r := range rows {
		list[i] = stored[identifier]{r.text(0), i, identifier{System: r.text(1), Value: r.text(2)}}
	}
	return list, err
}

// editIdentifiers says whether the identifiers are to be replaced: they have no order.
func editIdentifiers(e *edit, given []identifier, present []stored[identifier]) bool {
	now := says(present)
	same := len(given) == len(now) && !slices.ContainsFunc(given, func(one identifier) bool { return !slices.Contains(now, one) })
	return !same && e.claims("identifiers", now)
}

// writeIdentifiers puts the identifiers given in the place of those present, in two
// statements at the most. They are unique among those that one workspace gave.
func (w *work) writeIdentifiers(ctx context.Context, id string, given []identifier, present ...stored[identifier]) error {
	var gone []string
	for _, row := range present {
		if !slices.Contains(given, row.Says) {
			gone = append(gone, row.ID)
		}
	}
	if len(gone) > 0 {
		if _, err := w.Identifier.Delete().Where(entidentifier.IDIn(gone...)).Exec(ctx); err != nil {
			return err
		}
	}
	field, known := "identifiers", says(present)
	var rows []*ent.IdentifierCreate
	for i, one := range given {
		if !slices.Contains(known, one) {
			field = fmt.Sprintf("identifiers.%d.value", i)
			rows = append(rows, w.Identifier.Create().SetWorkspaceID(w.viewer.WorkspaceID).SetProfileID(id).
				SetSystem(one.System).SetValue(one.Value).SetCreatedByID(w.viewer.ProfessionalID))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if len(rows) > 1 {
		field = "identifiers" // only one of the engines says which
	}
	return taken(field, w.Identifier.CreateBulk(rows...).Exec(ctx))
}
