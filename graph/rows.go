package graph

import "continuum/ent"

// idsOf lists the id of each row, once.
func idsOf[T any](rows []*T, id func(*T) string) []string {
	return someOf(rows, func(row *T) *string { s := id(row); return &s })
}

// someOf lists each id that a row names, once.
func someOf[T any](rows []*T, id func(*T) *string) []string {
	seen := map[string]bool{}
	var ids []string
	for _, row := range rows {
		if s := id(row); s != nil && !seen[*s] {
			seen[*s] = true
			ids = append(ids, *s)
		}
	}
	return ids
}

// alone leaves out the profiles that brought the table along.
func alone(rows []*ent.Profile, table string) []*ent.Profile {
	var without []*ent.Profile
	for _, row := range rows {
		if _, err := row.Value(table + "__id"); err != nil {
			without = append(without, row)
		}
	}
	return without
}

// seen leaves out the nodes that a viewer may not see.
func seen[T any](rows []*T) []*T {
	var there []*T
	for _, row := range rows {
		if row != nil {
			there = append(there, row)
		}
	}
	return there
}
