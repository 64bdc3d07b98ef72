package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"strings"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"
	"ariga.io/atlas/sql/sqlite"
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	entschema "entgo.io/ent/dialect/sql/schema"
)

// diff plans what leads from one database to a second, empty one, after ent has made its tables there. Two databases
// are compared, and not a database with a description, because PostgreSQL rewrites the conditions of indexes and checks.
func diff(ctx context.Context, engine string, from, empty *sql.DB, tables []*entschema.Table) ([]*migrate.Change, error) {
	maker, err := entschema.NewMigrate(entsql.OpenDB(engine, empty))
	if err != nil {
		return nil, err
	}
	if err := maker.Create(ctx, tables...); err != nil {
		return nil, fmt.Errorf("make the tables of the schema: %w", err)
	}
	driver, current, err := inspect(ctx, engine, from)
	if err != nil {
		return nil, err
	}
	_, desired, err := inspect(ctx, engine, empty)
	if err != nil {
		return nil, err
	}
	changes, err := driver.SchemaDiff(current, desired)
	if err != nil || len(changes) == 0 {
		return nil, err
	}
	reword(desired, tables)
	plan, err := driver.PlanChanges(ctx, "plan", changes, func(o *migrate.PlanOptions) {
		o.SchemaQualifier = new(string)
		o.Indent = "\t"
	})
	if err != nil {
		return nil, err
	}
	return plan.Changes, nil
}

func inspect(ctx context.Context, engine string, db *sql.DB) (migrate.Driver, *schema.Schema, error) {
	open := postgres.Open
	if engine == dialect.SQLite {
		open = sqlite.Open
	}
	driver, err := open(db)
	if err != nil {
		return nil, nil, err
	}
	found, err := driver.InspectSchema(ctx, "", &schema.InspectOptions{
		Mode:    schema.InspectTables,
		Exclude: []string{"goose_*"},
	})
	return driver, found, err
}

// reword puts the conditions back as the schema has them. PostgreSQL's own wording is harder to read, and worse, it
// rewrites that once more when it is read again, so that the next comparison would find a change.
func reword(desired *schema.Schema, tables []*entschema.Table) {
	for _, table := range tables {
		found, ok := desired.Table(table.Name)
		if !ok {
			continue
		}
		for _, index := range table.Indexes {
			i, ok := found.Index(index.Name)
			if !ok {
				continue
			}
			for _, attr := range i.Attrs {
				if condition, ok := attr.(*postgres.IndexPredicate); ok {
					condition.P = index.Annotation.Where
				}
			}
		}
		for _, attr := range found.Attrs {
			if check, ok := attr.(*schema.Check); ok && table.Annotation != nil {
				check.Expr = table.Annotation.Checks[check.Name]
			}
		}
	}
}

// format writes a goose file. Where foreign keys go off, no transaction of goose's may surround it: the pragma would do
// nothing inside one, and dropping the old table would empty its children.
func format(changes []*migrate.Change) []byte {
	var b bytes.Buffer
	rebuild := strings.Contains(strings.ToLower(changes[0].Cmd), "pragma foreign_keys = off")
	if rebuild {
		b.WriteString("-- +goose NO TRANSACTION\n")
	}
	b.WriteString("-- +goose Up\n")
	for i, change := range changes {
		last := i == len(changes)-1
		if rebuild && last {
			b.WriteString("COMMIT;\n")
		}
		if change.Comment != "" {
			fmt.Fprintf(&b, "-- %s\n", change.Comment)
		}
		fmt.Fprintf(&b, "%s;\n", change.Cmd)
		if rebuild && i == 0 {
			b.WriteString("BEGIN IMMEDIATE;\n")
		}
	}
	return b.Bytes()
}
