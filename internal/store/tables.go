package store

import (
	"maps"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/schema/field"

	"continuum/ent/migrate"
)

// Tables is what a migrated database holds, as ent sees it. PostgreSQL sorts text byte by byte, as SQLite does: a page
// must end at the same row on both.
func Tables(engine string) ([]*schema.Table, error) {
	tables, err := schema.CopyTables(migrate.Tables)
	if err != nil {
		return nil, err
	}
	for _, table := range tables {
		wrapChecks(table)
		if engine == dialect.Postgres {
			sortByBytes(table)
		}
	}
	return tables, nil
}

func sortByBytes(table *schema.Table) {
	for _, column := range table.Columns {
		if column.Type == field.TypeString || column.Type == field.TypeEnum {
			column.Collation = "C"
		}
	}
}

// wrapChecks sets each check in parentheses. The planner for SQLite forgets them where the expression begins with one
// and ends with another, as in (a) <> (b).
func wrapChecks(table *schema.Table) {
	if table.Annotation == nil {
		return
	}
	// The map is still ent's own.
	checks := maps.Clone(table.Annotation.Checks)
	for name, expression := range checks {
		checks[name] = "(" + expression + ")"
	}
	table.Annotation.Checks = checks
}
